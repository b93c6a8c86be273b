from django.urls import path, re_path

from ronda.desk import views

app_name = "desk"
urlpatterns = [
    path("siaga/", views.siaga, name="siaga"),
    path("siaga/aliran/", views.live, name="live"),
    path("siaga/kabar/", views.feed_list, name="feed"),
    path("siaga/urusan/", views.needs_list, name="needs"),
    path("siaga/lini-masa/", views.past, name="past"),
    path("siaga/lini-masa/<str:area>/", views.past, name="past-area"),
    re_path(r"^siaga/(?P<area>\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?)/$", views.siaga, name="siaga-area"),
    path("tempat/<str:code>/", views.place, name="place"),
    path("cari/", views.search, name="search"),
]

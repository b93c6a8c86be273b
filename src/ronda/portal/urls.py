from django.urls import path

from ronda.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("lapor/ikuti", views.follow, name="follow"),
    path("lapor/keberatan", views.contest, name="contest"),
    path("lapor/perlindungan", views.protection, name="protection"),
]

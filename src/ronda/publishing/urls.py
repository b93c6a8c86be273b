from django.urls import path

from ronda.publishing import views

app_name = "publishing"
urlpatterns = [
    path("terbitan/", views.publication_list, name="publication-list"),
    path("terbitan/usul/", views.publication_propose, name="publication-propose"),
    path("terbitan/koreksi/", views.correction_enter, name="correction-enter"),
    path("terbitan/<uuid:publication_id>/", views.publication_show, name="publication-show"),
    path("terbitan/<uuid:publication_id>/setuju/", views.publication_confirm, name="publication-confirm"),
    path("terbitan/<uuid:publication_id>/tolak/", views.publication_refuse, name="publication-refuse"),
]

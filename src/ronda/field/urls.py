"""The app and what a phone asks, all below one path, which is the reach of its worker; and the pages of events."""

from django.urls import path

from ronda.field import pages, views

app_name = "field"
urlpatterns = [
    path("lapangan/", views.shell, name="shell"),
    path("lapangan/manifest.webmanifest", views.manifest, name="manifest"),
    path("lapangan/worker.js", views.worker, name="worker"),
    path("lapangan/saya.json", views.own_page, name="own-page"),
    path("lapangan/formulir.json", views.forms, name="forms"),
    path("acara/", pages.gathering_index, name="gathering-list"),
    path("acara/<uuid:gathering_id>/", pages.gathering_detail, name="gathering-detail"),
]

"""The app and what a phone asks; all below one path, which is the reach of its worker."""

from django.urls import path

from ronda.field import views

app_name = "field"
urlpatterns = [
    path("lapangan/", views.shell, name="shell"),
    path("lapangan/manifest.webmanifest", views.manifest, name="manifest"),
    path("lapangan/worker.js", views.worker, name="worker"),
    path("lapangan/saya.json", views.own_page, name="own-page"),
    path("lapangan/formulir.json", views.forms, name="forms"),
]

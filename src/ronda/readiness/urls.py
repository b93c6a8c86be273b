from django.urls import path

from ronda.readiness import views

app_name = "readiness"
urlpatterns = [
    path("kesiapan/", views.coverage, name="coverage"),
    path("kesiapan/<str:area>/", views.coverage, name="coverage-area"),
]

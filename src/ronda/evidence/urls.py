from django.urls import path

from ronda.evidence import views

app_name = "evidence"
urlpatterns = [path("salinan/<str:token>", views.working_copy, name="working-copy")]

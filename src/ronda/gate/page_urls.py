from django.urls import path

from ronda.gate import pages

app_name = "held"
urlpatterns = [
    path("kiriman/", pages.outcome_list, name="outcome-list"),
    path("kiriman/<uuid:message_id>/lepas/", pages.outcome_release, name="outcome-release"),
]

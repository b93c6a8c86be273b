from django.urls import path

from ronda.gate import pages

app_name = "held"
urlpatterns = [
    path("kiriman/", pages.outcome_list, name="outcome-list"),
    path("kiriman/bentrok/<uuid:conflict_id>/", pages.conflict_show, name="conflict-show"),
    path("kiriman/<uuid:message_id>/", pages.outcome_show, name="outcome-show"),
    path("kiriman/<uuid:message_id>/sisihkan/", pages.outcome_set_aside, name="outcome-set-aside"),
    path("kiriman/<uuid:message_id>/lepas/", pages.outcome_release, name="outcome-release"),
]

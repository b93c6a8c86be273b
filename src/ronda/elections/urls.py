"""Stages of elections."""

from django.urls import path

from ronda.elections import views

app_name = "elections"
urlpatterns = [
    path("tahapan/", views.stages_current, name="stage-list"),
    path("tahapan/<slug:election>.ics", views.stage_feed, name="stage-feed"),
    path("tahapan/<slug:election>/", views.stages_detail, name="election-stages"),
    path("tahapan/<slug:election>/selesaikan/", views.stages_marked_past, name="stage-mark-past"),
    path("tahapan/<slug:election>/<slug:stage>/tanda/", views.stage_marked, name="stage-mark"),
]

from django.urls import path

from ronda.situation.views import daily, files, moment, ogc

app_name = "situation"
urlpatterns = [
    path("situasi/", daily.daily_show, name="daily"),
    path("situasi/kejadian/", moment.incident_list, name="incident-list"),
    path("situasi/lapor.pdf", daily.daily_file, name="daily-file"),
    path("situasi/unduh/<str:name>.<str:form>", files.situation_file, name="situation-file"),
    path("situasi/<str:area>/", daily.daily_show, name="daily-area"),
    path("situasi/<str:area>/lapor.pdf", daily.daily_file, name="daily-file-area"),
    path("ogc/", ogc.landing, name="ogc-landing"),
    path("ogc/api", ogc.api, name="ogc-api"),
    path("ogc/conformance", ogc.conformance, name="ogc-conformance"),
    path("ogc/collections", ogc.collections, name="ogc-collections"),
    path("ogc/collections/<str:name>", ogc.collection, name="ogc-collection"),
    path("ogc/collections/<str:name>/items", ogc.items, name="ogc-items"),
    path("ogc/collections/<str:name>/items/<str:feature>", ogc.item, name="ogc-item"),
]

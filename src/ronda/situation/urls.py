from django.urls import path

from ronda.situation.views import daily, files, moment

app_name = "situation"
urlpatterns = [
    path("situasi/", daily.daily_show, name="daily"),
    path("situasi/kejadian/", moment.incident_list, name="incident-list"),
    path("situasi/lapor.pdf", daily.daily_file, name="daily-file"),
    path("situasi/unduh/<str:name>.<str:form>", files.situation_file, name="situation-file"),
    path("situasi/<str:area>/", daily.daily_show, name="daily-area"),
    path("situasi/<str:area>/lapor.pdf", daily.daily_file, name="daily-file-area"),
]

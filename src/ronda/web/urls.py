from django.urls import path

from ronda.web import preferences

app_name = "web"
urlpatterns = [path("tampilan", preferences.preference_set, name="preference-set")]

from django.urls import path

from ronda.readiness.views import calls, coverage, stations, watch

app_name = "readiness"
urlpatterns = [
    path("kesiapan/", coverage.coverage, name="coverage"),
    path("kesiapan/telepon/", calls.call_list, name="call-list"),
    path("kesiapan/telepon/tandai/", calls.call_act, name="call-act"),
    path("kesiapan/tps/", stations.station_list, name="station-list"),
    path("kesiapan/pengawalan/", watch.watch_list, name="watch-list"),
    path("kesiapan/pengawalan/kirim/", watch.watch_send, name="watch-send"),
    path("kesiapan/<str:area>/", coverage.coverage, name="coverage-area"),
]

from django.urls import path, re_path

from ronda.ledger import views

app_name = "ledger"
urlpatterns = [
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("log.vkey", views.key, name="key"),
    re_path(r"^tile/(?P<level>[0-7]|entries)/(?P<rest>[x0-9/.p]{3,40})$", views.tile, name="tile"),
]

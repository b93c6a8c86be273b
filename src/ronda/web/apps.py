from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "ronda.web"
    label = "web"
    verbose_name = "Ronda pages"

from django.apps import AppConfig


class SituationConfig(AppConfig):
    name = "ronda.situation"
    label = "situation"
    verbose_name = "Ronda situation"

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "ronda.agencies"
    label = "agencies"
    verbose_name = "Ronda agencies"

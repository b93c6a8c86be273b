from django.apps import AppConfig


class SimulateConfig(AppConfig):
    name = "ronda.simulate"
    label = "simulate"
    verbose_name = "Ronda simulator"

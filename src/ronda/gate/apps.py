from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "ronda.gate"
    label = "gate"
    verbose_name = "Ronda gate"

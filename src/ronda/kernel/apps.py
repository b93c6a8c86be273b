from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "ronda.kernel"
    label = "kernel"
    verbose_name = "Ronda kernel"

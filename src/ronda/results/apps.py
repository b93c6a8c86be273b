from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "ronda.results"
    label = "results"
    verbose_name = _("Hasil")

    def ready(self) -> None:
        from ronda.results import subscribers

        subscribers.connect()

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "ronda.incidents"
    label = "incidents"
    verbose_name = _("Kejadian")

    def ready(self) -> None:
        from ronda.incidents import subscribers
        from ronda.incidents.services import leaving

        subscribers.connect()
        leaving.connect()

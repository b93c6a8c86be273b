from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "ronda.reports"
    label = "reports"
    verbose_name = _("Laporan")

    def ready(self) -> None:
        from ronda.reports import subscribers
        from ronda.reports.services import leaving

        subscribers.connect()
        leaving.connect()

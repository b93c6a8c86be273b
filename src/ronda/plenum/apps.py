from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlenumConfig(AppConfig):
    name = "ronda.plenum"
    label = "plenum"
    verbose_name = _("Pleno rekapitulasi")

    def ready(self) -> None:
        from ronda.plenum.selectors import station_columns
        from ronda.results.selectors import recap_columns_from

        recap_columns_from(station_columns)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlenumConfig(AppConfig):
    name = "ronda.plenum"
    label = "plenum"
    verbose_name = _("Pleno rekapitulasi")

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldConfig(AppConfig):
    name = "ronda.field"
    label = "field"
    verbose_name = _("Aplikasi lapangan")

    def ready(self) -> None:
        from ronda.field import subscribers

        subscribers.connect()

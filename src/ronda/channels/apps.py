from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "ronda.channels"
    label = "channels"
    verbose_name = _("Jalur masuk lain")

    def ready(self) -> None:
        from ronda.channels import subscribers

        subscribers.connect()

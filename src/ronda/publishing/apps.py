from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "ronda.publishing"
    label = "publishing"
    verbose_name = _("Penerbitan hasil")

    def ready(self) -> None:
        from ronda.publishing import subscribers

        subscribers.connect()

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EntryConfig(AppConfig):
    name = "ronda.entry"
    label = "entry"
    verbose_name = _("Entri formulir")

    def ready(self) -> None:
        from ronda.entry.reading import readings_receive
        from ronda.entry.selectors import stations_hidden
        from ronda.gate import consumers
        from ronda.results.selectors import hide

        hide(stations_hidden)
        consumers.register("reading", readings_receive)

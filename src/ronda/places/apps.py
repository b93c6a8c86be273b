from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "ronda.places"
    label = "places"
    verbose_name = _("Tempat")

    def ready(self) -> None:
        from ronda.places.selectors import area_names_below
        from ronda.web.frame import provide

        provide(areas=area_names_below)

"""Which regencies take reports here, and whether their supervisor declared this an official channel."""

from django.conf import settings

from ronda.agencies import selectors as agencies
from ronda.places import selectors as places


def regencies_open() -> dict[str, str]:
    """Regencies whose supervisor works with this installation, code to name."""
    units = agencies.unit_list().filter(agency__kind="bawaslu")
    codes = {area for area in units.values_list("area", flat=True) if len(area) == 5}
    names = places.area_names(codes)
    return {code: names[code] for code in sorted(names)}


def is_official(area: str) -> bool:
    """Whether the supervisor of the regency declared Ronda a channel for formal reports."""
    return area in settings.OFFICIAL_CHANNELS

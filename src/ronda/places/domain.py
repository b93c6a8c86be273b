"""Kinds of area and how coarse an outline a screen needs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ronda.kernel.areas import Level


class AreaKind(TextChoices):
    PROVINCE = "provinsi", _("Provinsi")
    REGENCY = "kabupaten", _("Kabupaten")
    CITY = "kota", _("Kota")
    DISTRICT = "kecamatan", _("Kecamatan")
    PAPUA_DISTRICT = "distrik", _("Distrik")
    URBAN_VILLAGE = "kelurahan", _("Kelurahan")
    VILLAGE = "desa", _("Desa")
    CUSTOMARY_VILLAGE = "desa_adat", _("Desa adat")


# Largest error, in degrees, of an outline drawn at the size its level is looked at (1 degree is about 111 km).
OUTLINE_TOLERANCE = {
    Level.PROVINCE: 0.01,
    Level.REGENCY: 0.003,
    Level.DISTRICT: 0.0008,
    Level.VILLAGE: 0.0003,
}

# Longitudes and latitudes between which all of Indonesia lies.
WEST, SOUTH, EAST, NORTH = 94.0, -12.0, 142.0, 7.0


def inside_country(lon: float, lat: float) -> bool:
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH

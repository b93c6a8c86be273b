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


# A corner goes when its triangle is smaller than the square of this many degrees (1 degree is about 111 km): about
# one pixel at the size at which a level is looked at.
OUTLINE_TOLERANCE = {
    Level.PROVINCE: 0.02,
    Level.REGENCY: 0.006,
    Level.DISTRICT: 0.002,
    Level.VILLAGE: 0.001,
}

# Longitudes and latitudes between which all of Indonesia lies.
WEST, SOUTH, EAST, NORTH = 94.0, -12.0, 142.0, 7.0


def inside_country(lon: float, lat: float) -> bool:
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH

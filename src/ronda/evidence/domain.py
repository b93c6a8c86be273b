"""Why a file has no working copy, and where a file disagrees with its message. No queries, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

NEAR_BITS = 6  # photos at most so far apart look alike (docs/methods/photos.md)
CLOCK_APART = timedelta(hours=1)
PLACE_APART_M = 5_000
EARTH_M = 6_371_000
LINK_LIFE_S = 60


class Reason(TextChoices):
    """Why there is no working copy; NONE where there is one."""

    NONE = "", _("Salinan kerja ada")
    UNREADABLE = "unreadable", _("Berkas ini bukan foto atau PDF yang dapat dibuka")
    PIXELS = "pixels", _("Gambarnya terlalu besar untuk dibuka dengan aman")
    MEMORY = "memory", _("Gambarnya butuh terlalu banyak memori")
    TIME = "time", _("Membukanya terlalu lama; coba lagi sebentar")
    BROKEN = "broken", _("Berkas ini merusak pembukanya; jangan dibuka di komputer Anda")
    BUSY = "busy", _("Pembuka berkas sedang tidak tersedia")


class Disagreement(TextChoices):
    """In what a file and its message differ."""

    CLOCK = "clock", _("Jam di foto lain dari jam kiriman")
    PLACE = "place", _("Titik lokasi di foto jauh dari tempat yang disebut")


@dataclass(frozen=True, slots=True)
class Apart:
    """One disagreement, with how far: seconds or metres."""

    what: Disagreement
    far: float


def disagreements(
    *,
    taken: datetime | None,
    captured_at: datetime | None,
    point: tuple[float, float] | None,
    place: tuple[float, float] | None,
) -> list[Apart]:
    """Where the file disagrees with what its message says. What one of them does not say disagrees with nothing; a
    camera clock without an offset is read as the local time of the message."""
    found = []
    if taken is not None and captured_at is not None:
        at = taken if taken.tzinfo else taken.replace(tzinfo=captured_at.tzinfo)
        if abs(at - captured_at) > CLOCK_APART:
            found.append(Apart(Disagreement.CLOCK, abs((at - captured_at).total_seconds())))
    if point is not None and place is not None:
        far = distance_m(point, place)
        if far > PLACE_APART_M:
            found.append(Apart(Disagreement.PLACE, far))
    return found


def distance_m(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Metres along the great circle between two points (latitude, longitude in degrees)."""
    (a, b), (c, d) = (tuple(map(radians, point)) for point in (first, second))
    half = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(min(1.0, half)))

"""Reads of the register: names, trails, children, search, outlines. Public: everybody may read all of it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from ronda.kernel.areas import Level, ancestors, area_range, is_code
from ronda.places.models import Area, Outline


def area_for(code: str) -> Area | None:
    """The area with this code, None when the register has none."""
    return Area.objects.filter(pk=code).first() if code and is_code(code) else None


def area_trail(code: str) -> list[Area]:
    """The area and all above it, widest first; levels the register does not know are left out."""
    if not is_code(code):
        return []
    return list(Area.objects.filter(pk__in=[code, *ancestors(code)]).order_by("code"))


def area_children(code: str) -> QuerySet[Area]:
    """Areas one level down, in order of their codes; provinces for the empty code."""
    return Area.objects.filter(parent=code).order_by("code")


def area_list(code: str, level: Level) -> QuerySet[Area]:
    """All areas of one level inside an area."""
    low, high = area_range(code)
    return Area.objects.filter(code__gte=low, code__lt=high, level=level.value).order_by("code")


def area_count() -> int:
    return Area.objects.count()


def area_names(codes: Iterable[str]) -> dict[str, str]:
    """Code to name, for those the register knows."""
    return dict(Area.objects.filter(pk__in=set(codes)).values_list("code", "name"))


def areas_unknown(codes: Iterable[str]) -> set[str]:
    """Those codes that the register does not hold; none as long as it is empty."""
    wanted = set(codes)
    missing = wanted - set(area_names(wanted))
    return missing if missing and Area.objects.exists() else set()


def area_names_below(code: str) -> dict[str, str]:
    """Names of an area, of all above it and (from a regency down) of all below it."""
    if not is_code(code) or not code:
        return {}
    low, high = area_range(code)
    names = area_names([code, *ancestors(code)])
    if len(code) >= 5:
        names.update(Area.objects.filter(code__gte=low, code__lt=high).values_list("code", "name"))
    return names


def area_search(text: str, *, within: str = "", limit: int = 10) -> list[Area]:
    """Areas whose name holds the text, or whose code starts with it; those that start with it and wider ones first."""
    words = " ".join(text.split())
    if not words or not is_code(within):
        return []
    low, high = area_range(within)
    rows = Area.objects.filter(code__gte=low, code__lt=high)
    by_code = rows.filter(code__startswith=words) if words[0].isdigit() else rows.none()
    found = list(by_code.order_by("code")[:limit]) or list(rows.filter(name__icontains=words)[: limit * 20])
    start = words.casefold()
    return sorted(found, key=lambda area: (not _starts(area.name, start), len(area.code), area.name))[:limit]


def _starts(name: str, start: str) -> bool:
    plain = name.casefold()
    return plain.startswith(start) or any(word.startswith(start) for word in plain.split()[1:2])


def codes_below(code: str) -> frozenset[str]:
    """All codes of the register inside an area."""
    low, high = area_range(code)
    return frozenset(Area.objects.filter(code__gte=low, code__lt=high).values_list("code", flat=True))


def outline_for(code: str) -> Outline | None:
    return Outline.objects.filter(pk=code).first()


def outline_count(code: str) -> int:
    """How many areas inside an area have an outline; 0 means: draw a treemap."""
    low, high = area_range(code)
    return Outline.objects.filter(area__gte=low, area__lt=high).count()


def outline_collection(codes: Iterable[str]) -> dict[str, Any]:
    """GeoJSON of those areas that have an outline, each with code, name and a point inside."""
    wanted = list(codes)
    names = area_names(wanted)
    features = [
        {
            "type": "Feature",
            "id": row.area,
            "properties": {
                "code": row.area,
                "name": names.get(row.area, row.area),
                "lon": row.lon,
                "lat": row.lat,
            },
            "bbox": row.bbox,
            "geometry": row.geometry,
        }
        for row in Outline.objects.filter(pk__in=wanted).order_by("area")
    ]
    return {"type": "FeatureCollection", "features": features}


def point_of(code: str, *, own: bool = False) -> tuple[float, float] | None:
    """A point (lon, lat) inside the area or the nearest area above that has an outline; of its own outline alone if
    asked."""
    if not is_code(code):
        return None
    rows = Outline.objects.filter(pk__in=[code, *(() if own else ancestors(code))]).values_list(
        "area", "lon", "lat"
    )
    best = max(rows, key=lambda row: len(row[0]), default=None)
    return (best[1], best[2]) if best else None


def points_of(codes: Iterable[str]) -> dict[str, tuple[float, float]]:
    """A point (lon, lat) inside each of these areas that has an outline of its own."""
    rows = Outline.objects.filter(pk__in=set(codes)).values_list("area", "lon", "lat")
    return {area: (lon, lat) for area, lon, lat in rows}

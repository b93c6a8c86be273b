"""The drawing of an area, made once per process and remembered: outlines and station numbers rarely change."""

from collections.abc import Mapping
from functools import lru_cache

from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from ronda.desk.domain import cell_level, row_level
from ronda.desk.selectors import LENGTHS, Picture
from ronda.kernel.areas import Level, level, parent
from ronda.places import selectors as places
from ronda.web.drawing import Cell, Drawing, outline_map, squarified_treemap
from ronda.web.frame import area_name

KEPT = 64


def drawing_of(seen: Picture) -> Drawing:
    """A map when at least half of the areas have an outline, else a treemap by number of stations."""
    codes = tuple(sorted(seen.cells))
    drawn = _map(seen.area, codes, places.outline_count(seen.area))
    return drawn or _treemap(seen.area, tuple((code, seen.cells[code].stations) for code in codes))


def map_of(area: str) -> Drawing | None:
    """The map of an area; None where outlines are missing."""
    codes = places.area_list(area, cell_level(area)).values_list("code", flat=True)
    return _map(area, tuple(sorted(codes)), places.outline_count(area))


def drawings_forget() -> None:
    """After an import of boundaries or stations."""
    _map.cache_clear()
    _treemap.cache_clear()


@lru_cache(maxsize=KEPT)
def _map(area: str, codes: tuple[str, ...], outlines: int) -> Drawing | None:
    if not outlines:
        return None
    shapes = _outlines(list(codes))
    if len(shapes) * 2 < len(codes):
        return None
    length = LENGTHS[row_level(area)]
    return outline_map(
        [Cell(code, area_name(code), 1) for code in codes],
        shapes,
        part_of=lambda code: code[:length],
        part_names={code[:length]: area_name(code[:length]) for code in codes},
        around=_around(area),
    )


@lru_cache(maxsize=KEPT)
def _treemap(area: str, sizes: tuple[tuple[str, int], ...]) -> Drawing:
    length = LENGTHS[row_level(area)]
    return squarified_treemap(
        [Cell(code, area_name(code), size) for code, size in sizes],
        part_of=lambda code: code[:length],
        part_names={code[:length]: area_name(code[:length]) for code, _size in sizes},
    )


def _outlines(codes: list[str]) -> Mapping[str, BaseGeometry]:
    features = places.outline_collection(codes)["features"]
    return {feature["properties"]["code"]: shape_of(feature["geometry"]) for feature in features}


def _around(area: str) -> dict[str, tuple[str, BaseGeometry]]:
    """Neighbours of the same level whose outline is known, to hint at what lies beyond the border."""
    if level(area) not in (Level.REGENCY, Level.DISTRICT):
        return {}
    siblings = places.area_list(parent(area), level(area)).exclude(code=area).values_list("code", flat=True)
    return {code: (area_name(code), shape) for code, shape in _outlines(list(siblings)).items()}

"""Shapes: from published coordinates to repaired, simplified outlines."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from ronda.kernel.areas import Level, level
from ronda.places.domain import OUTLINE_TOLERANCE, inside_country


class ShapeRefused(ValueError):
    """Coordinates that give no area; the text says what was wanted and what came."""


class Shape(NamedTuple):
    """One area as it was published: lon before lat, and the published middle if there is one."""

    code: str
    polygons: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]
    middle: tuple[float, float] | None


class OutlineRow(NamedTuple):
    area: str
    geometry: dict[str, object]
    bbox: list[float]
    lon: float
    lat: float
    tolerance: float


def polygons_of(value: object, *, lat_first: bool) -> tuple[tuple[tuple[tuple[float, float], ...], ...], ...]:
    """Coordinates of depth 3 (Polygon) or 4 (MultiPolygon) as polygons of rings of (lon, lat)."""
    depth = _depth(value)
    if depth not in (3, 4):
        raise ShapeRefused(f"wanted coordinates of depth 3 or 4, came depth {depth}")
    many = [value] if depth == 3 else value
    return tuple(tuple(_ring(ring, lat_first) for ring in _list(polygon)) for polygon in _list(many))


def _depth(value: object) -> int:
    depth = 0
    while isinstance(value, list) and value and depth < 6:
        value, depth = value[0], depth + 1
    return depth


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ShapeRefused(f"wanted a list of coordinates, came {type(value).__name__}")
    return value


def _ring(value: object, lat_first: bool) -> tuple[tuple[float, float], ...]:
    ring = tuple(_point(point, lat_first) for point in _list(value))
    if len(ring) < 4:
        raise ShapeRefused(f"wanted a ring of at least 4 points, came {len(ring)}")
    return ring


def _point(value: object, lat_first: bool) -> tuple[float, float]:
    match value:
        case [int() | float() as first, int() | float() as second, *_]:
            lon, lat = (float(second), float(first)) if lat_first else (float(first), float(second))
        case _:
            raise ShapeRefused(f"wanted a pair of numbers, came {str(value)[:60]}")
    if inside_country(lon, lat):
        return lon, lat
    order = "[lat, lng]" if lat_first else "[lon, lat]"
    hint = ", the other order fits" if inside_country(lat, lon) else ""
    raise ShapeRefused(f"wanted {order} inside Indonesia, came {value}{hint}")


def outlines_of(shapes: Sequence[Shape]) -> list[OutlineRow]:
    """Repaired and simplified outlines; neighbours of one level keep their common border."""
    rows: list[OutlineRow] = []
    for wanted in sorted({level(shape.code) for shape in shapes}):
        rows.extend(_simplified([shape for shape in shapes if level(shape.code) == wanted], wanted))
    return rows


def _simplified(shapes: Sequence[Shape], wanted: Level) -> list[OutlineRow]:
    tolerance = OUTLINE_TOLERANCE[wanted]
    whole = [_repaired(shape) for shape in shapes]
    coarse = shapely.coverage_simplify(np.array(whole, dtype=object), tolerance)
    return [
        _outline(shape, fine, _areal(simple), tolerance)
        for shape, fine, simple in zip(shapes, whole, coarse, strict=True)
    ]


def _repaired(shape: Shape) -> BaseGeometry:
    parts = [_areal(shapely.make_valid(Polygon(rings[0], rings[1:]))) for rings in shape.polygons]
    joined = _areal(shapely.union_all([part for part in parts if part is not None]))
    if joined is None:
        raise ShapeRefused(f"{shape.code}: wanted a shape with an area, came none")
    return joined


def _areal(geometry: BaseGeometry) -> BaseGeometry | None:
    """The polygons of a geometry; None when nothing of it has an area."""
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry)
    parts = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon) and part.area > 0]
    for part in shapely.get_parts(geometry):
        if isinstance(part, MultiPolygon):
            parts.extend(part.geoms)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _outline(shape: Shape, fine: BaseGeometry, coarse: BaseGeometry | None, tolerance: float) -> OutlineRow:
    drawn = coarse or fine
    middle = shape.middle
    if middle is None or not fine.contains(shapely.Point(middle)):
        inside = fine.representative_point()
        middle = (inside.x, inside.y)
    return OutlineRow(
        area=shape.code,
        geometry=_rounded(mapping(drawn)),
        bbox=[round(number, 5) for number in fine.bounds],
        lon=round(middle[0], 6),
        lat=round(middle[1], 6),
        tolerance=tolerance,
    )


def _rounded(geometry: dict[str, object]) -> dict[str, object]:
    def walk(value: object) -> object:
        if isinstance(value, float):
            return round(value, 5)
        return [walk(part) for part in value] if isinstance(value, list | tuple) else value

    return {"type": geometry["type"], "coordinates": walk(geometry["coordinates"])}

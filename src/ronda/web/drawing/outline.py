"""A map from outlines: equirectangular, simplified as one coverage so that borders still meet."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ronda.web.drawing.shapes import AIR, HEIGHT, WIDTH, Cell, Drawing, Label, Shape

FINE = 0.45  # pixels that simplification may move a border
LETTER = 7.0  # width of a bold letter at 12 pixels
LEGEND = 118.0  # pixels kept free at the foot for the legend


def outline_map(
    cells: Sequence[Cell],
    outlines: Mapping[str, BaseGeometry],
    *,
    part_of: Callable[[str], str],
    part_names: Mapping[str, str],
    around: Mapping[str, tuple[str, BaseGeometry]] | None = None,
    is_tight: bool = False,
) -> Drawing:
    """Draw the cells that have an outline; `part_of` names the area above each, whose borders are drawn stronger.

    `around` are neighbours (code to name and outline) that are only hinted at. A tight sheet keeps no room for a legend
    and is no higher than its map.
    """
    drawn = [cell for cell in cells if cell.code in outlines]
    geometries = [_valid(outlines[cell.code]) for cell in drawn]
    onto, clip, height = _projection(geometries, is_tight)
    placed = [shapely.transform(geometry, onto) for geometry in geometries]
    simple = shapely.coverage_simplify(placed, FINE)
    shapes = [_shape(cell, geometry) for cell, geometry in zip(drawn, simple, strict=True)]
    members: dict[str, list[BaseGeometry]] = defaultdict(list)
    for cell, geometry in zip(drawn, simple, strict=True):
        members[part_of(cell.code)].append(geometry)
    parts = {code: _joined(group) for code, group in members.items()}
    hints = {
        code: (name, shapely.intersection(_valid(shapely.transform(geometry, onto)), clip))
        for code, (name, geometry) in (around or {}).items()
    }
    return Drawing(
        kind="map",
        shapes=tuple(shapes),
        parts=tuple(path_of(part) for part in parts.values()),
        labels=_labels(parts, part_names, shapes),
        around=tuple(
            path_of(shapely.simplify(part, 0.8)) for _name, part in hints.values() if not part.is_empty
        ),
        notes=_notes(hints.values()),
        height=height,
        by_code={shape.code: shape for shape in shapes},
    )


def path_of(geometry: BaseGeometry) -> str:
    """The SVG path of a polygon or of several, to a tenth of a pixel, relative to keep pages small."""
    rings = []
    for polygon in _polygons(geometry):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [(round(x * 10), round(y * 10)) for x, y in ring.coords[:-1]]
            if len(points) >= 3:
                rings.append(_ring(points))
    return "".join(rings)


def _ring(points: list[tuple[int, int]]) -> str:
    x, y = points[0]
    text = [f"M{x / 10:g} {y / 10:g}l"]
    steps = []
    for next_x, next_y in points[1:]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{(next_x - x) / 10:g} {(next_y - y) / 10:g}")
        x, y = next_x, next_y
    return text[0] + " ".join(steps).replace(" -", "-") + "z"


def _valid(geometry: BaseGeometry) -> BaseGeometry:
    """Polygons only: repairing a bad ring may leave lines and points behind."""
    parts = shapely.get_parts(shapely.make_valid(geometry), return_index=False)
    flat = [
        piece for part in parts for piece in shapely.get_parts(part) if isinstance(piece, shapely.Polygon)
    ]
    return shapely.MultiPolygon(flat)


def _polygons(geometry: BaseGeometry) -> list[shapely.Polygon]:
    parts = shapely.get_parts(geometry)
    return [part for part in parts if isinstance(part, shapely.Polygon) and part.area > 0.2]


def _projection(
    geometries: Sequence[BaseGeometry], is_tight: bool
) -> tuple[Callable[[object], object], BaseGeometry, float]:
    west, south, east, north = shapely.total_bounds(geometries)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    room = HEIGHT - 2 * AIR - (LEGEND if wide < 1.6 * high and not is_tight else 0)
    scale = min((WIDTH - 2 * AIR) / wide, room / high)
    room = high * scale if is_tight else room
    left = (WIDTH - wide * scale) / 2
    top = AIR + (room - high * scale) / 2

    def onto(points):  # type: ignore[no-untyped-def]  # shapely hands in and takes a numpy array
        moved = points.copy()
        moved[:, 0] = left + (points[:, 0] - west) * squeeze * scale
        moved[:, 1] = top + (north - points[:, 1]) * scale
        return moved

    sheet = round(room + 2 * AIR, 1) if is_tight else HEIGHT
    return onto, shapely.box(-40, -40, WIDTH + 40, HEIGHT + 40), sheet


def _joined(group: Sequence[BaseGeometry]) -> BaseGeometry:
    """One outline without the hair-thin holes that published boundaries leave between villages."""
    grown = shapely.union_all([shapely.buffer(geometry, 0.3) for geometry in group])
    whole = shapely.buffer(grown, -0.3)
    solid = [shapely.Polygon(polygon.exterior) for polygon in _polygons(whole)]
    return shapely.simplify(shapely.MultiPolygon(solid), 0.3)


def _shape(cell: Cell, geometry: BaseGeometry) -> Shape:
    x, y = _spot(geometry, 1.0)
    return Shape(cell.code, cell.name, path_of(geometry), x, y)


def _labels(
    parts: Mapping[str, BaseGeometry], names: Mapping[str, str], shapes: Sequence[Shape]
) -> tuple[Label, ...]:
    """Names of the parts, each inside its part and as far as can be from the points where marks may stand."""
    taken = [(shape.x, shape.y, 14.0) for shape in shapes]
    placed = []
    for code, part in sorted(parts.items(), key=lambda item: item[1].area):
        name = names.get(code, code)
        half = LETTER * len(name) / 2
        x, y = _free_spot(part, taken, half)
        taken.append((x, y, half))
        placed.append(Label(name, x, y))
    return tuple(placed)


def _free_spot(
    part: BaseGeometry, taken: Sequence[tuple[float, float, float]], half: float
) -> tuple[float, float]:
    west, south, east, north = part.bounds
    middle = part.representative_point()
    step = max(6.0, (east - west) / 24)
    columns = int((east - west) / step) + 1
    rows = int((north - south) / step) + 1
    grid = [(west + step * column, south + step * row) for column in range(columns) for row in range(rows)]
    inside = np.array(grid)[shapely.contains_xy(part, grid)]
    if not len(inside):
        return round(middle.x, 1), round(middle.y, 1)
    x, y = inside[:, :1], inside[:, 1:]
    others = np.array(taken).reshape(-1, 3)
    gaps = np.maximum(np.abs(x - others[:, 0]) - half - others[:, 2], np.abs(y - 4 - others[:, 1]) - 14)
    room = gaps.min(axis=1, initial=4.0)
    clear = room - 0.02 * np.hypot(x[:, 0] - middle.x, y[:, 0] - middle.y)
    best = inside[clear.argmax()]
    return round(float(best[0]), 1), round(float(best[1]), 1)


def _notes(hints: Iterable[tuple[str, BaseGeometry]]) -> tuple[Label, ...]:
    """Names of neighbours that have room for one on the sheet."""
    notes = []
    for name, part in hints:
        seen = shapely.intersection(part, shapely.box(50, 20, WIDTH - 50, HEIGHT - 20))
        if seen.area > 6_000:
            notes.append(Label(name, *_spot(seen, 2.0)))
    return tuple(notes)


def _spot(geometry: BaseGeometry, exact: float) -> tuple[float, float]:
    """The middle of the largest circle inside: a mark there never falls into the neighbour."""
    biggest = max(_polygons(geometry), key=lambda part: part.area, default=geometry)
    if biggest.is_empty:
        return 0.0, 0.0
    middle = shapely.get_point(shapely.maximum_inscribed_circle(biggest, exact), 0)
    return round(middle.x, 1), round(middle.y, 1)

"""Writes of the register: load the official areas, import outlines. Both may be repeated without effect."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection

from ronda.kernel.areas import is_code
from ronda.kernel.journal import journal
from ronda.places.adapters.register import EDITION, AreaRow, areas_of
from ronda.places.adapters.shapes import OutlineRow, Shape, outlines_of
from ronda.places.events import AreasLoaded, OutlinesImported
from ronda.web.frame import names_forget

BATCH = 5_000


@dataclass(frozen=True)
class Written:
    """Rows that were offered and rows that were new or different."""

    rows: int
    changed: int


_AREAS_SQL = """
INSERT INTO places_area (code, level, kind, name, parent, province, regency, postal_code)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, name = excluded.name, postal_code = excluded.postal_code
WHERE (places_area.kind, places_area.name, places_area.postal_code)
   IS DISTINCT FROM (excluded.kind, excluded.name, excluded.postal_code)
"""
_OUTLINES_SQL = """
INSERT INTO places_outline (area, geometry, bbox, lon, lat, tolerance)
SELECT area, geometry, ARRAY[west, south, east, north], lon, lat, tolerance
FROM unnest(%s::text[], %s::jsonb[], %s::float8[], %s::float8[], %s::float8[], %s::float8[],
            %s::float8[], %s::float8[], %s::float8[])
  AS row(area, geometry, west, south, east, north, lon, lat, tolerance)
ON CONFLICT (area) DO UPDATE SET geometry = excluded.geometry, bbox = excluded.bbox, lon = excluded.lon,
  lat = excluded.lat, tolerance = excluded.tolerance
WHERE (places_outline.geometry, places_outline.bbox, places_outline.lon, places_outline.lat)
   IS DISTINCT FROM (excluded.geometry, excluded.bbox, excluded.lon, excluded.lat)
"""


def areas_load(*, area: str, at: datetime, progress: Callable[[int], None] = lambda rows: None) -> Written:
    """Load an area with all above and below it, or the whole country for the empty code, into the register."""
    if not is_code(area):
        raise ValueError(f"wanted an area code like 51 or 51.01, came {area!r}")
    rows = changed = 0
    waiting = iter(areas_of(area))
    while batch := list(islice(waiting, BATCH)):
        changed += _write(_AREAS_SQL, batch)
        rows += len(batch)
        progress(rows)
    names_forget()
    event = AreasLoaded(
        subject=None, area=area, agency="system", edition=EDITION, areas=rows, changed=changed
    )
    journal(event, at=at)
    return Written(rows, changed)


def outlines_import(*, shapes: Sequence[Shape], file_sha256: str, at: datetime) -> Written:
    """Write simplified outlines of checked shapes."""
    rows = outlines_of(shapes)
    changed = 0
    for start in range(0, len(rows), BATCH):
        changed += _write(_OUTLINES_SQL, [_columns(row) for row in rows[start : start + BATCH]])
    event = OutlinesImported(
        subject=None, area="", agency="system", file_sha256=file_sha256, outlines=len(rows), changed=changed
    )
    journal(event, at=at)
    return Written(len(rows), changed)


def _columns(row: OutlineRow) -> tuple[object, ...]:
    return (row.area, json.dumps(row.geometry), *row.bbox, row.lon, row.lat, row.tolerance)


def _write(sql: str, rows: Iterable[AreaRow | tuple[object, ...]]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        return int(cursor.rowcount)

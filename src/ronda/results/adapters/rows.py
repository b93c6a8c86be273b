"""Copies between Python and the database: the latest versions out, new versions in, in bulk."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from ronda.kernel.ids import uuid7
from ronda.results.adapters.checking import RecapCopy, StationCopy
from ronda.results.domain import Figures, in_force

OWNER = "bawaslu"
BATCH = 20_000

_LATEST_SHEETS = """
SELECT DISTINCT ON (station, source) station, area, source, created_at, votes, valid, invalid, users, registered,
  other::text, outcome
FROM results_sheet
WHERE election = %s AND contest = %s AND area = ANY(%s) AND NOT is_held
ORDER BY station, source, version DESC
"""
_LATEST_OF_STATIONS = """
SELECT DISTINCT ON (contest, station, source, is_new) contest, id = ANY(%s) AS is_new, station, area, source,
  created_at, votes, valid, invalid, users, registered, other::text, outcome
FROM results_sheet
WHERE station = ANY(%s) AND election = %s AND NOT is_held
ORDER BY contest, station, source, is_new, version DESC
"""
_LAST_VERSIONS = """
SELECT DISTINCT ON (station, election, contest, source) station, election, contest, source, version, votes, valid,
  invalid, users, registered, other::text, outcome
FROM results_sheet
WHERE station = ANY(%s) AND election = ANY(%s) AND contest = ANY(%s)
ORDER BY station, election, contest, source, version DESC
"""
_LATEST_RECAPS = """
SELECT DISTINCT ON (unit, district) unit, district, source, created_at, votes, valid, invalid, users, registered,
  other::text
FROM results_recap
WHERE election = %s AND contest = %s AND unit = ANY(%s) AND NOT is_held
  AND coalesce((other->>'stations_reported')::int >= stations, true)
ORDER BY unit, district, created_at DESC, version DESC
"""
# Row security refuses COPY FROM, so rows travel as arrays; the figures decide whether a row is new.
_SHEETS_IN = """
WITH came AS (
  SELECT id, area, station, number, source, votes::int[] AS votes, valid, invalid, users, registered, other, outcome,
    captured_at, place, is_held
  FROM unnest(%(id)s::uuid[], %(area)s::text[], %(station)s::text[], %(number)s::int[], %(source)s::text[],
              %(votes)s::text[], %(valid)s::int[], %(invalid)s::int[], %(users)s::int[], %(registered)s::int[],
              %(other)s::jsonb[], %(outcome)s::text[], %(captured_at)s::timestamptz[], %(place)s::text[],
              %(is_held)s::bool[])
    AS row(id, area, station, number, source, votes, valid, invalid, users, registered, other, outcome, captured_at,
           place, is_held)
), last AS (
  SELECT DISTINCT ON (station, source) station, source, version, votes, valid, invalid, users, registered, other,
    outcome
  FROM results_sheet
  WHERE election = %(election)s AND contest = %(contest)s AND station = ANY(%(station)s)
  ORDER BY station, source, version DESC
)
INSERT INTO results_sheet (id, area, sensitivity, agency, audience, created_at, election, contest, source, version,
  votes, valid, invalid, users, registered, other, outcome, captured_at, place, file_sha256, is_held, station, number)
SELECT came.id, came.area, 1, %(agency)s, %(audience)s::text[], %(at)s, %(election)s, %(contest)s, came.source,
  coalesce(last.version, 0) + 1, came.votes, came.valid, came.invalid, came.users, came.registered, came.other,
  coalesce(nullif(came.outcome, ''), last.outcome, 'regular'), came.captured_at, came.place,
  %(file_sha256)s, came.is_held, came.station, came.number
FROM came LEFT JOIN last USING (station, source)
WHERE last.station IS NULL OR (last.votes, last.valid, last.invalid, last.users, last.registered, last.other)
   IS DISTINCT FROM (came.votes, came.valid, came.invalid, came.users, came.registered, came.other)
   OR last.outcome <> coalesce(nullif(came.outcome, ''), last.outcome)
"""
_RECAPS_IN = """
WITH came AS (
  SELECT id, area, unit, votes::int[] AS votes, valid, invalid, users, registered, other, outcome, stations, place,
    is_held
  FROM unnest(%(id)s::uuid[], %(area)s::text[], %(unit)s::text[], %(votes)s::text[], %(valid)s::int[],
              %(invalid)s::int[], %(users)s::int[], %(registered)s::int[], %(other)s::jsonb[], %(outcome)s::text[],
              %(stations)s::int[], %(place)s::text[], %(is_held)s::bool[])
    AS row(id, area, unit, votes, valid, invalid, users, registered, other, outcome, stations, place, is_held)
), last AS (
  SELECT DISTINCT ON (unit) unit, version, votes, valid, invalid, users, registered, other, outcome
  FROM results_recap
  WHERE election = %(election)s AND contest = %(contest)s AND source = %(source)s AND unit = ANY(%(unit)s)
    AND district = ''
  ORDER BY unit, version DESC
)
INSERT INTO results_recap (id, area, sensitivity, agency, audience, created_at, election, contest, source, version,
  votes, valid, invalid, users, registered, other, outcome, place, file_sha256, is_held, unit, district, stations)
SELECT came.id, came.area, 1, %(agency)s, %(audience)s::text[], %(at)s, %(election)s, %(contest)s, %(source)s,
  coalesce(last.version, 0) + 1, came.votes, came.valid, came.invalid, came.users, came.registered, came.other,
  coalesce(nullif(came.outcome, ''), last.outcome, 'regular'), came.place,
  %(file_sha256)s, came.is_held, came.unit, '', came.stations
FROM came LEFT JOIN last USING (unit)
WHERE last.unit IS NULL OR (last.votes, last.valid, last.invalid, last.users, last.registered, last.other)
   IS DISTINCT FROM (came.votes, came.valid, came.invalid, came.users, came.registered, came.other)
   OR last.outcome <> coalesce(nullif(came.outcome, ''), last.outcome)
"""
_SHEETS_PLACE = """
UPDATE results_sheet AS held SET area = found.area, station = found.station, is_held = false
FROM unnest(%s::text[], %s::text[], %s::text[]) AS found(held_as, area, station)
WHERE held.is_held AND held.station = found.held_as AND held.election = %s AND held.contest = %s
"""
_RECAPS_PLACE = """
UPDATE results_recap AS held SET area = found.unit, unit = found.unit, is_held = false
FROM unnest(%s::text[], %s::text[]) AS found(held_as, unit)
WHERE held.is_held AND held.unit = found.held_as AND held.election = %s AND held.contest = %s
"""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One copy on its way in. `station` is the source's own id while the place is unknown; an outcome that the source
    does not tell stays what it was."""

    area: str
    station: str
    number: int
    source: str
    figures: Figures
    place: str
    is_held: bool = False
    outcome: str = ""
    captured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecapIn:
    """One recapitulation on its way in."""

    area: str
    unit: str
    figures: Figures
    stations: int | None
    place: str
    own_id: str
    is_held: bool = False
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What all rows of one import share."""

    election: str
    contest: str
    agency: str
    audience: tuple[str, ...]
    file_sha256: str
    at: datetime
    file_size: int = 0
    file_type: str = "text/csv"


def latest_sheets(election: str, contest: str, villages: Collection[str]) -> list[StationCopy]:
    """The last version of every copy that counts, of the stations of these villages."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST_SHEETS, [election, contest, list(villages)])
        return in_force(_station_copy(row) for row in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class CopiesMoved:
    """The latest copies of some stations that count in one contest: before some rows came, and with them."""

    before: list[StationCopy]
    now: list[StationCopy]


def sheets_moved(election: str, stations: Collection[str], new: Collection[UUID]) -> dict[str, CopiesMoved]:
    """The latest copies of stations by contest, with and without the rows `new`."""
    before: dict[str, dict[tuple[str, str], StationCopy]] = {}
    came: dict[str, dict[tuple[str, str], StationCopy]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LATEST_OF_STATIONS, [list(new), list(stations), election])
        for contest, is_new, *row in cursor.fetchall():
            copy = _station_copy(row)
            (came if is_new else before).setdefault(contest, {})[copy.station, copy.source] = copy
    found = {}
    for contest in before.keys() | came.keys():
        old = before.get(contest, {})
        now = old | came.get(contest, {})
        found[contest] = CopiesMoved(in_force(old.values()), in_force(now.values()))
    return found


def _station_copy(row: Sequence[Any]) -> StationCopy:
    station, area, source, came_at, votes, valid, invalid, users, registered, other, outcome = row
    figures = Figures(tuple(votes), valid, invalid, users, registered, _other(other))
    return StationCopy(station, area, source, came_at, figures, outcome)


Key = tuple[str, str, str, str]


def last_versions(keys: Set[Key]) -> dict[Key, tuple[int, Figures, str]]:
    """Version, figures and outcome of the last row of these copies: (station, election, contest, source)."""
    columns = [sorted(set(column)) for column in list(zip(*keys, strict=True))[:3]] or [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute(_LAST_VERSIONS, columns)
        rows = {tuple(row[:4]): row[4:] for row in cursor.fetchall()}
    found = {}
    for key in keys & rows.keys():
        version, votes, valid, invalid, users, registered, other, outcome = rows[key]
        figures = Figures(tuple(votes), valid, invalid, users, registered, _other(other))
        found[key] = (version, figures, outcome)
    return found


def _other(text: str) -> dict[str, int]:
    """Further figures by the field ids of the form."""
    return json.loads(text) if text != "{}" else {}


def latest_recaps(election: str, contest: str, units: Collection[str]) -> dict[tuple[str, str], RecapCopy]:
    """The recap that came last for each of these units, and for each electoral district of a unit with several."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST_RECAPS, [election, contest, list(units)])
        rows = cursor.fetchall()
    return {(unit, district): _recap_copy(unit, district, *rest) for unit, district, *rest in rows}


def _recap_copy(
    unit: str,
    district: str,
    source: str,
    came_at: datetime,
    votes: Sequence[int | None],
    valid: int | None,
    invalid: int | None,
    users: int | None,
    registered: int | None,
    other: str,
) -> RecapCopy:
    figures = Figures(tuple(votes), valid, invalid, users, registered, _other(other))
    return RecapCopy(unit, source, came_at, figures, district)


def sheets_in(rows: Sequence[SheetRow], origin: Origin) -> int:
    """Add the rows whose figures are new; how many were added."""
    return sum(_sheets_in(rows[start : start + BATCH], origin) for start in range(0, len(rows), BATCH))


def _sheets_in(rows: Sequence[SheetRow], origin: Origin) -> int:
    own = {
        "station": [row.station for row in rows],
        "number": [row.number for row in rows],
        "source": [row.source for row in rows],
        "captured_at": [row.captured_at for row in rows],
    }
    return _write(_SHEETS_IN, {**_columns(rows), **own, **_shared(origin)})


def recaps_in(rows: Sequence[RecapIn], origin: Origin, *, source: str) -> int:
    """Add the recaps whose figures are new; how many were added."""
    own = {
        "unit": [row.unit for row in rows],
        "stations": [row.stations for row in rows],
        "source": source,
    }
    return _write(_RECAPS_IN, {**_columns(rows), **own, **_shared(origin)})


def _columns(rows: Sequence[SheetRow] | Sequence[RecapIn]) -> dict[str, object]:
    return {
        "id": [uuid7() for _ in rows],
        "area": [row.area for row in rows],
        "votes": [_array(row.figures.votes) for row in rows],
        "valid": [row.figures.valid for row in rows],
        "invalid": [row.figures.invalid for row in rows],
        "users": [row.figures.users for row in rows],
        "registered": [row.figures.registered for row in rows],
        "other": [json.dumps(dict(row.figures.other), sort_keys=True) for row in rows],
        "outcome": [row.outcome for row in rows],
        "place": [row.place for row in rows],
        "is_held": [row.is_held for row in rows],
    }


def _shared(origin: Origin) -> dict[str, object]:
    return {
        "election": origin.election,
        "contest": origin.contest,
        "agency": origin.agency,
        "audience": list(origin.audience),
        "file_sha256": origin.file_sha256,
        "at": origin.at,
    }


def _write(sql: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def sheets_place(found: Sequence[tuple[str, str, str]], election: str, contest: str) -> int:
    """File held copies under their place: (held id, village, station code); how many there were."""
    return _place(_SHEETS_PLACE, found, election, contest)


def recaps_place(found: Sequence[tuple[str, str]], election: str, contest: str) -> int:
    """File held recaps under their unit: (held id, unit); how many there were."""
    return _place(_RECAPS_PLACE, found, election, contest)


def _place(sql: str, found: Sequence[tuple[str, ...]], election: str, contest: str) -> int:
    if not found:
        return 0
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*found, strict=True)]
        cursor.execute(sql, [*columns, election, contest])
        return int(cursor.rowcount)


def _array(votes: Sequence[int | None]) -> str:
    return "{" + ",".join("NULL" if number is None else str(number) for number in votes) + "}"

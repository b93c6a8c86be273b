"""Takes copies that just came into the counts that are there: only their stations are checked, and the counts of their
villages move by the difference. What comes out is what counting anew would give; only the work follows the forms that
came, not the villages they came from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ronda.results.adapters.checking import (
    ContestCopies,
    Parties,
    check_stations,
    counts_of,
    is_of_district,
)
from ronda.results.adapters.registry import stations_registered
from ronda.results.adapters.rows import latest_sheets_of
from ronda.results.domain import CheckLevel
from ronda.results.domain import counted as sum_of
from ronda.results.models import AreaSummary, FailedCheck, Sheet
from ronda.results.services.areas import Moved, Tally, count_of, counts_write, failed_write, move_up
from ronda.results.services.checking import by_list, contests_before, count_anew, limits_of, take_turn

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class _New:
    """Stations that vote on one list, the rows that are new there, and the parties of the list."""

    stations: Collection[str]
    rows: Collection[UUID]
    parties: Parties


def count_copies(tally: Tally, sheets: Sequence[Sheet], *, beside: Mapping[str, str]) -> None:
    """Take new copies into the counts. `beside` are stations (with their village) that got copies of another contest:
    their forms are held against those again. A village that has no count yet is counted anew."""
    take_turn(tally)
    stations = {**beside, **{sheet.station: sheet.area for sheet in sheets}}
    rows = AreaSummary.objects.filter(
        election=tally.election, contest=tally.contest, area__in=set(stations.values())
    )
    counted = {row.area: row for row in rows}
    count_anew(tally, {sheet.area for sheet in sheets} - counted.keys())
    changed: dict[str, Moved] = {}
    for parties, villages in by_list(tally, counted.keys()):
        here = {code for code, area in stations.items() if area in villages}
        new = [sheet.id for sheet in sheets if sheet.station in here]
        changed |= _move(tally, _New(here, new, parties), counted)
    counts_write(tally, {village: one.now for village, one in changed.items()}, changed)
    move_up(tally, changed)


def _move(tally: Tally, new: _New, counted: Mapping[str, AreaSummary]) -> dict[str, Moved]:
    """Check the stations, and move the counts of their villages from what they brought before to what they bring;
    the villages whose count is another now."""
    election, contest, stations = tally.election, tally.contest, new.stations
    registered = stations_registered(election, stations)
    stood = FailedCheck.objects.filter(
        election=election, contest=contest, station__in=stations, level=CheckLevel.STATION
    )
    kept = [row for row in stood if is_of_district(row.rule)]
    checked = check_stations(
        registered,
        ContestCopies(latest_sheets_of(election, contest, stations), new.parties),
        limits_of(election),
        others=[
            ContestCopies(latest_sheets_of(election, other, stations)) for other in contests_before(tally)
        ],
        kept=kept,
    )
    before = latest_sheets_of(election, contest, stations, besides=new.rows)
    known = registered | {copy.station: copy.area for copy in before}
    left = counts_of(known, ContestCopies(before, new.parties), stood)
    stood.exclude(pk__in=[row.pk for row in kept]).delete()
    failed_write(tally, checked.failed)
    changed = {}
    for village, brought in checked.counts.items():
        was = count_of(counted[village])
        now = sum_of([was.without(left[village]) if village in left else was, brought])
        if now != was:
            changed[village] = Moved(was, now)
    return changed

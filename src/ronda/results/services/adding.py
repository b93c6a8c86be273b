"""Takes copies that just came into the counts that are there: only their stations are checked, and the counts of their
villages move by the difference. What comes out is what counting anew would give; only the work follows the forms that
came, not the villages they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ronda.results.adapters.checking import (
    ContestCopies,
    Parties,
    check_stations,
    counts_of,
    is_of_district,
)
from ronda.results.adapters.lists import lists_of
from ronda.results.adapters.registry import ballots_of, stations_registered
from ronda.results.adapters.rows import CopiesMoved, sheets_moved
from ronda.results.domain import AreaCount, CheckLevel
from ronda.results.domain import counted as sum_of
from ronda.results.models import FailedCheck, Sheet
from ronda.results.services.areas import Moved, Tally, counts_at, counts_write, failed_write, move_up
from ronda.results.services.checking import (
    contests_before,
    count_anew,
    decided,
    limits_of,
    take_turn,
    tallies_of,
)

NOTHING = CopiesMoved([], [])


@dataclass(frozen=True, slots=True)
class _Batch:
    """Copies of one election that came together: their stations, which of those the register knows (station to
    village), and what stands in each contest before and with them."""

    registered: Mapping[str, str]
    by_contest: Mapping[str, CopiesMoved]

    def others(self, tally: Tally) -> list[ContestCopies]:
        return [ContestCopies(self.by_contest.get(other, NOTHING).now) for other in contests_before(tally)]


def count_copies(election: str, sheets: Sequence[Sheet], *, at: datetime) -> None:
    """Take new copies of one election into the counts, contest by contest in the order of the ballot papers. A form is
    held against those of the contests before it; so that one which came late is heard, the later forms of its station
    are looked at again. A village that has no count yet is counted anew."""
    tallies = tallies_of(election, {sheet.contest for sheet in sheets}, at)
    for tally in tallies:
        take_turn(tally)
    areas = {sheet.station: sheet.area for sheet in sheets}
    batch = _Batch(
        stations_registered(election, areas),
        sheets_moved(election, areas, [sheet.id for sheet in sheets]),
    )
    touched: set[str] = set()
    for tally in tallies:
        own = {sheet.station for sheet in sheets if sheet.contest == tally.contest}
        there = {copy.station for copy in batch.by_contest.get(tally.contest, NOTHING).now}
        _take_in(tally, batch, {code: areas[code] for code in own | (touched & there)})
        touched |= own


def _take_in(tally: Tally, batch: _Batch, stations: Mapping[str, str]) -> None:
    """One contest: `stations` (with their village) have new copies in it, or in a contest before it."""
    counted, lists = counts_at(tally, set(stations.values())), lists_of(tally.election, tally.contest)
    count_anew(tally, set(stations.values()) - counted.keys())
    changed: dict[str, Moved] = {}
    for parties, villages in lists.by_list(counted):
        here = {code for code, area in stations.items() if area in villages}
        changed |= _move(tally, batch, here, parties, counted)
    counts_write(tally, {village: one.now for village, one in changed.items()}, changed)
    move_up(tally, changed, lists)


def _move(
    tally: Tally, batch: _Batch, stations: set[str], parties: Parties, counted: Mapping[str, AreaCount]
) -> dict[str, Moved]:
    """Check stations that vote on one list, and move the counts of their villages from what they brought before to
    what they bring; the villages whose count is another now."""
    registered = {code: area for code, area in batch.registered.items() if code in stations}
    copies = batch.by_contest.get(tally.contest, NOTHING)
    limits = limits_of(tally.election)
    ballots = ballots_of(tally.election, limits, code__in=stations)
    before = ContestCopies(
        [copy for copy in copies.before if copy.station in stations], parties, ballots=ballots
    )
    now = ContestCopies(
        [copy for copy in copies.now if copy.station in stations],
        parties,
        decided(tally, station__in=stations),
        ballots,
    )
    rows = FailedCheck.objects.filter(
        election=tally.election,
        contest=tally.contest,
        station__in=stations,
        level=CheckLevel.STATION,
    )
    stood: list[Any] = list(rows.values_list("id", "rule", "station", "stake", named=True))
    kept = [row for row in stood if is_of_district(row.rule)]
    checked = check_stations(registered, now, limits, others=batch.others(tally), kept=kept)
    left = counts_of(registered | {copy.station: copy.area for copy in before.copies}, before, stood)
    if len(stood) > len(kept):
        rows.exclude(pk__in=[row.id for row in kept]).delete()
    failed_write(tally, checked.failed)
    changed = {}
    for village, brought in checked.counts.items():
        was = counted[village]
        now_there = sum_of([was.without(left[village]) if village in left else was, brought])
        if now_there != was:
            changed[village] = Moved(was, now_there)
    return changed

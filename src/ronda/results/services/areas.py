"""Counts of areas and their failed checks as rows: written for villages, and carried up to the nation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from ronda.kernel.areas import Level, area_range, at_level, level, parent, within
from ronda.kernel.bulk import rows_add
from ronda.kernel.ids import uuid7
from ronda.results.adapters.checking import Failed, RecapCopy, check_recap, recaps_added
from ronda.results.adapters.rows import OWNER, latest_recaps
from ronda.results.domain import AreaCount, CheckLevel, counted
from ronda.results.models import AreaSummary, FailedCheck

if TYPE_CHECKING:
    from ronda.elections.models import Contest
    from ronda.results.adapters.lists import Lists

ABOVE = (Level.DISTRICT, Level.REGENCY, Level.PROVINCE, Level.NATION)


@dataclass(frozen=True, slots=True)
class Tally:
    """One count of a contest: all rows that it writes bear these."""

    election: str
    contest: str
    at: datetime

    def frame(self, area: str) -> dict[str, object]:
        return {
            "id": uuid7(),
            "area": area,
            "sensitivity": 1,
            "agency": OWNER,
            "audience": [],
            "created_at": self.at,
            "election": self.election,
            "contest": self.contest,
        }


@dataclass(frozen=True, slots=True)
class Moved:
    """The count of an area before and after some of its stations were checked again."""

    was: AreaCount
    now: AreaCount


def failed_write(tally: Tally, failed: Iterable[Failed]) -> None:
    """Add failed checks."""
    rows = [
        FailedCheck(
            **tally.frame(one.area),
            rule=one.rule,
            level=one.level,
            station=one.station,
            source=one.source,
            against=one.against,
            delta=one.delta,
            deltas=list(one.deltas),
            stake=one.stake,
            facts=one.facts,
            since=one.since,
        )
        for one in failed
    ]
    rows_add(rows)


def counts_write(tally: Tally, counts: Mapping[str, AreaCount], villages: Collection[str]) -> None:
    """Write the counts of villages in place of those that are there."""
    _rows(tally).filter(area__in=villages).delete()
    rows_add(_summary(tally, code, count, {}) for code, count in counts.items())


def roll_up(tally: Tally, villages: Iterable[str], lists: Lists) -> int:
    """Make the counts of all areas above some villages anew; how many official recaps differ from them."""
    every = set(villages)
    return sum(_roll_up(tally, {at_level(code, above) for code in every}, lists) for above in ABOVE)


def move_up(tally: Tally, moved: Mapping[str, Moved], lists: Lists) -> None:
    """Carry the changes of some villages to all areas above: each moves by what its villages moved."""
    above = {at_level(code, level_) for code in moved for level_ in ABOVE}
    was = counts_at(tally, above)
    if was.keys() != above or _have_recaps(tally, above):
        roll_up(
            tally, moved, lists
        )  # held against a recapitulation, or not counted yet: made anew from its parts
        return
    now = {}
    for area, count in was.items():
        inside = [(code, one) for code, one in moved.items() if within(code, area)]
        left = count.without(counted(lists.carried(one.was, code, area) for code, one in inside))
        now[area] = counted([left, *(lists.carried(one.now, code, area) for code, one in inside)])
    counts_write(tally, now, above)


def _have_recaps(tally: Tally, areas: Collection[str]) -> bool:
    """Whether a recapitulation stands against one of these areas, or against an area below it."""
    told = _rows(tally).filter(area__in=areas).exclude(recap={}).exists()
    return told or bool(latest_recaps(tally.election, tally.contest, areas))


def _roll_up(tally: Tally, codes: set[str], lists: Lists) -> int:
    """Make the counts of areas out of the counts one level down, and hold official recaps against them."""
    below: dict[str, list[AreaSummary]] = {code: [] for code in codes}
    for row in _rows(tally).filter(parent__in=codes).exclude(area__in=codes & {""}):
        below[row.parent].append(row)
    _rows(tally).filter(area__in=codes).delete()
    FailedCheck.objects.filter(
        election=tally.election, contest=tally.contest, area__in=codes, level=CheckLevel.UNIT
    ).delete()
    recaps = latest_recaps(tally.election, tally.contest, codes)
    made, failed = [], []
    for code in sorted(codes):
        count = counted(lists.carried(count_of(row), row.area, code) for row in below[code])
        added = recaps_added([lists.carried_recap(row.recap, row.area, code) for row in below[code]])
        own = {district: one for (unit, district), one in recaps.items() if unit == code}
        recap, differing = _held_against(tally, own, code, count, lists) if own else (added, [])
        failed += differing
        count.rules |= {one.rule: count.rules.get(one.rule, 0) + 1 for one in differing}
        made.append(_summary(tally, code, count, recap))
    rows_add(made)
    failed_write(tally, failed)
    return len(failed)


def _held_against(
    tally: Tally, own: Mapping[str, RecapCopy], code: str, count: AreaCount, lists: Lists
) -> tuple[dict[str, object], list[Failed]]:
    """What the recapitulations of a unit say beside its count: one for each electoral district where it holds several,
    or one of the parties alone."""
    if not lists.are_several(code):
        return check_recap(own[""], count) if "" in own else ({}, [])
    told: list[dict[str, object]] = []
    failed: list[Failed] = []
    for row in lists.districts(code):
        official = own.get(row.district)
        if official is None:
            told.append({})
            continue
        summary, differing = check_recap(official, _count_of_district(tally, code, row, lists))
        told.append(lists.recap_by_party(summary, row))
        failed += differing
    if any(told):
        return recaps_added(told), failed
    whole = own.get("")
    if whole is None or len(whole.figures.votes) != len(lists.names):
        return {}, []
    return check_recap(whole, count)


def _count_of_district(tally: Tally, unit: str, row: Contest, lists: Lists) -> AreaCount:
    """The count of the villages of a unit that belong to an electoral district."""
    low, high = area_range(unit)
    villages = _rows(tally).filter(level=Level.VILLAGE.value, area__gte=low, area__lt=high)
    return counted(count_of(one) for one in villages if lists.of(one.area) == row)


def _rows(tally: Tally) -> QuerySet[AreaSummary]:
    return AreaSummary.objects.filter(election=tally.election, contest=tally.contest)


def _summary(tally: Tally, area: str, count: AreaCount, recap: dict[str, object]) -> AreaSummary:
    return AreaSummary(
        **tally.frame(area),
        level=level(area).value,
        parent=parent(area),
        stations=count.stations,
        reported=count.reported,
        both=count.both,
        differing=count.differing,
        failed=count.failed,
        stake=count.stake,
        open_votes=count.open_votes,
        present=count.present,
        votes=count.votes,
        first_votes=count.first_votes,
        rules=count.rules,
        recap=recap,
    )


def counts_at(tally: Tally, areas: Collection[str]) -> dict[str, AreaCount]:
    """The counts that stand for these areas."""
    rows = _rows(tally).filter(area__in=areas)
    return {row[0]: AreaCount(*row[1:]) for row in rows.values_list("area", *_COUNTED)}


_COUNTED = tuple(field.name for field in fields(AreaCount))


def count_of(row: AreaSummary) -> AreaCount:
    """The count that a summary row holds."""
    return AreaCount(**{name: getattr(row, name) for name in _COUNTED})

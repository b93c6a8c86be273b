"""The list behind the two counters of stations: who was heard, who is silent, now or as it was known at an instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from ronda.elections import selectors as elections
from ronda.law.checkins import checkin_rules
from ronda.readiness.models import Checkin, StationState
from ronda.readiness.selectors.progress import due_steps, inside, silent_codes, states

if TYPE_CHECKING:
    from ronda.elections.models import PollingStation

PAGE = 100


@dataclass(frozen=True, slots=True)
class StationLine:
    """A station, the step it told of last and when; empty where it never spoke."""

    code: str
    area: str
    name: str
    step: str
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class StationPage:
    """A page of the list, how many there are in all, and where the next page starts."""

    rows: list[StationLine]
    count: int
    next: int | None


def station_page(
    *, election: str, voting_on: date, at: datetime, area: str, is_silent: bool, is_past: bool, start: int = 0
) -> StationPage:
    """Silent or heard stations of an area in the order of their codes. `is_past`: by what the node had received."""
    silent = _silent_then if is_past else _silent
    heard = _heard_then if is_past else _heard
    found = silent(election, voting_on, at, area) if is_silent else heard(election, at, area)
    rows = found.order_by("code")
    shown = list(rows[start : start + PAGE])
    count = rows.count()
    last = _last(election, [row.code for row in shown], at)
    lines = [StationLine(row.code, row.area, row.name, *last.get(row.code, ("", None))) for row in shown]
    return StationPage(lines, count, start + PAGE if start + PAGE < count else None)


def _heard(election: str, at: datetime, area: str) -> "QuerySet[PollingStation]":
    told = states(election, area).filter(first_at__lte=at).values("station_code")
    return elections.station_list(election, area=area).filter(code__in=told)


def _heard_then(election: str, at: datetime, area: str) -> "QuerySet[PollingStation]":
    told = _words(election, at, area).values("station_code")
    return elections.station_list(election, area=area).filter(code__in=told)


def _silent(election: str, voting_on: date, at: datetime, area: str) -> "QuerySet[PollingStation]":
    """Of each province by its own clock: the queries are put together, none counts a station twice."""
    due = due_steps(election=election, voting_on=voting_on, at=at, within=area)
    found = [silent_codes(election=election, due=step, at=at, within=area) for step in due]
    return _either(found, election, area)


def _silent_then(election: str, voting_on: date, at: datetime, area: str) -> "QuerySet[PollingStation]":
    steps, found = [step.id for step in checkin_rules().steps], []
    for due in due_steps(election=election, voting_on=voting_on, at=at, within=area):
        inner = area if len(area) >= 2 else due.province
        told = _words(election, at, inner).filter(step__in=steps[due.rank - 1 :]).values("station_code")
        found.append(elections.station_list(election, area=inner).exclude(code__in=told))
    return _either(found, election, area)


def _either(
    found: Sequence["QuerySet[PollingStation]"], election: str, area: str
) -> "QuerySet[PollingStation]":
    if len(found) == 1:
        return found[0]
    wanted = Q(pk__in=[])
    for rows in found:
        wanted |= Q(pk__in=rows.order_by().values("pk"))
    return elections.station_list(election, area=area).filter(wanted)


def _words(election: str, at: datetime, area: str) -> QuerySet[Checkin]:
    return Checkin.objects.filter(inside(area), election=election, is_placed=True, received_at__lte=at)


def _last(election: str, codes: list[str], at: datetime) -> dict[str, tuple[str, datetime | None]]:
    """The last word of each of these stations by then."""
    rows = StationState.objects.filter(election=election, station_code__in=codes, heard_at__lte=at)
    return {
        code: (step, heard_at)
        for code, step, heard_at in rows.values_list("station_code", "step", "heard_at")
    }

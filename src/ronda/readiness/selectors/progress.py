"""How far the stations are: what is due, who was heard, who is silent, and how that went over the hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from ronda.elections import selectors as elections
from ronda.kernel.areas import Level, area_range
from ronda.kernel.trends import counted_by, hours_before
from ronda.law.checkins import CheckinStep, checkin_rules
from ronda.readiness.domain import due_rank
from ronda.readiness.models import StationState
from ronda.web.localtime import zone_of

if TYPE_CHECKING:
    from ronda.elections.models import PollingStation

MANY = 1_000  # above this, reading all summaries is quicker than naming the stations
_LENGTHS = {Level.PROVINCE: 2, Level.REGENCY: 5, Level.DISTRICT: 8, Level.VILLAGE: 13}


@dataclass(frozen=True, slots=True)
class DueStep:
    """The latest step that every station of a province should have told of."""

    step: CheckinStep
    rank: int
    province: str
    late_from: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many stations of an area are registered, were heard, and have not told of the step that is due."""

    area: str
    stations: int
    heard: int
    silent: int


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """One line of the coverage table."""

    area: str
    stations: int
    heard: int
    silent: int
    by_rank: tuple[int, ...]

    @property
    def heard_share(self) -> float:
        return self.heard / self.stations if self.stations else 0.0


@dataclass(frozen=True, slots=True)
class SilentStation:
    """A station that should have been heard: since when, and what was heard last."""

    code: str
    area: str
    name: str
    expected: CheckinStep
    late_from: datetime
    heard_at: datetime | None
    step: str


def inside(area: str) -> Q:
    low, high = area_range(area)
    return Q(area__gte=low, area__lt=high)


def provinces_of(*, election: str, within: str) -> list[str]:
    """Provinces with stations inside an area: each has one zone, so one clock."""
    if len(within) >= 2:
        return [within[:2]]
    rows = elections.station_list(election, area=within).annotate(province=Left("area", 2))
    return sorted(set(rows.order_by("province").values_list("province", flat=True).distinct()))


def due_steps(*, election: str, voting_on: date, at: datetime, within: str = "") -> list[DueStep]:
    """For each province the latest step that is due; none before the first."""
    rules, due = checkin_rules(), []
    for province in provinces_of(election=election, within=within):
        zone = zone_of(province)
        rank = due_rank(rules, voting_on=voting_on, zone=zone, at=at)
        if rank:
            step = rules.steps[rank - 1]
            due.append(DueStep(step, rank, province, step.late_from(voting_on, zone)))
    return due


def _reached_by(rank: int, at: datetime) -> Q:
    """Stations known, at that instant, to be at a rank or beyond."""
    return Q(**{f"reached__{rank - 1}__lte": at})


def states(election: str, within: str) -> QuerySet[StationState]:
    return StationState.objects.filter(inside(within), election=election)


def silent_codes(
    *, election: str, due: DueStep, at: datetime, within: str = ""
) -> "QuerySet[PollingStation]":
    """Registered stations of the due step's province that have not told of it by `at`."""
    area = within if len(within) >= 2 else due.province
    heard = states(election, area).filter(_reached_by(due.rank, at))
    # One list made once, not a look-up per station: the planner has no figures for a table that filled up just now.
    return elections.station_list(election, area=area).exclude(code__in=heard.values("station_code"))


def checkin_counts_by_area(
    *, election: str, voting_on: date, at: datetime, level: Level, within: str
) -> list[AreaCounts]:
    """Coverage of every area of a level inside `within`: stations, heard, silent, and how many reached each step."""
    rules = checkin_rules()
    length = _LENGTHS[level]
    totals = elections.station_counts(election, level=level, area=within)
    due = {
        step.province: step
        for step in due_steps(election=election, voting_on=voting_on, at=at, within=within)
    }
    reached = {
        f"r{rank}": Count("id", filter=_reached_by(rank, at)) for rank in range(1, len(rules.steps) + 1)
    }
    rows = (
        states(election, within)
        .annotate(part=Left("area", length))
        .values("part")
        .annotate(heard=Count("id", filter=Q(first_at__lte=at)), **reached)
    )
    told = {row["part"]: row for row in rows}
    return [
        _area_counts(code, total.stations, told.get(code), due.get(code[:2]))
        for code, total in sorted(totals.items())
    ]


def _area_counts(code: str, stations: int, told: Mapping[str, Any] | None, due: DueStep | None) -> AreaCounts:
    ranks = len(checkin_rules().steps)
    by_rank = tuple(told[f"r{rank}"] if told else 0 for rank in range(1, ranks + 1))
    silent = stations - by_rank[due.rank - 1] if due else 0
    return AreaCounts(code, stations, told["heard"] if told else 0, silent, by_rank)


def coverage_by_area(
    *, election: str, voting_on: date, at: datetime, level: Level, within: str
) -> list[Coverage]:
    """Heard and silent stations of every area of a level inside `within`: for the map, which asks at every change."""
    totals = elections.station_totals(election, level=level, area=within)
    due = {
        step.province: step.rank
        for step in due_steps(election=election, voting_on=voting_on, at=at, within=within)
    }
    ranks = {f"r{rank}": Count("id", filter=_reached_by(rank, at)) for rank in set(due.values())}
    rows = states(election, within).annotate(part=Left("area", _LENGTHS[level])).values("part")
    counted = rows.annotate(heard=Count("id", filter=Q(first_at__lte=at)), **ranks)
    told: dict[str, Mapping[str, Any]] = {row["part"]: row for row in counted}
    found = []
    for code, stations in totals.items():
        row: Mapping[str, Any] = told.get(code, {})
        rank = due.get(code[:2])
        silent = stations - row.get(f"r{rank}", 0) if rank else 0
        found.append(Coverage(code, stations, row.get("heard", 0), silent))
    return found


def silent_count(*, election: str, voting_on: date, at: datetime, within: str) -> int:
    """How many registered stations have not told of the latest due step."""
    silent = 0
    for due in due_steps(election=election, voting_on=voting_on, at=at, within=within):
        area = within if len(within) >= 2 else due.province
        told = states(election, area).filter(_reached_by(due.rank, at)).count()
        silent += elections.station_count(election, area=area).stations - told
    return silent


def heard_count(*, election: str, at: datetime, within: str) -> int:
    """How many stations were heard at all by `at`."""
    return states(election, within).filter(first_at__lte=at).count()


def silent_stations(
    *, election: str, voting_on: date, at: datetime, within: str, most: int | None = None
) -> list[SilentStation]:
    """Stations that should have been heard by now, longest silent first."""
    found: list[SilentStation] = []
    for due in due_steps(election=election, voting_on=voting_on, at=at, within=within):
        rows = silent_codes(election=election, due=due, at=at, within=within)
        codes = list(rows.order_by("code").values_list("code", "area", "name"))
        spoken = states(election, within).values_list("station_code", "heard_at", "step")
        if len(codes) <= MANY:
            spoken = spoken.filter(station_code__in=[code for code, _area, _name in codes])
        last = {code: (heard_at, step) for code, heard_at, step in spoken}
        for code, area, name in codes:
            heard_at, step = last.get(code, (None, ""))
            found.append(SilentStation(code, area, name, due.step, due.late_from, heard_at, step))
    found.sort(key=lambda one: (one.heard_at is not None, one.heard_at or one.late_from, one.code))
    return found if most is None else found[:most]


def heard_trend(*, election: str, at: datetime, within: str, hours: int = 10) -> list[int]:
    """Stations heard by the end of each of the last hours, oldest first."""
    return counted_by(states(election, within), "first_at", hours_before(at, hours))


def silent_trend(*, election: str, voting_on: date, at: datetime, within: str, hours: int = 10) -> list[int]:
    """Silent stations as they were at the end of each of the last hours, oldest first."""
    moments = hours_before(at, hours)
    totals = [0] * hours
    for province in provinces_of(election=election, within=within):
        area = within if len(within) >= 2 else province
        stations = elections.station_count(election, area=area).stations
        ranks = [_rank_then(province, voting_on, moment) for moment in moments]
        counts = {
            f"h{n}": Count("id", filter=_reached_by(rank, moment))
            for n, (rank, moment) in enumerate(zip(ranks, moments, strict=True))
            if rank
        }
        row = states(election, area).aggregate(**counts) if counts else {}
        for n, rank in enumerate(ranks):
            totals[n] += stations - row[f"h{n}"] if rank else 0
    return totals


def _rank_then(province: str, voting_on: date, moment: datetime) -> int:
    return due_rank(checkin_rules(), voting_on=voting_on, zone=zone_of(province), at=moment)


def states_by_station(*, election: str, within: str) -> dict[str, StationState]:
    """How far each station that was heard is, by its code."""
    return {state.station_code: state for state in states(election, within)}

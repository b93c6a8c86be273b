"""Everything the page of readiness shows of one area, read once."""

from dataclasses import dataclass
from datetime import date, datetime

from ronda.kernel.areas import Level, level, within
from ronda.kernel.scope import current_scope
from ronda.law.checkins import checkin_rules
from ronda.readiness.models import Finding, WarehouseCheck
from ronda.readiness.selectors.gaps import (
    CallName,
    call_list,
    findings_for,
    missed_roll_calls,
    unplaced_count,
    warehouses_latest,
)
from ronda.readiness.selectors.progress import (
    AreaCounts,
    SilentStation,
    checkin_counts_by_area,
    silent_stations,
)
from ronda.web.localtime import zone_of

SHOWN = 60
_BELOW = {
    Level.NATION: Level.PROVINCE,
    Level.PROVINCE: Level.REGENCY,
    Level.REGENCY: Level.DISTRICT,
    Level.DISTRICT: Level.VILLAGE,
    Level.VILLAGE: Level.VILLAGE,
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the day over all stations of the area."""

    name: str
    short: str
    note: str
    is_verified: bool
    expected_at: datetime
    late_from: datetime
    is_due: bool
    told: int
    stations: int

    @property
    def share(self) -> float:
        return self.told / self.stations if self.stations else 0.0

    @property
    def missing(self) -> int:
        return self.stations - self.told


@dataclass(frozen=True, slots=True)
class Call:
    """A silent station and whom to call."""

    station: SilentStation
    people: list[CallName]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the warehouse check in the language of the page."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Store:
    """A warehouse at its latest check."""

    check: WarehouseCheck
    failed: list[Point]


@dataclass(frozen=True, slots=True)
class Missed:
    """A unit of one's own agency with officers who did not answer."""

    unit_name: str
    call_name: str
    area: str
    count: int
    posts: int
    late_from: datetime


@dataclass(frozen=True)
class Board:
    """One area at one instant."""

    area: str
    level: Level
    below: Level
    at: datetime
    stations: int
    heard: int
    silent: int
    steps: list[StepLine]
    lines: list[AreaCounts]
    calls: list[Call]
    missed: list[Missed]
    stores: list[Store]
    findings: list[Finding]
    unplaced: int

    @property
    def heard_share(self) -> float:
        return self.heard / self.stations if self.stations else 0.0

    @property
    def missed_count(self) -> int:
        return sum(one.count for one in self.missed)

    @property
    def stores_failing(self) -> int:
        return sum(1 for store in self.stores if store.failed)


def board_for(*, election: str, voting_on: date, at: datetime, area: str, language: str) -> Board:
    """The board of an area inside the scope in force."""
    here = level(area)
    below = _BELOW[here]
    when = {"election": election, "voting_on": voting_on, "at": at}
    lines = checkin_counts_by_area(**when, level=below, within=area)  # type: ignore[arg-type]  # the three of `when`
    silent = silent_stations(**when, within=area, most=SHOWN)  # type: ignore[arg-type]
    people = call_list(villages=sorted({one.area for one in silent}), today=voting_on)
    return Board(
        area=area,
        level=here,
        below=below,
        at=at,
        stations=sum(line.stations for line in lines),
        heard=sum(line.heard for line in lines),
        silent=sum(line.silent for line in lines),
        steps=_steps(lines, voting_on, at, area, language),
        lines=lines,
        calls=[Call(one, people.get(one.area, [])) for one in silent],
        missed=_missed(election, voting_on, at, area, language),
        stores=_stores(election, area, language),
        findings=findings_for(election=election, within=area),
        unplaced=unplaced_count(election=election, within=area),
    )


def _steps(
    lines: list[AreaCounts], voting_on: date, at: datetime, area: str, language: str
) -> list[StepLine]:
    zone, stations = zone_of(area), sum(line.stations for line in lines)
    return [
        StepLine(
            name=step.name.in_language(language),
            short=step.short.in_language(language),
            note=step.note.in_language(language),
            is_verified=step.source.is_verified and step.is_reviewed,
            expected_at=step.expected_at(voting_on, zone),
            late_from=step.late_from(voting_on, zone),
            is_due=step.late_from(voting_on, zone) <= at,
            told=sum(line.by_rank[rank] for line in lines),
            stations=stations,
        )
        for rank, step in enumerate(checkin_rules().steps)
    ]


def _missed(election: str, voting_on: date, at: datetime, area: str, language: str) -> list[Missed]:
    """Own officers only: that is what the rows of a scope allow."""
    scope = current_scope()
    found = missed_roll_calls(election=election, voting_on=voting_on, at=at, within=area)
    return [
        Missed(
            one.unit_name,
            one.call.name.in_language(language),
            one.area,
            one.count,
            one.posts,
            one.late_from,
        )
        for one in found
        if within(one.area, area) and scope is not None and one.agency == scope.agency
    ]


def _stores(election: str, area: str, language: str) -> list[Store]:
    rules = checkin_rules()
    return [
        Store(
            check,
            [
                Point(one.id, one.name.in_language(language))
                for code in check.failed
                if (one := rules.criterion(code))
            ],
        )
        for check in warehouses_latest(election=election, within=area)
    ]

"""Everything known of one place: an area of any level, or one polling station."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from ronda.agencies import selectors as agencies
from ronda.desk.domain import AreaCounts
from ronda.desk.feed import feed_lines
from ronda.desk.rights import may_read
from ronda.desk.selectors import Picture, picture
from ronda.elections import selectors as elections
from ronda.incidents import selectors as incidents
from ronda.kernel.areas import Level, level, station_area
from ronda.kernel.scope import Scope
from ronda.law.checkins import checkin_rules
from ronda.places import selectors as places
from ronda.readiness import selectors as readiness
from ronda.reports import selectors as reports
from ronda.results import selectors as results
from ronda.web.localtime import local

if TYPE_CHECKING:
    from ronda.elections.models import PollingStation

MANY_STATIONS = 400


@dataclass(frozen=True)
class StationLine:
    """A polling station in the list of its village."""

    code: str
    number: int
    name: str
    voters: int | None
    step: str
    heard_at: datetime | None
    sheets: int | None
    failed: int | None


@dataclass(frozen=True)
class Known:
    """The facts of a place page; lists are empty where the post may not read or nothing is there."""

    code: str
    area: str
    station: "PollingStation | None"
    seen: Picture
    trail: list[Any]
    incidents: list[Any] = field(default_factory=list)
    reports: list[Any] = field(default_factory=list)
    stations: list[StationLine] = field(default_factory=list)
    state: Any = None
    sheets: list[Any] = field(default_factory=list)
    words: list[Any] = field(default_factory=list)
    checks: list[Any] = field(default_factory=list)
    counted: list[Any] = field(default_factory=list)
    units: list[Any] = field(default_factory=list)
    units_above: list[Any] = field(default_factory=list)
    posts: list[Any] = field(default_factory=list)
    news: list[Any] = field(default_factory=list)

    @property
    def counts(self) -> AreaCounts:
        return self.seen.totals

    @property
    def level(self) -> Level:
        return level(self.area)

    @property
    def is_station(self) -> bool:
        return len(self.code) == 13 and "." not in self.code


def known_of(scope: Scope, code: str, *, at: datetime) -> Known | None:
    """What is known of a place; None for a code that nobody knows."""
    is_station = len(code) == 13 and code.isdigit()
    area = station_area(code) if is_station else code
    trail = places.area_trail(area)
    seen = picture(scope, area=area, at=at)
    election = seen.election
    station = elections.station_for(election, code) if is_station and election else None
    is_known = station is not None if is_station else bool(trail) and trail[-1].code == area
    if not is_known:
        return None
    near, above = _units(area)
    return Known(
        code=code,
        area=area,
        station=station,
        seen=seen,
        trail=trail,
        incidents=_incidents(scope, area, code if is_station else ""),
        reports=_reports(scope, area, code if is_station else "", at),
        stations=_stations(scope, seen) if level(area) is Level.VILLAGE and not is_station else [],
        state=_state(scope, code, seen) if is_station else None,
        sheets=results.stations_results(code) if is_station and may_read(scope, "sheet") else [],
        words=_words(scope, code, seen),
        checks=_checks(scope, code, seen),
        counted=results.summaries_of(area) if may_read(scope, "result_summary") else [],
        units=near,
        units_above=above,
        posts=_posts(scope, area, at),
        news=feed_lines(area, at=at, limit=12),
    )


def _incidents(scope: Scope, area: str, station: str) -> list[Any]:
    if not may_read(scope, "incident"):
        return []
    rows = incidents.incidents_at(area, station_code=station, limit=30)
    return sorted(rows, key=lambda row: (row.due_at is None, row.due_at or row.changed_at))


def _reports(scope: Scope, area: str, station: str, at: datetime) -> list[Any]:
    if not may_read(scope, "report"):
        return []
    return reports.reports_at(area, at=at, station_code=station, limit=10)


def _stations(scope: Scope, seen: Picture) -> list[StationLine]:
    if seen.election is None:
        return []
    states = (
        readiness.states_by_station(election=seen.election.code, within=seen.area)
        if may_read(scope, "readiness_state")
        else {}
    )
    sheets = (
        results.sheet_counts_by_station(election=seen.election.code, area=seen.area)
        if may_read(scope, "sheet")
        else None
    )
    lines = []
    for station in elections.station_list(seen.election, area=seen.area)[:MANY_STATIONS]:
        state = states.get(station.code)
        count = sheets.get(station.code) if sheets is not None else None
        lines.append(
            StationLine(
                code=station.code,
                number=station.number,
                name=station.name,
                voters=station.voters,
                step=step_words(state.step) if state else "",
                heard_at=state.heard_at if state else None,
                sheets=(count.sheets if count else 0) if sheets is not None else None,
                failed=(count.failed if count else 0) if sheets is not None else None,
            )
        )
    return lines


def _state(scope: Scope, code: str, seen: Picture) -> Any:
    if seen.election is None or not may_read(scope, "readiness_state"):
        return None
    return readiness.state_for(election=seen.election.code, station_code=code)


def _words(scope: Scope, code: str, seen: Picture) -> list[Any]:
    if seen.election is None or not may_read(scope, "checkin"):
        return []
    return readiness.checkins_for_area(code, election=seen.election.code, most=12)


def _checks(scope: Scope, code: str, seen: Picture) -> list[Any]:
    if seen.election is None or not may_read(scope, "result_check"):
        return []
    return results.checks_at(election=seen.election.code, place=code, limit=12)


def _units(area: str) -> tuple[list[Any], list[Any]]:
    """Units of the place itself and of its district, and those of the whole regency."""
    codes = [area[:length] for length in (13, 8, 5) if len(area) >= length]
    units = agencies.units_of(areas=codes)
    near = [unit for unit in units if len(unit.area) > 5 or len(area) <= 5]
    return near, [unit for unit in units if unit not in near]


def _posts(scope: Scope, area: str, at: datetime) -> list[Any]:
    """Own people on duty here: their names are seen by their own agency only."""
    today = local(at, area).date()
    return list(agencies.posts_on_duty(agency=scope.agency, area=area, today=today)[:20])


def step_words(code: str) -> str:
    """A step of a station's day in words; a code the rules do not know stays a code."""
    step = checkin_rules().step(code)
    return step.short.in_language(get_language() or "id") if step else code

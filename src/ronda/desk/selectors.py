"""What the desk reads, put together from the selectors of the contexts below. Rights are those of the scope."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from ronda.desk.domain import ALL, NOTHING, AreaCounts, Pick, cell_level
from ronda.desk.rights import may_read
from ronda.elections import selectors as elections
from ronda.incidents import selectors as incidents
from ronda.incidents.domain import IncidentState
from ronda.incidents.selectors.history import incidents_then
from ronda.kernel.areas import Level, level
from ronda.kernel.scope import Scope
from ronda.law.incident_kinds import incident_kinds
from ronda.places import selectors as places
from ronda.readiness import selectors as readiness
from ronda.readiness.selectors.history import known_by_area
from ronda.reports import selectors as reports
from ronda.reports.domain import severity_of
from ronda.results import selectors as results
from ronda.web.localtime import local

if TYPE_CHECKING:
    from ronda.elections.models import Election

HOURS = 10
LENGTHS = {Level.NATION: 0, Level.PROVINCE: 2, Level.REGENCY: 5, Level.DISTRICT: 8, Level.VILLAGE: 13}


@dataclass(frozen=True)
class Picture:
    """An area at an instant: what is known of each cell of its map, and of nowhere in particular."""

    scope: Scope
    area: str
    at: datetime
    election: "Election | None"
    cells: Mapping[str, AreaCounts]
    elsewhere: AreaCounts
    pick: Pick = ALL
    is_past: bool = False

    @property
    def cell_level(self) -> Level:
        return cell_level(self.area)

    @cached_property
    def totals(self) -> AreaCounts:
        return sum(self.cells.values(), self.elsewhere)

    def at_level(self, wanted: Level) -> dict[str, AreaCounts]:
        """The cells added up to areas of a wider level."""
        length = LENGTHS[wanted]
        added: dict[str, AreaCounts] = defaultdict(AreaCounts)
        for code, counts in self.cells.items():
            added[code[:length]] += counts
        return dict(added)


def picture(scope: Scope, *, area: str, at: datetime, pick: Pick = ALL) -> Picture:
    """Everything the map, the table and the figures count, each asked once."""
    election = elections.election_current(local(at, area).date())
    wanted = cell_level(area)
    parts = (
        _stations(scope, election, area, wanted, at),
        _incidents(scope, area, wanted, at, pick),
        _sheets(scope, election, area, wanted),
    )
    cells, elsewhere = _added(area, wanted, parts)
    return Picture(scope, area, at, election, cells, elsewhere, pick)


def picture_then(scope: Scope, *, area: str, at: datetime, pick: Pick = ALL) -> Picture:
    """What was known at an instant: incidents as they stood, stations by what had been received. Counts of sheets are
    made anew from all copies, so their past is not told."""
    election = elections.election_current(local(at, area).date())
    wanted = cell_level(area)
    parts = (
        _stations_then(scope, election, area, wanted, at),
        _incidents_then(scope, area, wanted, at, pick),
    )
    cells, elsewhere = _added(area, wanted, parts)
    return Picture(scope, area, at, election, cells, elsewhere, pick, is_past=True)


def _added(
    area: str, wanted: Level, parts: Iterable[Mapping[str, AreaCounts]]
) -> tuple[dict[str, AreaCounts], AreaCounts]:
    """What each cell of the map counts, and what lies in none of them."""
    counts: dict[str, AreaCounts] = dict.fromkeys(_codes(area, wanted), NOTHING)
    for part in parts:
        for code, found in part.items():
            counts[code] = counts.get(code, NOTHING) + found
    length = LENGTHS[wanted]
    cells = {code: found for code, found in counts.items() if len(code) == length}
    return cells, sum((found for code, found in counts.items() if len(code) != length), NOTHING)


def _codes(area: str, wanted: Level) -> list[str]:
    if level(area) is Level.VILLAGE:
        return [area]
    return list(places.area_list(area, wanted).values_list("code", flat=True))


def _stations(
    scope: Scope, election: "Election | None", area: str, wanted: Level, at: datetime
) -> dict[str, AreaCounts]:
    if election is None:
        return {}
    if not may_read(scope, "readiness_state"):
        known = elections.station_totals(election, area=area, level=wanted)
        return {code: AreaCounts(stations=stations) for code, stations in known.items()}
    rows = readiness.coverage_by_area(
        election=election.code, voting_on=election.voting_on, at=at, level=wanted, within=area
    )
    return {row.area: AreaCounts(row.stations, row.heard, row.silent) for row in rows}


def _stations_then(
    scope: Scope, election: "Election | None", area: str, wanted: Level, at: datetime
) -> dict[str, AreaCounts]:
    if election is None or not may_read(scope, "readiness_state"):
        return _stations(scope, election, area, wanted, at)
    rows = known_by_area(
        election=election.code, voting_on=election.voting_on, at=at, level=wanted, within=area
    )
    return {row.area: AreaCounts(row.stations, row.heard, row.silent) for row in rows}


def _incidents_then(
    scope: Scope, area: str, wanted: Level, at: datetime, pick: Pick
) -> dict[str, AreaCounts]:
    counts: dict[str, AreaCounts] = defaultdict(AreaCounts)
    if may_read(scope, "incident"):
        kinds, length = kinds_picked(pick), LENGTHS[wanted]
        for one in incidents_then(area, at=at):
            if kinds is None or one.kind in kinds:
                late, new = one.is_late(at), one.state == IncidentState.OPEN
                counts[one.area[:length]] += AreaCounts(
                    new=not late and new, late=late, handled=not (late or new)
                )
    return dict(counts)


def kinds_picked(pick: Pick) -> frozenset[str] | None:
    """Kinds of a group or weight; None for all. How grave a kind is follows from how soon it must be acted on."""
    if pick == ALL:
        return None
    return frozenset(
        kind.id
        for kind in incident_kinds().values()
        if kind.group == pick.group or severity_of(kind.due.hours) == pick.severity
    )


def _incidents(scope: Scope, area: str, wanted: Level, at: datetime, pick: Pick) -> dict[str, AreaCounts]:
    if not may_read(scope, "incident"):
        return {}
    found = incidents.incident_counts_by_area(wanted, area, at=at, kinds=kinds_picked(pick))
    return {
        code: AreaCounts(new=n.waiting, handled=n.open - n.overdue - n.waiting, late=n.overdue)
        for code, n in found.items()
    }


def _sheets(scope: Scope, election: "Election | None", area: str, wanted: Level) -> dict[str, AreaCounts]:
    if election is None or not may_read(scope, "result_summary"):
        return {}
    found = results.sheet_counts_by_area(election=election.code, level=wanted, within=area)
    return {code: AreaCounts(sheets=count.reported, failed=count.failed) for code, count in found.items()}


@dataclass(frozen=True)
class Trends:
    """How the figures went over the last hours, oldest first; empty where the post may not read them."""

    heard: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()
    overdue: tuple[int, ...] = ()
    silent: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()


def trends(seen: Picture) -> Trends:
    """The small histories beside the five figures; each ends at the figure itself."""
    past, now = trends_kept(seen.scope, seen.election, seen.area, _minute(seen.at)), seen.totals
    return replace(
        past,
        heard=_ending(past.heard, now.heard),
        overdue=_ending(past.overdue, now.late),
        silent=_ending(past.silent, now.silent),
        failed=_ending(past.failed, now.failed),
    )


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _ending(history: tuple[int, ...], last: int | None) -> tuple[int, ...]:
    return (*history[:-1], last or 0) if history else ()


@lru_cache(maxsize=256)
def trends_kept(scope: Scope, election: "Election | None", area: str, minute: datetime) -> Trends:
    """Histories up to the beginning of a minute, kept in the process for it: screens ask anew at every change, and
    hours that are over hardly change. Whoever asks with other rights gets an answer of its own."""
    heard: list[int] = []
    silent: list[int] = []
    if election and may_read(scope, "readiness_state"):
        heard = readiness.heard_trend(election=election.code, at=minute, within=area, hours=HOURS)
        silent = readiness.silent_trend(
            election=election.code, voting_on=election.voting_on, at=minute, within=area, hours=HOURS
        )
    opened: list[int] = []
    overdue: list[int] = []
    if may_read(scope, "incident"):
        opened = incidents.incident_trend(at=minute, hours=HOURS, area=area)
        overdue = incidents.overdue_trend(at=minute, hours=HOURS, area=area)
    failed: list[int] = []
    if election and may_read(scope, "result_check"):
        failed = results.failed_trend(election=election.code, at=minute, within=area, hours=HOURS)
    return Trends(tuple(heard), tuple(opened), tuple(overdue), tuple(silent), tuple(failed))


def new_reports(scope: Scope, area: str) -> int | None:
    return reports.report_count_open(area) if may_read(scope, "report") else None

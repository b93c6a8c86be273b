"""What a daily report and a past moment are built from. Rights are those of the scope in force."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING

from ronda.elections import selectors as elections
from ronda.incidents.selectors.history import (
    Then,
    Waiting,
    closed_between,
    incidents_then,
    opened_between,
    unanswered_then,
)
from ronda.kernel.areas import Level, level, within
from ronda.kernel.scope import Scope
from ronda.law.incident_kinds import incident_kinds
from ronda.law.mandates import mandates
from ronda.readiness import selectors as readiness
from ronda.readiness.selectors.history import StandingThen, standing_then
from ronda.reports.domain import severity_of
from ronda.reports.selectors.history import inbox_then
from ronda.situation.domain import Moments, moments_of
from ronda.web.localtime import local, zone_of

if TYPE_CHECKING:
    from ronda.elections.models import Election

BELOW = {
    Level.NATION: Level.PROVINCE,
    Level.PROVINCE: Level.REGENCY,
    Level.REGENCY: Level.DISTRICT,
    Level.DISTRICT: Level.VILLAGE,
    Level.VILLAGE: Level.VILLAGE,
}
LENGTHS = {Level.NATION: 0, Level.PROVINCE: 2, Level.REGENCY: 5, Level.DISTRICT: 8, Level.VILLAGE: 13}


def may_read(scope: Scope, record: str) -> bool:
    """Whether the agency's kind reads this class of record at all."""
    return scope.kind in mandates().reach(record, "read")


def may_open(scope: Scope) -> bool:
    """The situation is for agencies that read incidents; witnesses and observers have no such page."""
    return may_read(scope, "incident")


@dataclass(frozen=True)
class IncidentsThen:
    """Incidents at an instant: the open ones, how many were opened and closed since midnight, unanswered hand-overs."""

    at: datetime
    open: list[Then]
    opened: dict[str, int]
    closed: dict[str, int]
    waiting: Waiting

    @property
    def late(self) -> list[Then]:
        return [one for one in self.open if one.is_late(self.at)]

    def by_kind(self) -> Counter[str]:
        return Counter(one.kind for one in self.open)

    def by_state(self) -> Counter[str]:
        return Counter(one.state for one in self.open)

    def by_agency(self) -> Counter[str]:
        return Counter(one.holder.agency for one in self.open)

    def by_area(self, length: int) -> Counter[str]:
        return Counter(one.area[:length] for one in self.open)


@dataclass(frozen=True)
class Facts:
    """Everything a daily report says, in numbers: at the moment and a day before."""

    scope: Scope
    area: str
    moments: Moments
    election: "Election | None"
    now: IncidentsThen
    before: IncidentsThen
    ready: StandingThen | None = None
    ready_before: StandingThen | None = None
    roll_call_missed: int | None = None
    waiting: int | None = None
    waiting_before: int | None = None
    received: int | None = None
    received_before: int | None = None

    @property
    def below(self) -> Level:
        return BELOW[level(self.area)]

    @property
    def part_length(self) -> int:
        return LENGTHS[self.below]


def facts_of(scope: Scope, *, area: str, on: date, now: datetime) -> Facts:
    """The figures of a legal day in an area, as known at the beginning of this minute; ValueError for a day to come."""
    return facts_kept(scope, area, on, now.replace(second=0, microsecond=0))


@lru_cache(maxsize=64)
def facts_kept(scope: Scope, area: str, on: date, minute: datetime) -> Facts:
    """Kept in the process for its minute: the page, the paper and the text for a chat say the same, and so do the lists
    that they lead to. Whoever asks with other rights gets an answer of its own."""
    moments = moments_of(on, zone=zone_of(area), now=minute)
    election = elections.election_current(on)
    ready = ready_before = missed = None
    if election is not None and may_read(scope, "readiness_state"):
        ready = _ready(election, area, moments.until)
        ready_before = _ready(election, area, moments.before_until)
        missed = _roll_calls_missed(scope, election, area, moments.until)
    return Facts(
        scope,
        area,
        moments,
        election,
        now=_incidents(area, moments.start, moments.until),
        before=_incidents(area, moments.before_start, moments.before_until),
        ready=ready,
        ready_before=ready_before,
        roll_call_missed=missed,
        **_reports(scope, area, moments),
    )


def _incidents(area: str, start: datetime, at: datetime) -> IncidentsThen:
    return IncidentsThen(
        at=at,
        open=incidents_then(area, at=at),
        opened=opened_between(area, start=start, end=at),
        closed=closed_between(area, start=start, end=at),
        waiting=unanswered_then(area, at=at),
    )


def _ready(election: "Election", area: str, at: datetime) -> StandingThen:
    return standing_then(
        election=election.code, voting_on=election.voting_on, at=at, within=area, level=BELOW[level(area)]
    )


def _roll_calls_missed(scope: Scope, election: "Election", area: str, at: datetime) -> int:
    """Officers of the reader's own agency that did not answer, in numbers."""
    found = readiness.missed_roll_calls(
        election=election.code, voting_on=election.voting_on, at=at, within=area
    )
    return sum(one.count for one in found if one.agency == scope.agency and within(one.area, area))


def _reports(scope: Scope, area: str, moments: Moments) -> dict[str, int | None]:
    """How many reports wait to be checked: for who reads all of them, which is the supervisor alone."""
    if mandates().reach("report", "read").get(scope.kind) != "all":
        return {}
    now = inbox_then(area, start=moments.start, at=moments.until)
    before = inbox_then(area, start=moments.before_start, at=moments.before_until)
    return {
        "waiting": now.waiting,
        "waiting_before": before.waiting,
        "received": now.received,
        "received_before": before.received,
    }


@dataclass(frozen=True)
class Wanted:
    """Which incidents of which moment. `about` is empty for the open ones, `lewat` or `dibuka` (that day)."""

    area: str
    at: datetime
    about: str = ""
    state: str = ""
    kind: str = ""
    group: str = ""
    severity: str = ""
    agency: str = ""

    def takes(self, one: Then) -> bool:
        kind = incident_kinds().get(one.kind)
        return (
            (not self.state or one.state == self.state)
            and (not self.kind or one.kind == self.kind)
            and (not self.group or (kind is not None and kind.group == self.group))
            and (
                not self.severity or (kind is not None and str(severity_of(kind.due.hours)) == self.severity)
            )
            and (not self.agency or one.holder.agency == self.agency)
            and (self.about != "lewat" or one.is_late(self.at))
        )


def incidents_wanted(wanted: Wanted) -> list[Then]:
    """Incidents of a moment that were asked for: overdue first, then by when somebody must act."""
    start = datetime.combine(local(wanted.at, wanted.area).date(), time(), tzinfo=zone_of(wanted.area))
    opened = wanted.about == "dibuka"
    rows = incidents_then(wanted.area, at=wanted.at, with_closed=opened)
    found = [one for one in rows if wanted.takes(one) and (not opened or one.opened_at >= start)]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.opened_at, one.id))

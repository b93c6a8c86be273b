"""The call list: who should have answered and did not, how late, whom to ring, and who of us rings already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from ronda.agencies import selectors as agencies
from ronda.elections import selectors as elections
from ronda.kernel.areas import Level, within
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.law.checkins import RollCall, checkin_rules
from ronda.readiness.domain import CallState, call_state
from ronda.readiness.models import RollCallAnswer, SilenceCall
from ronda.readiness.selectors.gaps import CallName, call_list
from ronda.readiness.selectors.progress import due_steps, inside, silent_codes
from ronda.web.frame import area_name
from ronda.web.localtime import zone_of
from ronda.web.numbers import station_numbers

SHOWN = 100


@dataclass(frozen=True, slots=True)
class CallLine:
    """One line: a village with silent stations, or an officer who missed a roll call."""

    election: str
    area: str
    subject: str
    occasion: str
    name: str
    late_from: datetime
    stations: tuple[str, ...] = ()
    all_stations: int = 0
    people: tuple[CallName, ...] = ()
    state: CallState = CallState.OPEN
    marks: tuple[SilenceCall, ...] = field(default=())
    is_mine: bool = False

    @property
    def is_village(self) -> bool:
        return bool(self.stations)

    @property
    def numbers(self) -> str:
        """The silent stations as people write them: 01, 02, 05 (+3)."""
        return station_numbers(self.stations)

    @property
    def last(self) -> SilenceCall | None:
        return self.marks[-1] if self.marks else None

    @property
    def tried(self) -> int:
        """How often it was rung without an answer."""
        return sum(mark.act == "unanswered" for mark in self.marks)


@dataclass(frozen=True, slots=True)
class AreaSilence:
    """What waits to be rung in one district: villages, their silent stations, officers, since when."""

    area: str
    villages: int
    stations: int
    officers: int
    late_from: datetime


@dataclass(frozen=True, slots=True)
class CallList:
    """The list of an area: lines to ring, lines that were answered, and the areas they lie in."""

    lines: list[CallLine]
    answered: list[CallLine]
    areas: list[AreaSilence]
    total: int

    @property
    def to_ring(self) -> int:
        return self.total - len(self.answered)


_ORDER = {
    CallState.OPEN: 0,
    CallState.AGAIN: 1,
    CallState.HELD: 2,
    CallState.WAITING: 3,
    CallState.ANSWERED: 4,
}


def call_list_for(*, election: str, voting_on: date, at: datetime, area: str, by: Scope) -> CallList:
    """Everybody to ring in an area, by the scope in force: villages for all, officers of the own agency.

    Numbers are given where this person has taken the line and may see contacts at all (class 3).
    """
    found = [
        *_villages(election=election, voting_on=voting_on, at=at, area=area),
        *_officers(election=election, voting_on=voting_on, at=at, area=area, by=by),
    ]
    marks = _marks(election, area, by)
    lines = [_marked(line, marks.get((line.subject, line.occasion), []), by, at) for line in found]
    lines.sort(key=lambda line: (_ORDER[line.state], line.late_from, -len(line.stations), line.subject))
    waiting = [line for line in lines if line.state != CallState.ANSWERED][:SHOWN]
    return CallList(
        lines=_with_people(waiting, voting_on),
        answered=[line for line in lines if line.state == CallState.ANSWERED],
        areas=_by_area(line for line in lines if line.state != CallState.ANSWERED),
        total=len(lines),
    )


def _villages(*, election: str, voting_on: date, at: datetime, area: str) -> Iterator[CallLine]:
    for due in due_steps(election=election, voting_on=voting_on, at=at, within=area):
        groups: dict[str, list[str]] = {}
        rows = silent_codes(election=election, due=due, at=at, within=area)
        for village, code in rows.order_by("code").values_list("area", "code"):
            groups.setdefault(village, []).append(code)
        totals = elections.station_totals(election, level=Level.VILLAGE, area=area or due.province)
        for village, codes in groups.items():
            yield CallLine(
                election=election,
                area=village,
                subject=village,
                occasion=due.step.id,
                name=area_name(village),
                late_from=due.late_from,
                stations=tuple(codes),
                all_stations=totals.get(village, len(codes)),
            )


def _officers(*, election: str, voting_on: date, at: datetime, area: str, by: Scope) -> Iterator[CallLine]:
    """Own officers who did not answer a roll call that is due: told where the own agency uses the roll call at all."""
    for call in checkin_rules().roll_calls:
        answers = RollCallAnswer.objects.filter(inside(area), election=election, call=call.id, at__lte=at)
        answered = set(answers.filter(agency=by.agency).values_list("sent_by", "area"))
        regencies = {place[:5] for _person, place in answered}
        people = {person for person, _place in answered}
        for regency in sorted(regencies):
            if call.late_from(voting_on, zone_of(regency)) <= at:
                yield from _missing(call, election, regency, people, voting_on, area, by)


def _missing(
    call: RollCall, election: str, regency: str, people: set[UUID | None], day: date, area: str, by: Scope
) -> Iterator[CallLine]:
    posts = agencies.posts_on_duty(agency=by.agency, area=regency, today=day).filter(
        role="officer", devices__isnull=False, devices__revoked_at__isnull=True
    )
    rows = posts.exclude(area=regency).exclude(person__in=[one for one in people if one]).distinct()
    names = rows.values_list("pk", "area", "display_name", "unit__name", "person__phone")
    for pk, place, name, unit, phone in names:
        if within(place, area):
            yield CallLine(
                election=election,
                area=place,
                subject=str(pk),
                occasion=call.id,
                name=name,
                late_from=call.late_from(day, zone_of(regency)),
                people=(CallName(name, unit, phone if 3 in by.classes else ""),),
            )


Marks = Mapping[tuple[str, str], list[SilenceCall]]


def _marks(election: str, area: str, by: Scope) -> Marks:
    marks: dict[tuple[str, str], list[SilenceCall]] = {}
    rows = SilenceCall.objects.filter(inside(area), election=election, agency=by.agency)
    for mark in rows.order_by("number"):
        marks.setdefault((mark.subject, mark.occasion), []).append(mark)
    return marks


def _marked(line: CallLine, marks: list[SilenceCall], by: Scope, at: datetime) -> CallLine:
    if not marks:
        return line
    last = marks[-1]
    again = timedelta(minutes=checkin_rules().silence.again_minutes)
    state = call_state(last.act, until=last.until, marked_at=last.at, at=at, again=again)
    is_mine = state == CallState.HELD and last.by == person_uuid(by.person)
    return replace(line, state=state, marks=tuple(marks), is_mine=is_mine)


def _with_people(lines: list[CallLine], day: date) -> list[CallLine]:
    """Names for all, numbers for the lines that this person has taken."""
    people = call_list(villages=sorted({line.area for line in lines if line.is_village}), today=day)
    return [
        replace(
            line, people=_shown(people.get(line.area, []) if line.is_village else line.people, line.is_mine)
        )
        for line in lines
    ]


def _shown(people: Iterable[CallName], is_mine: bool) -> tuple[CallName, ...]:
    return tuple(one if is_mine else CallName(one.name, one.unit, "") for one in people)


def _by_area(lines: Iterable[CallLine]) -> list[AreaSilence]:
    groups: dict[str, list[CallLine]] = {}
    for line in lines:
        groups.setdefault(line.area[:8], []).append(line)
    found = [
        AreaSilence(
            area=area,
            villages=sum(line.is_village for line in some),
            stations=sum(len(line.stations) for line in some),
            officers=sum(not line.is_village for line in some),
            late_from=min(line.late_from for line in some),
        )
        for area, some in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.stations, -one.officers, one.area))

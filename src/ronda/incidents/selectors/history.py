"""What was known of incidents at an instant: everything hung on them is added with its time, so the past can be told.

Rights are those of now: whoever may not read an incident today is not shown its past either.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ronda.incidents.adapters import act_within_hours
from ronda.incidents.course import Course, Happened
from ronda.incidents.domain import (
    UNANSWERED,
    ActionState,
    Desk,
    EntryKind,
    HandoverState,
    IncidentState,
    incident_label,
)
from ronda.incidents.models import ActionStep, Closure, Handover, HandoverStep, Incident, IncidentEntry
from ronda.incidents.selectors.lists import _within
from ronda.kernel.areas import area_range

ANSWERS = (HandoverState.ACCEPTED, HandoverState.REFUSED, HandoverState.WITHDRAWN)
_MOVING = (
    EntryKind.OPENED,
    EntryKind.STARTED,
    EntryKind.FINISHED,
    EntryKind.SENT_BACK,
    EntryKind.CLOSED,
    EntryKind.REOPENED,
)


@dataclass(frozen=True, slots=True)
class Then:
    """An incident as it stood at an instant."""

    id: UUID
    number: int
    area: str
    station_code: str
    kind: str
    title: str
    happened_at: datetime
    opened_at: datetime
    state: str
    holder: Desk
    due_at: datetime | None

    @property
    def label(self) -> str:
        return incident_label(self.number)

    def is_late(self, at: datetime) -> bool:
        return self.due_at is not None and at >= self.due_at


_COLUMNS = (
    *("id", "number", "area", "station_code", "kind", "title", "happened_at", "opened_at"),
    *("state", "holder_agency", "holder_area", "due_at"),
)


def incidents_then(area: str = "", *, at: datetime, with_closed: bool = False) -> list[Then]:
    """Incidents that were open at `at`, by when they were opened; those closed by then too if asked for.

    What has not changed since stands as it is; the others are told anew from what was added until then.
    """
    rows = _within(area).filter(opened_at__lte=at)
    still = rows.filter(changed_at__lte=at)
    if not with_closed:
        still = still.exclude(state=IncidentState.CLOSED)
    found = [_then(row, row[8], Desk(row[9], row[10]), row[11]) for row in still.values_list(*_COLUMNS)]
    found += _told_anew(rows.filter(changed_at__gt=at), at, with_closed=with_closed)
    return sorted(found, key=lambda one: (one.opened_at, one.id))


def _then(row: tuple[object, ...], state: str, holder: Desk, due_at: datetime | None) -> Then:
    return Then(*row[:8], state, holder, due_at)  # type: ignore[arg-type,call-arg]  # the first eight columns, in order


def _told_anew(rows: QuerySet[Incident], at: datetime, *, with_closed: bool) -> list[Then]:
    changed = list(rows.values_list(*_COLUMNS, "agency"))
    happened = _happened([row[0] for row in changed], at)
    found = []
    for row in changed:
        course = Course(Desk(row[12], ""), hours=act_within_hours(row[4]), opened_at=row[7])
        for one in happened.get(row[0], ()):
            course.take(one)
        if with_closed or course.state != IncidentState.CLOSED:
            found.append(_then(row, course.state, course.holder, course.due_at))
    return found


def _happened(ids: list[UUID], at: datetime) -> dict[UUID, list[Happened]]:
    """What was done on each incident until `at`, in order."""
    found: dict[UUID, list[Happened]] = defaultdict(list)
    if ids:
        for incident, one in (*_entries(ids, at), *_answers(ids, at), *_tasks(ids, at)):
            found[incident].append(one)
        for lines in found.values():
            lines.sort(key=lambda one: (one.at, one.id))
    return found


def _entries(ids: list[UUID], at: datetime) -> Iterable[tuple[UUID, Happened]]:
    rows = IncidentEntry.objects.filter(incident__in=ids, at__lte=at, kind__in=_MOVING)
    for incident, key, when, kind, agency, area in rows.values_list(
        "incident_id", "id", "at", "kind", "agency", "by_area"
    ):
        yield incident, Happened(when, key, kind, Desk(agency, area))


def _answers(ids: list[UUID], at: datetime) -> Iterable[tuple[UUID, Happened]]:
    rows = HandoverStep.objects.filter(incident__in=ids, at__lte=at).exclude(state=HandoverState.RECEIVED)
    for incident, key, when, state, *desks in rows.values_list(
        *("incident_id", "id", "at", "state"),
        *("handover__to_agency", "handover__to_area", "handover__from_agency", "handover__from_area"),
    ):
        to, back = Desk(desks[0], desks[1]), Desk(desks[2], desks[3])
        yield incident, Happened(when, key, state, back if state == HandoverState.RETURNED else to)


def _tasks(ids: list[UUID], at: datetime) -> Iterable[tuple[UUID, Happened]]:
    rows = ActionStep.objects.filter(incident__in=ids, at__lte=at)
    for incident, key, when, state, action, due_at in rows.values_list(
        "incident_id", "id", "at", "state", "action_id", "action__due_at"
    ):
        is_open = state == ActionState.OPEN
        yield incident, Happened(when, key, "task", task=action, task_due_at=due_at if is_open else None)


def opened_between(area: str, *, start: datetime, end: datetime) -> dict[str, int]:
    """How many were opened in that time, by kind."""
    rows = _within(area).filter(opened_at__gte=start, opened_at__lte=end)
    return dict(rows.order_by().values_list("kind").annotate(Count("id")))


def closed_between(area: str, *, start: datetime, end: datetime) -> dict[str, int]:
    """How often a second person closed one in that time, by kind."""
    rows = Closure.objects.filter(_in(area), at__gte=start, at__lte=end)
    return dict(rows.order_by().values_list("incident__kind").annotate(Count("id")))


@dataclass(frozen=True)
class Waiting:
    """Hand-overs that nobody had answered: how many, how many of them late, by the desk they wait for."""

    count: int
    late: int
    by_desk: dict[Desk, int]


def unanswered_then(area: str = "", *, at: datetime) -> Waiting:
    """Hand-overs that waited for an answer at an instant."""
    later = HandoverStep.objects.filter(handover=OuterRef("pk"), state__in=ANSWERS, at__gt=at)
    waited = Q(state__in=UNANSWERED) | Exists(later)
    rows = Handover.objects.filter(waited, _in(area), sent_at__lte=at)
    by_desk: dict[Desk, int] = defaultdict(int)
    late = 0
    for agency, where, due_at in rows.values_list("to_agency", "to_area", "due_at"):
        by_desk[Desk(agency, where)] += 1
        late += due_at <= at
    return Waiting(sum(by_desk.values()), late, dict(by_desk))


def _in(area: str) -> Q:
    low, high = area_range(area)
    return Q(area__gte=low, area__lt=high) if area else Q()

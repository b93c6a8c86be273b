"""What nobody did in time goes up: from a unit to its regency, from there to its province, as long as nobody acts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronda.agencies.selectors import unit_covering
from ronda.incidents.adapters import act_within_hours, desk_name
from ronda.incidents.domain import ACTIVE, UNANSWERED, Desk, EntryKind, IncidentState, escalations_due
from ronda.incidents.events import IncidentEscalated
from ronda.incidents.models import Escalation, Incident
from ronda.incidents.services.rows import child_stamp, entry_add, holder, tell, touch
from ronda.kernel.areas import parent
from ronda.kernel.scope import Scope, scoped

AT_ONCE = 200


def escalations_raise(*, at: datetime) -> list[Escalation]:
    """Tell the units above of every act whose time has passed; what was told before is not told again. Call outside
    `scoped`."""
    with scoped(Scope.system()):
        late = list(
            Incident.objects.filter(state__in=ACTIVE, due_at__lte=at)
            .order_by("due_at")
            .values_list("pk", flat=True)
        )
    made = []
    for start in range(0, len(late), AT_ONCE):
        with scoped(Scope.system()), transaction.atomic():
            for incident in Incident.objects.select_for_update().filter(pk__in=late[start : start + AT_ONCE]):
                made += _raise(incident, at)
    return made


def _raise(incident: Incident, at: datetime) -> list[Escalation]:
    if incident.state not in ACTIVE or incident.due_at is None or incident.due_at > at:
        return []  # somebody acted meanwhile
    desk = _who_should_act(incident)
    wanted = escalations_due(incident.due_at, at, act_within_hours(incident.kind))
    above = _units_above(desk)[:wanted]
    told = set(
        Escalation.objects.filter(
            incident=incident, desk_agency=desk.agency, due_at=incident.due_at
        ).values_list("to_area", flat=True)
    )
    return [_tell(incident, desk, area, at) for area in above if area not in told]


def _who_should_act(incident: Incident) -> Desk:
    """The desk that has to answer, to act, or to check."""
    if incident.state == IncidentState.HANDED:
        waiting = incident.handovers.filter(state__in=UNANSWERED).order_by("-sequence").first()
        if waiting is not None:
            return Desk(waiting.to_agency, waiting.to_area)
    if incident.state == IncidentState.DONE:
        return Desk(incident.agency, incident.regency)
    return holder(incident)


def _units_above(desk: Desk) -> list[str]:
    """The areas of the units of the same agency above a desk, nearest first."""
    found: list[str] = []
    area = desk.area
    while area:
        unit = unit_covering(agency=desk.agency, area=parent(area))
        if unit is None or unit.area == area:
            break
        found.append(unit.area)
        area = unit.area
    return found


def _tell(incident: Incident, desk: Desk, to_area: str, at: datetime) -> Escalation:
    system = Scope.system()
    assert incident.due_at is not None
    row = Escalation(
        incident=incident,
        desk_agency=desk.agency,
        desk_area=desk.area,
        to_area=to_area,
        due_at=incident.due_at,
        at=at,
        **child_stamp(incident, system, at),
    )
    row.save(force_insert=True)
    above = desk_name(Desk(desk.agency, to_area))
    entry_add(incident, EntryKind.ESCALATED, system, at, above)
    touch(incident, at)
    tell(incident, IncidentEscalated, at, to=desk.agency)
    return row

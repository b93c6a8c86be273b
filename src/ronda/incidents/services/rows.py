"""What every service here needs: the locked incident, stamps for its child rows, its event, its readers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Func, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from ronda.incidents.adapters import act_within_hours, desk_name
from ronda.incidents.domain import (
    UNANSWERED,
    ActionState,
    Desk,
    EntryKind,
    HandoverState,
    IncidentState,
    NotYourDesk,
    due_after,
)
from ronda.incidents.events import IncidentEvent
from ronda.incidents.models import (
    Action,
    ActionStep,
    Closure,
    Escalation,
    Handover,
    HandoverStep,
    Incident,
    IncidentEntry,
    IncidentLink,
    IncidentUnlink,
    Proof,
    ProofFile,
)
from ronda.kernel.journal import journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope, scoped
from ronda.reports.domain import FollowState
from ronda.reports.services import follow_add

E = TypeVar("E", bound=IncidentEvent)
CHILDREN = (
    IncidentEntry,
    IncidentLink,
    Escalation,
    Handover,
    HandoverStep,
    Action,
    ActionStep,
    Proof,
    Closure,
)


def locked(incident: UUID) -> Incident:
    """The incident, locked until the change is done. DoesNotExist when the scope may not change it."""
    return Incident.objects.select_for_update().get(pk=incident)


def holder(incident: Incident) -> Desk:
    return Desk(incident.holder_agency, incident.holder_area)


def require_desk(desk: Desk, by: Scope) -> None:
    """Only a post of the desk, or of its agency above it, may act for it."""
    if not desk.is_served_by(agency=by.agency, area=by.area):
        raise NotYourDesk(_("Ini tugas %(desk)s.") % {"desk": desk_name(desk)})


def child_stamp(incident: Incident, by: Scope, at: datetime) -> dict[str, Any]:
    """Columns of a new child row: its author's agency, readable by all who read the incident."""
    readers = {incident.agency, *incident.audience} - {by.agency}
    return {
        "area": incident.area,
        "sensitivity": incident.sensitivity,
        "agency": by.agency,
        "audience": sorted(readers),
        "created_at": at,
    }


def by_stamp(incident: Incident, by: Scope, at: datetime) -> dict[str, Any]:
    """`child_stamp` with who and when."""
    return {**child_stamp(incident, by, at), "by": person_uuid(by.person), "by_area": by.area, "at": at}


def entry_add(incident: Incident, kind: EntryKind, by: Scope, at: datetime, text: str = "") -> None:
    IncidentEntry(incident=incident, kind=kind, text=text, **by_stamp(incident, by, at)).save(
        force_insert=True
    )


def move(incident: Incident, state: IncidentState, at: datetime, *, to: Desk | None = None) -> None:
    """Put the incident into a state and, when the ball passes, into a desk; the next due time follows."""
    incident.state = state
    if to is not None:
        incident.holder_agency, incident.holder_area = to.agency, to.area
    incident.due_at = next_due(incident, at)
    incident.changed_at = at
    incident.save(update_fields=["state", "holder_agency", "holder_area", "due_at", "changed_at"])


def touch(incident: Incident, at: datetime) -> None:
    """Something was added that moves no state."""
    incident.changed_at = at
    incident.save(update_fields=["changed_at"])


def next_due(incident: Incident, at: datetime) -> datetime | None:
    """The earliest open action while it is handled; else the hours that the kind gives to the next act."""
    if incident.state == IncidentState.CLOSED:
        return None
    if incident.state == IncidentState.HANDLING:
        dues = Action.objects.filter(incident=incident, state=ActionState.OPEN).values_list(
            "due_at", flat=True
        )
        if earliest := min(dues, default=None):
            return earliest
    return due_after(at, act_within_hours(incident.kind))


def tell(
    incident: Incident, event: type[E], at: datetime, *, detail: dict[str, Any] | None = None, **own: str
) -> None:
    """Write the event and the audit line of a change."""
    said = event(
        subject=incident.id,
        area=incident.area,
        agency=incident.agency,
        audience=tuple(incident.audience),
        sensitivity=1,
        number=incident.label,
        state=str(incident.state),
        **own,
    )
    journal(said, at=at, detail=detail)


def share(incident: Incident, agency: str) -> None:
    """Let an agency see the incident and everything hung on it, from its beginning."""
    if agency == incident.agency or agency in incident.audience:
        return
    incident.audience = [*incident.audience, agency]
    incident.save(update_fields=["audience"])
    of_incident: Iterable[QuerySet[Any]] = (model.objects.filter(incident=incident) for model in CHILDREN)
    for rows in (*of_incident, IncidentUnlink.objects.filter(link__incident=incident)):
        _let_see(rows, agency)
    with scoped(Scope.system()):  # who hands over need not be of the class that reads proof
        _let_see(ProofFile.objects.filter(incident=incident), agency)


def unshare(incident: Incident, agency: str) -> None:
    """An agency that gave the incident back reads no further: neither the incident nor what of others still moves.

    What it did and what it had read stays with it. An agency that has another hand-over in force stays a reader.
    """
    live = incident.handovers.filter(to_agency=agency, state__in=(*UNANSWERED, HandoverState.ACCEPTED))
    if agency == incident.agency or live.exists():
        return
    incident.audience = [reader for reader in incident.audience if reader != agency]
    between_others = Handover.objects.exclude(Q(to_agency=agency) | Q(from_agency=agency))
    with scoped(Scope.system()):  # nobody may take a row out of their own sight
        incident.save(update_fields=["audience"])
        for rows in (Action.objects.all(), between_others):
            _let_go(rows.filter(incident=incident), agency)


def _let_go(rows: QuerySet[Any], agency: str) -> None:
    rows.update(audience=Func(F("audience"), Value(agency), function="array_remove"))


def _let_see(rows: QuerySet[Any], agency: str) -> None:
    unseen = rows.exclude(agency=agency).exclude(audience__contains=[agency])
    unseen.update(audience=Func(F("audience"), Value(agency), function="array_append"))


def follow(incident: Incident, state: FollowState, at: datetime) -> None:
    """Tell the reporters of all reports in the incident."""
    linked = IncidentLink.objects.filter(incident=incident, report__isnull=False, end__isnull=True)
    digests = {digest for digest in linked.values_list("follow_digest", flat=True) if digest}
    if digests:
        follow_add(digests=sorted(digests), state=state, area=incident.area, at=at)

"""Hand-over: an incident passes to the desk whose mandate it is, and the answer comes back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ronda.agencies import selectors as agencies
from ronda.agencies.domain import legal_date
from ronda.incidents.adapters import act_within_hours, desk_exists
from ronda.incidents.domain import (
    ActionState,
    Desk,
    EntryKind,
    HandoverState,
    IncidentAct,
    IncidentState,
    due_after,
    handover_move,
    incident_move,
)
from ronda.incidents.events import (
    HandoverAccepted,
    HandoverReceived,
    HandoverRefused,
    HandoverReturned,
    HandoverSent,
    HandoverWithdrawn,
    IncidentAsked,
    IncidentEvent,
)
from ronda.incidents.models import Handover, HandoverActor, HandoverStep, Incident, IncidentEntry
from ronda.incidents.selectors.needs import asked_open
from ronda.incidents.services.rows import (
    by_stamp,
    child_stamp,
    follow,
    holder,
    locked,
    move,
    require_desk,
    share,
    tell,
    touch,
    unshare,
)
from ronda.kernel.areas import within
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.reports.domain import FollowState, MoveRefused


def handover_send(*, incident: UUID, to: Desk, request: str, by: Scope, at: datetime) -> Handover:
    """Ask another desk to take the incident over; from now on that agency can read it."""
    with transaction.atomic():
        row = locked(incident)
        from_desk = holder(row)
        require_desk(from_desk, by)
        state = incident_move(row.state, IncidentAct.HAND_OVER)
        _check_target(row, from_desk, to, request)
        share(row, to.agency)
        handover = _new_handover(row, from_desk, to, request.strip(), by, at)
        move(row, state, at)
        follow(row, FollowState.HANDED, at)
        tell(row, HandoverSent, at, to=to.agency)
        return handover


def incident_ask(*, incident: UUID, reason: str, by: Scope, at: datetime) -> IncidentEntry:
    """A desk that reads the incident asks its holder to hand it over. It moves nothing: the holder answers by handing
    over, or says why not in a development. Asked again before an answer, it is the same request."""
    with transaction.atomic():
        row = locked(incident)
        if holder(row).is_served_by(agency=by.agency, area=by.area):
            raise MoveRefused(_("Kejadian ini sudah dipegang satuan itu."))
        if row.state not in (IncidentState.OPEN, IncidentState.HANDLING):
            raise MoveRefused(_("Kejadian ini sekarang tidak dapat diserahkan."))
        if not reason.strip():
            raise MoveRefused(_("Tulis mengapa satuan Anda perlu memegangnya."))
        standing = asked_open().filter(incident=row, agency=by.agency).first()
        if standing is not None:
            return standing
        stamp = by_stamp(row, by, at)
        entry = IncidentEntry(incident=row, kind=EntryKind.ASKED, text=reason.strip(), **stamp)
        entry.save(force_insert=True)
        touch(row, at)
        tell(row, IncidentAsked, at, to=by.agency)
        return entry


def _check_target(incident: Incident, from_desk: Desk, to: Desk, request: str) -> None:
    if not request.strip():
        raise MoveRefused(_("Tulis apa yang diminta dari penerima."))
    if to == from_desk:
        raise MoveRefused(_("Kejadian ini sudah dipegang satuan itu."))
    if not within(incident.area, to.area) or not desk_exists(to):
        raise MoveRefused(_("Pilih penerima yang wilayahnya mencakup tempat kejadian."))


def _new_handover(
    incident: Incident, from_desk: Desk, to: Desk, request: str, by: Scope, at: datetime
) -> Handover:
    handover = Handover(
        incident=incident,
        sequence=incident.handovers.count() + 1,
        from_agency=from_desk.agency,
        from_area=from_desk.area,
        to_agency=to.agency,
        to_area=to.area,
        request=request,
        sent_at=at,
        sent_by=person_uuid(by.person),
        due_at=due_after(at, act_within_hours(incident.kind)),
        **child_stamp(incident, by, at),
    )
    handover.save(force_insert=True)
    _step(handover, incident, HandoverState.SENT, by, at)
    return handover


def handover_receive(*, handover: UUID, by: Scope, at: datetime) -> Handover:
    """The receiver has seen it; the clock of the answer runs on."""
    with transaction.atomic():
        row, incident = _locked_both(handover)
        require_desk(_to(row), by)
        _put(row, incident, HandoverState.RECEIVED, "", by, at)
        tell(incident, HandoverReceived, at, to=row.to_agency)
        return row


def handover_accept(*, handover: UUID, by: Scope, at: datetime) -> Handover:
    """The receiver takes it over and holds it from now on."""
    with transaction.atomic():
        row, incident = _locked_both(handover)
        require_desk(_to(row), by)
        if row.state == HandoverState.SENT:
            _put(row, incident, HandoverState.RECEIVED, "", by, at)
        _put(row, incident, HandoverState.ACCEPTED, "", by, at)
        move(incident, incident_move(incident.state, IncidentAct.ANSWER_YES), at, to=_to(row))
        follow(incident, FollowState.ACCEPTED, at)
        tell(incident, HandoverAccepted, at, to=row.to_agency)
        return row


@dataclass(frozen=True)
class _Answer:
    """One way in which the matter goes back to the sender."""

    state: HandoverState
    act: IncidentAct
    event: type[IncidentEvent]
    by_receiver: bool


_REFUSE = _Answer(HandoverState.REFUSED, IncidentAct.ANSWER_NO, HandoverRefused, by_receiver=True)
_RETURN = _Answer(HandoverState.RETURNED, IncidentAct.GIVE_BACK, HandoverReturned, by_receiver=True)
_WITHDRAW = _Answer(HandoverState.WITHDRAWN, IncidentAct.ANSWER_NO, HandoverWithdrawn, by_receiver=False)


def handover_refuse(*, handover: UUID, reason: str, by: Scope, at: datetime) -> Handover:
    """The receiver says no and why; the sender must act again."""
    return _go_back(_REFUSE, handover, reason, by, at)


def handover_return(*, handover: UUID, reason: str, by: Scope, at: datetime) -> Handover:
    """The receiver did its part, or cannot go on, and gives the incident back to the sender."""
    return _go_back(_RETURN, handover, reason, by, at)


def handover_withdraw(*, handover: UUID, reason: str, by: Scope, at: datetime) -> Handover:
    """The sender takes it back before there is an answer."""
    return _go_back(_WITHDRAW, handover, reason, by, at)


def _go_back(answer: _Answer, handover: UUID, reason: str, by: Scope, at: datetime) -> Handover:
    with transaction.atomic():
        row, incident = _locked_both(handover)
        require_desk(_to(row) if answer.by_receiver else _from(row), by)
        if answer is _RETURN:
            _check_return(row, incident)
        _put(row, incident, answer.state, reason.strip(), by, at)
        state = incident_move(incident.state, answer.act)
        move(incident, IncidentState(state), at, to=_from(row) if answer is _RETURN else None)
        follow(incident, _told_as(incident), at)
        tell(incident, answer.event, at, to=row.to_agency)
        unshare(incident, row.to_agency)
        return row


def _check_return(handover: Handover, incident: Incident) -> None:
    if holder(incident) != _to(handover):
        raise MoveRefused(_("Kejadian ini sudah dipegang satuan lain."))
    if incident.actions.filter(owner_agency=handover.to_agency, state=ActionState.OPEN).exists():
        raise MoveRefused(_("Selesaikan atau batalkan dahulu tindakan satuan Anda."))


def _told_as(incident: Incident) -> FollowState:
    """What reporters read when an agency gives an incident back: where it is now, never who or why."""
    return FollowState.BACK if incident.holder_agency == incident.agency else FollowState.KEPT


def _locked_both(handover: UUID) -> tuple[Handover, Incident]:
    incident = locked(Handover.objects.values_list("incident_id", flat=True).get(pk=handover))
    return Handover.objects.select_for_update().get(pk=handover), incident


def _put(
    handover: Handover, incident: Incident, to: HandoverState, reason: str, by: Scope, at: datetime
) -> None:
    handover.state = handover_move(handover.state, to, reason=reason)
    handover.save(update_fields=["state"])
    _step(handover, incident, to, by, at, reason)


def _step(
    handover: Handover, incident: Incident, state: HandoverState, by: Scope, at: datetime, reason: str = ""
) -> None:
    stamp: dict[str, Any] = by_stamp(incident, by, at)
    step = HandoverStep(handover=handover, incident=incident, state=state, reason=reason, **stamp)
    step.save(force_insert=True)
    _sign(step, handover, by, at)


def _sign(step: HandoverStep, handover: Handover, by: Scope, at: datetime) -> None:
    """Keep who did it, as the post stands now, for the two agencies of this hand-over."""
    post = agencies.post_acting(by, today=legal_date(at))
    if post is None:
        return
    HandoverActor(
        step=step,
        name=post.display_name,
        role=post.role,
        area=step.area,
        sensitivity=step.sensitivity,
        agency=by.agency,
        audience=sorted({handover.from_agency, handover.to_agency} - {by.agency}),
        created_at=at,
    ).save(force_insert=True)


def _to(handover: Handover) -> Desk:
    return Desk(handover.to_agency, handover.to_area)


def _from(handover: Handover) -> Desk:
    return Desk(handover.from_agency, handover.from_area)

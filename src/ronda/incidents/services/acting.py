"""Work on an incident: starting, developments, and actions with owner and due time."""

from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ronda.incidents.adapters import desk_exists
from ronda.incidents.domain import (
    ActionState,
    Desk,
    EntryKind,
    IncidentAct,
    IncidentState,
    action_move,
    incident_move,
)
from ronda.incidents.events import (
    ActionAssigned,
    ActionCancelled,
    ActionDone,
    ActionReopened,
    IncidentEvent,
    IncidentNoted,
    IncidentStarted,
)
from ronda.incidents.models import Action, ActionStep, Incident, IncidentEntry
from ronda.incidents.services.proving import file_attach, file_take
from ronda.incidents.services.rows import (
    by_stamp,
    child_stamp,
    entry_add,
    holder,
    locked,
    move,
    require_desk,
    tell,
    touch,
)
from ronda.kernel.areas import within
from ronda.kernel.ids import uuid7
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.reports.domain import MoveRefused


def incident_start(*, incident: UUID, by: Scope, at: datetime) -> Incident:
    """The desk that holds the incident handles it itself."""
    with transaction.atomic():
        row = locked(incident)
        require_desk(holder(row), by)
        move(row, incident_move(row.state, IncidentAct.START), at)
        entry_add(row, EntryKind.STARTED, by, at)
        tell(row, IncidentStarted, at)
        return row


def incident_note(
    *, incident: UUID, text: str, by: Scope, at: datetime, message: UUID | None = None
) -> IncidentEntry:
    """Write down a development. Any agency that handles or reads the incident may. One that came as a message from the
    field bears its id: taken in again it is the same line."""
    if not text.strip():
        raise MoveRefused(_("Tulis perkembangannya lebih dahulu."))
    with transaction.atomic():
        row = locked(incident)
        if message and (known := IncidentEntry.objects.filter(pk=message, incident=row).first()):
            return known
        entry = IncidentEntry(
            id=message or uuid7(),
            incident=row,
            kind=EntryKind.NOTE,
            text=text.strip(),
            **by_stamp(row, by, at),
        )
        entry.save(force_insert=True)
        touch(row, at)
        tell(row, IncidentNoted, at)
        return entry


def action_assign(
    *, incident: UUID, title: str, owner: Desk, due_at: datetime, by: Scope, at: datetime
) -> Action:
    """Give a desk that can read the incident something to do by a time."""
    with transaction.atomic():
        row = locked(incident)
        require_desk(holder(row), by)
        _check_assignment(row, title, owner, due_at, at)
        action = Action(
            incident=row,
            title=title.strip(),
            owner_agency=owner.agency,
            owner_area=owner.area,
            due_at=due_at,
            assigned_by=person_uuid(by.person),
            assigned_at=at,
            **child_stamp(row, by, at),
        )
        action.save(force_insert=True)
        _step(action, row, ActionState.OPEN, "", by, at)
        start = row.state == IncidentState.OPEN
        move(row, incident_move(row.state, IncidentAct.START) if start else IncidentState.HANDLING, at)
        tell(row, ActionAssigned, at, to=owner.agency)
        return action


def _check_assignment(incident: Incident, title: str, owner: Desk, due_at: datetime, at: datetime) -> None:
    if incident.state not in (IncidentState.OPEN, IncidentState.HANDLING):
        raise MoveRefused(_("Tindakan hanya dapat diberikan selama kejadian ditangani."))
    if not title.strip():
        raise MoveRefused(_("Tulis apa yang harus dikerjakan."))
    if due_at <= at:
        raise MoveRefused(_("Batas waktunya harus sesudah sekarang."))
    if (
        owner.agency not in _readers(incident)
        or not within(incident.area, owner.area)
        or not desk_exists(owner)
    ):
        raise MoveRefused(
            _("Pilih pelaksana yang sudah menerima kejadian ini dan wilayahnya mencakup tempatnya.")
        )


def action_finish(
    *, action: UUID, note: str, by: Scope, at: datetime, content: BinaryIO | None = None
) -> Action:
    """The owner did it, says what was done and may show it with a photo or PDF."""
    with transaction.atomic():
        step = _act(action, ActionState.DONE, note, ActionDone, _require_owner, by, at)
        if content is not None:
            file_attach(file_take(content=content, by=by, at=at), step.incident, step=step, by=by, at=at)
        return step.action


def action_cancel(*, action: UUID, reason: str, by: Scope, at: datetime) -> Action:
    """The holder no longer wants it done, saying why."""
    return _act(action, ActionState.CANCELLED, reason, ActionCancelled, _require_holder, by, at).action


def action_reopen(*, action: UUID, reason: str, by: Scope, at: datetime) -> Action:
    """The holder finds it not done after all, saying why."""
    return _act(action, ActionState.OPEN, reason, ActionReopened, _require_reopening, by, at).action


def _act(
    action: UUID,
    to: ActionState,
    note: str,
    event: type[IncidentEvent],
    require: Callable[[Action, Incident, Scope], None],
    by: Scope,
    at: datetime,
) -> ActionStep:
    with transaction.atomic():
        incident = locked(Action.objects.values_list("incident_id", flat=True).get(pk=action))
        row = Action.objects.select_for_update().get(pk=action)
        require(row, incident, by)
        if incident.state not in (IncidentState.HANDLING, IncidentState.HANDED):
            raise MoveRefused(_("Tindakan hanya dapat diubah selama kejadian ditangani."))
        row.state = action_move(row.state, to, note=note)
        row.save(update_fields=["state"])
        step = _step(row, incident, to, note.strip(), by, at)
        if incident.state == IncidentState.HANDLING:
            move(incident, IncidentState.HANDLING, at)
        tell(incident, event, at)
        return step


def _require_owner(action: Action, incident: Incident, by: Scope) -> None:
    require_desk(Desk(action.owner_agency, action.owner_area), by)


def _require_holder(action: Action, incident: Incident, by: Scope) -> None:
    require_desk(holder(incident), by)


def _require_reopening(action: Action, incident: Incident, by: Scope) -> None:
    _require_holder(action, incident, by)
    if action.owner_agency not in _readers(incident):
        raise MoveRefused(_("Pelaksananya tidak lagi ikut menangani. Beri tindakan baru."))


def _readers(incident: Incident) -> set[str]:
    return {incident.agency, incident.holder_agency, *incident.audience}


def _step(
    action: Action, incident: Incident, state: ActionState, note: str, by: Scope, at: datetime
) -> ActionStep:
    step = ActionStep(action=action, incident=incident, state=state, note=note, **by_stamp(incident, by, at))
    step.save(force_insert=True)
    return step

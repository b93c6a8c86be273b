"""How an incident came to stand where it stands: its steps, folded in order. Pure decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ronda.incidents.domain import Desk, EntryKind, HandoverState, IncidentState, due_after


@dataclass(frozen=True)
class Happened:
    """One thing that was done on an incident: an entry, a step of a hand-over, or `task`, a step of an action.

    `desk` is who holds it from then on where the step says so; of an action, when it is due while it is open.
    """

    at: datetime
    id: UUID
    what: str
    desk: Desk | None = None
    task: UUID | None = None
    task_due_at: datetime | None = None


_AFTER: Mapping[str, IncidentState] = {
    EntryKind.OPENED: IncidentState.OPEN,
    EntryKind.STARTED: IncidentState.HANDLING,
    EntryKind.FINISHED: IncidentState.DONE,
    EntryKind.SENT_BACK: IncidentState.HANDLING,
    EntryKind.CLOSED: IncidentState.CLOSED,
    EntryKind.REOPENED: IncidentState.HANDLING,
    HandoverState.SENT: IncidentState.HANDED,
    HandoverState.ACCEPTED: IncidentState.HANDLING,
    HandoverState.REFUSED: IncidentState.OPEN,
    HandoverState.RETURNED: IncidentState.OPEN,
    HandoverState.WITHDRAWN: IncidentState.OPEN,
}
_PASSES = (EntryKind.OPENED, HandoverState.ACCEPTED, HandoverState.RETURNED)


@dataclass
class Course:
    """How an incident came to stand, told step by step in the order in which the steps were taken."""

    holder: Desk
    hours: int
    opened_at: datetime
    state: IncidentState = IncidentState.OPEN
    due_at: datetime | None = None
    open_tasks: dict[UUID, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.due_at = due_after(self.opened_at, self.hours)

    def take(self, one: Happened) -> None:
        """Take one step: where the matter stands, who holds it, by when somebody must act."""
        if one.task is not None:
            self._task(one)
            return
        self.state = _AFTER[one.what]
        if one.desk is not None and one.what in _PASSES:
            self.holder = one.desk
        self._due(one.at)

    def _task(self, one: Happened) -> None:
        """A step of an action moves the due time only while the matter is being handled."""
        assert one.task is not None
        if one.task_due_at is None:
            self.open_tasks.pop(one.task, None)
        else:
            self.open_tasks[one.task] = one.task_due_at
        if self.state in (IncidentState.OPEN, IncidentState.HANDLING):
            self.state = IncidentState.HANDLING
            self._due(one.at)

    def _due(self, at: datetime) -> None:
        if self.state == IncidentState.CLOSED:
            self.due_at = None
        elif self.state == IncidentState.HANDLING and self.open_tasks:
            self.due_at = min(self.open_tasks.values())
        else:
            self.due_at = due_after(at, self.hours)

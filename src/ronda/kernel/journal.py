"""One service, one change, one event, one audit line: this writes the last two."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from ronda.kernel.models import AuditLine, EventRow, person_uuid
from ronda.kernel.scope import ScopeMissing, current_scope

_FRAME = {"subject", "area", "agency", "audience", "sensitivity"}


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events; a context adds its own fields, which go to the row's `data`. No personal data."""

    name: ClassVar[str]
    record: ClassVar[str]

    subject: UUID | None
    area: str
    agency: str
    audience: tuple[str, ...] = ()
    sensitivity: int = 1


def journal(
    event: Event, *, at: datetime, by: str | None = None, detail: dict[str, Any] | None = None
) -> EventRow:
    """Write an event and its audit line in the transaction of the change.

    `by` is the acting person's id; left out, the person of the scope in force. `detail` goes to the audit line only.
    """
    scope = current_scope()
    if scope is None:
        raise ScopeMissing("an event needs a scope: call services inside `with scoped(...)`")
    frame = {
        "area": event.area,
        "agency": event.agency,
        "audience": list(event.audience),
        "sensitivity": event.sensitivity,
        "created_at": at,
        "subject": event.subject,
        "record": event.record,
    }
    data = {
        field.name: _plain(getattr(event, field.name)) for field in fields(event) if field.name not in _FRAME
    }
    row = EventRow(name=event.name, data=data, **frame)
    row.save(force_insert=True)
    acting = person_uuid(scope.person if by is None else by)
    frame["agency"] = scope.agency
    AuditLine(action=event.name, person=acting, detail=detail or {}, **frame).save(force_insert=True)
    return row


def audit(
    action: str,
    *,
    record: str,
    area: str,
    at: datetime,
    subject: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """An audit line for an act that changes nothing, such as reading guarded records."""
    scope = current_scope()
    if scope is None:
        raise ScopeMissing("an audit line needs a scope: call inside `with scoped(...)`")
    line = AuditLine(
        action=action, record=record, area=area, subject=subject, detail=detail or {}, agency=scope.agency,
        person=person_uuid(scope.person), sensitivity=1, created_at=at,
    )  # fmt: skip
    line.save(force_insert=True)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value

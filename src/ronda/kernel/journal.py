"""One service, one change, one event, one audit line: this writes the last two."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from ronda.kernel.bulk import rows_add
from ronda.kernel.models import AuditLine, EventRow, person_uuid
from ronda.kernel.scope import ScopeMissing, current_scope

_FRAME = {"subject", "area", "agency", "audience", "sensitivity"}


@dataclass(frozen=True, slots=True)
class _Looking:
    """Somebody looks through the eyes of another post; the lines of what they read wait here."""

    person: str
    seen_as: UUID
    lines: list[AuditLine] = field(default_factory=list)


_looking: ContextVar[_Looking | None] = ContextVar("ronda_looking", default=None)


@contextmanager
def looking_as(*, person: str, seen_as: UUID) -> Iterator[None]:
    """What is read inside is noted in the name of `person`, with the post they saw as.

    The block inside writes nothing, so the lines are written when it ends: still in the transaction of the request,
    so that they are committed before its answer leaves. A block that fails leaves none, and nothing to read either.
    """
    looking = _Looking(person, seen_as)
    token = _looking.set(looking)
    try:
        yield
    finally:
        _looking.reset(token)
    for line in looking.lines:
        line.save(force_insert=True)


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
    row, line = _lines(event, at, by, detail)
    row.save(force_insert=True)
    line.save(force_insert=True)
    return row


def journal_all(events: Iterable[tuple[Event, datetime] | tuple[Event, datetime, str]]) -> None:
    """The same for many events at once, each with its time, and with who acted where that is not the scope's person."""
    lines = [_lines(event, at, by[0] if by else None, None) for event, at, *by in events]
    rows_add(row for row, _ in lines)
    rows_add(line for _, line in lines)


def _lines(
    event: Event, at: datetime, by: str | None, detail: dict[str, Any] | None
) -> tuple[EventRow, AuditLine]:
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
    data = {one.name: _plain(getattr(event, one.name)) for one in fields(event) if one.name not in _FRAME}
    row = EventRow(name=event.name, data=data, **frame)
    acting = person_uuid(scope.person if by is None else by)
    frame["agency"] = scope.agency
    return row, AuditLine(action=event.name, person=acting, detail=detail or {}, **frame)


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
    scope, looking = current_scope(), _looking.get()
    if scope is None:
        raise ScopeMissing("an audit line needs a scope: call inside `with scoped(...)`")
    line = AuditLine(
        action=action, record=record, area=area, subject=subject, detail=detail or {}, agency=scope.agency,
        person=person_uuid(scope.person), sensitivity=1, created_at=at,
    )  # fmt: skip
    if looking is None:
        line.save(force_insert=True)
        return
    line.person = person_uuid(looking.person)
    line.detail = line.detail | {"seen_as": str(looking.seen_as)}
    looking.lines.append(line)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value

"""Writes: announce an event, take down who came."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ronda.agencies import selectors as agencies
from ronda.agencies.domain import legal_date
from ronda.field.domain import AttendanceUnreadableError, code_new, code_read
from ronda.field.events import AttendanceTaken, GatheringOpened
from ronda.field.models import Attendance, Gathering
from ronda.gate.domain import Message
from ronda.kernel.journal import journal
from ronda.kernel.scope import Scope, scoped

STAFF_CLASS = 2
NOTE_MAX = 2_000


def gathering_open(*, name: str, starts_at: datetime, by: Scope, at: datetime) -> Gathering:
    """Announce an event of the own unit; it gets a code of its own."""
    row = Gathering(
        area=by.area,
        agency=by.agency,
        sensitivity=1,
        created_at=at,
        name=name,
        starts_at=starts_at,
        code=code_new(secrets.choice),
    )
    row.save(force_insert=True)
    journal(GatheringOpened(subject=row.pk, area=row.area, agency=row.agency), at=at)
    return row


def attendances_record(*, messages: Sequence[Message], at: datetime) -> int:
    """Take words of attendance in; returns how many were new. One person counts once for an event, at first word.
    AttendanceUnreadableError if one names no event or comes from nobody."""
    return sum(_attendance_record(message, at) for message in messages)


def _attendance_record(message: Message, at: datetime) -> bool:
    gathering = _gathering(message)
    person, name, unit = _who(message, at)
    note = message.body.get("note")
    row, is_new = Attendance.objects.get_or_create(
        gathering=gathering,
        person=person,
        defaults={
            "area": gathering.area,
            "agency": gathering.agency,
            "sensitivity": STAFF_CLASS,
            "created_at": at,
            "message": message.id,
            "name": name,
            "unit": unit,
            "captured_at": message.captured_at,
            "received_at": message.received_at,
            "note": note.replace("\x00", "")[:NOTE_MAX] if isinstance(note, str) else "",
        },
    )
    if is_new:
        event = AttendanceTaken(subject=row.pk, area=row.area, agency=row.agency, sensitivity=STAFF_CLASS)
        journal(event, at=at)
    return is_new


def _gathering(message: Message) -> Gathering:
    code = code_read(message.body.get("event"))
    row = Gathering.objects.filter(code=code).first()
    if row is None:
        raise AttendanceUnreadableError(f"event: wanted the code of an event, came {code!r}")
    return row


def _who(message: Message, at: datetime) -> tuple[UUID, str, str]:
    """Whose device it is, how their post is called, and its unit."""
    with scoped(Scope.signin()):
        post = agencies.post_of_device(message.device, today=legal_date(at)) if message.device else None
        if post is None or message.person is None:
            raise AttendanceUnreadableError("device: wanted that of a post held today, came another")
        return message.person, post.display_name, post.unit.name

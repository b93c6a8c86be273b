"""The door from inside, and what becomes of messages. From the pages a message goes the same way as from the field."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, BinaryIO
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from ronda.gate import answers, statements
from ronda.gate.commit import SCOPE, Pending, accept_values, conflict_values, known_receipt
from ronda.gate.consumers import unplaced_in
from ronda.gate.domain import (
    PUBLIC,
    TRANSITIONS,
    Grant,
    HeldReason,
    MoveRefused,
    OutcomeState,
    Place,
    Verdict,
    kinds_of,
)
from ronda.gate.events import MessagePlaced, MessageReleased, MessageSetAside
from ronda.gate.files import FileRefused, FileStore, content_digest
from ronda.gate.inbox import message_of
from ronda.gate.models import Message, Outcome, Placement
from ronda.gate.parse import Malformed, message_parse
from ronda.gate.tokens import token_key, token_make
from ronda.kernel import clock
from ronda.kernel.ids import uuid7
from ronda.kernel.journal import journal
from ronda.kernel.keys import NodeKeys
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope, scoped
from ronda.ledger.services import group_sealed

__all__ = [
    "ConflictingMessage",
    "DoorBusy",
    "Malformed",
    "NotAllowed",
    "NotKept",
    "device_token",
    "file_hand_in",
    "message_accept",
    "message_hand_in",
    "message_place",
    "message_release",
    "message_send",
    "message_set_aside",
    "public_token",
]

PUBLIC_TOKEN_LIFE = timedelta(hours=12)
MACHINE = Grant("system", "system")


class ConflictingMessage(Exception):
    """The id is taken by other bytes; both are kept."""


class NotKept(Exception):
    """A file could not be put on disk; the sender keeps it and asks again."""


class NotAllowed(Exception):
    """The sender may not send this kind of message."""


def message_accept(*, raw: bytes, grant: Grant, at: datetime | None = None) -> bytes:
    """Keep one message and return the answer with its receipt, as the gate gives it over HTTP.

    Malformed, NotAllowed and ConflictingMessage say what is wrong. Works in the gate's own scope; inside an open
    transaction the caller must not let the receipt leave before that is committed.
    """
    incoming = message_parse(raw)
    if not grant.may_send(incoming.kind):
        raise NotAllowed(f"{grant.agency} may not send messages of kind {incoming.kind}")
    pending = Pending(grant, raw, sha256(raw).digest(), incoming)
    keys: NodeKeys = settings.KEYS
    with scoped(SCOPE):
        answer = _stored(pending, at or clock.now(), keys)
    if answer is None:
        raise ConflictingMessage(str(incoming.id))
    return answer


DOOR_PATIENCE_S = 20.0
# Officers do not wait behind a flood of the public form.
_officers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="door")
_public = ThreadPoolExecutor(max_workers=2, thread_name_prefix="public door")


class DoorBusy(Exception):
    """The door did not answer in time. Sending the same message again is safe."""


def message_send(*, raw: bytes, grant: Grant) -> None:
    """Hand a message in from a page. The gate commits by itself before it answers; the page's own transaction is
    still open, so the gate gets a thread. DoorBusy when it takes too long; else as `message_accept`."""
    if connection.in_atomic_block and not getattr(settings, "GATE_INSIDE_TRANSACTION", False):
        door = _public if grant.agency == PUBLIC else _officers
        try:
            door.submit(_apart, raw, grant).result(timeout=DOOR_PATIENCE_S)
        except TimeoutError:
            raise DoorBusy from None
    else:
        message_accept(raw=raw, grant=grant)


def _apart(raw: bytes, grant: Grant) -> None:
    try:
        message_accept(raw=raw, grant=grant)
    finally:
        connection.close()


def message_hand_in(
    *,
    id: UUID,  # noqa: A002  # the field's own name
    kind: str,
    election: str,
    place: str,
    captured_at: datetime,
    body: Mapping[str, object],
    at: datetime,
    files: Sequence[Mapping[str, object]] = (),
) -> None:
    """What this node itself says goes through the same door, in the transaction of its caller. Repeating is safe."""
    content = {
        "id": str(id),
        "kind": kind,
        "election": election,
        "place": place,
        "captured_at": captured_at.isoformat(),
        "body": body,
        "files": list(files),
    }
    message_accept(raw=msgspec.json.encode(content), grant=MACHINE, at=at)


def file_hand_in(*, content: BinaryIO, kind: str, grant: Grant, at: datetime) -> str:
    """Keep a file that came through a page as the gate keeps one from the field; returns its hash. Repeating is safe.

    NotKept when the disk does not take it.
    """
    content.seek(0)
    digest = content_digest(content)
    with scoped(SCOPE):
        if not _rows(statements.FILE_KNOWN, digest, grant.agency):
            size = _on_disk(digest, grant, content)
            _rows(
                statements.FILE_KEPT, uuid7(), digest, size, kind, grant.device, grant.area, grant.agency, at
            )
    return digest


def _on_disk(digest: str, grant: Grant, content: BinaryIO) -> int:
    try:
        return FileStore(settings.VAR / "files").take(digest, grant, content)
    except FileRefused as problem:
        raise NotKept(str(problem)) from problem


def _stored(pending: Pending, at: datetime, keys: NodeKeys) -> bytes | None:
    sealed = group_sealed([pending.digest], node=keys.node, signing=keys.signing, at=at)
    id_, digest = pending.incoming.id, pending.digest
    if not _rows(statements.ACCEPT, *accept_values([pending], sealed)):
        return answers.accepted(id_, digest, sealed.receipt(0)).body
    known = _rows(statements.KNOWN, [id_])
    if not known:
        raise NotAllowed("the device was revoked or its post has ended")
    if bytes(known[0]["digest"]) == digest:
        return answers.accepted(id_, digest, known_receipt(known[0])).body
    _rows(statements.CONFLICT, *conflict_values([pending]), at)
    return None


def _rows(statement: str, *values: Any) -> list[dict[str, Any]]:  # what a driver takes and gives
    with connection.cursor() as cursor:
        cursor.execute(
            statements.for_django(statement), {f"p{n}": value for n, value in enumerate(values, start=1)}
        )
        if cursor.description is None:
            return []
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def device_token(
    *, device: UUID, agency: str, kind: str, area: str, person: UUID | None, expires_at: datetime
) -> str:
    """The bearer token of a registered device. Whether it was revoked is asked at every message."""
    keys: NodeKeys = settings.KEYS
    grant = Grant(agency, kind, area, device, person, kinds_of(kind))
    expires_s = int(expires_at.timestamp())
    return token_make(grant, expires_s=expires_s, key=token_key(keys), key_id=keys.kid)


def public_token(*, area: str = "", at: datetime) -> str:
    """A token for anyone: reports only, for some hours, counted by area."""
    keys: NodeKeys = settings.KEYS
    expires_s = int((at + PUBLIC_TOKEN_LIFE).timestamp())
    return token_make(Grant.public(area), expires_s=expires_s, key=token_key(keys), key_id=keys.kid)


def message_release(*, outcome: Outcome, at: datetime) -> Outcome:
    """Let a held or failed message go on; the worker takes it with its next batch."""
    if OutcomeState.OPEN not in TRANSITIONS[OutcomeState(outcome.state)]:
        raise ValueError(f"a message that is {outcome.state} cannot be released")
    _move(outcome, OutcomeState.OPEN, at)
    journal(MessageReleased(**_frame(outcome)), at=at)
    return outcome


def message_place(*, message: UUID, place: Place, note: str, by: Scope, at: datetime) -> Placement:
    """Say where a held message belongs: a new row, and the worker hands the message on with that place. Its bytes stay.

    The same word twice has one effect; another one after the message went on is refused.
    """
    with transaction.atomic():
        outcome = Outcome.objects.select_for_update().get(pk=message)
        said = Placement.objects.filter(message=message).order_by("-at", "-id").first()
        if not _waits_for_place(outcome):
            if said is not None and (said.place, said.station) == (place.area, place.station):
                return said
            raise MoveRefused(_("Kiriman ini tidak lagi menunggu tempat."))
        stated = _as_placed(message, place)
        row = _placement(outcome, stated, Verdict.PLACED, place, note=note, by=by, at=at)
        _move(outcome, OutcomeState.OPEN, at)
        journal(MessagePlaced(place=place.area, **_frame(outcome)), at=at)
        return row


def message_set_aside(*, message: UUID, note: str, by: Scope, at: datetime) -> Placement:
    """Say that nobody can tell where a held message belongs. It stays readable and can be tried again."""
    with transaction.atomic():
        outcome = Outcome.objects.select_for_update().get(pk=message)
        if outcome.state == OutcomeState.ASIDE:
            return Placement.objects.filter(message=message).latest("at")
        if not _waits_for_place(outcome):
            raise MoveRefused(_("Kiriman ini tidak lagi menunggu tempat."))
        with scoped(SCOPE):
            stated = Message.objects.get(pk=message)
        row = _placement(outcome, stated, Verdict.UNPLACEABLE, Place(""), note=note, by=by, at=at)
        _move(outcome, OutcomeState.ASIDE, at)
        journal(MessageSetAside(**_frame(outcome)), at=at)
        return row


def _waits_for_place(outcome: Outcome) -> bool:
    return (outcome.state, outcome.reason) == (OutcomeState.HELD, HeldReason.PLACE)


def _as_placed(message: UUID, place: Place) -> Message:
    """The stored message, if its kind knows the place that it is given."""
    with scoped(SCOPE):
        stated = Message.objects.get(pk=message)
        said = message_of(stated, (), place)
        if unplaced_in(said.kind, [said]):
            raise MoveRefused(
                _(
                    "Tempat itu tidak ada dalam daftar untuk jenis kiriman ini. Periksa desa dan nomor TPS-nya."
                )
            )
        return stated


def _placement(
    outcome: Outcome, stated: Message, verdict: Verdict, place: Place, *, note: str, by: Scope, at: datetime
) -> Placement:
    if not note.strip():
        raise MoveRefused(_("Tulis satu kalimat dari mana Anda tahu."))
    said = message_of(stated)
    row = Placement(
        area=outcome.area,
        sensitivity=3,
        agency=by.agency,
        created_at=at,
        message=outcome.pk,
        verdict=verdict,
        from_place=said.place,
        from_station="" if said.station is None else str(said.station)[:60],
        place=place.area,
        station=place.station,
        note=note.strip(),
        by=person_uuid(by.person),
        at=at,
    )
    row.save(force_insert=True)
    return row


def _move(outcome: Outcome, state: OutcomeState, at: datetime) -> None:
    outcome.state, outcome.reason, outcome.at = state, "", at
    outcome.save(update_fields=["state", "reason", "at"])


def _frame(outcome: Outcome) -> dict[str, Any]:
    return {"subject": outcome.pk, "area": outcome.area, "agency": outcome.agency, "kind": outcome.kind}

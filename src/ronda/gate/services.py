"""The door from inside, and what becomes of messages. From the pages a message goes the same way as from the field."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection

from ronda.gate import answers, statements
from ronda.gate.commit import SCOPE, Pending, accept_values, conflict_values, known_receipt
from ronda.gate.domain import TRANSITIONS, Grant, OutcomeState, kinds_of
from ronda.gate.events import MessageReleased
from ronda.gate.models import Outcome
from ronda.gate.parse import Malformed, message_parse
from ronda.gate.tokens import token_key, token_make
from ronda.kernel import clock
from ronda.kernel.journal import journal
from ronda.kernel.keys import NodeKeys
from ronda.kernel.scope import scoped
from ronda.ledger.services import group_sealed

__all__ = [
    "ConflictingMessage",
    "Malformed",
    "NotAllowed",
    "device_token",
    "message_accept",
    "message_hand_in",
    "message_release",
    "public_token",
]

PUBLIC_TOKEN_LIFE = timedelta(hours=12)
MACHINE = Grant("system", "system")


class ConflictingMessage(Exception):
    """The id is taken by other bytes; both are kept."""


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


def message_hand_in(
    *,
    id: UUID,  # noqa: A002  # the field's own name
    kind: str,
    election: str,
    place: str,
    captured_at: datetime,
    body: Mapping[str, object],
    at: datetime,
) -> None:
    """A finding of the machine goes through the same door, in the transaction of its caller. Repeating is safe."""
    content = {
        "id": str(id),
        "kind": kind,
        "election": election,
        "place": place,
        "captured_at": captured_at.isoformat(),
        "body": body,
    }
    message_accept(raw=msgspec.json.encode(content), grant=MACHINE, at=at)


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
    outcome.state, outcome.reason, outcome.at = OutcomeState.OPEN, "", at
    outcome.save(update_fields=["state", "reason", "at"])
    event = MessageReleased(
        subject=outcome.pk, area=outcome.area, agency=outcome.agency, kind=outcome.kind, sensitivity=1
    )
    journal(event, at=at)
    return outcome

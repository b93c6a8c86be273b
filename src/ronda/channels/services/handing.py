"""Handing in at the gate what came by a channel. A repeat has one effect; the answer follows the gate's commit."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ronda.channels.domain import Content, State
from ronda.gate.domain import Grant
from ronda.gate.selectors import message_sent
from ronda.gate.services import ConflictingMessage, NotAllowed, message_send
from ronda.reports.domain import receipt_code


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message, and the code with which a report is followed."""

    id: UUID
    state: State

    @property
    def code(self) -> str:
        return receipt_code(self.id)


def hand_in(*, content: Content, grant: Grant, at: datetime) -> Taken:
    """Keep one message. DoorBusy when the gate does not answer in time, Malformed when it is none.

    Where the sender gave no time, a repeat takes that of the first: the same words are then the same bytes.
    """
    try:
        return Taken(content.id, _sent(content, grant, at))
    except NotAllowed:
        return Taken(content.id, State.REFUSED)


def _sent(content: Content, grant: Grant, at: datetime) -> State:
    if _is_first(content, grant):
        return State.REPEAT
    try:
        message_send(raw=_bytes(content, at), grant=grant)
    except ConflictingMessage:
        return State.REPEAT if _is_first(content, grant) else State.CONFLICT
    return State.NEW


def _is_first(content: Content, grant: Grant) -> bool:
    """Whether the same was sent before under this id, but for a time that the sender did not give."""
    first = message_sent(content.id, agency=grant.agency)
    if first is None:
        return False
    captured_at = datetime.fromisoformat(json.loads(first)["captured_at"])
    return _bytes(content, captured_at) == first


def _bytes(content: Content, at: datetime) -> bytes:
    message = {
        "id": str(content.id),
        "kind": content.kind,
        "election": content.election,
        "place": content.place,
        "station": content.station,
        "captured_at": (content.captured_at or at).isoformat(),
        "device": content.device,
        "body": content.body,
        "files": list(content.files),
    }
    return json.dumps(message, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")

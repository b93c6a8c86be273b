"""The gate's messages of kind `followup` become lines of an incident: what people in the field did."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from ronda.gate import consumers
from ronda.gate.domain import Message
from ronda.incidents.services.acting import incident_note
from ronda.incidents.tasks import late_tell
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.law.mandates import mandates

LATE_EVERY_S = 20.0
FIELD_ROLE = "officer"  # what a phone may see and do, whatever else its holder may at a desk
TEXT_MAX = 4_000


class UnreadableFollowUpError(ValueError):
    """The message cannot become a line of an incident; says which field, what was wanted and what came."""


def connect() -> None:
    """Called once when the application is ready."""
    consumers.register("followup", take_followups)
    consumers.register_round("overdue incidents", late_tell, every_s=LATE_EVERY_S)


def take_followups(messages: Sequence[Message]) -> None:
    """One batch; each acts with the reach of its sender, so that nobody writes on an incident they may not read."""
    for message in messages:
        incident, text = _said(message.body)
        by = _sender(message)
        with scoped(by):
            incident_note(
                incident=incident,
                text=text + _files(message),
                by=by,
                at=clock.now(),
                message=message.id,
            )


def _sender(message: Message) -> Scope:
    classes = mandates().roles[FIELD_ROLE]
    person = str(message.person or "")
    return Scope(message.agency, message.sender_kind, message.sender_area, classes, person)


def _said(body: Mapping[str, Any]) -> tuple[UUID, str]:
    stated, text = body.get("incident"), body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise UnreadableFollowUpError(f"text: wanted what was done, came {type(text).__name__}")
    try:
        return UUID(str(stated)), text.replace("\x00", "").strip()[:TEXT_MAX]
    except ValueError:
        raise UnreadableFollowUpError("incident: wanted the id of an incident, came another text") from None


def _files(message: Message) -> str:
    """The hashes of what came along: with them a desk brings a photo forward as proof."""
    there = [str(file["sha256"]) for file in message.files]
    return "\n\nBerkas dari lapangan:\n" + "\n".join(there) if there else ""

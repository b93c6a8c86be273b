"""Forms send through the same door as the field: a message with an id, a receipt, and a code to follow it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ronda.gate.domain import Grant
from ronda.gate.selectors import message_sent
from ronda.gate.services import ConflictingMessage, DoorBusy, message_send
from ronda.reports.adapters import Sender
from ronda.reports.domain import MoveRefused, receipt_code


@dataclass(frozen=True)
class Said:
    """What a person filled in. `message` is made with the form, so sending twice sends one message."""

    message: UUID
    text: str
    election: str = ""
    place: str = ""
    station: int | None = None
    place_words: str = ""
    kind: str = ""
    happened_at: datetime | None = None
    is_danger: bool = False
    work: str = ""


def report_send(*, said: Said, sender: Sender) -> str:
    """Hand a report in at the gate and return its receipt code. When this returns, it is safe on disk."""
    kinds = Grant.public().kinds if sender.kind == "publik" else ("report",)
    grant = Grant(sender.agency, sender.kind, sender.area, person=sender.person, kinds=kinds)
    if _is_sent(said, sender.agency):
        return receipt_code(said.message)
    try:
        _through_the_door(_message(said), grant)
    except ConflictingMessage:
        raise MoveRefused(
            _(
                "Laporan dari formulir ini sudah terkirim dengan isi lain. Buka formulir baru untuk menambahkan."
            )
        ) from None
    return receipt_code(said.message)


def _is_sent(said: Said, agency: str) -> bool:
    """Whether the same answers came before, with other work of the phone or with none."""
    first = message_sent(said.message, agency=agency)
    return first is not None and _unworked(first) == _unworked(_message(said))


def _unworked(raw: bytes) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(raw)
    message["body"].pop("work", None)
    return message


def _message(said: Said) -> bytes:
    """The same answers give the same bytes: the time of capture is the one inside the message's id."""
    captured_at = datetime.fromtimestamp((said.message.int >> 80) / 1000, UTC)
    body = {
        "text": said.text,
        "kind": said.kind,
        "place_words": said.place_words,
        "happened_at": said.happened_at.isoformat() if said.happened_at else None,
        "danger": said.is_danger,
    }
    if said.work:
        body["work"] = said.work
    message = {
        "id": str(said.message),
        "kind": "report",
        "election": said.election,
        "place": said.place,
        "station": said.station,
        "captured_at": captured_at.isoformat(),
        "body": body,
    }
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")


def _through_the_door(raw: bytes, grant: Grant) -> None:
    try:
        message_send(raw=raw, grant=grant)
    except DoorBusy:
        raise MoveRefused(
            _("Kiriman sedang banyak. Tunggu sebentar, lalu kirim lagi: laporan tidak tercatat dua kali.")
        ) from None

"""Messages of kind `reading`: what a machine read on a photo. Kept beside the forms, never among the copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ronda.entry.events import PhotoRead
from ronda.entry.models import Reading
from ronda.gate.domain import Message
from ronda.kernel.areas import STATION, station_area
from ronda.kernel.journal import journal
from ronda.kernel.scope import Scope, scoped

BOXES_MAX = 400
FIGURE_MAX = 9_999


class UnreadableReadingError(ValueError):
    """The message cannot become a reading; says which field, what was wanted and what came."""


def readings_receive(messages: Sequence[Message]) -> None:
    """Keep readings. One that is there already changes nothing; one that does not say what it read is set aside."""
    with scoped(Scope.system()):
        taken = set(
            Reading.objects.filter(message__in=[one.id for one in messages]).values_list("message", flat=True)
        )
        for one in messages:
            if one.id not in taken:
                _keep(_reading(one))


def _keep(reading: Reading) -> None:
    reading.save(force_insert=True)
    event = PhotoRead(
        subject=reading.pk,
        area=reading.area,
        agency=reading.agency,
        station=reading.station,
        reader=reading.reader,
    )
    journal(event, at=reading.created_at)


def _reading(message: Message) -> Reading:
    station = str(message.station or "")
    if not STATION.match(station):
        raise UnreadableReadingError(f"station: wanted 13 digits, came {station!r:.60}")
    return Reading(
        area=station_area(station),
        agency=message.agency,
        created_at=message.received_at,
        election=message.election,
        station=station,
        message=message.id,
        contest=_word(message.body, "contest", 20),
        photo=_photo(message.body),
        reader=_word(message.body, "reader", 80),
        figures=_figures(message.body.get("figures")),
    )


def _word(body: Mapping[str, Any], name: str, most: int) -> str:
    came = body.get(name)
    if not isinstance(came, str) or not 0 < len(came) <= most:
        raise UnreadableReadingError(f"{name}: wanted 1 to {most} characters, came {came!r:.60}")
    return came


def _photo(body: Mapping[str, Any]) -> str:
    came = body.get("photo")
    if not isinstance(came, str) or len(came) != 64 or set(came) - set("0123456789abcdef"):
        raise UnreadableReadingError(f"photo: wanted the SHA-256 of the photo in hex, came {came!r:.70}")
    return came


def _figures(came: object) -> dict[str, int]:
    if not isinstance(came, dict) or not 0 < len(came) <= BOXES_MAX:
        raise UnreadableReadingError(f"figures: wanted 1 to {BOXES_MAX} boxes, came {came!r:.60}")
    for box, number in came.items():
        is_whole = isinstance(number, int) and not isinstance(number, bool)
        if not is_whole or not 0 <= number <= FIGURE_MAX or len(box) > 40:
            raise UnreadableReadingError(
                f"figures[{box!r:.42}]: wanted 0 to {FIGURE_MAX}, came {number!r:.40}"
            )
    return came

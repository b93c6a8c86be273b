"""Messages of kinds `sheet` and `recap` into copies. What the form says is taken; nothing is guessed or repaired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ronda.gate.domain import Message
from ronda.kernel.areas import STATION, Level, is_code, level, station_area, station_code
from ronda.results.domain import Figures, Outcome, source_of

FIGURES = ("valid", "invalid", "users", "registered")
FIGURE_MAX = 10**9 - 1
CHOICES_MAX = 200
_WORDS = ("contest", "source", "votes", "stations", "district", *FIGURES)


class UnreadableSheetError(ValueError):
    """The message cannot become a copy; says which field, what was wanted and what came."""


def figures_of(body: Mapping[str, Any]) -> Figures:
    """The figures of a body; a missing or empty one is not reported."""
    votes = body.get("votes")
    if not isinstance(votes, list) or not 1 <= len(votes) <= CHOICES_MAX:
        raise UnreadableSheetError(f"votes: wanted a list of 1 to {CHOICES_MAX} numbers, came {votes!r:.60}")
    read = tuple(_figure(f"votes[{at}]", number) for at, number in enumerate(votes))
    single = {name: _figure(name, body.get(name)) for name in FIGURES}
    rest = {name: value for name, value in body.items() if name not in _WORDS and isinstance(value, int)}
    other = {name[:40]: value for name, value in rest.items() if 0 <= value <= FIGURE_MAX}
    return Figures(read, **single, other=other)


def _figure(name: str, came: object) -> int | None:
    if came is None or came == "":
        return None
    if isinstance(came, bool) or not isinstance(came, int) or not 0 <= came <= FIGURE_MAX:
        raise UnreadableSheetError(f"{name}: wanted a whole number 0 to {FIGURE_MAX}, came {came!r:.60}")
    return came


def contest_of(message: Message) -> str:
    contest = message.body.get("contest")
    if not isinstance(contest, str) or not contest or len(contest) > 20:
        raise UnreadableSheetError(f"contest: wanted a code such as PPWP, came {contest!r:.60}")
    return contest


def district_of(message: Message) -> str:
    """The electoral district (dapil) whose list a recapitulation follows; empty where the message names none."""
    stated = message.body.get("district", "")
    if not isinstance(stated, str) or len(stated) > 60:
        raise UnreadableSheetError(f"district: wanted the name of an electoral district, came {stated!r:.60}")
    return stated.strip()


def outcome_of(message: Message) -> str:
    """How the result came about, as officers state it; what a party says of it is left out."""
    stated = message.body.get("outcome")
    if message.sender_kind not in ("bawaslu", "kpu") or stated in (None, ""):
        return Outcome.REGULAR
    if stated not in Outcome.values:
        raise UnreadableSheetError(f"outcome: wanted one of {', '.join(Outcome.values)}, came {stated!r:.60}")
    return Outcome(stated)


def source_for(message: Message) -> str:
    """Whose copy it is: as stated by a supervisor, otherwise always the sender's own."""
    own = source_of(message.agency, message.sender_kind)
    stated = message.body.get("source")
    if message.sender_kind == "bawaslu" and isinstance(stated, str) and 0 < len(stated) <= 40:
        return stated
    return own


def station_of(message: Message) -> tuple[str, str, int]:
    """(station, village, number); an unreadable place gives a held copy: (message id, sender's area, 0)."""
    place, station = message.place, message.station
    if isinstance(station, str) and STATION.match(station):
        return station, station_area(station), int(station[10:])
    if STATION.match(place):
        return place, station_area(place), int(place[10:])
    number = (
        int(station) if isinstance(station, int) or (isinstance(station, str) and station.isdecimal()) else 0
    )
    if is_code(place) and place and level(place) is Level.VILLAGE and 1 <= number <= 999:
        return station_code(place, number), place, number
    return f"m-{message.id.hex[-20:]}", message.area or message.sender_area, max(0, min(number, 999))


def unit_of(message: Message) -> tuple[str, str, bool]:
    """(unit, area, held) of a recapitulation: of a village up to a province."""
    place = message.place
    if is_code(place) and place and level(place) is not Level.NATION:
        return place, place, False
    return f"m-{message.id.hex[-20:]}", message.area or message.sender_area, True

"""Bodies of check-in messages into words the domain knows, and tables into progress."""

from collections.abc import Mapping
from typing import Any

from ronda.elections import selectors as elections
from ronda.gate.domain import Message
from ronda.kernel.areas import Level, is_code, level, station_code
from ronda.law.checkins import CheckinRules
from ronda.readiness.domain import (
    NAME_MAX,
    NOTE_MAX,
    QUEUE_MAX,
    ROLL_CALL,
    WAREHOUSE,
    CheckinRefused,
    RollCallWord,
    StationWord,
    WarehouseWord,
    Word,
    is_future,
)


def word_of(body: object, rules: CheckinRules) -> tuple[Word, list[str]]:
    """What a body says, and remarks on what had to be read with care; CheckinRefused says what is wrong."""
    if not isinstance(body, Mapping):
        raise CheckinRefused("body", "an object", type(body).__name__)
    step = _text(body, "step", 40)
    note, remarks = _note(body)
    if step == ROLL_CALL:
        return _roll_call(body, note, rules), remarks
    if step == WAREHOUSE:
        return _warehouse(body, note, rules), remarks
    if rules.rank(step) == 0:
        wanted = ", ".join([*(rule.id for rule in rules.steps), ROLL_CALL, WAREHOUSE])
        raise CheckinRefused("step", f"one of {wanted}", step)
    return StationWord(step, note, _queue(body)), remarks


def _roll_call(body: Mapping[str, Any], note: str, rules: CheckinRules) -> RollCallWord:
    call = _text(body, "call", 40)
    if rules.roll_call(call) is None:
        wanted = ", ".join(rule.id for rule in rules.roll_calls)
        raise CheckinRefused("call", f"one of {wanted}", call)
    return RollCallWord(call, note)


def _warehouse(body: Mapping[str, Any], note: str, rules: CheckinRules) -> WarehouseWord:
    checks = body.get("checks")
    if not isinstance(checks, Mapping) or not checks:
        raise CheckinRefused("checks", "an object of points like G05 with true or false", checks)
    for code, value in checks.items():
        if rules.criterion(str(code)) is None:
            raise CheckinRefused("checks", "points G01 to G15", code)
        if not isinstance(value, bool):
            raise CheckinRefused(f"checks.{code}", "true or false", value)
    passed = tuple(sorted(code for code, value in checks.items() if value))
    failed = tuple(sorted(code for code, value in checks.items() if not value))
    return WarehouseWord(_text(body, "name", NAME_MAX), passed, failed, note)


def _text(body: Mapping[str, Any], name: str, most: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise CheckinRefused(name, "a text", value)
    text = clean(value).strip()
    if not text or len(text) > most:
        raise CheckinRefused(name, f"a text of 1 to {most} characters", value)
    return text


def _note(body: Mapping[str, Any]) -> tuple[str, list[str]]:
    value = body.get("note", "")
    if value is None:
        return "", []
    if not isinstance(value, str):
        raise CheckinRefused("note", "a text", type(value).__name__)
    text = clean(value).strip()
    return (text[:NOTE_MAX], ["note_cut"]) if len(text) > NOTE_MAX else (text, [])


def _queue(body: Mapping[str, Any]) -> int | None:
    value = body.get("queue")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= QUEUE_MAX:
        raise CheckinRefused("queue", f"a whole number 0..{QUEUE_MAX}", value)
    return value


def clean(text: str) -> str:
    """Without what a text column cannot hold: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def code_of(message: Message) -> str:
    """The 13-digit code a message speaks of, if place and number have the shape of one; registered or not."""
    place, number = message.place.strip(), message.station
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 999:
        return ""
    if not is_code(place) or level(place) is not Level.VILLAGE:
        return ""
    return station_code(place, number)


def remarks_of(message: Message) -> list[str]:
    """What in the frame of a message had to be read with care."""
    return ["captured_in_future"] if is_future(message.captured_at, message.received_at) else []


def registered(wanted: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those pairs of election and station code that are in the register."""
    known: set[tuple[str, str]] = set()
    for election in {election for election, _ in wanted}:
        codes = [code for one, code in wanted if one == election]
        rows = elections.station_list(election, area="").filter(code__in=codes)
        known.update((election, code) for code in rows.values_list("code", flat=True))
    return known

"""A message's body into the columns of a report: nothing is refused, what cannot be read is kept as a remark."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from ronda.kernel.areas import Level, ancestors, is_code, level, station_code
from ronda.law import incident_kinds
from ronda.places import selectors as places
from ronda.reports.domain import ReportSource, is_future

OLDEST_YEAR = 1999  # the first election of the reform era; an older time is a broken clock
_SHAPES = {2: (2,), 4: (2, 2), 6: (2, 2, 2), 10: (2, 2, 2, 4)}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_OWN_PAGE = re.compile(r"^/(?!/)[\w./?=&-]{0,298}\Z", re.ASCII)
_SOURCES = {
    "publik": ReportSource.PUBLIC,
    "partai": ReportSource.WITNESS,
    "pemantau": ReportSource.OBSERVER,
    "system": ReportSource.MACHINE,
}


@dataclass(frozen=True)
class Sender:
    """Who sent a message, as the gate established it."""

    agency: str = "publik"
    kind: str = "publik"
    area: str = ""
    person: UUID | None = None

    @property
    def source(self) -> ReportSource:
        return _SOURCES.get(self.kind, ReportSource.OFFICER)


@dataclass(frozen=True)
class IncomingReport:
    """One accepted message of kind `report`."""

    message: UUID
    received_at: datetime
    body: Mapping[str, Any]
    election: str = ""
    place: str = ""
    station: Any = None
    captured_at: datetime | None = None
    sender: Sender = Sender()
    files: tuple[Mapping[str, Any], ...] = ()


@dataclass
class ReadBody:
    """The body as columns, with remarks on what could not be read as sent."""

    text: str = ""
    kind: str = ""
    place_words: str = ""
    station: int | None = None
    happened_at: datetime | None = None
    known_at: datetime | None = None
    captured_at: datetime | None = None
    is_danger: bool = False
    page: str = ""
    remarks: list[str] = field(default_factory=list)


def read_body(incoming: IncomingReport) -> ReadBody:
    """The body of a message as columns. Never raises: a strange value becomes a remark."""
    body, read = incoming.body, ReadBody()
    read.text = _text(body.get("text"), "text", read)
    read.place_words = _text(body.get("place_words"), "place_words", read)
    read.kind = _text(body.get("kind"), "kind", read)[:60]
    if read.kind and read.kind not in incident_kinds():
        read.remarks.append(f"kind: wanted one of the known incident kinds, came {read.kind!r}")
    read.station = _station(incoming.station, read)
    read.happened_at = _time(body.get("happened_at"), "happened_at", incoming.received_at, read)
    read.known_at = _time(body.get("known_at"), "known_at", incoming.received_at, read)
    read.is_danger = body.get("danger") is True
    read.page = _page(incoming)
    read.captured_at = _captured(incoming, read)
    return read


def _page(incoming: IncomingReport) -> str:
    """Only the machine points to a page of this node: what others write is never made into a link."""
    page = incoming.body.get("page") if incoming.sender.source is ReportSource.MACHINE else ""
    return page if isinstance(page, str) and _OWN_PAGE.match(page) else ""


def _captured(incoming: IncomingReport, read: ReadBody) -> datetime | None:
    """The device's own time; a clock that runs ahead is kept and remarked, an impossible year is not kept."""
    at = incoming.captured_at
    if at is None or at.year < OLDEST_YEAR:
        return None
    if is_future(at, incoming.received_at):
        read.remarks.append(f"captured_at: lies ahead of the node's clock: {at.isoformat()}")
    return at


def _text(value: Any, name: str, read: ReadBody) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False, default=str)
        read.remarks.append(f"{name}: wanted text, came {type(value).__name__}")
    return storable(value, name, read.remarks)


def storable(text: str, name: str, remarks: list[str]) -> str:
    """The text itself; characters that no database text can hold are shown as U+FFFD and remarked."""
    clean = _UNSTORABLE.sub("\ufffd", text)
    if clean != text:
        remarks.append(f"{name}: characters that are no text were replaced; the message keeps them")
    return clean


def _station(value: Any, read: ReadBody) -> int | None:
    if value in (None, ""):
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 999:
        return value
    shown = storable(str(value)[:40], "station", read.remarks)
    read.remarks.append(f"station: wanted a number 1 to 999, came {shown!r}")
    return None


def _time(value: Any, name: str, received_at: datetime, read: ReadBody) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        at = datetime.fromisoformat(value)
        aware = at.tzinfo is not None and at.utcoffset() is not None
        ahead = aware and is_future(at, received_at)
    except (TypeError, ValueError, OverflowError):
        shown = storable(str(value)[:40], name, read.remarks)
        read.remarks.append(f"{name}: wanted an ISO time with offset, came {shown!r}")
        return None
    if not aware or ahead or at.year < OLDEST_YEAR:
        why = (
            "has no UTC offset" if not aware else "lies ahead of the node's clock" if ahead else "is too old"
        )
        read.remarks.append(f"{name}: {why}: {value}")
        return None
    return at


@dataclass(frozen=True)
class Filing:
    """Where a report is filed, and whether a person must still place it."""

    area: str
    station_code: str
    is_placed: bool


def dotted(place: str) -> str:
    """An area code written with or without dots, in its dotted form; empty when it has no such shape."""
    plain = place.strip()
    if is_code(plain):
        return plain
    digits = plain.replace(".", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in _SHAPES:
        return ""
    parts, start = [], 0
    for length in _SHAPES[len(digits)]:
        parts.append(digits[start : start + length])
        start += length
    return ".".join(parts)


def codes_to_look_up(incoming: Iterable[IncomingReport]) -> set[str]:
    """All codes, with those above them, that decide where these reports are filed."""
    wanted: set[str] = set()
    for one in incoming:
        code = dotted(one.place)
        if code:
            wanted.update((code, *ancestors(code)))
    return wanted


def known_codes(codes: Iterable[str]) -> set[str]:
    """Those codes that are in the register of places."""
    return set(places.area_names(codes))


def _exact_levels(sender: Sender) -> tuple[Level, ...]:
    """A person who names a regency has not said where; the machine that names one means all of it."""
    exact = (Level.VILLAGE, Level.DISTRICT)
    return (*exact, Level.REGENCY) if sender.source is ReportSource.MACHINE else exact


def file_report(incoming: IncomingReport, station: int | None, known: set[str]) -> Filing:
    """File under the stated place if it is known, else under the nearest known area above, else the sender's."""
    code = dotted(incoming.place)
    if code in known and level(code) in _exact_levels(incoming.sender):
        is_village = level(code) is Level.VILLAGE
        return Filing(code, station_code(code, station) if is_village and station else "", is_placed=True)
    above = next((c for c in (code, *ancestors(code)) if c in known), "") if code else ""
    return Filing(above or incoming.sender.area, "", is_placed=False)

"""The bytes of a message into its fields, or one sentence about what is wrong. Nothing is normalised or repaired."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from ronda.gate.domain import MAX_MESSAGE_BYTES

Word = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}\Z")]
Line60 = Annotated[str, msgspec.Meta(max_length=60)]
Line100 = Annotated[str, msgspec.Meta(max_length=100)]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Size = Annotated[int, msgspec.Meta(ge=0, le=1 << 40)]


class FileRef(msgspec.Struct, frozen=True, gc=False):
    """A file that belongs to a message."""

    sha256: Sha256
    size: Size
    type: Line100 = ""


class Incoming(msgspec.Struct, frozen=True):
    """A message as the field sends it. Other fields are allowed and stay in the bytes."""

    id: UUID
    kind: Word
    captured_at: Instant
    body: msgspec.Raw
    election: Line60 = ""
    place: Line60 = ""
    station: int | Line60 | None = None
    device: Line100 = ""
    files: Annotated[list[FileRef], msgspec.Meta(max_length=20)] = []


class Malformed(Exception):
    """What is wrong with a message: the field, what was wanted and what came."""

    def __init__(self, field: str, wanted: str, came: str) -> None:
        super().__init__(f"{field}: wanted {wanted}, came {came}")
        self.field, self.wanted, self.came = field, wanted, came


_decoder = msgspec.json.Decoder(Incoming)
_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<field>.*)`)?$", re.DOTALL)
_EXPECTED = re.compile(r"^Expected (?P<wanted>.+?), got (?P<came>.+)$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<field>.+)`$")
_INVALID = re.compile(r"^Invalid (?P<wanted>.+)$")
_STEP = re.compile(r"[a-z0-9_]+|\[\d+\]")
_LONE_NEAR_END = re.compile(rb"""(?<!\\)(?:\\\\)*\\u[dD][89aAbB][0-9a-fA-F]{2}[^"\\]{0,4}"[\s\]}]{0,5}\Z""")
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 9998


def message_parse(raw: bytes) -> Incoming:
    """The fields of a message; Malformed says what is wrong."""
    if len(raw) > MAX_MESSAGE_BYTES:
        raise Malformed("", f"at most {MAX_MESSAGE_BYTES} bytes", f"{len(raw)} bytes")
    try:
        if not raw.isascii():
            raw.decode("utf-8")
        incoming = _decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise _malformed(str(error), raw) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        came = "text with a lone surrogate" if _is_lone_surrogate(raw, str(error)) else str(error)
        raise Malformed("", "one JSON object in UTF-8", came) from None
    except RecursionError:
        raise Malformed("body", "objects and lists nested less deeply", "too deep a nesting") from None
    if bytes(incoming.body)[:1] != b"{":
        raise Malformed("body", "an object", _short(bytes(incoming.body)))
    if b"\\u0000" in raw:
        _refuse_nul(incoming)
    if not _EARLIEST_YEAR < incoming.captured_at.year < _LATEST_YEAR:
        raise Malformed("captured_at", "a time after 1970", incoming.captured_at.isoformat())
    return incoming


def _is_lone_surrogate(raw: bytes, problem: str) -> bool:
    """Whether JSON broke off at half of a surrogate pair; msgspec calls one near the end truncated data."""
    return "surrogate" in problem or ("truncated" in problem and _LONE_NEAR_END.search(raw[-40:]) is not None)


def _refuse_nul(incoming: Incoming) -> None:
    """No database text can hold the character NUL; in the body it stays, there are only bytes."""
    texts = {"election": incoming.election, "place": incoming.place, "device": incoming.device}
    for field, text in texts.items():
        if "\x00" in text:
            raise Malformed(field, "text without the character NUL", _short(msgspec.json.encode(text)))


def _malformed(text: str, raw: bytes) -> Malformed:
    """msgspec's sentence as field, wanted and came; what came is looked up again in the bytes."""
    parts = _AT.match(text)
    what, field = (parts["what"], parts["field"] or "") if parts else (text, "")
    if missing := _MISSING.match(what):
        return Malformed(".".join(filter(None, (field, missing["field"]))), "a value", "nothing")
    expected, invalid = _EXPECTED.match(what), _INVALID.match(what)
    wanted = expected["wanted"] if expected else invalid["wanted"] if invalid else what
    return Malformed(field, wanted.removeprefix("Expected ").replace("`", ""), _came(field, raw))


def _came(field: str, raw: bytes) -> str:
    """The value at a field such as `files[0].size`, in short."""
    try:
        value = msgspec.json.decode(raw)
        for step in _STEP.findall(field):
            value = value[int(step[1:-1])] if step.startswith("[") else value[step]
        return _short(msgspec.json.encode(value))
    except (msgspec.MsgspecError, LookupError, TypeError, ValueError, RecursionError):
        return "another value"


def _short(raw: bytes) -> str:
    return raw[:60].decode("utf-8", "replace")

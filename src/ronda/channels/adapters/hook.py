"""What another system posts, read by the paths that its configuration gives. Pure."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from ronda.channels.domain import Webhook

BODY_MAX = 128 * 1024
STATION = re.compile(r"\d{1,3}\Z", re.ASCII)
STAMP = re.compile(r"\d{1,11}\Z", re.ASCII)


class HookRefused(ValueError):
    """The body cannot be mapped: the field, what was wanted and what came."""

    def __init__(self, field: str, wanted: str, came: str) -> None:
        super().__init__(f"{field}: wanted {wanted}, came {came}")
        self.field, self.wanted, self.came = field, wanted, came


@dataclass(frozen=True, slots=True)
class HookRead:
    """The parts of a message; `key` is the other system's own id."""

    key: str
    body: dict[str, Any]
    place: str = ""
    station: int | str | None = None
    captured_at: datetime | None = None


def hook_read(webhook: Webhook, raw: bytes) -> HookRead:
    """One JSON object by the paths of the configuration; HookRefused says which of them led nowhere."""
    content = _content(raw)
    key = _at(content, webhook.id)
    if not isinstance(key, str | int) or isinstance(key, bool) or not str(key).strip():
        raise HookRefused(webhook.id, "the sender's own id", _short(key))
    body = {name: _at(content, path) for name, path in webhook.body.items()}
    body |= dict(webhook.constants)
    place = _at(content, webhook.place) if webhook.place else ""
    return HookRead(
        key=str(key),
        body={name: value for name, value in body.items() if value is not None},
        place=_clean(str(place))[:60] if isinstance(place, str | int) else "",
        station=_station(_at(content, webhook.station) if webhook.station else None),
        captured_at=moment_read(_at(content, webhook.captured_at) if webhook.captured_at else None),
    )


def _content(raw: bytes) -> dict[str, Any]:
    try:
        content = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
        json.dumps(content).encode()
    except (ValueError, RecursionError):
        raise HookRefused("", "one JSON object in UTF-8", raw[:60].decode("utf-8", "replace")) from None
    if not isinstance(content, dict):
        raise HookRefused("", "one JSON object", type(content).__name__)
    return content


def _no_number(text: str) -> float:
    raise ValueError(text)


def _at(content: object, path: str) -> Any:
    """The value at `tiket.lampiran.0`; None where the path leads nowhere."""
    for step in path.split("."):
        if isinstance(content, dict):
            content = content.get(step)
        elif isinstance(content, list) and step.isascii() and step.isdigit() and len(step) < 6:
            content = content[int(step)] if int(step) < len(content) else None
        else:
            return None
    return content


def _station(value: object) -> int | str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 < value <= 999 else str(value)[:60]
    if not isinstance(value, str) or not value.strip():
        return None
    text = _clean(value.strip())[:60]
    return int(text) if STATION.match(text) else text


def moment_read(value: object) -> datetime | None:
    """Unix seconds or an ISO time with an offset; None for anything else."""
    try:
        if (isinstance(value, int) and not isinstance(value, bool)) or (
            isinstance(value, str) and STAMP.match(value)
        ):
            at = datetime.fromtimestamp(int(value), UTC)
        elif isinstance(value, str):
            at = datetime.fromisoformat(value)
            if at.tzinfo is None:
                return None
            at = at.astimezone(UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return at if 1999 < at.year < 9000 else None


def raw_key(raw: bytes) -> str:
    """The id of what names none: its own bytes."""
    return sha256(raw).hexdigest()


def _clean(text: str) -> str:
    return text.replace("\x00", "")


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:60] if value is not None else "nothing"

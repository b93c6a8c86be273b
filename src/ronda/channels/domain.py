"""Ids, senders and answers of channels. No queries, no clock."""

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

SMS_MAX = 160
SIGNED_WITHIN = timedelta(minutes=5)
_ESCAPED = "^{}\\[~]|€"
_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà" + _ESCAPED
)


class State(StrEnum):
    """What became of something handed in."""

    NEW = "new"
    REPEAT = "repeat"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Content:
    """A message before it is bytes. Without `captured_at` it is the moment at which it first came in."""

    id: UUID
    kind: str
    body: Mapping[str, object]
    place: str = ""
    station: int | str | None = None
    captured_at: datetime | None = None
    election: str = ""
    device: str = ""
    files: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway of text messages: what its parameters are called, and how it proves itself."""

    name: str
    secret: str
    secret_in: str = "kunci"
    sender: str = "dari"
    text: str = "teks"
    id: str = "id"
    sent_at: str = "waktu"
    signature: str = ""  # header with the HMAC-SHA256 of the body; then no secret is sent
    addresses: tuple[str, ...] = ()
    delivery_url: str = ""  # address of this node at which a Kannel tells what became of an answer


@dataclass(frozen=True, slots=True)
class Webhook:
    """Another system that tells us: its secret, in whose name, and where in its JSON each answer stands."""

    name: str
    secret: str
    id: str
    agency: str = "publik"
    agency_kind: str = "publik"
    area: str = ""
    kind: str = "report"
    place: str = ""
    station: str = ""
    captured_at: str = ""
    body: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Channels:
    """All that is configured, by name."""

    gateways: Mapping[str, Gateway] = field(default_factory=dict)
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)


def message_id(channel: str, source: str, key: str) -> UUID:
    """The id of what a source sent under a key of its own: always the same, as a UUID of version 8."""
    digest = hashlib.sha256(
        "\n".join(("ronda channel", channel, source, key)).encode("utf-8", "replace")
    ).digest()
    value = int.from_bytes(digest[:16])
    return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x8 << 76 | 0b10 << 62)


def signature_of(secret: str, data: bytes) -> str:
    """HMAC-SHA256 in hexadecimal."""
    return hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in the same time wherever they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def gsm7_length(text: str) -> int:
    """How many of the 160 places of a text message a text takes; ValueError where a letter is not of its alphabet."""
    if wrong := set(text) - _GSM7:
        raise ValueError(f"wanted letters of the GSM alphabet, came {sorted(wrong)}")
    return len(text) + sum(sign in _ESCAPED for sign in text)


def gsm7_fit(text: str, most: int = SMS_MAX) -> str:
    """A text as one text message: letters of its alphabet only, cut with two points where it is longer."""
    plain = "".join(_plain(sign) for sign in unicodedata.normalize("NFC", " ".join(text.split())))
    if gsm7_length(plain) <= most:
        return plain
    while gsm7_length(plain) > most - 2:
        plain = plain[:-1]
    return f"{plain.rstrip()}.."


def _plain(sign: str) -> str:
    if sign in _GSM7:
        return sign
    bare = unicodedata.normalize("NFKD", sign)
    kept = "".join(one for one in bare if one in _GSM7)
    return kept or "?"

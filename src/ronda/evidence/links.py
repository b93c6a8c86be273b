"""Links to working copies: signed, good for a minute, without a session: they may stand under another origin."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from django.conf import settings

KINDS = {"image/jpeg": "jpg", "application/pdf": "pdf"}
_TOKEN = re.compile(
    r"(?P<sha256>[0-9a-f]{64})\.(?P<kind>jpg|pdf)\.(?P<until>\d{1,12})\.(?P<sign>[\w-]{43})\Z", re.A
)


@dataclass(frozen=True, slots=True)
class Link:
    """What a link gives: the working copy of a file."""

    sha256: str
    kind: str


def link_sign(link: Link, *, until_s: int) -> str:
    """The token of a link that is good until then (Unix seconds)."""
    body = f"{link.sha256}.{KINDS[link.kind]}.{until_s}"
    return f"{body}.{_signature(body)}"


def link_read(token: str, *, now_s: float) -> Link | None:
    """What a token gives; None when it is not ours, changed or out of date."""
    parts = _TOKEN.match(token)
    if parts is None or int(parts["until"]) < now_s:
        return None
    body, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature, _signature(body)):
        return None
    kind = next(kind for kind, suffix in KINDS.items() if suffix == parts["kind"])
    return Link(parts["sha256"], kind)


def _signature(body: str) -> str:
    key = hmac.digest(settings.KEYS.gate, b"ronda working copy link v1", "sha256")
    return urlsafe_b64encode(hmac.digest(key, body.encode(), "sha256")).decode().rstrip("=")

"""Bearer tokens: who may send, signed with the node's key, so that checking one needs no database.

`r1~key id~agency~kind~area~device~person~kinds~expires~signature`. Whether the device was revoked since is asked of
the database together with the insert, for every message.
"""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from uuid import UUID

from ronda.gate.domain import Grant
from ronda.kernel.areas import is_code
from ronda.kernel.keys import NodeKeys

VERSION = "r1"
MAX_TOKEN = 600


class TokenRefused(Exception):
    """The token gives no right to send; its text says why."""


def token_key(keys: NodeKeys) -> bytes:
    """The key of tokens, apart from any other use of the node's secret."""
    return hmac.digest(keys.gate, b"ronda bearer token v1", "sha256")


def token_make(grant: Grant, *, expires_s: int, key: bytes, key_id: int) -> str:
    """A token for `grant`, good until `expires_s` (Unix seconds)."""
    parts = (
        VERSION,
        str(key_id),
        grant.agency,
        grant.kind,
        grant.area,
        str(grant.device or ""),
        str(grant.person or ""),
        "+".join(grant.kinds),
        str(expires_s),
    )
    body = "~".join(parts)
    if body.count("~") != len(parts) - 1 or not body.isascii() or " " in body:
        raise ValueError(f"a token cannot carry {grant!r}")
    return f"{body}~{_signature(body, key)}"


def token_read(token: str, *, now_s: float, key: bytes, key_id: int) -> Grant:
    """The grant of a token; TokenRefused when it is not ours, damaged or out of date."""
    grant, expires_s = _opened(token, key, key_id)
    if expires_s < now_s:
        raise TokenRefused("the token has expired")
    return grant


@lru_cache(maxsize=4096)
def _opened(token: str, key: bytes, key_id: int) -> tuple[Grant, int]:
    """Signature and form, checked once per token and process; expiry and revocation are checked every time."""
    body, _, signature = token.rpartition("~")
    if len(token) > MAX_TOKEN or not token.isascii():
        raise TokenRefused("the token is too long or not plain text")
    if not hmac.compare_digest(signature, _signature(body, key)):
        raise TokenRefused("the token was not made by this node")
    parts = body.split("~")
    if len(parts) != 9 or parts[0] != VERSION or parts[1] != str(key_id) or not is_code(parts[4]):
        raise TokenRefused("the token has another form than wanted")
    _, _, agency, kind, area, device, person, kinds, expires = parts
    grant = Grant(agency, kind, area, _uuid(device), _uuid(person), tuple(kinds.split("+")))
    return grant, int(expires)


def _uuid(text: str) -> UUID | None:
    return UUID(text) if text else None


def _signature(body: str, key: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(key, body.encode(), "sha256")).decode().rstrip("=")

"""HTTP Digest (RFC 7616, MD5 with qop=auth, as form apps speak it) without anything to store."""

import hashlib
import hmac
import re
from dataclasses import dataclass

REALM = "Ronda"
LIFE_S = 600
_PART = re.compile(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_NONCE = re.compile(r"(\d{1,12})\.([0-9a-f]{32})\Z")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a client shows: its name, and the proof that it knows the password."""

    user: str
    uri: str
    nonce: str
    count: str
    cnonce: str
    qop: str
    response: str


def nonce_made(*, now_s: int, key: bytes) -> str:
    """A nonce that carries its own time, signed."""
    return f"{now_s}.{_sign(str(now_s), key)}"


def nonce_is_fresh(nonce: str, *, now_s: int, key: bytes) -> bool:
    """Whether it is ours and not too old. A replayed request has no second effect, so counts are not kept."""
    found = _NONCE.match(nonce)
    if found is None or not hmac.compare_digest(_sign(found[1], key), found[2]):
        return False
    return 0 <= now_s - int(found[1]) < LIFE_S


def _sign(text: str, key: bytes) -> str:
    return hmac.new(key, f"digest nonce {text}".encode(), hashlib.sha256).hexdigest()[:32]


def challenge(*, now_s: int, key: bytes, is_stale: bool) -> str:
    """The header that asks for a proof."""
    stale = ", stale=true" if is_stale else ""
    return f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{nonce_made(now_s=now_s, key=key)}"{stale}'


def shown_read(header: str) -> Shown | None:
    """The parts of an Authorization header; None where it is no Digest of ours."""
    scheme, _, rest = header[:2_000].partition(" ")
    if scheme.lower() != "digest":
        return None
    parts = {name.lower(): quoted or plain for name, quoted, plain in _PART.findall(rest)}
    wanted = ("username", "uri", "nonce", "nc", "cnonce", "qop", "response")
    if any(name not in parts for name in wanted) or parts["qop"] != "auth" or parts.get("realm") != REALM:
        return None
    return Shown(*(parts[name] for name in wanted))


def is_proven(shown: Shown, *, method: str, password: str) -> bool:
    """Whether the proof was made with the password, for this method and address."""
    one = _md5(f"{shown.user}:{REALM}:{password}")
    two = _md5(f"{method}:{shown.uri}")
    wanted = _md5(":".join((one, shown.nonce, shown.count, shown.cnonce, shown.qop, two)))
    return hmac.compare_digest(wanted, shown.response.lower().encode("ascii", "replace").decode())


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

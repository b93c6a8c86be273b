"""Proof of work for public messages: a few seconds of a phone's computing instead of an account or an address.

A challenge `w1~area~bits~seconds~signature` is signed for one message, one regency and a quarter of an hour; it is
solved by a number after which the SHA-256 of `message id:challenge~number` begins with that many zero bits. It names no
person, needs no row, and serves once, since a message of that id is kept once.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

VERSION = "w1"
LIFE_S = 15 * 60
AHEAD_S = 5
LEAST_BITS, MOST_BITS = 14, 20
QUIET_PER_MINUTE = 10
MAX_WORK = 120
_WORK = re.compile(
    r"(?P<challenge>(?P<signed>w1~(?P<area>[0-9.]{0,13})~(?P<bits>\d{1,2})~(?P<at>\d{1,11}))~(?P<signature>[\w-]{43}))"
    r"~(?P<number>\d{1,15})\Z",
    re.ASCII,
)


def work_bits(load: int) -> int:
    """Zero bits that are asked at a load of public messages a minute: one more for each doubling, within bounds.

    >>> [work_bits(load) for load in (0, 9, 10, 20, 40, 320, 10**6)]
    [14, 14, 15, 16, 17, 20, 20]
    """
    return min(MOST_BITS, LEAST_BITS + (load // QUIET_PER_MINUTE).bit_length())


def challenge_make(message: UUID, area: str, *, bits: int, now_s: int, secret: bytes) -> str:
    """A challenge for one message. `secret`: the node's, from which the key of challenges is made."""
    signed = f"{VERSION}~{area}~{bits}~{now_s}"
    return f"{signed}~{_signature(message, signed, secret)}"


def is_worked(work: object, message: UUID, area: str, *, at_s: float, secret: bytes) -> bool:
    """Whether work is of this node, for this message and area, of this quarter of an hour, and done. Never raises."""
    found = _WORK.match(work) if isinstance(work, str) and len(work) <= MAX_WORK else None
    if found is None or found["area"] != area or not -AHEAD_S <= at_s - int(found["at"]) <= LIFE_S:
        return False
    is_ours = hmac.compare_digest(found["signature"], _signature(message, found["signed"], secret))
    return is_ours and zero_bits(message, found[0]) >= int(found["bits"])


def zero_bits(message: UUID, work: str) -> int:
    """With how many zero bits the digest of a solution begins."""
    return 256 - int.from_bytes(sha256(f"{message}:{work}".encode()).digest()).bit_length()


def _signature(message: UUID, signed: str, secret: bytes) -> str:
    key = hmac.digest(secret, b"ronda proof of work v1", "sha256")
    digest = hmac.digest(key, f"{message}|{signed}".encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")

"""What a leaf commits to, what a receipt says, how far a log is in order. No queries, no clock."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

SALT_BYTES = 16
HASH_BYTES = 32
COMMITMENT = b"ronda message v1\n"
RECEIPT = "ronda receipt v1"
MARK_AGE = timedelta(seconds=60)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def commitment(salt: bytes, digest: bytes, at_us: bytes) -> bytes:
    """The entry that stands in the log for a message: without the salt it says nothing about it."""
    return sha256(COMMITMENT + salt + digest + at_us).digest()


def instant_bytes(at: datetime) -> bytes:
    """Microseconds since 1970 in eight bytes."""
    return ((at - _EPOCH) // _MICROSECOND).to_bytes(8, "big")


@lru_cache(maxsize=64)  # all receipts of a group say the same instant
def instant_text(at: datetime) -> str:
    """The one written form of an instant in receipts: UTC with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def receipt_text(node: str, at: datetime, size: int, root: bytes) -> str:
    """What the node signs for a group of messages."""
    return f"{RECEIPT}\n{node}\n{instant_text(at)}\n{size}\n{b64encode(root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that the node took a message: its place in a signed group."""

    node: str
    at: datetime
    salt: bytes
    index: int
    size: int
    path: tuple[bytes, ...]
    signature: bytes


@dataclass(frozen=True, slots=True)
class SealedGroup:
    """A group of leaves under one signed root, ready to be stored in one statement."""

    node: str
    at: datetime
    salts: list[bytes]
    entries: list[bytes]
    hashes: list[bytes]
    paths: list[list[bytes]]
    signature: bytes

    def receipt(self, index: int) -> Receipt:
        path = tuple(self.paths[index])
        return Receipt(self.node, self.at, self.salts[index], index, len(self.hashes), path, self.signature)


@dataclass(frozen=True, slots=True)
class Proof:
    """A leaf is in the log under a checkpoint."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str

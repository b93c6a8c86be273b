"""Randomness and ids that come from the seed alone: the same seed gives the same day, byte for byte."""

import random
from datetime import datetime
from hashlib import sha256
from uuid import UUID


def stream(seed: int, *names: str) -> random.Random:
    """An independent stream of random numbers for one part of the day; adding a part changes no other."""
    text = "\x1f".join((str(seed), *names))
    return random.Random(int.from_bytes(sha256(text.encode()).digest()))


def seeded_uuid7(seed: int, at: datetime, *names: str) -> UUID:
    """An id in the form of a UUIDv7 of that time, the same for the same seed and names."""
    digest = int.from_bytes(sha256("\x1f".join(("id", str(seed), *names)).encode()).digest()[:10])
    stamp = int(at.timestamp() * 1000)
    value = stamp << 80 | 0x7 << 76 | (digest >> 68 & 0xFFF) << 64 | 0b10 << 62 | digest & (1 << 62) - 1
    return UUID(int=value)

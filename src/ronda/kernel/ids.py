"""Identifiers that sort by time and can be made on a phone without asking anyone (UUID version 7)."""

import os
import time
import uuid


def uuid7(at_ms: int | None = None) -> uuid.UUID:
    """A new UUIDv7; `at_ms` is Unix time in milliseconds, now when left out."""
    stamp = int(time.time() * 1000) if at_ms is None else at_ms
    if not 0 <= stamp < 1 << 48:
        raise ValueError(f"at_ms must lie in 0..2^48-1, got {stamp}")
    random = int.from_bytes(os.urandom(10), "big")
    value = stamp << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return uuid.UUID(int=value)

"""Roots and proofs of RFC 6962, in the recursive words of the specification."""

from collections.abc import Sequence
from hashlib import sha256

WIDTH = 256


def leaf(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def cut(size: int) -> int:
    """Where a tree of `size` leaves parts in two: the largest power of two below it."""
    return 1 << (size - 1).bit_length() - 1


def levels(hashes: list[bytes]) -> list[list[bytes]]:
    """The rows that tiles hold: leaf hashes, then the roots of each complete 256 of the row below."""
    rows = [hashes]
    while len(rows[-1]) >= WIDTH:
        below = rows[-1]
        rows.append([root(below[n : n + WIDTH]) for n in range(0, len(below) // WIDTH * WIDTH, WIDTH)])
    return rows


def root(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = cut(len(hashes))
    return node(root(hashes[:k]), root(hashes[k:]))


def root_by_path(hash_: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which an inclusion proof leads; None if its length or place is impossible."""
    if not 0 <= index < size:
        return None
    if size == 1:
        return hash_ if not path else None
    if not path:
        return None
    k = cut(size)
    if index < k:
        left = root_by_path(hash_, index, k, path[:-1])
        return left and node(left, path[-1])
    right = root_by_path(hash_, index - k, size - k, path[:-1])
    return right and node(path[-1], right)

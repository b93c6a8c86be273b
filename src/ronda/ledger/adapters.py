"""Rows of the log to the tree of `methods` and back."""

import os
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ronda.ledger.domain import (
    COMMITMENT,
    HASH_BYTES,
    SALT_BYTES,
    Receipt,
    SealedGroup,
    instant_bytes,
    receipt_text,
)
from ronda.methods.merkle import (
    Checkpoint,
    Frontier,
    batch_paths,
    checkpoint_body,
    inclusion_path,
    note_join,
    tree_root,
)


def group_sealed(
    digests: Sequence[bytes], *, node: str, signing: Ed25519PrivateKey, at: datetime
) -> SealedGroup:
    """Commit to a group of message digests: fresh salts, one tree, one signature."""
    instant, random = instant_bytes(at), os.urandom(SALT_BYTES * len(digests))
    salts = [random[n * SALT_BYTES : (n + 1) * SALT_BYTES] for n in range(len(digests))]
    entries = [
        sha256(COMMITMENT + salt + digest + instant).digest()
        for salt, digest in zip(salts, digests, strict=True)
    ]
    hashes = [sha256(b"\x00" + entry).digest() for entry in entries]
    root, paths = batch_paths(hashes)
    signature = signing.sign(receipt_text(node, at, len(hashes), root).encode())
    return SealedGroup(node, at, salts, entries, hashes, paths, signature)


def receipt_again(
    *, node: str, at: datetime, hashes: bytes, signature: bytes, salt: bytes, place: int
) -> Receipt:
    """The receipt of a stored leaf, equal to the byte to the first one."""
    leaves = split(hashes)
    path = tuple(inclusion_path(leaves, place))
    return Receipt(node, at, salt, place, len(leaves), path, signature)


def split(hashes: bytes) -> list[bytes]:
    """A row of hashes as a list."""
    return [hashes[n : n + HASH_BYTES] for n in range(0, len(hashes), HASH_BYTES)]


def frontier_of(size: int, peaks: bytes) -> Frontier:
    return Frontier(size, tuple(split(peaks)))


def checkpoint_signed(frontier: Frontier, *, node: str, signing: Ed25519PrivateKey) -> str:
    """The signed note of a state of the tree."""
    body = checkpoint_body(Checkpoint(node, frontier.size, frontier.root))
    return note_join(body, node, signing.public_key().public_bytes_raw(), signing.sign(body.encode()))


def tile_root(hashes: bytes) -> bytes:
    return tree_root(split(hashes))

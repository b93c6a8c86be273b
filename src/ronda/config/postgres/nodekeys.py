"""Do the keys of this node belong to its database? Told by fingerprints, which give nothing of a key away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ronda.kernel.keys import FILE_NAME, KeyFileError, node_keys
from ronda.methods.merkle import key_id, note_split

KEY_BLOCK, INNER_PAD = 64, 0x36

WAYS_OUT = (
    "bring that folder back from its own backup, or run `ronda migrate` to go on with other keys "
    "(receipts given so far stay verifiable with the old public key, and the new one has to be published; phones "
    "have to be registered again, everyone signs in anew, and one-time codes and open invitations are lost)"
)


@dataclass(frozen=True)
class KeysExpected:
    """What a database expects: the fingerprint of the key of scopes, and who signed its newest checkpoint."""

    scope: str
    log: str


def keys_expected(connection: psycopg.Connection) -> KeysExpected | None:
    """Asked as the superuser; None of a database that was never migrated."""
    if _one(connection, "SELECT to_regclass('guard.key')") is None:
        return None
    inner = _one(connection, "SELECT ik FROM guard.key ORDER BY kid DESC LIMIT 1")
    if not isinstance(inner, bytes):
        return None
    newest = "SELECT to_jsonb(c) ->> 'note' FROM ledger_checkpoint c ORDER BY size DESC LIMIT 1"
    note = (
        None
        if _one(connection, "SELECT to_regclass('ledger_checkpoint')") is None
        else _one(connection, newest)
    )
    return KeysExpected(_fingerprint(bytes(byte ^ INNER_PAD for byte in inner)), _signer(str(note or "")))


def keys_problem(folder: Path, expected: KeysExpected | None) -> str:
    """What is wrong with the keys in a folder, as one sentence with the ways out; nothing when they fit."""
    if expected is None:
        return ""
    whose = f" ({expected.log})" if expected.log else ""
    if not (folder / FILE_NAME).exists():
        return f"The database expects the keys it was made with{whose}, and {folder} holds none: {WAYS_OUT}."
    try:
        held = node_keys(folder)
    except KeyFileError as problem:
        return f"{problem} The database expects the keys it was made with{whose}: {WAYS_OUT}."
    if _fingerprint(held.scope) == expected.scope:
        return ""
    came = f"{held.node}+{key_id(held.node, held.public).hex()}"
    return f"The database expects the keys it was made with{whose}, and {folder} holds others ({came}): {WAYS_OUT}."


def keys_foreign(folder: Path) -> str:
    """The sentence for a database that has refused a scope signed with the keys in a folder."""
    return f"The database was made with other keys than those in {folder}: {WAYS_OUT}."


def _fingerprint(key: bytes) -> str:
    """Short and one-way: the key is random, so nothing can be guessed from it."""
    return hashlib.blake2b(key.ljust(KEY_BLOCK, b"\0"), digest_size=8, person=b"ronda-key-name").hexdigest()


def _signer(note: str) -> str:
    """Name and key id of who signed a note first, as `ronda log key` begins."""
    if not note:
        return ""
    name, key, _signature = note_split(note)[1][0]
    return f"{name}+{key.hex()}"


def _one(connection: psycopg.Connection, sql: str) -> object:
    row = connection.execute(sql).fetchone()
    return row[0] if row else None

"""Small logs as files, signed with a key of their own; made with the tree of `methods`, not with the verifier."""

import json
import os
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ronda.methods.merkle import (
    Checkpoint,
    batch_paths,
    checkpoint_body,
    entries_pack,
    leaf_hash,
    note_join,
    tile_path,
    tiles_of,
    tree_root,
    verifier_key,
)
from ronda.verify import VerifierKey

NODE = "ronda/test"
SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SIGNING.public_key().public_bytes_raw()
KEY = VerifierKey(NODE, PUBLIC)
AT = datetime(2024, 11, 27, 1, 2, 3, 456789, tzinfo=UTC)
TILE = 256


def entries_of(count: int) -> list[bytes]:
    return [sha256(b"entry %d" % n).digest() for n in range(count)]


def note_for(entries: list[bytes], signing: Ed25519PrivateKey = SIGNING) -> str:
    body = checkpoint_body(Checkpoint(NODE, len(entries), tree_root([leaf_hash(entry) for entry in entries])))
    return note_join(body, NODE, signing.public_key().public_bytes_raw(), signing.sign(body.encode()))


def export(folder: Path, entries: list[bytes]) -> Path:
    rows = [[leaf_hash(entry) for entry in entries]]
    while len(rows[-1]) >= TILE:
        rows.append([tree_root(rows[-1][n : n + TILE]) for n in range(0, len(rows[-1]) // TILE * TILE, TILE)])
    files = {"checkpoint": note_for(entries).encode(), "log.vkey": f"{verifier_key(NODE, PUBLIC)}\n".encode()}
    for level, number, width in tiles_of(0, len(entries)):
        start = number * TILE
        files[tile_path(level, number, width)] = b"".join(rows[level][start : start + width])
        if level == 0:
            files[tile_path(None, number, width)] = entries_pack(entries[start : start + width])
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def receipted(messages: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Answers as the gate gives them for a group of messages, and the log entries of these."""
    micros = round(AT.timestamp() * 1_000_000).to_bytes(8, "big")
    salts = [os.urandom(16) for _ in messages]
    entries = [
        sha256(b"ronda message v1\n" + salt + sha256(message).digest() + micros).digest()
        for salt, message in zip(salts, messages, strict=True)
    ]
    root, paths = batch_paths([leaf_hash(entry) for entry in entries])
    at = AT.isoformat(timespec="microseconds")
    signed = f"ronda receipt v1\n{NODE}\n{at}\n{len(messages)}\n{b64encode(root).decode()}\n"
    signature = b64encode(SIGNING.sign(signed.encode())).decode()
    answers = []
    for n, message in enumerate(messages):
        receipt = {
            "salt": b64encode(salts[n]).decode(),
            "index": n,
            "size": len(messages),
            "path": b64encode(b"".join(paths[n])).decode(),
            "signature": signature,
        }
        answer = {
            "id": json.loads(message)["id"],
            "sha256": sha256(message).hexdigest(),
            "received_at": at,
            "node": NODE,
            "receipt": receipt,
        }
        answers.append(json.dumps(answer, separators=(",", ":")).encode())
    return answers, entries

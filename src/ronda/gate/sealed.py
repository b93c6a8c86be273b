"""Messages that a phone sealed to this node (age): opened when the worker takes them, their bytes stay as they came.

The gate answers for the sealed bytes; what is inside is read once more each time, never kept in a second table. Files
are opened into the store under the hash they had when they were taken.
"""

from __future__ import annotations

import io
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

import msgspec
import pyrage
from django.conf import settings

from ronda.gate.domain import MAX_FILE_BYTES, Grant, kinds_of
from ronda.gate.files import FileRefused, FileStore, content_digest
from ronda.gate.models import File
from ronda.gate.models import Message as Row
from ronda.gate.parse import FileRef, Instant, Line60, Sha256, Word
from ronda.kernel.ids import uuid7

KIND = "sealed"
CIPHER_TYPE = "application/age"


class SealBroken(ValueError):
    """What is inside cannot be read, or may not be sent; the text names the field, never the content."""


class InnerFile(FileRef, frozen=True, gc=False):
    """A file by its own hash, and the hash of its sealed form that was handed in."""

    sealed: Sha256 | None = None


class Inner(msgspec.Struct, frozen=True):
    """The message inside: one of the gate's without id, because that is outside. `salt` is for the hash outside."""

    kind: Word
    captured_at: Instant
    body: dict[str, Any]
    election: Line60 = ""
    place: Line60 = ""
    station: int | Line60 | None = None
    files: Annotated[list[InnerFile], msgspec.Meta(max_length=20)] = []
    salt: str = ""


class _Outer(msgspec.Struct, frozen=True):
    age: str
    sha256: str = ""


class _Sealed(msgspec.Struct, frozen=True):
    body: _Outer


@dataclass(frozen=True, slots=True)
class Opened:
    """The message inside, and its exact text."""

    inner: Inner
    text: bytes


def opened(row: Row) -> Opened:
    """The message inside a sealed one. SealBroken when it is not for this node, not whole, no message, or of a kind
    that its sender may not hand in."""
    try:
        outer = msgspec.json.decode(bytes(row.raw), type=_Sealed).body
        text = pyrage.decrypt(b64decode(outer.age, validate=True), [settings.KEYS.sealing])
    except (msgspec.MsgspecError, ValueError, pyrage.DecryptError) as problem:
        raise SealBroken(f"body.age: wanted age for this node, came {type(problem).__name__}") from None
    if outer.sha256 and sha256(text).hexdigest() != outer.sha256:
        raise SealBroken("body.sha256: wanted the hash of what is inside, came another")
    try:
        inner = msgspec.json.decode(text, type=Inner)
    except msgspec.MsgspecError as problem:
        raise SealBroken(f"inside: {str(problem).partition(' - at')[0]}") from None
    if inner.kind == KIND or not Grant(row.agency, row.sender_kind).may_send(inner.kind):
        raise SealBroken(f"inside, kind: wanted one of {', '.join(kinds_of(row.sender_kind))}")
    return Opened(inner, text)


def files_open(row: Row, inner: Inner, *, at: datetime) -> tuple[str, ...]:
    """Put the files of a message into the store as they were taken; the hashes of those that are not there. One that
    does not open, or opens into something else, counts as missing: the message goes on without it."""
    known = set(
        File.objects.filter(agency=row.agency, sha256__in=[one.sha256 for one in inner.files]).values_list(
            "sha256", flat=True
        )
    )
    missing = []
    for one in inner.files:
        if one.sha256 not in known and not _file_open(row, one, at):
            missing.append(one.sha256)
    return tuple(missing)


def _file_open(row: Row, one: InnerFile, at: datetime) -> bool:
    sealed = one.sealed
    if sealed is None or not File.objects.filter(agency=row.agency, sha256=sealed).exists():
        return False
    store = FileStore(settings.VAR / "files")
    try:
        content = pyrage.decrypt(store.path(sealed).read_bytes(), [settings.KEYS.sealing])
    except (OSError, pyrage.DecryptError):
        return False
    if len(content) > MAX_FILE_BYTES or content_digest(io.BytesIO(content)) != one.sha256:
        return False
    grant = Grant(row.agency, row.sender_kind, row.sender_area, row.device)
    try:
        size = store.take(one.sha256, grant, io.BytesIO(content))
    except FileRefused:
        return False
    File.objects.bulk_create(
        [
            File(
                id=uuid7(),
                sha256=one.sha256,
                size=size,
                type=one.type,
                sealed_as=sealed,
                device=row.device,
                area=row.area,
                agency=row.agency,
                sensitivity=3,
                created_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    return True

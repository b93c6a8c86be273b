"""Making working copies, and the links by which people look at them."""

from __future__ import annotations

import os
from datetime import datetime
from hashlib import sha256 as digest_of
from pathlib import Path
from secrets import token_hex

import numpy as np
from django.conf import settings
from django.urls import reverse

from ronda.evidence import selectors
from ronda.evidence.decoding import HURRY_S, PATIENCE_S, Decoded, decoded
from ronda.evidence.domain import LINK_LIFE_S, Reason
from ronda.evidence.links import Link, link_sign
from ronda.evidence.models import WorkingCopy
from ronda.gate import selectors as gate
from ronda.kernel.scope import Scope, scoped
from ronda.methods.photos import HASH_SIDE, hash_bytes, photo_hash

EVEN_GREY = 2.0  # standard deviation of grey below which a picture shows nothing


class NoCopy(Exception):
    """There is nothing that could be shown; the sentence is for the person who asked."""


def copy_make(*, sha256: str, agency: str, area: str, at: datetime, hurry: bool = False) -> WorkingCopy:
    """The working copy of a file that an agency handed in; made now if nobody did before. Repeating is safe. In a hurry
    it waits a few seconds at most, and what took longer is left to the worker."""
    known = selectors.copy_for(sha256, agency=agency)
    if known is not None:
        return known
    path = gate.file_path(sha256, agency=agency)
    made = (
        Decoded(Reason.UNREADABLE)
        if path is None
        else decoded(path.read_bytes(), patience_s=HURRY_S if hurry else PATIENCE_S)
    )
    row = _row(made, sha256=sha256, agency=agency, area=area, at=at)
    says_nothing = made.reason is Reason.BUSY or (hurry and made.reason is Reason.TIME)
    if says_nothing or path is None:
        return row
    if made.copy:
        _keep(selectors.copy_path(sha256, made.kind), made.copy)
    with scoped(Scope.system()):
        WorkingCopy.objects.bulk_create([row], ignore_conflicts=True)
    return selectors.copy_for(sha256, agency=agency) or row


def _row(made: Decoded, *, sha256: str, agency: str, area: str, at: datetime) -> WorkingCopy:
    stated = made.stated
    row = WorkingCopy(
        area=area,
        sensitivity=3,
        agency=agency,
        created_at=at,
        sha256=sha256,
        reason=made.reason,
        kind=made.kind,
        copy_sha256=digest_of(made.copy).hexdigest() if made.copy else "",
        pages=made.pages,
        width=made.width,
        height=made.height,
        taken_at=stated.taken.isoformat() if stated.taken else "",
        latitude=stated.latitude,
        longitude=stated.longitude,
    )
    look = _look(made.grey)
    if look is not None:
        row.look = look - 2**64 if look >= 2**63 else look
        for at_, byte in enumerate(hash_bytes(look), 1):
            setattr(row, f"look_{at_}", byte)
    return row


def _look(grey: bytes) -> int | None:
    """The hash of what a picture shows; None where it shows nothing."""
    if len(grey) != HASH_SIDE**2:
        return None
    picture = np.frombuffer(grey, np.uint8).reshape(HASH_SIDE, HASH_SIDE)
    return photo_hash(picture) if picture.std() >= EVEN_GREY else None


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{token_hex(8)}")
    draft.write_bytes(content)
    os.replace(draft, path)


def copy_link(*, sha256: str, agency: str, area: str, at: datetime, now_s: float) -> str:
    """The address of the working copy, good for a minute. NoCopy says why there is none. The caller has asked who
    looks, and has noted it."""
    row = copy_make(sha256=sha256, agency=agency, area=area, at=at, hurry=True)
    if row.reason:
        raise NoCopy(str(row.get_reason_display()))
    token = link_sign(Link(sha256, row.kind), until_s=int(now_s) + LINK_LIFE_S)
    return f"{settings.EVIDENCE_ORIGIN}{reverse('evidence:working-copy', args=[token])}"

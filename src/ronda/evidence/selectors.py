"""Reads of working copies. Who may look at a file is for the caller to know, and to note, before it asks here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from ronda.evidence.domain import NEAR_BITS, Apart, disagreements
from ronda.evidence.links import KINDS
from ronda.evidence.models import WorkingCopy
from ronda.kernel.scope import Scope, scoped
from ronda.methods.photos import hash_bytes, hash_distance

MOST_NEAR = 50


def copy_for(sha256: str, *, agency: str) -> WorkingCopy | None:
    """What became of a file when it was decoded; None while it was not."""
    with scoped(Scope.system()):
        return WorkingCopy.objects.filter(sha256=sha256, agency=agency).first()


def copies_for(hashes: Collection[str], *, agency: str) -> dict[str, WorkingCopy]:
    """The same for many files."""
    with scoped(Scope.system()):
        rows = WorkingCopy.objects.filter(sha256__in=hashes, agency=agency)
        return {row.sha256: row for row in rows}


def copy_path(sha256: str, kind: str) -> Path:
    """Where the working copy of a file lies."""
    return Path(settings.VAR) / "copies" / sha256[:2] / sha256[2:4] / f"{sha256}.{KINDS[kind]}"


def look_of(row: WorkingCopy) -> int | None:
    """The hash of what a photo shows, as 64 bits."""
    return None if row.look is None else row.look & (2**64 - 1)


def looks_since(at: datetime) -> list[tuple[str, str, int]]:
    """(hash, agency, look) of photos decoded since, oldest first."""
    with scoped(Scope.system()):
        rows = WorkingCopy.objects.filter(created_at__gte=at, look__isnull=False).order_by("created_at")
        return [(row.sha256, row.agency, look) for row in rows if (look := look_of(row)) is not None]


def copies_alike(row: WorkingCopy, *, before: datetime | None = None) -> list[tuple[int, WorkingCopy]]:
    """(bits apart, copy) of other files that look like this one, nearest first; of those that came earlier if asked."""
    look = look_of(row)
    if look is None:
        return []
    same_byte = (Q(**{f"look_{at}": byte}) for at, byte in enumerate(hash_bytes(look), 1))
    with scoped(Scope.system()):
        rows = WorkingCopy.objects.filter(reduce(or_, same_byte)).exclude(sha256=row.sha256)
        if before is not None:
            rows = rows.filter(created_at__lt=before)
        found = [
            (hash_distance(look, other_look), one) for one in rows if (other_look := look_of(one)) is not None
        ]
    near = [pair for pair in found if pair[0] <= NEAR_BITS]
    return sorted(near, key=lambda pair: (pair[0], pair[1].created_at))[:MOST_NEAR]


def apart_from(
    row: WorkingCopy, *, captured_at: datetime | None, place: tuple[float, float] | None = None
) -> list[Apart]:
    """Where a file disagrees with what its message says."""
    taken = datetime.fromisoformat(row.taken_at) if row.taken_at else None
    point = None if row.latitude is None or row.longitude is None else (row.latitude, row.longitude)
    return disagreements(taken=taken, captured_at=captured_at, point=point, place=place)

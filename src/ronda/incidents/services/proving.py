"""Files that show the work: checked by their content, kept as they came, read only with a line in the audit first."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ronda.gate import selectors as gate
from ronda.gate.domain import Grant
from ronda.gate.services import NotKept, file_hand_in
from ronda.incidents.domain import HEAD_BYTES, PROOF_CLASS, proof_type
from ronda.incidents.models import ActionStep, Incident, Proof, ProofFile
from ronda.incidents.services.rows import child_stamp
from ronda.kernel.journal import audit
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope, scoped
from ronda.reports.domain import MoveRefused


@dataclass(frozen=True)
class Shown:
    """A file that the gate keeps: its hash, size and type."""

    sha256: str
    size: int
    type: str


@dataclass(frozen=True)
class OpenFile:
    """A proof that lies unchanged in the store."""

    sha256: str
    agency: str
    area: str


def content_type(content: BinaryIO) -> tuple[str, int]:
    """Type and size of what may become proof; MoveRefused says what is wrong with it."""
    size = content.seek(0, 2)
    content.seek(0)
    return proof_type(content.read(HEAD_BYTES), size), size


def file_take(*, content: BinaryIO, by: Scope, at: datetime) -> Shown:
    """Check a file and let the gate keep it, byte for byte."""
    type_, size = content_type(content)
    grant = Grant(by.agency, by.kind, by.area, person=person_uuid(by.person))
    try:
        return Shown(file_hand_in(content=content, kind=type_, grant=grant, at=at), size, type_)
    except NotKept:
        raise MoveRefused(
            _(
                "Berkas belum tersimpan karena simpanan sedang terganggu. Simpan berkasnya dan coba lagi sebentar."
            )
        ) from None


def file_known(sha: str, *, by: Scope) -> Shown:
    """A file that the agency handed in at the gate before."""
    path = gate.file_path(sha.strip().lower(), agency=by.agency)
    if path is None:
        raise MoveRefused(
            _("Berkas dengan sidik itu belum diterima dari lembaga Anda. Kirim dulu berkasnya.")
        )
    with path.open("rb") as content:
        type_, size = content_type(content)
    return Shown(path.name, size, type_)


def file_attach(
    shown: Shown,
    incident: Incident,
    *,
    proof: Proof | None = None,
    step: ActionStep | None = None,
    by: Scope,
    at: datetime,
) -> None:
    """Hang a file on a proof or on a step of an action. Class 3 lies above many who bring proof: the node writes it."""
    stamp = {**child_stamp(incident, by, at), "sensitivity": PROOF_CLASS}
    row = ProofFile(
        incident=incident,
        proof=proof,
        step=step,
        sha256=shown.sha256,
        size=shown.size,
        type=shown.type,
        **stamp,
    )
    with scoped(Scope.system()):
        row.save(force_insert=True)


def proof_file_open(*, file: UUID, at: datetime) -> OpenFile:
    """Open a proof. The line in the audit stands before anything of it leaves, in the reader's transaction."""
    with transaction.atomic():
        row = ProofFile.objects.select_related("incident").get(pk=file)
        audit(
            "proof_file.read",
            record="proof_file",
            area=row.area,
            at=at,
            subject=row.id,
            detail={"sha256": row.sha256},
        )
        _require_unchanged(row)
        return OpenFile(row.sha256, row.agency, row.area)


def _require_unchanged(row: ProofFile) -> None:
    path: Path | None = gate.file_path(row.sha256, agency=row.agency)
    content = path.read_bytes() if path is not None and path.exists() else b""
    if sha256(content).hexdigest() != row.sha256:
        raise MoveRefused(
            _("Berkas ini hilang atau tidak lagi sama dengan saat diterima. Beri tahu petugas jaga sistem.")
        )

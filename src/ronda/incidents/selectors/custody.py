"""Who opened the files of an incident, and who signed the steps of a hand-over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ronda.agencies import selectors as agencies
from ronda.incidents.models import Handover, HandoverActor, Incident, ProofFile
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped


def proof_files(incident: Incident) -> list[ProofFile]:
    """The files of an incident in the order they came, as far as the scope reaches."""
    rows = ProofFile.objects.filter(incident=incident).select_related("incident")
    return list(rows.order_by("created_at", "id"))


def readings_of(files: Sequence[ProofFile]) -> dict[str, list[tuple[datetime, str]]]:
    """By hash of a file when it was opened and by which agency. The audit is read past the policies, for files that are
    in sight: who opened is told as agency, never as person."""
    hashes = {file.pk: file.sha256 for file in files}
    names = {one.code: one.name for one in agencies.agency_list()}
    with scoped(Scope.system()):
        lines = AuditLine.objects.filter(subject__in=hashes, action="proof_file.read").order_by(
            "created_at", "id"
        )
        read = list(lines.values_list("subject", "created_at", "agency"))
    found: dict[str, list[tuple[datetime, str]]] = {}
    for subject, when, agency in read:
        if subject is not None:
            found.setdefault(hashes[subject], []).append((when, names.get(agency, agency)))
    return found


def signed_by(handover: Handover) -> dict[UUID, str]:
    """By step of a hand-over the name and role of who did it, for the two agencies of it."""
    return {actor.step_id: actor.words for actor in HandoverActor.objects.filter(step__handover=handover)}

"""Which other reports and proofs show a photo that looks like this one, as far as the scope shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ronda.evidence import selectors as evidence
from ronda.incidents.models import ProofFile
from ronda.reports.selectors.photos import hashes_of, reports_with

if TYPE_CHECKING:
    from ronda.reports.models import Report

BITS = 64


@dataclass(frozen=True)
class Alike:
    """A report or a proof with a photo that looks like the one asked about; `share` of its look that agrees."""

    sha256: str
    share: float
    is_same_file: bool
    at: datetime
    report: "Report | None" = None
    proof: ProofFile | None = None


def photos_alike(sha256: str, *, agency: str) -> list[Alike]:
    """The likest first, of like ones the earliest. A file that shows nothing or cannot be opened is compared byte for
    byte alone."""
    copy = evidence.copy_for(sha256, agency=agency)
    bits = {row.sha256: far for far, row in reversed(evidence.copies_alike(copy))} if copy else {}
    bits[sha256] = 0
    found = [
        Alike(one, 1 - bits[one] / BITS, one == sha256, report.received_at, report=report)
        for report in reports_with(bits)
        for one in hashes_of(report)
        if one in bits
    ]
    proofs = ProofFile.objects.filter(sha256__in=bits).select_related("incident")
    found += [
        Alike(row.sha256, 1 - bits[row.sha256] / BITS, row.sha256 == sha256, row.created_at, proof=row)
        for row in proofs
    ]
    return sorted(found, key=lambda one: (-one.share, one.at))

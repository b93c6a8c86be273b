"""What photos show is known a little after their report came: then it is compared once more."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from ronda.evidence import selectors as evidence
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.reports.adapters.likeness import with_photos
from ronda.reports.domain import ReportSource, ReportState
from ronda.reports.models import Report, ReportSketch
from ronda.reports.selectors.grouping import candidates_with
from ronda.reports.selectors.photos import reports_with
from ronda.reports.services.grouping import report_propose
from ronda.reports.services.rows import lock

BACK = timedelta(minutes=10)
_noted: set[tuple[str, str]] = set()  # of this process; noting again changes nothing


def looks_note() -> int:
    """Note what photos show that were decoded since, and put reports with like photos together if nobody has done
    anything with them yet. For the worker; returns how many photos. Repeating is safe."""
    lately = evidence.looks_since(clock.now() - BACK)
    copies = [one for one in lately if one[:2] not in _noted]
    for sha256, agency, look in copies:
        with scoped(Scope.system()), transaction.atomic():
            for report in reports_with([sha256]):
                if report.agency == agency and report.source != ReportSource.MACHINE:
                    _note(report, sha256, look)
        _noted.add((sha256, agency))
    _noted.intersection_update(one[:2] for one in lately)
    return len(copies)


def _note(report: Report, sha256: str, look: int) -> None:
    row = ReportSketch.objects.filter(report=report).first()
    if row is None or not with_photos(row, look):
        return
    row.save(update_fields=["photos"])
    (held,) = lock([report.pk])
    if held.state == ReportState.NEW and held.is_lead and held.group_size == 1 and held.claimed_by is None:
        report_propose(
            held, row, candidates_with(_alike(sha256, held.agency), besides=held, until=held.received_at)
        )


def _alike(sha256: str, agency: str) -> Sequence[str]:
    copy = evidence.copy_for(sha256, agency=agency)
    return [sha256, *(one.sha256 for _bits, one in evidence.copies_alike(copy))] if copy else []

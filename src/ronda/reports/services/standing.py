"""A person says what a report is in law, on what paper."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ronda.agencies.domain import legal_date
from ronda.kernel.journal import journal
from ronda.kernel.scope import Scope
from ronda.reports.domain import MoveRefused, Standing
from ronda.reports.domain.standing import require_may_become
from ronda.reports.events import ReportStood
from ronda.reports.models import ReportStanding
from ronda.reports.selectors.standing import sender_rule
from ronda.reports.services.rows import event_frame, locked, stamp


def report_stand(
    *,
    report: UUID,
    standing: Standing,
    document: str,
    stated_on: date | None,
    note: str,
    by: Scope,
    at: datetime,
) -> ReportStanding:
    """Say that a report is a formal report, a finding, or initial information again. A later row counts."""
    with transaction.atomic():
        row = locked(report)
        if row.standing == standing:
            raise MoveRefused(_("Kedudukan laporan ini sudah demikian."))
        rule = sender_rule(row)
        require_may_become(standing, rule.may, rule.why.in_language(get_language() or "id"))
        if standing != Standing.INFO and (not document.strip() or stated_on is None):
            raise MoveRefused(_("Tulis nomor formulir atau berita acara pleno, dan tanggalnya."))
        if stated_on is not None and stated_on > legal_date(at):
            raise MoveRefused(_("Tanggal suratnya belum tiba."))
        if standing == Standing.INFO and not note.strip():
            raise MoveRefused(_("Tulis mengapa kembali menjadi informasi awal."))
        stood = ReportStanding(
            standing=standing, document=document.strip(), stated_on=stated_on, note=note, **stamp(row, by, at)
        )
        stood.save(force_insert=True)
        row.standing = standing
        row.save(update_fields=["standing"])
        journal(ReportStood(standing=standing, **event_frame(row)), at=at)
        return stood

"""A person says where a report belongs, whether it holds, and may take that back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ronda.agencies import selectors as agencies
from ronda.kernel.areas import is_code, within
from ronda.kernel.journal import journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope, scoped
from ronda.law import incident_kinds
from ronda.reports.adapters import known_codes
from ronda.reports.domain import (
    VERIFIES,
    FollowState,
    MoveRefused,
    RejectReason,
    ReportState,
    SourceCheck,
    Verdict,
    receipt_code,
    receipt_digest,
    report_move,
)
from ronda.reports.domain.priority import source_of
from ronda.reports.events import ReportPlaced, ReportRejected, ReportReturned, ReportVerified
from ronda.reports.models import Report, ReportDecision, ReportPlacement, ReportSketch
from ronda.reports.services.claiming import claim_pass
from ronda.reports.services.grouping import group_settle
from ronda.reports.services.reporters import follow_add
from ronda.reports.services.rows import decider, event_frame, locked


@dataclass(frozen=True)
class VerifiedFacts:
    """What the duty officer made sure of, and on what that rests: a second report, a paper, or an officer's post."""

    kind: str
    place: str
    happened_at: datetime
    source_check: SourceCheck
    station_code: str = ""
    note: str = ""
    other_report: UUID | None = None
    document: str = ""
    officer: UUID | None = None


def report_place(
    *, report: UUID, place: str, by: Scope, at: datetime, station_code: str = "", note: str = ""
) -> ReportPlacement:
    """Say where a report belongs; a new row, and the report is filed there from now on."""
    _require_known(place)
    with transaction.atomic():
        row = locked(report)
        claim_pass(row, by, at)
        if row.state != ReportState.NEW:
            raise MoveRefused(_("Tempat laporan yang sudah diputuskan tidak dapat dipindahkan."))
        placement = ReportPlacement(
            report=row, place=place, station_code=station_code, note=note, **_stamp(row, by, at, area=place)
        )
        placement.save(force_insert=True)
        _file_under(row, place, station_code)
        _compare_at(row)
        journal(ReportPlaced(place=place, **event_frame(row)), at=at)
        return placement


def report_verify(*, report: UUID, facts: VerifiedFacts, by: Scope, at: datetime) -> Report:
    """Confirm source, place, time and kind. The sender cannot confirm the own report."""
    _require_known(facts.place)
    if facts.kind not in incident_kinds():
        raise MoveRefused(_("Pilih jenis kejadian dari daftar."))
    with transaction.atomic():
        row = locked(report)
        state = report_move(ReportState(row.state), Verdict.VERIFIED)
        claim_pass(row, by, at)
        if row.sent_by is not None and row.sent_by == person_uuid(by.person):
            raise MoveRefused(_("Laporan Anda sendiri harus diperiksa oleh orang lain."))
        rests_on = _rests_on(row, facts)
        ReportDecision(
            report=row,
            verdict=Verdict.VERIFIED,
            kind=facts.kind,
            source_check=facts.source_check,
            happened_at=facts.happened_at,
            place=facts.place,
            station_code=facts.station_code,
            note=facts.note,
            **rests_on,
            **decider(by, at),
            **_stamp(row, by, at, area=facts.place),
        ).save(force_insert=True)
        _file_under(row, facts.place, facts.station_code, state=state)
        group_settle(row.group)
        _follow(row, FollowState.VERIFIED, at)
        journal(ReportVerified(kind=facts.kind, **event_frame(row)), at=at)
        return row


def report_reject(
    *, report: UUID, reason: RejectReason, note: str, by: Scope, at: datetime
) -> ReportDecision:
    """Reject a report with a reason and a sentence; it stays readable and can be returned to the inbox."""
    if not note.strip():
        raise MoveRefused(_("Tulis satu kalimat mengapa laporan ini ditolak."))
    return _decide(
        report,
        Verdict.REJECTED,
        FollowState.REJECTED,
        lambda row: ReportRejected(reason=reason, **event_frame(row)),
        by=by,
        at=at,
        reason=reason,
        note=note,
    )


def report_return(*, report: UUID, note: str, by: Scope, at: datetime) -> ReportDecision:
    """Put a decided report back into the inbox, saying why."""
    if not note.strip():
        raise MoveRefused(_("Tulis mengapa laporan ini diperiksa kembali."))
    return _decide(
        report,
        Verdict.RETURNED,
        FollowState.RETURNED,
        lambda row: ReportReturned(**event_frame(row)),
        by=by,
        at=at,
        note=note,
    )


def _decide(
    report: UUID,
    verdict: Verdict,
    follow: FollowState,
    event_of: Callable[[Report], ReportRejected | ReportReturned],
    *,
    by: Scope,
    at: datetime,
    note: str,
    reason: str = "",
) -> ReportDecision:
    with transaction.atomic():
        row = locked(report)
        state = report_move(ReportState(row.state), verdict)
        claim_pass(row, by, at)
        decision = ReportDecision(
            report=row,
            verdict=verdict,
            reason=reason,
            note=note,
            **decider(by, at),
            **_stamp(row, by, at, area=row.area),
        )
        decision.save(force_insert=True)
        row.state = state
        row.save(update_fields=["state"])
        group_settle(row.group)
        _follow(row, follow, at)
        journal(event_of(row), at=at)
        return decision


def _follow(report: Report, state: FollowState, at: datetime) -> None:
    digest = receipt_digest(receipt_code(report.message))
    follow_add(digests=[digest], state=state, area=report.area, at=at)


def _require_known(place: str) -> None:
    if not is_code(place) or not place or place not in known_codes([place]):
        raise MoveRefused(_("Pilih tempat dari daftar wilayah."))


def _rests_on(row: Report, facts: VerifiedFacts) -> dict[str, Any]:
    """What the verification points at; MoveRefused when it points at nothing that verifies."""
    if facts.source_check == SourceCheck.TWO_SOURCES:
        return {"other_report": _second_source(row, facts.other_report)}
    if facts.source_check == SourceCheck.SEEN:
        return _officer(facts)
    if facts.source_check not in VERIFIES:
        raise MoveRefused(
            _("Menghubungi pelapor saja belum membuktikan. Tunjuk sumber kedua, petugas, atau dokumen.")
        )
    if not facts.document.strip():
        raise MoveRefused(_("Pilih berkasnya, atau tulis nomor dokumen yang diperiksa."))
    return {"document": facts.document.strip()}


def _second_source(row: Report, other: UUID | None) -> Report:
    """The other report, of somebody else. Two messages of the public without account may be of one person."""
    second = Report.objects.filter(pk=other).first() if other else None
    if second is None or second.state == ReportState.REJECTED:
        raise MoveRefused(_("Tunjuk laporan kedua yang menguatkan."))
    one, two = (source_of(report.agency, report.source, report.sent_by) for report in (row, second))
    if one == two:
        raise MoveRefused(
            _(
                "Kedua laporan berasal dari sumber yang sama, atau dari warga tanpa akun yang mungkin satu orang."
            )
        )
    return second


def _officer(facts: VerifiedFacts) -> dict[str, Any]:
    """The post of the officer who was there, with the name as it stands now."""
    post = agencies.post_for(facts.officer) if facts.officer else None
    if post is None or not (within(facts.place, post.area) or within(post.area, facts.place)):
        raise MoveRefused(_("Pilih petugas yang melihat sendiri di tempat."))
    return {"officer": post.pk, "officer_name": f"{post.display_name} · {post.unit.name}"[:160]}


def _compare_at(row: Report) -> None:
    """From now on it is compared at the place it was put to."""
    with scoped(Scope.system()):
        ReportSketch.objects.filter(report=row).update(area=row.area, station_code=row.station_code)


def _file_under(report: Report, place: str, station_code: str, *, state: ReportState | None = None) -> None:
    report.area, report.station_code, report.is_placed = place, station_code, True
    changed = ["area", "station_code", "is_placed"]
    if state is not None:
        report.state = state
        changed.append("state")
    report.save(update_fields=changed)


def _stamp(report: Report, by: Scope, at: datetime, *, area: str) -> dict[str, Any]:
    audience = [] if report.agency in ("publik", by.agency) else [report.agency]
    return {
        "area": area,
        "sensitivity": report.sensitivity,
        "agency": by.agency,
        "audience": audience,
        "created_at": at,
        "by": person_uuid(by.person),
        "at": at,
    }

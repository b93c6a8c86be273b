"""Writes on reports: each is one transaction, one change, one event, one audit line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ronda.kernel.areas import Level, at_level, is_code
from ronda.kernel.journal import journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope, scoped
from ronda.law import incident_kinds
from ronda.reports.adapters import (
    IncomingReport,
    ReadBody,
    codes_to_look_up,
    file_report,
    known_codes,
    read_body,
    storable,
)
from ronda.reports.domain import (
    FollowState,
    MoveRefused,
    RejectReason,
    ReportSource,
    ReportState,
    SourceCheck,
    Verdict,
    check_due,
    is_ongoing,
    receipt_code,
    receipt_digest,
    report_move,
    report_priority,
    severity_of,
)
from ronda.reports.events import (
    ContactAdded,
    ContactRevealed,
    ReportPlaced,
    ReportReceived,
    ReportRejected,
    ReportReturned,
    ReportVerified,
)
from ronda.reports.models import FollowStep, Report, ReportDecision, ReporterContact, ReportPlacement

_OWN_READERS = {ReportSource.WITNESS, ReportSource.OBSERVER}


@dataclass(frozen=True)
class VerifiedFacts:
    """What the duty officer made sure of."""

    kind: str
    place: str
    happened_at: datetime
    source_check: SourceCheck
    station_code: str = ""
    note: str = ""


def reports_receive(*, incoming: Sequence[IncomingReport]) -> list[Report]:
    """Turn accepted messages into reports. A message that is already a report changes nothing."""
    with scoped(Scope.system()):
        wanted = {one.message: one for one in incoming}
        present = set(Report.objects.filter(message__in=wanted).values_list("message", flat=True))
        fresh = [one for message, one in wanted.items() if message not in present]
        known = known_codes(codes_to_look_up(fresh))
        return [_receive(one, known) for one in fresh]


def _receive(incoming: IncomingReport, known: set[str]) -> Report:
    read = read_body(incoming)
    report = _new_report(incoming, read, known)
    report.save(force_insert=True)
    follow_add(
        digests=[receipt_digest(receipt_code(incoming.message))],
        state=FollowState.RECEIVED,
        area=report.area,
        at=incoming.received_at,
    )
    event = ReportReceived(source=report.source, kind=report.kind, place=report.place, **_frame(report))
    journal(event, at=incoming.received_at, by=str(report.sent_by or ""))
    return report


def _new_report(incoming: IncomingReport, read: ReadBody, known: set[str]) -> Report:
    filing = file_report(incoming, read.station, known)
    kind = incident_kinds().get(read.kind)
    severity = severity_of(kind.due.hours if kind else None)
    source = incoming.sender.source
    return Report(
        area=filing.area,
        sensitivity=1 if source in _OWN_READERS else 2,
        agency=incoming.sender.agency,
        created_at=incoming.received_at,
        message=incoming.message,
        election=incoming.election,
        source=source,
        kind=read.kind,
        text=read.text,
        place=storable(incoming.place, "place", read.remarks),
        place_words=read.place_words,
        station=read.station,
        happened_at=read.happened_at,
        known_at=read.known_at,
        captured_at=read.captured_at,
        received_at=incoming.received_at,
        is_danger=read.is_danger,
        files=[dict(file) for file in incoming.files],
        remarks=read.remarks,
        sent_by=incoming.sender.person,
        priority=report_priority(
            severity=severity,
            is_danger=read.is_danger,
            is_ongoing=is_ongoing(read.happened_at, incoming.received_at),
            at_station=bool(filing.station_code),
        ),
        check_due_at=check_due(incoming.received_at, severity=severity, is_danger=read.is_danger),
        station_code=filing.station_code,
        is_placed=filing.is_placed,
    )


def report_place(
    *, report: UUID, place: str, by: Scope, at: datetime, station_code: str = "", note: str = ""
) -> ReportPlacement:
    """Say where a report belongs; a new row, and the report is filed there from now on."""
    _require_known(place)
    with transaction.atomic():
        row = _locked(report)
        if row.state != ReportState.NEW:
            raise MoveRefused(_("Tempat laporan yang sudah diputuskan tidak dapat dipindahkan."))
        placement = ReportPlacement(
            report=row, place=place, station_code=station_code, note=note, **_stamp(row, by, at, area=place)
        )
        placement.save(force_insert=True)
        _file_under(row, place, station_code)
        journal(ReportPlaced(place=place, **_frame(row)), at=at)
        return placement


def report_verify(*, report: UUID, facts: VerifiedFacts, by: Scope, at: datetime) -> Report:
    """Confirm source, place, time and kind. The sender cannot confirm the own report."""
    _require_known(facts.place)
    if facts.kind not in incident_kinds():
        raise MoveRefused(_("Pilih jenis kejadian dari daftar."))
    with transaction.atomic():
        row = _locked(report)
        state = report_move(ReportState(row.state), Verdict.VERIFIED)
        if row.sent_by is not None and row.sent_by == person_uuid(by.person):
            raise MoveRefused(_("Laporan Anda sendiri harus diperiksa oleh orang lain."))
        ReportDecision(
            report=row,
            verdict=Verdict.VERIFIED,
            kind=facts.kind,
            source_check=facts.source_check,
            happened_at=facts.happened_at,
            place=facts.place,
            station_code=facts.station_code,
            note=facts.note,
            **_stamp(row, by, at, area=facts.place),
        ).save(force_insert=True)
        _file_under(row, facts.place, facts.station_code, state=state)
        _follow(row, FollowState.VERIFIED, at)
        journal(ReportVerified(kind=facts.kind, **_frame(row)), at=at)
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
        lambda row: ReportRejected(reason=reason, **_frame(row)),
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
        lambda row: ReportReturned(**_frame(row)),
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
        row = _locked(report)
        state = report_move(ReportState(row.state), verdict)
        decision = ReportDecision(
            report=row, verdict=verdict, reason=reason, note=note, **_stamp(row, by, at, area=row.area)
        )
        decision.save(force_insert=True)
        row.state = state
        row.save(update_fields=["state"])
        _follow(row, follow, at)
        journal(event_of(row), at=at)
        return decision


def contact_add(*, message: UUID, name: str, phone: str, area: str, at: datetime) -> None:
    """Keep how to reach a reporter, apart from the report and filed under the regency. Repeating adds nothing."""
    if not (name.strip() or phone.strip()):
        return
    with scoped(Scope.system()):
        if ReporterContact.objects.filter(message=message).exists():
            return
        contact = ReporterContact(
            message=message,
            name=storable(name.strip(), "name", []),
            phone=storable(phone.strip(), "phone", []),
            area=_regency(area),
            sensitivity=3,
            agency="publik",
            created_at=at,
        )
        contact.save(force_insert=True)
        event = ContactAdded(
            subject=contact.id, area=contact.area, agency=contact.agency, sensitivity=contact.sensitivity
        )
        journal(event, at=at, by="")


def contact_reveal(*, report: UUID, reason: str, by: Scope, at: datetime) -> ReporterContact:
    """Read how to reach a reporter; the reading and its reason stand in the audit first."""
    if not reason.strip():
        raise MoveRefused(_("Tulis mengapa Anda perlu menghubungi pelapor."))
    with transaction.atomic():
        message = Report.objects.values_list("message", flat=True).get(pk=report)
        contact = ReporterContact.objects.get(message=message)
        event = ContactRevealed(
            subject=contact.id, area=contact.area, agency=by.agency, sensitivity=contact.sensitivity
        )
        journal(event, at=at, detail={"reason": reason})
        return contact


def follow_add(*, digests: Iterable[str], state: FollowState, area: str, at: datetime) -> None:
    """Let reporters see a state and a time under their receipt codes; filed under the regency, never nearer."""
    with scoped(Scope.system()):
        FollowStep.objects.bulk_create(
            FollowStep(
                digest=digest,
                state=state,
                at=at,
                area=_regency(area),
                sensitivity=0,
                agency="publik",
                created_at=at,
            )
            for digest in digests
        )


def _follow(report: Report, state: FollowState, at: datetime) -> None:
    digest = receipt_digest(receipt_code(report.message))
    follow_add(digests=[digest], state=state, area=report.area, at=at)


def _regency(area: str) -> str:
    return at_level(area, Level.REGENCY) if len(area) > 5 else area


def _require_known(place: str) -> None:
    if not is_code(place) or not place or place not in known_codes([place]):
        raise MoveRefused(_("Pilih tempat dari daftar wilayah."))


def _locked(report: UUID) -> Report:
    return Report.objects.select_for_update().get(pk=report)


def _file_under(report: Report, place: str, station_code: str, *, state: ReportState | None = None) -> None:
    report.area, report.station_code, report.is_placed = place, station_code, True
    changed = ["area", "station_code", "is_placed"]
    if state is not None:
        report.state = state
        changed.append("state")
    report.save(update_fields=changed)


def _frame(report: Report) -> dict[str, Any]:
    return {
        "subject": report.id,
        "area": report.area,
        "agency": report.agency,
        "sensitivity": report.sensitivity,
    }


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

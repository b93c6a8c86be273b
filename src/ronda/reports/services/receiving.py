"""Messages of kind `report` become reports, once."""

from collections.abc import Sequence
from typing import Any

from ronda.agencies.selectors import supervised_area
from ronda.kernel.journal import journal
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
    ReportSource,
    check_due,
    is_ongoing,
    receipt_code,
    receipt_digest,
    report_priority,
    severity_of,
)
from ronda.reports.events import ReportReceived
from ronda.reports.models import Report
from ronda.reports.services.reporters import follow_add

_OWN_READERS = {ReportSource.WITNESS, ReportSource.OBSERVER}


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
    event = ReportReceived(source=report.source, kind=report.kind, place=report.place, **event_frame(report))
    journal(event, at=incoming.received_at, by=str(report.sent_by or ""))
    return report


def _new_report(incoming: IncomingReport, read: ReadBody, known: set[str]) -> Report:
    filing = file_report(incoming, read.station, known)
    kind = incident_kinds().get(read.kind)
    severity = severity_of(kind.due.hours if kind else None)
    source = incoming.sender.source
    seen_in = filing.area if filing.is_placed else supervised_area(filing.area, incoming.sender.area)
    return Report(
        area=seen_in,
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
        page=read.page,
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


def event_frame(report: Report) -> dict[str, Any]:
    return {
        "subject": report.id,
        "area": report.area,
        "agency": report.agency,
        "sensitivity": report.sensitivity,
    }

"""Messages of kind `report` become reports, once."""

from collections.abc import Sequence
from datetime import datetime

from ronda.agencies.selectors import supervised_area
from ronda.kernel.bulk import rows_add
from ronda.kernel.journal import journal_all
from ronda.kernel.scope import Scope, scoped
from ronda.law.duty_desk import duty_desk_rules
from ronda.reports.adapters import (
    IncomingReport,
    ReadBody,
    codes_to_look_up,
    file_report,
    known_codes,
    read_body,
    storable,
)
from ronda.reports.adapters.stakes import VotingDays, severity, stakes_of, voting_days
from ronda.reports.domain import (
    ReportSource,
    check_due,
)
from ronda.reports.domain.priority import order_at, report_priority
from ronda.reports.events import ReportReceived
from ronda.reports.models import Report
from ronda.reports.services.grouping import reports_propose
from ronda.reports.services.reporters import follow_begin
from ronda.reports.services.rows import event_frame

_OWN_READERS = {ReportSource.WITNESS, ReportSource.OBSERVER}


def reports_receive(*, incoming: Sequence[IncomingReport]) -> list[Report]:
    """Turn accepted messages into reports. A message that is already a report changes nothing."""
    with scoped(Scope.system()):
        wanted = {one.message: one for one in incoming}
        present = set(Report.objects.filter(message__in=wanted).values_list("message", flat=True))
        fresh = [one for message, one in wanted.items() if message not in present]
        known, days = known_codes(codes_to_look_up(fresh)), voting_days()
        made = [_ranked(_new_report(one, read_body(one), known), days) for one in fresh]
        rows_add(made)
        follow_begin(made)
        journal_all(map(_received, made))
        reports_propose(made)
        return made


def _received(report: Report) -> tuple[ReportReceived, datetime, str]:
    event = ReportReceived(source=report.source, kind=report.kind, place=report.place, **event_frame(report))
    return event, report.received_at, str(report.sent_by or "")


def _new_report(incoming: IncomingReport, read: ReadBody, known: set[str]) -> Report:
    filing = file_report(incoming, read.station, known)
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
        check_due_at=check_due(incoming.received_at, severity=severity(read.kind), is_danger=read.is_danger),
        station_code=filing.station_code,
        is_placed=filing.is_placed,
    )


def _ranked(report: Report, days: VotingDays) -> Report:
    """Alone in its group, at its place in the inbox."""
    rules = duty_desk_rules()
    report.group = report.id
    report.priority = report.group_priority = report_priority(stakes_of(report, days), rules)
    report.order_at = order_at(report.received_at, report.priority, rules)
    return report

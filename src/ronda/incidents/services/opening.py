"""Opening an incident from verified facts, and what belongs to it: reports and related incidents."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from ronda.incidents.adapters import act_within_hours
from ronda.incidents.domain import EntryKind, IncidentState, due_after
from ronda.incidents.events import (
    IncidentOpened,
    IncidentRelated,
    IncidentUnrelated,
    ReportLinked,
    ReportUnlinked,
)
from ronda.incidents.models import Incident, IncidentCounter, IncidentLink, IncidentUnlink
from ronda.incidents.services.rows import by_stamp, entry_add, locked, tell, touch
from ronda.kernel.areas import Level, at_level
from ronda.kernel.ids import uuid7
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope, scoped
from ronda.reports import services as reports
from ronda.reports.domain import MoveRefused, ReportState, SourceCheck, receipt_code, receipt_digest
from ronda.reports.selectors import report_for
from ronda.reports.services import VerifiedFacts


@dataclass(frozen=True)
class IncidentFacts:
    """What is known at the opening, in the verifier's words; names no reporter."""

    kind: str
    title: str
    summary: str
    area: str
    happened_at: datetime
    known_at: datetime
    election: str
    station_code: str = ""


NEXT_NUMBER = (
    "INSERT INTO incidents_counter (id, area, election, last, sensitivity, agency, audience, created_at)"
    " VALUES (%s, %s, %s, 1, 1, 'system', '{}', %s)"
    " ON CONFLICT (area, election) DO UPDATE SET last = incidents_counter.last + 1 RETURNING last"
)


def incident_open(*, facts: IncidentFacts, by: Scope, at: datetime) -> Incident:
    """Open an incident under the next number of its regency and election; the opening desk holds it."""
    if not facts.title.strip():
        raise MoveRefused(_("Beri kejadian ini judul: apa yang terjadi dan di mana."))
    with transaction.atomic():
        regency = _series_area(facts.area)
        incident = Incident(
            area=facts.area,
            sensitivity=2,
            agency=by.agency,
            created_at=at,
            election=facts.election,
            regency=regency,
            number=_next_number(regency, facts.election, at),
            kind=facts.kind,
            title=facts.title.strip(),
            summary=facts.summary,
            station_code=facts.station_code,
            happened_at=facts.happened_at,
            known_at=facts.known_at,
            opened_at=at,
            opened_by=person_uuid(by.person),
            holder_agency=by.agency,
            holder_area=by.area,
            due_at=due_after(at, act_within_hours(facts.kind)),
            changed_at=at,
        )
        incident.save(force_insert=True)
        entry_add(incident, EntryKind.OPENED, by, at)
        tell(incident, IncidentOpened, at, kind=facts.kind)
        return incident


def _series_area(area: str) -> str:
    return at_level(area, Level.REGENCY) if len(area) > 5 else area


def _next_number(regency: str, election: str, at: datetime) -> int:
    """One more than the last, in this transaction: a rollback gives it back, a second opener waits."""
    with scoped(Scope.system()), connection.cursor() as cursor:
        assert IncidentCounter._meta.db_table in NEXT_NUMBER
        cursor.execute(NEXT_NUMBER, [uuid7(), regency, election, at])
        return int(cursor.fetchone()[0])


def incident_open_from_report(
    *, report: UUID, facts: VerifiedFacts, title: str, summary: str, by: Scope, at: datetime
) -> Incident:
    """Verify a report and open an incident from it, both or neither."""
    with transaction.atomic():
        verified = reports.report_verify(report=report, facts=facts, by=by, at=at)
        incident = incident_open(
            facts=IncidentFacts(
                kind=facts.kind,
                title=title,
                summary=summary,
                area=facts.place,
                happened_at=facts.happened_at,
                known_at=verified.known_at or verified.received_at,
                election=verified.election,
                station_code=facts.station_code,
            ),
            by=by,
            at=at,
        )
        _link(incident, report, verified.message, by, at)
        _second_source_link(incident, report, facts, by, at)
        return incident


def report_link(
    *, incident: UUID, report: UUID, facts: VerifiedFacts, by: Scope, at: datetime
) -> IncidentLink:
    """Verify a report as one more account of an incident that is already open."""
    with transaction.atomic():
        row = locked(incident)
        if row.state == IncidentState.CLOSED:
            raise MoveRefused(_("Kejadian ini sudah ditutup. Buka kembali, atau buka kejadian baru."))
        verified = reports.report_verify(report=report, facts=facts, by=by, at=at)
        link = _link(row, report, verified.message, by, at)
        entry_add(row, EntryKind.LINKED, by, at, facts.note)
        _second_source_link(row, report, facts, by, at)
        touch(row, at)
        tell(row, ReportLinked, at)
        return link


def _second_source_link(
    incident: Incident, report: UUID, facts: VerifiedFacts, by: Scope, at: datetime
) -> None:
    """Two sources that bear each other out are verified together, each resting on the other."""
    if facts.source_check != SourceCheck.TWO_SOURCES or facts.other_report is None:
        return
    other = report_for(facts.other_report)
    if other.state != ReportState.NEW or other.sent_by == person_uuid(by.person):
        return
    reports.report_verify(report=other.id, facts=replace(facts, other_report=report), by=by, at=at)
    _link(incident, other.id, other.message, by, at)


def _link(incident: Incident, report: UUID, message: UUID, by: Scope, at: datetime) -> IncidentLink:
    link = IncidentLink(
        incident=incident,
        report_id=report,
        follow_digest=receipt_digest(receipt_code(message)),
        **by_stamp(incident, by, at),
    )
    link.save(force_insert=True)
    return link


def report_unlink(*, link: UUID, reason: str, by: Scope, at: datetime) -> IncidentUnlink:
    """Take a report out of an incident; it returns to the inbox to be judged again."""
    with transaction.atomic():
        row = _live_link(link)
        if row.report_id is None:
            raise MoveRefused(_("Ini bukan hubungan dengan laporan."))
        incident = locked(row.incident_id)
        end = _end(row, incident, reason, by, at)
        reports.report_return(report=row.report_id, note=reason, by=by, at=at)
        entry_add(incident, EntryKind.UNLINKED, by, at, reason)
        touch(incident, at)
        tell(incident, ReportUnlinked, at)
        return end


def incident_relate(*, incident: UUID, other: UUID, note: str, by: Scope, at: datetime) -> IncidentLink:
    """Say that two incidents belong together. Both stay what they are."""
    if incident == other:
        raise MoveRefused(_("Pilih kejadian lain, bukan kejadian ini sendiri."))
    with transaction.atomic():
        row = locked(incident)
        known = Incident.objects.get(pk=other)
        if row.links.filter(other=known, end__isnull=True).exists():
            raise MoveRefused(_("Kedua kejadian ini sudah dihubungkan."))
        link = IncidentLink(incident=row, other=known, note=note, **by_stamp(row, by, at))
        link.save(force_insert=True)
        entry_add(row, EntryKind.RELATED, by, at, known.label)
        touch(row, at)
        tell(row, IncidentRelated, at, other=known.label)
        return link


def incident_unrelate(*, link: UUID, reason: str, by: Scope, at: datetime) -> IncidentUnlink:
    """End the relation of two incidents, saying why."""
    with transaction.atomic():
        row = _live_link(link)
        if row.other is None:
            raise MoveRefused(_("Ini bukan hubungan antara dua kejadian."))
        incident = locked(row.incident_id)
        end = _end(row, incident, reason, by, at)
        entry_add(incident, EntryKind.UNRELATED, by, at, row.other.label)
        touch(incident, at)
        tell(incident, IncidentUnrelated, at, other=row.other.label)
        return end


def _live_link(link: UUID) -> IncidentLink:
    return IncidentLink.objects.select_related("other").get(pk=link)


def _end(link: IncidentLink, incident: Incident, reason: str, by: Scope, at: datetime) -> IncidentUnlink:
    if not reason.strip():
        raise MoveRefused(_("Tulis mengapa hubungan ini dilepas."))
    if IncidentUnlink.objects.filter(link=link).exists():
        raise MoveRefused(_("Hubungan ini sudah dilepas."))
    end = IncidentUnlink(link=link, reason=reason, **by_stamp(incident, by, at))
    end.save(force_insert=True)
    return end

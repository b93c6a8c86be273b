"""What waits for a desk: the list "Perlu Anda", earliest due first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from ronda.incidents.domain import (
    UNANSWERED,
    ActionState,
    Desk,
    EntryKind,
    EvidenceKind,
    IncidentState,
    proof_is_open_to,
)
from ronda.incidents.models import Action, ActionStep, Escalation, Handover, Incident, IncidentEntry, Proof
from ronda.kernel.areas import area_range
from ronda.kernel.scope import Scope
from ronda.reports import selectors as reports


@dataclass(frozen=True)
class Need:
    """One thing that waits for this desk: what, where, until when, and the page where it is done."""

    kind: str
    title: str
    area: str
    station_code: str
    due_at: datetime
    since: datetime
    url_name: str
    url_id: UUID
    label: str = ""
    from_desk: Desk | None = None
    is_escalated: bool = False


def needs_me(by: Scope, *, area: str = "", limit: int = 50) -> list[Need]:
    """What waits for this desk, of all it serves or of one area: answers, own actions, held incidents, checks."""
    within = (by, area, limit)
    needs = [*_answers(*within), *_actions(*within), *_held(*within), *_asked(*within), *_to_check(*within)]
    if by.kind == "bawaslu":
        needs += _reports(area or by.area, limit)
    return _escalated(sorted(needs, key=lambda need: need.due_at)[:limit], by)


def _escalated(needs: list[Need], by: Scope) -> list[Need]:
    """Those that came up to this very unit because one below did not act stand first, and say so."""
    ids = [need.url_id for need in needs]
    rows = Escalation.objects.filter(
        incident__in=ids, desk_agency=by.agency, to_area=by.area, due_at=F("incident__due_at")
    )
    told = set(rows.values_list("incident", flat=True))
    marked = [replace(need, is_escalated=need.url_id in told) for need in needs]
    return sorted(marked, key=lambda need: not need.is_escalated)


def _in(area: str, field: str) -> Q:
    """Rows whose place lies in the area; all rows without one."""
    low, high = area_range(area)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high}) if area else Q()


def _mine(by: Scope, agency: str, area: str) -> Q:
    """Rows addressed to a desk that this scope serves: its own unit and, for those above, units below."""
    low, high = area_range(by.area)
    return Q(**{agency: by.agency, f"{area}__gte": low, f"{area}__lt": high})


def _answers(by: Scope, area: str, limit: int) -> Iterable[Need]:
    rows = Handover.objects.filter(
        _mine(by, "to_agency", "to_area"), _in(area, "incident__area"), state__in=UNANSWERED
    )
    for row in rows.select_related("incident").order_by("due_at", "id")[:limit]:
        yield _need(
            "handover",
            row.incident,
            row.request,
            row.due_at,
            row.sent_at,
            Desk(row.from_agency, row.from_area),
        )


def _actions(by: Scope, area: str, limit: int) -> Iterable[Need]:
    rows = Action.objects.filter(
        _mine(by, "owner_agency", "owner_area"), _in(area, "incident__area"), state=ActionState.OPEN
    )
    for row in rows.select_related("incident").order_by("due_at", "id")[:limit]:
        yield _need("action", row.incident, row.title, row.due_at, row.assigned_at)


def _held(by: Scope, area: str, limit: int) -> Iterable[Need]:
    """Held incidents where the next act is not an action already assigned."""
    assigned = Action.objects.filter(incident=OuterRef("pk"), state=ActionState.OPEN)
    rows = Incident.objects.filter(
        _mine(by, "holder_agency", "holder_area"),
        _in(area, "area"),
        state__in=(IncidentState.OPEN, IncidentState.HANDLING),
    ).exclude(Exists(assigned))
    for row in rows.defer("summary").order_by("due_at", "id")[:limit]:
        if row.due_at:
            yield _need("incident", row, row.title, row.due_at, row.changed_at)


def asked_open() -> QuerySet[IncidentEntry]:
    """Requests to be given an incident that its holder has not answered: neither by a hand-over nor in words."""
    handed = Handover.objects.filter(incident=OuterRef("incident"), sent_at__gte=OuterRef("at"))
    said = IncidentEntry.objects.filter(
        incident=OuterRef("incident"),
        kind=EntryKind.NOTE,
        agency=OuterRef("incident__holder_agency"),
        at__gte=OuterRef("at"),
    )
    rows = IncidentEntry.objects.filter(
        kind=EntryKind.ASKED, incident__state__in=(IncidentState.OPEN, IncidentState.HANDLING)
    )
    rows = rows.exclude(agency=F("incident__holder_agency"))  # who asked holds it by now
    return rows.exclude(Exists(handed)).exclude(Exists(said))


def _asked(by: Scope, area: str, limit: int) -> Iterable[Need]:
    rows = asked_open().filter(
        _mine(by, "incident__holder_agency", "incident__holder_area"), _in(area, "incident__area")
    )
    for row in rows.select_related("incident").order_by("incident__due_at", "at")[:limit]:
        if row.incident.due_at:
            asker = Desk(row.agency, row.by_area)
            yield _need("asked", row.incident, row.text, row.incident.due_at, row.at, asker)


def _to_check(by: Scope, area: str, limit: int) -> Iterable[Need]:
    """Incidents with a proof that this person may see and did not bring, and no part of whose work they did."""
    if not by.person:
        return
    proofs = Proof.objects.filter(incident=OuterRef("pk")).order_by("-at", "-id")
    did = ActionStep.objects.filter(incident=OuterRef("pk"), state=ActionState.DONE, by=by.person)
    mine = Q(agency=by.agency) | _mine(by, "holder_agency", "holder_area")
    rows = Incident.objects.filter(mine, _in(area, "area"), state=IncidentState.DONE).exclude(Exists(did))
    rows = rows.annotate(
        proved_by=Subquery(proofs.values("by")[:1]), shown=Subquery(proofs.values("evidence_kind")[:1])
    ).exclude(proved_by=by.person)
    if not proof_is_open_to(EvidenceKind.FILE, by.classes):
        rows = rows.exclude(shown=EvidenceKind.FILE)
    for row in rows.defer("summary").order_by("due_at", "id")[:limit]:
        if row.due_at:
            yield _need("close", row, row.title, row.due_at, row.changed_at)


def _need(
    kind: str,
    incident: Incident,
    title: str,
    due_at: datetime,
    since: datetime,
    from_desk: Desk | None = None,
) -> Need:
    return Need(
        kind=kind,
        title=title,
        area=incident.area,
        station_code=incident.station_code,
        due_at=due_at,
        since=since,
        url_name="incidents:incident-detail",
        url_id=incident.id,
        label=incident.label,
        from_desk=from_desk,
    )


def _reports(area: str, limit: int) -> Iterable[Need]:
    for report in reports.reports_to_check(area=area, limit=limit):
        yield Need(
            kind="report",
            title=str(getattr(report, "excerpt", "")),  # set by the selector: the first words
            area=report.area,
            station_code=report.station_code,
            due_at=report.check_due_at,
            since=report.received_at,
            url_name="incidents:report-detail",
            url_id=report.id,
        )

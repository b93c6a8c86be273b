"""Reads on incidents. Rights come from the scope in force; what it does not show does not exist."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left, TruncHour

from ronda.incidents.domain import (
    ACTIVE,
    SAME_WITHIN,
    UNANSWERED,
    ActionState,
    Desk,
    Happening,
    IncidentState,
    Likeness,
    Standing,
    acts_open_to,
    happening_of,
    likeness,
)
from ronda.incidents.models import Action, ActionStep, Handover, Incident, IncidentLink, Proof
from ronda.kernel.areas import Level, area_range
from ronda.kernel.scope import Scope
from ronda.reports import selectors as reports

if TYPE_CHECKING:
    from ronda.reports.models import Report

PAGE = 50
MANY = 1000
_LENGTH = {Level.PROVINCE: 2, Level.REGENCY: 5, Level.DISTRICT: 8, Level.VILLAGE: 13}


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents are asked for: active, overdue, held by a desk, or closed."""

    tab: str = "aktif"
    area: str = ""
    kind: str = ""
    desk: Desk | None = None


def incident_list(
    wanted: IncidentFilter, *, at: datetime, after: Incident | None = None, limit: int = PAGE
) -> list[Incident]:
    """Active ones by due time, overdue first; closed ones by the time of closing, latest first."""
    rows = _filtered(wanted, at).defer("summary")
    if wanted.tab == "ditutup":
        later = _later(after, "changed_at", "lt") if after else Q()
        return list(rows.filter(later).order_by("-changed_at", "-id")[:limit])
    later = _later(after, "due_at", "gt") if after else Q()
    return list(rows.filter(later).order_by("due_at", "id")[:limit])


def _later(last: Incident, field: str, way: str) -> Q:
    value = getattr(last, field)
    return Q(**{f"{field}__{way}": value}) | Q(**{field: value, f"id__{way}": last.id})


def _filtered(wanted: IncidentFilter, at: datetime) -> QuerySet[Incident]:
    rows = _within(wanted.area)
    if wanted.tab == "ditutup":
        rows = rows.filter(state=IncidentState.CLOSED)
    else:
        rows = rows.exclude(state=IncidentState.CLOSED)
    if wanted.tab == "lewat":
        rows = rows.filter(due_at__lte=at)
    if wanted.tab == "kami" and wanted.desk:
        rows = rows.filter(holder_agency=wanted.desk.agency, holder_area=wanted.desk.area)
    return rows.filter(kind=wanted.kind) if wanted.kind else rows


def _within(area: str) -> QuerySet[Incident]:
    if not area:
        return Incident.objects.all()
    low, high = area_range(area)
    return Incident.objects.filter(area__gte=low, area__lt=high)


def incident_count(wanted: IncidentFilter, *, at: datetime) -> int:
    """How many there are, counted up to `MANY`."""
    return _filtered(wanted, at).order_by()[:MANY].count()


def incident_count_open(area: str = "") -> int:
    """Incidents that are not closed, counted up to `MANY`."""
    return _within(area).exclude(state=IncidentState.CLOSED).order_by()[:MANY].count()


def incident_count_overdue(*, at: datetime, area: str = "") -> int:
    """Active incidents whose due time has passed, counted up to `MANY`."""
    return incident_count(IncidentFilter(tab="lewat", area=area), at=at)


def incident_for(incident: UUID) -> Incident:
    """One incident; DoesNotExist when the scope does not show it."""
    return Incident.objects.get(pk=incident)


def incident_search(text: str, *, limit: int = 10) -> list[Incident]:
    """Incidents by number as people say it (K-0147, k147, 147)."""
    digits = text.strip().upper().removeprefix("K").lstrip("-").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 6:
        return []
    rows = Incident.objects.filter(number=int(digits)).defer("summary")
    return list(rows.order_by("-opened_at")[:limit])


@dataclass(frozen=True)
class AreaCount:
    """Active incidents in an area, how many of them are overdue, and how many of the others nobody handles yet."""

    open: int
    overdue: int
    waiting: int = 0


def incident_counts_by_area(level: Level, within: str = "", *, at: datetime) -> dict[str, AreaCount]:
    """Active and overdue incidents by area of a level inside `within`; areas without any are left out."""
    rows = _within(within).exclude(state=IncidentState.CLOSED)
    counted = (
        rows.annotate(code=Left("area", _LENGTH[level]))
        .values("code")
        .annotate(
            open=Count("id"),
            overdue=Count("id", filter=Q(due_at__lte=at)),
            waiting=Count("id", filter=Q(due_at__gt=at, state=IncidentState.OPEN)),
        )
        .order_by()
    )
    return {row["code"]: AreaCount(row["open"], row["overdue"], row["waiting"]) for row in counted}


def overdue_trend(*, at: datetime, hours: int = 10, area: str = "") -> list[int]:
    """Of the incidents overdue now, how many were so at the end of each of the last hours, oldest first."""
    late = _within(area).exclude(state=IncidentState.CLOSED).filter(due_at__lte=at)
    counts = {
        f"h{n}": Count("id", filter=Q(due_at__lte=at - timedelta(hours=hours - 1 - n))) for n in range(hours)
    }
    row = late.aggregate(**counts)
    return [row[f"h{n}"] for n in range(hours)]


def incident_trend(*, at: datetime, hours: int = 24, area: str = "") -> list[int]:
    """Incidents opened in each of the last hours, oldest first."""
    start = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours - 1)
    counted = (
        _within(area)
        .filter(opened_at__gte=start)
        .annotate(hour=TruncHour("opened_at"))
        .values("hour")
        .annotate(n=Count("id"))
        .order_by()
    )
    by_hour = {row["hour"]: row["n"] for row in counted}
    return [by_hour.get(start + timedelta(hours=step), 0) for step in range(hours)]


def incidents_at(area: str, *, station_code: str = "", limit: int = 20) -> list[Incident]:
    """Incidents of a place page, active ones first, then the latest."""
    rows = _within(area).defer("summary")
    if station_code:
        rows = rows.filter(station_code=station_code)
    active = Q(state__in=ACTIVE)
    return list(rows.annotate(live=Count("id", filter=active)).order_by("-live", "-changed_at")[:limit])


@dataclass(frozen=True)
class Similar:
    """Something that may be the same event, and why."""

    likeness: Likeness
    report: "Report | None" = None
    incident: Incident | None = None


def similar_to(
    happening: Happening, *, besides_report: UUID | None = None, besides_incident: UUID | None = None
) -> list[Similar]:
    """Unchecked reports and active incidents in one village within six hours, likeliest first."""
    span = SAME_WITHIN
    near = reports.reports_near(village=happening.village, at=happening.at, span=span, besides=besides_report)
    found = [
        Similar(alike, report=report)
        for report in near
        if (alike := likeness(happening, happening_of_report(report)))
    ]
    window = (happening.at - span, happening.at + span)
    rows = Incident.objects.filter(area=happening.village, happened_at__range=window, state__in=ACTIVE)
    for incident in rows.exclude(pk=besides_incident).order_by("-happened_at")[:20]:
        alike = likeness(happening, Happening(incident.area, incident.station_code, incident.happened_at))
        if alike:
            found.append(Similar(alike, incident=incident))
    return sorted(found, key=lambda one: one.likeness.rank)[:8]


def happening_of_report(report: "Report") -> Happening:
    """Where and when a report lies, for `similar_to`."""
    area = report.area if report.is_placed else ""
    return happening_of(area, report.station_code, report.happened_at, report.received_at)


def links_live(incident: UUID) -> QuerySet[IncidentLink]:
    """Links in force."""
    return IncidentLink.objects.filter(incident=incident, end__isnull=True).select_related("other")


def incidents_of_report(report: UUID) -> list[Incident]:
    """Incidents that a report belongs to."""
    linked = IncidentLink.objects.filter(report=report, end__isnull=True).values("incident")
    return list(Incident.objects.filter(pk__in=linked))


def reports_of(incident: UUID) -> "list[Report]":
    """Reports in the incident that this scope may read."""
    ids = [link.report_id for link in links_live(incident) if link.report_id]
    return reports.reports_by_ids(ids)


def handover_waiting(incident: UUID) -> Handover | None:
    """The hand-over that waits for an answer."""
    return Handover.objects.filter(incident=incident, state__in=UNANSWERED).first()


def handover_for(handover: UUID) -> Handover:
    """One hand-over; DoesNotExist when the scope does not show it."""
    return Handover.objects.get(pk=handover)


def handover_held(incident: Incident) -> Handover | None:
    """The hand-over through which the present holder got the incident: it may be returned."""
    latest = Handover.objects.filter(incident=incident, state="accepted").order_by("-sequence").first()
    if latest and (latest.to_agency, latest.to_area) == (incident.holder_agency, incident.holder_area):
        return latest
    return None


def action_for(action: UUID) -> Action:
    """One action; DoesNotExist when the scope does not show it."""
    return Action.objects.select_related("incident").get(pk=action)


def link_for(link: UUID) -> IncidentLink:
    """One link; DoesNotExist when the scope does not show it."""
    return IncidentLink.objects.select_related("incident").get(pk=link)


def acts_for(incident: Incident, by: Scope) -> frozenset[str]:
    """The acts that this scope may do on the incident now."""
    waiting = handover_waiting(incident.id)
    held = Desk(incident.holder_agency, incident.holder_area)
    is_holder = _serves(by, held)
    standing = Standing(
        is_holder=is_holder,
        is_receiver=waiting is not None and _serves(by, Desk(waiting.to_agency, waiting.to_area)),
        is_sender=waiting is not None and _serves(by, Desk(waiting.from_agency, waiting.from_area)),
        is_checker=is_holder or by.agency == incident.agency,
        is_doer=_is_doer(incident, by),
    )
    return acts_open_to(
        standing,
        state=incident.state,
        handover=waiting.state if waiting else None,
        can_return=handover_held(incident) is not None,
        has_open_action=Action.objects.filter(incident=incident, state=ActionState.OPEN).exists(),
    )


def _serves(by: Scope, desk: Desk) -> bool:
    return desk.is_served_by(agency=by.agency, area=by.area)


def _is_doer(incident: Incident, by: Scope) -> bool:
    if incident.state != IncidentState.DONE or not by.person:
        return incident.state == IncidentState.DONE
    latest = Proof.objects.filter(incident=incident).order_by("-at", "-id").first()
    done = ActionStep.objects.filter(incident=incident, state=ActionState.DONE, by=by.person)
    return (latest is not None and str(latest.by) == by.person) or done.exists()


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


def needs_me(by: Scope, *, limit: int = 50) -> list[Need]:
    """What waits for this desk: answers, own actions, held incidents, checks. Earliest due first."""
    needs = [*_answers(by, limit), *_actions(by, limit), *_held(by, limit), *_to_check(by, limit)]
    if by.kind == "bawaslu":
        needs += _reports(by, limit)
    return sorted(needs, key=lambda need: need.due_at)[:limit]


def _mine(by: Scope, agency: str, area: str) -> Q:
    """Rows addressed to a desk that this scope serves: its own unit and, for those above, units below."""
    low, high = area_range(by.area)
    return Q(**{agency: by.agency, f"{area}__gte": low, f"{area}__lt": high})


def _answers(by: Scope, limit: int) -> Iterable[Need]:
    rows = Handover.objects.filter(_mine(by, "to_agency", "to_area"), state__in=UNANSWERED)
    for row in rows.select_related("incident").order_by("due_at", "id")[:limit]:
        yield _need(
            "handover",
            row.incident,
            row.request,
            row.due_at,
            row.sent_at,
            Desk(row.from_agency, row.from_area),
        )


def _actions(by: Scope, limit: int) -> Iterable[Need]:
    rows = Action.objects.filter(_mine(by, "owner_agency", "owner_area"), state=ActionState.OPEN)
    for row in rows.select_related("incident").order_by("due_at", "id")[:limit]:
        yield _need("action", row.incident, row.title, row.due_at, row.assigned_at)


def _held(by: Scope, limit: int) -> Iterable[Need]:
    """Held incidents where the next act is not an action already assigned."""
    assigned = Action.objects.filter(incident=OuterRef("pk"), state=ActionState.OPEN)
    rows = Incident.objects.filter(
        _mine(by, "holder_agency", "holder_area"), state__in=(IncidentState.OPEN, IncidentState.HANDLING)
    ).exclude(Exists(assigned))
    for row in rows.defer("summary").order_by("due_at", "id")[:limit]:
        if row.due_at:
            yield _need("incident", row, row.title, row.due_at, row.changed_at)


def _to_check(by: Scope, limit: int) -> Iterable[Need]:
    """Incidents with a proof that this person did not bring, and no part of whose work this person did."""
    if not by.person:
        return
    proofs = Proof.objects.filter(incident=OuterRef("pk")).order_by("-at", "-id")
    did = ActionStep.objects.filter(incident=OuterRef("pk"), state=ActionState.DONE, by=by.person)
    mine = Q(agency=by.agency) | _mine(by, "holder_agency", "holder_area")
    rows = Incident.objects.filter(mine, state=IncidentState.DONE).exclude(Exists(did))
    rows = rows.annotate(proved_by=Subquery(proofs.values("by")[:1])).exclude(proved_by=by.person)
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


def _reports(by: Scope, limit: int) -> Iterable[Need]:
    for report in reports.reports_to_check(area=by.area, limit=limit):
        yield Need(
            kind="report",
            title=report.excerpt,
            area=report.area,
            station_code=report.station_code,
            due_at=report.check_due_at,
            since=report.received_at,
            url_name="incidents:report-detail",
            url_id=report.id,
        )

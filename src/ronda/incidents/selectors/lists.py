"""Lists, counts and search of incidents, and what may be the same event."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left, TruncHour

from ronda.incidents.domain import (
    ACTIVE,
    SAME_WITHIN,
    Desk,
    Happening,
    IncidentState,
    Likeness,
    happening_of,
    likeness,
)
from ronda.incidents.models import Incident, IncidentLink
from ronda.kernel.areas import Level, area_range
from ronda.kernel.scope import current_scope
from ronda.kernel.trends import counted_by, hours_before
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
    """Rows in an area, at most the scope's. The policies decide; said again, an index on the area can serve it."""
    scope = current_scope()
    own = scope.area if scope else ""
    inside = area or own
    if inside == own and len(inside) <= reports.REGENCY:
        return Incident.objects.all()
    low, high = area_range(inside)
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


def incident_counts_by_area(
    level: Level, within: str = "", *, at: datetime, kinds: Collection[str] | None = None
) -> dict[str, AreaCount]:
    """Active and overdue incidents by area of a level inside `within`, of all kinds or of some; areas without any are
    left out."""
    rows = _within(within).exclude(state=IncidentState.CLOSED)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
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
    return counted_by(late, "due_at", hours_before(at, hours))


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


def ids_changed_lately(*, limit: int = 60) -> list[UUID]:
    """Ids of the incidents that changed last, of those the scope shows."""
    return list(Incident.objects.order_by("-changed_at", "id").values_list("id", flat=True)[:limit])


def incidents_at(area: str, *, station_code: str = "", limit: int = 20) -> list[Incident]:
    """Incidents of a place page, active ones first, then the latest. Closed ones are looked for only where the
    active ones leave room: a regency has thousands."""
    rows = _within(area).defer("summary").order_by("-changed_at")
    if station_code:
        rows = rows.filter(station_code=station_code)
    active = list(rows.exclude(state=IncidentState.CLOSED)[:limit])
    return active + list(rows.filter(state=IncidentState.CLOSED)[: limit - len(active)])


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
    rows = rows.exclude(pk__in=_linked(besides_report, besides_incident))
    for incident in rows.order_by("-happened_at")[:20]:
        alike = likeness(happening, Happening(incident.area, incident.station_code, incident.happened_at))
        if alike:
            found.append(Similar(alike, incident=incident))
    return sorted(found, key=lambda one: one.likeness.rank)[:8]


def _linked(report: UUID | None, incident: UUID | None) -> set[UUID]:
    """Incidents that a report or an incident is linked to already, and the incident itself."""
    links = IncidentLink.objects.filter(end__isnull=True)
    if report is not None:
        return set(links.filter(report=report).values_list("incident_id", flat=True))
    if incident is None:
        return set()
    ends = links.filter(Q(incident=incident) | Q(other=incident)).values_list("incident_id", "other_id")
    return {incident, *(end for pair in ends for end in pair if end)}


def happening_of_report(report: "Report") -> Happening:
    """Where and when a report lies, for `similar_to`."""
    area = report.area if report.is_placed else ""
    return happening_of(area, report.station_code, report.happened_at, report.received_at)

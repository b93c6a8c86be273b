"""Reads on reports. Rights come from the scope in force; what it does not show does not exist."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left, TruncHour
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ronda.agencies import selectors as agencies
from ronda.kernel.areas import Level, area_range, level
from ronda.kernel.scope import Scope, current_scope, scoped
from ronda.law import incident_kinds
from ronda.places import selectors as places
from ronda.reports.domain import (
    FollowState,
    ReportSource,
    ReportState,
    receipt_code,
    receipt_digest,
)
from ronda.reports.models import FollowStep, Report, ReportDecision, ReporterContact, ReportPlacement

Choices = list[tuple[str, Any]]
PAGE = 50
MANY = 1000
EXCERPT = 220
REPORTS_BACK = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(days=1),
)
REGENCY = 5  # characters of a regency code
SEE_ALL = ("bawaslu", "system")


@dataclass(frozen=True)
class InboxFilter:
    """What part of the inbox is asked for."""

    state: str = ReportState.NEW
    is_unplaced: bool = False
    area: str = ""
    kind: str = ""
    source: str = ""


class FollowLine(TypedDict):
    state: str
    words: str
    at: datetime


def report_list(wanted: InboxFilter, *, after: Report | None = None, limit: int = PAGE) -> list[Report]:
    """A page of the inbox: of new ones each group once, by priority and age; decided ones by receipt, newest first."""
    rows = _filtered(wanted).defer("text", "remarks", "files").annotate(excerpt=Left("text", EXCERPT))
    if wanted.state == ReportState.NEW:
        rows = rows.order_by("order_at", "id")
        later = _after_in_inbox(after) if after else Q()
    else:
        rows = rows.order_by("-received_at", "-id")
        later = _after_by_time(after) if after else Q()
    return list(rows.filter(later)[:limit])


def _after_in_inbox(last: Report) -> Q:
    return Q(order_at__gte=last.order_at) & (Q(order_at__gt=last.order_at) | Q(id__gt=last.id))


def _after_by_time(last: Report) -> Q:
    same_time = Q(received_at=last.received_at, id__lt=last.id)
    return Q(received_at__lte=last.received_at) & (Q(received_at__lt=last.received_at) | same_time)


def _filtered(wanted: InboxFilter) -> QuerySet[Report]:
    rows = _within(wanted.area).filter(state=wanted.state)
    scope = current_scope()
    if wanted.state == ReportState.NEW and scope is not None and scope.kind in SEE_ALL:
        rows = rows.filter(is_lead=True)  # each group is one line; other agencies see their own reports only
    if wanted.is_unplaced:
        rows = rows.filter(is_placed=False)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.source in ReportSource.values:
        rows = rows.filter(source=wanted.source)
    return rows


def _within(area: str) -> QuerySet[Report]:
    """Rows the scope shows in an area. The policies decide; saying it again in the query lets an index serve it.

    Not for a whole regency: beside the policy's own bound the planner would take it for a few rows.
    """
    rows, scope = Report.objects.all(), current_scope()
    if scope is not None and scope.kind not in SEE_ALL:
        rows = rows.filter(agency=scope.agency)
    own = scope.area if scope else ""
    inside = area or own
    if inside == own and len(inside) <= REGENCY:
        return rows
    low, high = area_range(inside)
    return rows.filter(area__gte=low, area__lt=high)


def report_count(wanted: InboxFilter) -> int:
    """How many there are, counted up to `MANY`."""
    return _filtered(wanted).order_by()[:MANY].count()


def report_count_open(area: str = "") -> int:
    """Reports that nobody has checked yet, counted up to `MANY`."""
    return report_count(InboxFilter(area=area))


def report_for(report: UUID) -> Report:
    """One report; DoesNotExist when the scope does not show it."""
    return Report.objects.get(pk=report)


def reports_by_ids(ids: Iterable[UUID]) -> list[Report]:
    """Those of these reports that the scope shows, oldest first."""
    return list(Report.objects.filter(pk__in=list(ids)).order_by("received_at", "id"))


def placements_of(report: UUID) -> list[ReportPlacement]:
    """Where people said it belongs, newest first."""
    return list(ReportPlacement.objects.filter(report=report).order_by("-at", "-id"))


def decisions_of(report: UUID) -> list[ReportDecision]:
    """What was decided, newest first."""
    return list(ReportDecision.objects.filter(report=report).order_by("-at", "-id"))


def has_contact(report: Report) -> bool:
    """Whether the reporter left a way to be reached that this scope may open."""
    return ReporterContact.objects.filter(message=report.message).exists()


def reports_near(
    *, village: str, at: datetime, span: timedelta, besides: UUID | None = None, limit: int = 20
) -> list[Report]:
    """Unchecked reports from one village around an instant, whoever sent them."""
    if not village:
        return []
    near = Report.objects.filter(
        area=village, state=ReportState.NEW, received_at__range=(at - span, at + span)
    )
    if besides is not None:
        near = near.exclude(pk=besides)
    return list(near.defer("text").annotate(excerpt=Left("text", EXCERPT)).order_by("received_at")[:limit])


def reports_to_check(*, area: str = "", limit: int = 50) -> list[Report]:
    """Unchecked reports by when they should have been checked, latest due last."""
    rows = _within(area).filter(state=ReportState.NEW).defer("text").annotate(excerpt=Left("text", EXCERPT))
    return list(rows.order_by("check_due_at", "id")[:limit])


def report_trend(*, at: datetime, hours: int = 24, area: str = "") -> list[int]:
    """Reports received in each of the last hours, oldest first."""
    start = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours - 1)
    rows = _within(area).filter(received_at__gte=start)
    counted = rows.annotate(hour=TruncHour("received_at")).values("hour").annotate(n=Count("id"))
    by_hour = {row["hour"]: row["n"] for row in counted.order_by()}
    return [by_hour.get(start + timedelta(hours=step), 0) for step in range(hours)]


def code_of(report: Report) -> str:
    """The receipt code that the reporter holds."""
    return receipt_code(report.message)


def follow_steps(code: str) -> list[FollowLine]:
    """States and times under a receipt code, oldest first; empty for an unknown code. Read as anybody may read it."""
    with scoped(Scope.public()):
        rows = list(
            FollowStep.objects.filter(digest=receipt_digest(code))
            .order_by("at", "id")
            .values_list("state", "at")
        )
    return [{"state": state, "words": str(FollowState(state).label), "at": at} for state, at in rows]


def follow_area(code: str) -> str:
    """The regency under which a receipt code is filed, for its time zone."""
    with scoped(Scope.public()):
        areas = FollowStep.objects.filter(digest=receipt_digest(code)).values_list("area", flat=True)
        return areas.first() or ""


def reports_at(area: str, *, at: datetime, station_code: str = "", limit: int = 10) -> list[Report]:
    """Reports filed under a place, newest first, for its page. Looks back step by step, so that a busy regency does
    not sort all it has for ten lines."""
    rows = _within(area).filter(received_at__lte=at)
    if station_code:
        rows = rows.filter(station_code=station_code)
    rows = rows.defer("text", "remarks", "files").annotate(excerpt=Left("text", EXCERPT))
    found: list[Report] = []
    for back in (*REPORTS_BACK, None) if len(area) < 13 else (None,):
        window = rows.filter(received_at__gt=at - back) if back else rows
        found = list(window.order_by("-received_at", "-id")[:limit])
        if len(found) == limit:
            break
    return found


def kind_choices(empty: str = "") -> Choices:
    """Kinds of incident in the order of the law file."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    first = [("", empty)] if empty else []
    return [*first, *((kind.id, kind.name_in(language)) for kind in incident_kinds().values())]


def place_choices(area: str, empty: str = "") -> Choices:
    """Villages of a regency grouped by district, each group led by the district itself."""
    districts = dict(places.area_list(area, Level.DISTRICT).values_list("code", "name"))
    if len(area) > 8:
        districts = places.area_names([area[:8]])
    groups: dict[str, list[tuple[str, str]]] = {
        code: [(code, str(_("Kecamatan %(name)s") % {"name": name}))] for code, name in districts.items()
    }
    for code, name in places.area_list(area, Level.VILLAGE).values_list("code", "name"):
        groups.setdefault(code[:8], []).append((code, name))
    shown: Choices = [(districts.get(code, code), rows) for code, rows in groups.items()]
    return [("", empty), *shown] if empty else shown


def district_choices(area: str) -> Choices:
    """Districts of a regency, for narrowing a list; none below a regency."""
    if len(area) != 5:
        return []
    return list(places.area_list(area, Level.DISTRICT).values_list("code", "name"))


def regency_choices(area: str) -> Choices:
    """Regencies inside an area."""
    if area and level(area) not in (Level.PROVINCE, Level.NATION):
        return [(code, name) for code, name in places.area_names([area[:5]]).items()]
    return list(places.area_list(area, Level.REGENCY).values_list("code", "name"))


def regencies_open() -> dict[str, str]:
    """Regencies whose supervisor works with this installation, code to name: the public form is open there."""
    units = agencies.unit_list().filter(agency__kind="bawaslu")
    codes = {area for area in units.values_list("area", flat=True) if len(area) == 5}
    names = places.area_names(codes)
    return {code: names[code] for code in sorted(names)}


def is_official(area: str) -> bool:
    """Whether the supervisor of the regency declared Ronda a channel for formal reports."""
    return area in settings.OFFICIAL_CHANNELS

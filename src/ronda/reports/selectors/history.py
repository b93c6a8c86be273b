"""How many reports had come and how many waited at an instant: decisions are added with their time."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from ronda.kernel.areas import area_range
from ronda.reports.domain import ReportState, Verdict
from ronda.reports.models import ReportDecision
from ronda.reports.selectors import _within


@dataclass(frozen=True)
class InboxThen:
    """Reports received since a moment, and those that nobody had decided yet."""

    received: int
    waiting: int


def inbox_then(area: str = "", *, start: datetime, at: datetime) -> InboxThen:
    """The inbox of an area as it stood at `at`; `received` counts from `start` on.

    Every report is decided and returned in turn, so what waited then is what waits now, without what came since, with
    what was decided since, without what was returned since: four counts, whatever the day brought.
    """
    rows = _within(area).order_by()
    received = rows.filter(received_at__gte=start, received_at__lte=at).count()
    waiting_now = rows.filter(state=ReportState.NEW).count()
    came_since = rows.filter(received_at__gt=at).count()
    return InboxThen(received, waiting_now - came_since + _decided_since(area, at))


def _decided_since(area: str, at: datetime) -> int:
    """Decisions after an instant, less those that were taken back after it."""
    low, high = area_range(area)
    inside = Q(area__gte=low, area__lt=high) if area else Q()
    later = ReportDecision.objects.filter(inside, at__gt=at).order_by()
    counted = later.aggregate(all=Count("id"), returned=Count("id", filter=Q(verdict=Verdict.RETURNED)))
    return int(counted["all"]) - 2 * int(counted["returned"])

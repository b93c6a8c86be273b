"""How many reports had come and how many waited at an instant: decisions are added with their time."""

from dataclasses import dataclass
from datetime import datetime

from ronda.reports.domain import ReportState, Verdict
from ronda.reports.models import ReportDecision
from ronda.reports.selectors import _within


@dataclass(frozen=True)
class InboxThen:
    """Reports received since a moment, and those that nobody had decided yet."""

    received: int
    waiting: int


def inbox_then(area: str = "", *, start: datetime, at: datetime) -> InboxThen:
    """The inbox of an area as it stood at `at`; `received` counts from `start` on."""
    rows = _within(area).filter(received_at__lte=at)
    received = rows.filter(received_at__gte=start).order_by().count()
    waiting_now = rows.filter(state=ReportState.NEW).order_by().count()
    return InboxThen(received, waiting_now + _since(area, at))


def _since(area: str, at: datetime) -> int:
    """How many more waited at `at` than wait now, among those decided since."""
    reports = _within(area).filter(received_at__lte=at)
    later = ReportDecision.objects.filter(at__gt=at, report__in=reports)
    states = dict(later.values_list("report_id", "report__state"))
    if not states:
        return 0
    earlier = ReportDecision.objects.filter(at__lte=at, report__in=list(states)).order_by("at", "id")
    decided = dict(earlier.values_list("report_id", "verdict"))
    then = sum(decided.get(report, Verdict.RETURNED) == Verdict.RETURNED for report in states)
    return then - sum(state == ReportState.NEW for state in states.values())

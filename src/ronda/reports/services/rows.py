"""What every write on reports needs: the locked rows, who decides, and the frame of its event."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from ronda.agencies import selectors as agencies
from ronda.agencies.domain import legal_date
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.reports.domain import ReportState
from ronda.reports.models import Report


def locked(report: UUID) -> Report:
    """A report with the lead of its group, locked; DoesNotExist when the scope may not change it.

    Rows are always locked in the order of their ids, so that two who work on one group wait and never block each other.
    """
    row = Report.objects.get(pk=report)
    leads = Report.objects.filter(group=row.group, state=ReportState.NEW, is_lead=True).values_list(
        "pk", flat=True
    )
    rows = {one.pk: one for one in lock([report, *leads])}
    if report not in rows:  # may be read, not changed
        raise Report.DoesNotExist
    return rows[report]


def lock(ids: Iterable[UUID]) -> list[Report]:
    """These reports, locked in the order of their ids."""
    return list(Report.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk"))


def decider(by: Scope, at: datetime) -> dict[str, str]:
    """Name and role of who decides, as they stand now."""
    post = agencies.post_acting(by, today=legal_date(at))
    return {"by_name": post.display_name, "by_role": post.role} if post else {}


def event_frame(report: Report) -> dict[str, Any]:
    return {
        "subject": report.id,
        "area": report.area,
        "agency": report.agency,
        "sensitivity": report.sensitivity,
    }


def stamp(report: Report, by: Scope, at: datetime) -> dict[str, Any]:
    """The frame of a row that people of the supervisor write about a report."""
    return {
        "report": report,
        "area": report.area,
        "sensitivity": report.sensitivity,
        "agency": by.agency,
        "created_at": at,
        "by": person_uuid(by.person),
        "by_name": decider(by, at).get("by_name", ""),
        "at": at,
    }

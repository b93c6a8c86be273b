"""Which earlier reports a new one is worth comparing with, and the reports of one group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from ronda.reports.adapters.likeness import BAND_FIELDS, weights
from ronda.reports.models import Report, ReportGrouping, ReportSketch
from ronda.reports.selectors.photos import reports_with

PER_KEY, PER_PLACE = 6, 40  # of a crowd of copies any few will do: they are in one group already
SHOWN = 50
# Safe: the statements are made of our own names and numbers; every value is a parameter.
_BY_KEY = " UNION ".join(
    f"(SELECT report_id FROM reports_sketch WHERE {band} = w.{band} LIMIT {PER_KEY})"  # noqa: S608
    for band in BAND_FIELDS
)
MEETING = f"""
SELECT w.n, c.report_id
FROM unnest(%s::int[], %s::text[], %s::timestamptz[], %s::timestamptz[], {", ".join(["%s::bigint[]"] * 16)})
  AS w (n, area, since, until, {", ".join(BAND_FIELDS)})
CROSS JOIN LATERAL (
  {_BY_KEY} UNION
  (SELECT report_id FROM reports_sketch
   WHERE length(w.area) = 13 AND area = w.area AND at >= w.since AND at <= w.until LIMIT {PER_PLACE})
) AS c
"""  # noqa: S608


@dataclass(frozen=True)
class Candidate:
    """An earlier report that shares a key, or village and hours, with a new one."""

    sketch: ReportSketch
    group: UUID


def candidates(rows: Sequence[ReportSketch]) -> list[list[Candidate]]:
    """For each sketch the reports that it is worth comparing with, itself left out. Under the scope in force."""
    with connection.cursor() as cursor:
        cursor.execute(MEETING, meeting_columns(rows))
        pairs: list[tuple[int, UUID]] = cursor.fetchall()
    return _grouped(rows, pairs)


def candidates_with(hashes: Sequence[str], *, besides: Report, until: datetime) -> list[Candidate]:
    """Reports that came before and carry one of these files."""
    found = {row.pk: row for row in reports_with(hashes) if row.pk != besides.pk and row.received_at <= until}
    rows = ReportSketch.objects.filter(report__in=found).defer(*BAND_FIELDS)
    return [Candidate(row, found[row.report_id].group) for row in rows]


def meeting_columns(rows: Sequence[ReportSketch]) -> list[list[object]]:
    """The parameters of MEETING."""
    span = timedelta(hours=weights().received_within_h)
    return [
        list(range(len(rows))),
        [row.area for row in rows],
        [row.at - span for row in rows],
        [row.at + span for row in rows],
        *([getattr(row, band) for row in rows] for band in BAND_FIELDS),
    ]


def _grouped(rows: Sequence[ReportSketch], pairs: Iterable[tuple[int, UUID]]) -> list[list[Candidate]]:
    met: list[set[UUID]] = [set() for _ in rows]
    for number, report in pairs:
        if report != rows[number].report_id:
            met[number].add(report)
    wanted = set().union(*met)
    found = {row.report_id: row for row in ReportSketch.objects.filter(report__in=wanted).defer(*BAND_FIELDS)}
    groups = dict(Report.objects.filter(pk__in=wanted).values_list("pk", "group"))
    return [[Candidate(found[one], groups[one]) for one in sorted(ones)] for ones in met]


def group_members(group: UUID, *, limit: int = SHOWN) -> list[Report]:
    """Reports of a group, the lead first, then unchecked ones, then by receipt."""
    rows = Report.objects.filter(group=group)
    return list(rows.order_by("-is_lead", "state", "received_at", "id")[:limit])


def groupings_of(report: UUID) -> list[ReportGrouping]:
    """How a report came to its group, latest first."""
    return list(ReportGrouping.objects.filter(report=report).order_by("-at", "-id"))

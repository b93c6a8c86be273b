"""Reports that tell of one event stand in the inbox as one: proposed by the machine, merged and split by people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from ronda.kernel.areas import within
from ronda.kernel.bulk import rows_add, rows_update
from ronda.kernel.ids import uuid7
from ronda.kernel.journal import journal
from ronda.kernel.scope import Scope
from ronda.law.duty_desk import duty_desk_rules
from ronda.law.similarity import similarity_rules
from ronda.methods.similarity import PairScore, pair_score
from ronda.reports.adapters.likeness import account_of, grounds_of, sketch_of, weights
from ronda.reports.domain import GroupingAct, MoveRefused, ReportSource, ReportState
from ronda.reports.domain.priority import Source, order_at, source_of, sources_points
from ronda.reports.events import ReportsMerged, ReportsSplit
from ronda.reports.models import Report, ReportGrouping, ReportSketch
from ronda.reports.selectors.grouping import Candidate, candidates
from ronda.reports.selectors.photos import known_looks, looks_of
from ronda.reports.services.rows import event_frame, lock, locked, stamp

PLACED_BY_GROUP = ("group", "is_lead", "group_size", "group_sources", "group_priority", "order_at")
HELD_BY_LEAD = ("claimed_by", "claimed_name", "claimed_until")


@dataclass(frozen=True)
class _Join:
    """A new report, the earlier one it is most like, and how much."""

    report: Report
    other: UUID
    score: PairScore


def reports_propose(fresh: Sequence[Report]) -> None:
    """Put new reports beside earlier ones that may tell of the same event. For the machine, in the batch that made
    them; what it finds by itself is never grouped, since each finding is told once."""
    told = {report.pk: report for report in fresh if report.source != ReportSource.MACHINE}
    looks = known_looks([report for report in told.values() if report.files])
    rows = [sketch_of(report, looks_of(report, looks)) for report in told.values()]
    if not rows:
        return
    ReportSketch.objects.bulk_create(rows)
    groups, joins, later = {report.pk: report.group for report in told.values()}, [], set(told)
    for row, near in zip(rows, candidates(rows), strict=True):
        later.discard(row.report_id)
        groups |= {one.sketch.report_id: one.group for one in near if one.sketch.report_id not in told}
        join = _best(told[row.report_id], row, [one for one in near if one.sketch.report_id not in later])
        if join:
            joins.append(join)
    _join_all(joins, groups, told)


def report_propose(report: Report, row: ReportSketch, near: Sequence[Candidate]) -> None:
    """The same for one report that stands alone, of which more is known by now. It is locked."""
    join = _best(report, row, near)
    if join:
        _join_all([join], {one.sketch.report_id: one.group for one in near}, {report.pk: report})


def _best(report: Report, row: ReportSketch, near: Iterable[Candidate]) -> _Join | None:
    """The likest earlier report, if any is like enough."""
    own, rules = account_of(row), weights()
    scored = [(pair_score(own, account_of(one.sketch), rules), one.sketch.report_id) for one in near]
    best = max(scored, key=lambda pair: (pair[0].value, pair[1]), default=None)
    if best is None or best[0].value < rules.propose_from:
        return None
    return _Join(report, best[1], best[0])


def _join_all(joins: Sequence[_Join], groups: dict[UUID, UUID], told: dict[UUID, Report]) -> None:
    """Each report into the group of the one it is most like, in the order in which they came; who is not taken stands
    alone, and whoever is like that one stands beside it."""
    wanted = {groups[join.other] for join in joins}
    waiting = Report.objects.filter(group__in=wanted, state=ReportState.NEW, is_lead=True).exclude(
        pk__in=told
    )
    held = [
        one
        for one in lock(waiting.values_list("pk", flat=True))
        if one.state == ReportState.NEW and one.is_lead
    ]
    standing = _Standing({report.group: report for report in (*told.values(), *held)}, _sources_of(wanted))
    done = []
    for join in joins:
        group = groups[join.other]
        if standing.take(join, group):
            groups[join.report.pk] = group
            done.append(join)
    rows_update(standing.changed.values(), (*PLACED_BY_GROUP, *HELD_BY_LEAD))
    rows_add(_proposal(join) for join in done)


@dataclass
class _Standing:
    """How some groups stand while new reports join them: who leads each, its sources, which reports have changed."""

    leads: dict[UUID, Report]
    sources: dict[UUID, set[Source]]
    changed: dict[UUID, Report] = field(default_factory=dict)

    def take(self, join: _Join, group: UUID) -> bool:
        """Into a group, unless its lead lies where this report cannot, or it would be lost in a crowd: behind the lead,
        or before it when it says more nearly where, or as the only one when all others have been checked."""
        report, lead = join.report, self.leads.get(group)
        if lead is not None and (not is_one_place(report.area, lead.area) or _is_lost(join.score, lead)):
            return False
        source = source_of(report.agency, report.source, report.sent_by)
        heard = self.sources.setdefault(group, set())
        is_heard = source in heard
        heard.add(source)
        report.group = group
        if lead is None:
            report.group_sources = len(heard)
            self.leads[group] = report
            _rank(report, report.priority)
        else:
            self.leads[group] = _beside(lead, report, is_heard=is_heard)
            self.changed[lead.pk] = lead
        self.changed[report.pk] = report
        return True


def _is_lost(score: PairScore, lead: Report) -> bool:
    """Whether a report in other words would vanish behind many copies of one text: place and hour are not enough there,
    or a brigade could bury what honest people tell of its village."""
    crowd = similarity_rules().crowd
    return lead.group_size >= crowd.begins_at and score.text < crowd.text and not score.photo


def _sources_of(groups: set[UUID]) -> dict[UUID, set[Source]]:
    """By group who tells of it; of a group that begins with a report of this batch, that report."""
    found: dict[UUID, set[Source]] = {}
    rows = Report.objects.filter(group__in=groups).values_list("group", "agency", "source", "sent_by")
    for group, agency, source, person in rows.distinct():
        found.setdefault(group, set()).add(source_of(agency, source, person))
    return found


def _beside(lead: Report, report: Report, *, is_heard: bool) -> Report:
    """One more in the group; returns who leads it now."""
    own = max(report.priority, lead.group_priority - sources_points(lead.group_sources, duty_desk_rules()))
    first, second = (report, lead) if len(report.area) > len(lead.area) else (lead, report)
    first.group_size, first.group_sources = lead.group_size + 1, lead.group_sources + (not is_heard)
    if first is report:
        _claim_pass_on(lead, report)
    first.is_lead, second.is_lead = True, False
    _rank(first, own)
    return first


def _claim_pass_on(lead: Report, to: Report) -> None:
    """Whoever has the group in hand has it under its new lead."""
    for name in HELD_BY_LEAD:
        setattr(to, name, getattr(lead, name))
    lead.claimed_by, lead.claimed_name, lead.claimed_until = None, "", None


def is_one_place(one: str, other: str) -> bool:
    """Whether two areas can be the same place: one lies in the other. Only such reports stand in one group, and the
    one that lies deepest leads, so that every desk that sees one of them sees the line that stands for it."""
    return within(one, other) or within(other, one)


def _rank(lead: Report, own: int) -> None:
    """Where the group stands: the gravest of its reports, and the sources beyond the first."""
    rules = duty_desk_rules()
    lead.group_priority = own + sources_points(lead.group_sources, rules)
    lead.order_at = order_at(lead.received_at, lead.group_priority, rules)


def _proposal(join: _Join) -> ReportGrouping:
    report = join.report
    return ReportGrouping(
        report=report,
        act=GroupingAct.PROPOSED,
        group=report.group,
        other_id=join.other,
        score=round(join.score.value, 4),
        grounds=grounds_of(join.score),
        area=report.area,
        sensitivity=report.sensitivity,
        agency="system",
        created_at=report.received_at,
        at=report.received_at,
    )


def group_settle(group: UUID) -> None:
    """After a decision, a merge or a split: of the unchecked reports the one that says most nearly where leads, of
    several the gravest; the others stand behind it."""
    waiting = Report.objects.filter(group=group, state=ReportState.NEW)
    lead = waiting.order_by(Length("area").desc(), "-priority", "received_at", "id").first()
    if lead is None:
        return
    others = Report.objects.filter(group=group, is_lead=True).exclude(pk=lead.pk)
    held = others.exclude(claimed_by=None).first()
    if held is not None:
        _claim_pass_on(held, lead)
    others.update(is_lead=False, claimed_by=None, claimed_name="", claimed_until=None)
    told = waiting.aggregate(size=Count("id"), own=Max("priority"))
    lead.is_lead, lead.group_size, lead.group_sources = True, told["size"], len(_sources_of({group})[group])
    _rank(lead, told["own"])
    lead.save(update_fields=[*PLACED_BY_GROUP, *HELD_BY_LEAD])


def reports_merge(*, report: UUID, into: UUID, note: str, by: Scope, at: datetime) -> None:
    """A person says that a report, with all of its group, tells of the same event as another."""
    with transaction.atomic():
        row, other = _both(report, into)
        if row.group == other.group:
            raise MoveRefused(_("Kedua laporan ini sudah satu kelompok."))
        if not is_one_place(row.area, other.area):
            raise MoveRefused(_("Tempatnya berbeda. Jadikan dua kejadian, lalu hubungkan keduanya."))
        moved = list(Report.objects.filter(group=row.group))
        _regroup(moved, other.group, GroupingAct.MERGED, note, by, at, other=other)
        journal(ReportsMerged(group=str(other.group), **event_frame(row)), at=at)


def reports_split(*, reports: Sequence[UUID], note: str, by: Scope, at: datetime) -> None:
    """A person says that these reports of one group tell of something else than the rest; they stay together."""
    with transaction.atomic():
        rows = lock(reports)
        groups = {row.group for row in rows}
        if len(rows) != len(set(reports)):
            raise Report.DoesNotExist
        if len(groups) != 1 or not Report.objects.filter(group__in=groups).exclude(pk__in=reports).exists():
            raise MoveRefused(_("Pilih sebagian laporan dari satu kelompok, bukan semuanya."))
        _regroup(rows, uuid7(), GroupingAct.SPLIT, note, by, at)
        group_settle(groups.pop())
        journal(ReportsSplit(group=str(rows[0].group), **event_frame(rows[0])), at=at)


def _both(report: UUID, into: UUID) -> tuple[Report, Report]:
    first, second = sorted((report, into))
    rows = {one.pk: one for one in (locked(first), locked(second))}
    return rows[report], rows[into]


def _regroup(
    rows: Sequence[Report],
    group: UUID,
    act: GroupingAct,
    note: str,
    by: Scope,
    at: datetime,
    other: Report | None = None,
) -> None:
    Report.objects.filter(pk__in=[row.pk for row in rows]).update(group=group, is_lead=True)
    for row in rows:
        row.group = group
    rows_add(
        ReportGrouping(act=act, group=group, other=other, note=note, **stamp(row, by, at)) for row in rows
    )
    group_settle(group)

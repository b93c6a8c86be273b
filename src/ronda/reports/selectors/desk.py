"""What the duty desk shows beside a report: why it stands where it stands, who has it, and how its group agrees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from ronda.agencies import selectors as agencies
from ronda.agencies.domain import legal_date
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.law.duty_desk import duty_desk_rules
from ronda.methods.similarity import features, normalise
from ronda.reports.adapters.likeness import vocabulary
from ronda.reports.adapters.stakes import stakes_of, voting_days
from ronda.reports.domain import DECIDING_ROLES, ReportState
from ronda.reports.domain.priority import is_urgent, priority_grounds
from ronda.reports.models import Report, ReportClaim
from ronda.web.localtime import clock_words

SAME_TIME = timedelta(minutes=30)


@dataclass(frozen=True)
class Urgency:
    """Why a report stands where it stands, in words; the grounds that weigh most come first."""

    is_urgent: bool
    words: list[str]


def urgency_of(report: Report) -> Urgency:
    """By the same points that order the inbox."""
    rules = duty_desk_rules()
    grounds = priority_grounds(stakes_of(report, voting_days(), sources=report.group_sources), rules)
    told = [str(ground.label) for ground in sorted(grounds, key=lambda ground: -grounds[ground])]
    if report.answered_at is not None:
        told = [_("kabarnya sudah datang %(at)s") % {"at": clock_words(report.answered_at, report.area)}]
    return Urgency(is_urgent(report.group_priority, rules), told)


def urgent_from() -> int:
    """Points from which a report is called urgent."""
    return duty_desk_rules().urgent_from


@dataclass(frozen=True)
class InHand:
    """Who has a group in hand until when, as somebody sees it."""

    lead: Report
    is_running: bool
    is_own: bool
    steps: list[ReportClaim]


def in_hand(report: Report, *, by: Scope, at: datetime) -> InHand:
    """The claim of the report's group, with its steps, latest first."""
    lead = Report.objects.filter(group=report.group, state=ReportState.NEW, is_lead=True).first() or report
    is_running = lead.claimed_by is not None and lead.claimed_until is not None and lead.claimed_until > at
    steps = ReportClaim.objects.filter(report__group=report.group).order_by("-at", "-id")
    return InHand(lead, is_running, lead.claimed_by == person_uuid(by.person), list(steps[:5]))


def colleagues(*, by: Scope, at: datetime) -> list[tuple[str, str]]:
    """Posts of the own agency on duty that decide about reports, besides the own person: for handing on."""
    posts = agencies.posts_on_duty(agency=by.agency, area=by.area, today=legal_date(at))
    others = posts.filter(role__in=DECIDING_ROLES).exclude(person=person_uuid(by.person))
    return [(str(post.pk), f"{post.display_name} · {post.unit.name}") for post in others[:40]]


def report_next(*, by: Scope, at: datetime) -> UUID | None:
    """The first of the inbox that nobody else has in hand."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at) | Q(claimed_by=person_uuid(by.person))
    waiting = Report.objects.filter(free, state=ReportState.NEW, is_lead=True)
    return waiting.order_by("order_at", "id").values_list("pk", flat=True).first()


@dataclass(frozen=True)
class Compared:
    """One report of a group beside another: what agrees and what differs; None where one of them says nothing."""

    report: Report
    same_place: bool
    same_station: bool | None
    same_time: bool
    same_kind: bool | None
    words_share: float


def compared(report: Report, members: Iterable[Report]) -> list[Compared]:
    """The other reports of a group beside this one."""
    own = _features(report)
    return [_beside(report, one, own) for one in members if one.pk != report.pk]


def _beside(report: Report, other: Report, own: frozenset[str]) -> Compared:
    theirs = _features(other)
    apart = abs(_at(report) - _at(other))
    return Compared(
        other,
        same_place=report.area == other.area,
        same_station=_same(report.station_code, other.station_code),
        same_time=apart <= SAME_TIME,
        same_kind=_same(report.kind, other.kind),
        words_share=len(own & theirs) / len(own | theirs) if own | theirs else 0.0,
    )


def _same(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _at(report: Report) -> datetime:
    return report.happened_at or report.received_at


def _features(report: Report) -> frozenset[str]:
    return features(normalise(report.text, vocabulary()))


def undecided(members: Sequence[Report], *, besides: UUID) -> int:
    """How many of them wait for a decision."""
    return sum(one.state == ReportState.NEW and one.pk != besides for one in members)

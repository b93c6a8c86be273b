"""The order of the inbox: what is at stake, where, how near the vote, how many told it, how long it waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ronda.law.duty_desk import DutyDeskRules
from ronda.reports.domain import ReportSource


class Ground(TextChoices):
    """Why a report stands where it stands, as the page says it."""

    DANGER = "danger", _("pengirim menyatakan ada yang terancam")
    KIND = "kind", _("jenisnya harus ditangani cepat")
    ONGOING = "ongoing", _("dilaporkan saat sedang berlangsung")
    STATION = "station", _("terjadi di TPS")
    PLACE = "place", _("tempatnya rawan")
    VOTE = "vote", _("pemungutan suara sudah dekat")
    SOURCES = "sources", _("disampaikan beberapa sumber")


@dataclass(frozen=True)
class Stakes:
    """All that the order may know of a report. There is no place for its text, its author, an agency or a party.

    `vulnerability` is the place's share of the most vulnerable, 0 to 1; None while nobody has assessed it.
    """

    severity: int
    is_danger: bool = False
    is_ongoing: bool = False
    at_station: bool = False
    days_to_vote: int | None = None
    sources: int = 1
    vulnerability: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.severity <= 3:
            raise ValueError(f"severity lies in 1..3, got {self.severity}")
        if self.sources < 1:
            raise ValueError(f"a report has at least one source, got {self.sources}")


def priority_grounds(stakes: Stakes, rules: DutyDeskRules) -> dict[Ground, int]:
    """The points of each ground that counts, in the order in which the page names them."""
    points = rules.points
    found = {
        Ground.DANGER: points.danger * stakes.is_danger,
        Ground.KIND: points.severity[stakes.severity],
        Ground.ONGOING: points.ongoing * stakes.is_ongoing,
        Ground.STATION: points.station * stakes.at_station,
        Ground.PLACE: round(points.vulnerability * (stakes.vulnerability or 0)),
        Ground.VOTE: _vote_points(stakes.days_to_vote, rules),
        Ground.SOURCES: sources_points(stakes.sources, rules),
    }
    return {ground: worth for ground, worth in found.items() if worth}


def sources_points(sources: int, rules: DutyDeskRules) -> int:
    """Points of the sources beyond the first, up to a bound: after that more tell nothing new."""
    return rules.points.further_source * min(sources - 1, rules.points.further_sources_most)


def _vote_points(days: int | None, rules: DutyDeskRules) -> int:
    """Nearer is more; after the day of voting nothing is added."""
    if days is None or not 0 <= days <= 7:
        return 0
    return (
        rules.points.voting_day
        if not days
        else rules.points.day_before
        if days == 1
        else rules.points.week_before
    )


def report_priority(stakes: Stakes, rules: DutyDeskRules) -> int:
    """Points of a report without its age, higher first."""
    return sum(priority_grounds(stakes, rules).values())


def order_at(received_at: datetime, priority: int, rules: DutyDeskRules) -> datetime:
    """The instant by which the inbox is ordered, earliest first: each point counts as so many minutes of waiting.

    So age is part of the order without anything being computed again as time passes.
    """
    return received_at - timedelta(minutes=rules.minutes_per_point * priority)


def is_urgent(priority: int, rules: DutyDeskRules) -> bool:
    return priority >= rules.urgent_from


Source = tuple[str, UUID | None]


def source_of(agency: str, source: str, person: UUID | None) -> Source:
    """Who stands behind a report, as far as sources are counted.

    An officer answers with name and post: each is a source. Witnesses and observers count once for their body, and the
    public without account counts once altogether: one person can send a thousand times.
    """
    return (agency, person if source == ReportSource.OFFICER else None)

"""What the order of the inbox may know of a report, taken from its columns."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from ronda.agencies.domain import legal_date
from ronda.elections import selectors as elections
from ronda.law import incident_kinds
from ronda.reports.domain import is_ongoing, severity_of
from ronda.reports.domain.priority import Stakes

if TYPE_CHECKING:
    from ronda.reports.models import Report

VotingDays = Callable[[str], date | None]


def voting_days() -> VotingDays:
    """The day of voting by election; each is looked up once."""

    @cache
    def day(code: str) -> date | None:
        election = elections.election_for(code) if code else None
        return election.voting_on if election else None

    return day


def severity(kind: str) -> int:
    """1 to 3 by the kind of incident."""
    known = incident_kinds().get(kind)
    return severity_of(known.due.hours if known else None)


def stakes_of(report: "Report", days: VotingDays, *, sources: int = 1) -> Stakes:
    """Kind, danger, place and nearness of the vote at the time of receipt; the places have no index yet."""
    voting_on = days(report.election)
    return Stakes(
        severity=severity(report.kind),
        is_danger=report.is_danger,
        is_ongoing=is_ongoing(report.happened_at, report.received_at),
        at_station=bool(report.station_code),
        days_to_vote=(voting_on - legal_date(report.received_at)).days if voting_on else None,
        sources=sources,
    )

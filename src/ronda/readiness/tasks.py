"""What the worker does for readiness between requests."""

from datetime import timedelta

from ronda.agencies.domain import legal_date
from ronda.elections import selectors as elections
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.services import findings_raise

DAYS_AROUND_VOTE = timedelta(days=2)


def gaps_tell() -> int:
    """Tell every gap of the elections whose voting day is near; returns how many were new. Call outside `scoped`."""
    at = clock.now()
    today = legal_date(at)
    with scoped(Scope.system()):
        near = [
            (election.code, election.voting_on)
            for election in elections.election_list()
            if abs(election.voting_on - today) <= DAYS_AROUND_VOTE
        ]
    return sum(len(findings_raise(election=code, voting_on=day, at=at)) for code, day in near)

"""What the worker does for readiness between requests."""

import logging
import threading
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections

from ronda.agencies.domain import legal_date
from ronda.elections import selectors as elections
from ronda.gate import selectors as gate
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.services import findings_answer, findings_raise

log = logging.getLogger("ronda.readiness")
DAYS_AROUND_VOTE = timedelta(days=2)
EVERY_S = 3.0


def gaps_tell() -> int:
    """Tell every gap of the elections whose voting day is near, and mark those that ended; returns how many were new.
    Call outside `scoped`.

    A gap is a gap as of what was read so far: while messages wait in the inbox, the arrival of the first counts.
    """
    with scoped(Scope.system()):
        at = gate.consumed_until(now=clock.now())
        today = legal_date(at)
        near = [
            (election.code, election.voting_on)
            for election in elections.election_list()
            if abs(election.voting_on - today) <= DAYS_AROUND_VOTE
        ]
    told = sum(len(findings_raise(election=code, voting_on=day, at=at)) for code, day in near)
    for code, _day in near:
        findings_answer(election=code, at=at)
    return told


def watch(stop: threading.Event) -> None:
    """Look for gaps again and again until told to stop; a database that is away is tried again."""
    while not stop.wait(EVERY_S):
        try:
            gaps_tell()
        except (DatabaseError, InterfaceError):
            log.exception("gaps could not be looked for; trying again")
            close_old_connections()

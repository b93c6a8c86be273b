"""What the worker does for results between requests."""

from ronda.agencies.domain import legal_date
from ronda.elections import selectors as elections
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.law.result_findings import result_finding_rules
from ronda.results.adapters.screens_kept import made_of
from ronda.results.selectors_screens import screenings_due, stations_screened
from ronda.results.services import findings_raise, screening_holds, screening_keep


def findings_tell() -> int:
    """Tell what was found in the elections whose results are being made; returns how many were new.

    A file of an older election is checked like any other and told to nobody: nothing can be done about it any more.
    Call outside `scoped`.
    """
    at, window = clock.now(), result_finding_rules().window
    with scoped(Scope.system()):
        current = [
            (election.code, election.voting_on)
            for election in elections.election_list()
            if window.covers(voting_on=election.voting_on, on=legal_date(at))
        ]
    return sum(len(findings_raise(election=code, voting_on=day, at=at)) for code, day in current)


def screens_make() -> int:
    """Screen the areas whose count moved and rests; returns how many there were. No transaction is open while they are
    computed. Call outside `scoped`."""
    with scoped(Scope.system()):
        due = screenings_due(clock.now())
    for count in due:
        with scoped(Scope.system()):
            stations = stations_screened(count)
            if screening_holds(count=count, digest=stations.digest):
                continue
        made = made_of(stations, count.area)
        with scoped(Scope.system()):
            screening_keep(count=count, made=made, at=clock.now())
    return len(due)

"""Makes failed checks and counts anew from the copies. Repeating it changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction

from ronda.kernel.areas import Level, at_level
from ronda.kernel.journal import journal
from ronda.law import election_laws
from ronda.methods.tally import Limits
from ronda.results.adapters.checking import ContestCopies, Parties, check_stations, is_of_district
from ronda.results.adapters.lists import lists_of
from ronda.results.adapters.registry import ballots_of, villages_of_regency, villages_of_stations
from ronda.results.adapters.rows import OWNER, latest_sheets
from ronda.results.domain import CheckLevel, common_area
from ronda.results.events import ChecksRebuilt
from ronda.results.models import AreaSummary, FailedCheck, Replacement, Tabulation
from ronda.results.services.areas import Tally, counts_write, failed_write, roll_up


class UnknownElectionError(ValueError):
    """No file of law/elections says what a station of this election may hold."""


@transaction.atomic
def checks_rebuild(*, election: str, contest: str, areas: Iterable[str], at: datetime) -> int:
    """Check every station of these villages and everything above them; how many checks failed there."""
    villages = set(areas)
    failed = count_anew(Tally(election, contest, at), villages)
    event = ChecksRebuilt(
        subject=None,
        area=common_area(villages),
        agency=OWNER,
        election=election,
        contest=contest,
        failed=failed,
    )
    journal(event, at=at)
    return failed


def lists_changed(*, election: str, contests: Iterable[str], at: datetime) -> None:
    """Count contests anew whose lists are others now: rules of parties, and what adds up, follow the lists."""
    for contest in sorted(contests):
        rows = AreaSummary.objects.filter(election=election, contest=contest, level=Level.VILLAGE.value)
        if villages := set(rows.values_list("area", flat=True)):
            checks_rebuild(election=election, contest=contest, areas=villages, at=at)


def count_anew(tally: Tally, areas: Iterable[str]) -> int:
    """`checks_rebuild` as a part of a service that writes its own event."""
    wanted = set(areas)
    if not wanted:
        return 0
    take_turn(tally)
    every, lists = _villages(tally, wanted), lists_of(tally.election, tally.contest)
    failed = sum(_count_villages(tally, villages, parties) for parties, villages in lists.by_list(every))
    return failed + roll_up(tally, every, lists)


def _count_villages(tally: Tally, villages: set[str], parties: Parties) -> int:
    """Check all stations of villages that vote on one list; how many checks failed."""
    election, contest = tally.election, tally.contest
    stood = FailedCheck.objects.filter(
        election=election, contest=contest, area__in=villages, level=CheckLevel.STATION
    )
    kept = None if _is_whole(tally, villages) else [row for row in stood if is_of_district(row.rule)]
    limits = limits_of(election)
    copies = ContestCopies(
        latest_sheets(election, contest, villages),
        parties,
        decided(tally, area__in=villages),
        ballots_of(election, limits, area__in=villages),
    )
    checked = check_stations(
        villages_of_stations(election, villages),
        copies,
        limits,
        others=[ContestCopies(latest_sheets(election, other, villages)) for other in contests_before(tally)],
        kept=kept,
    )
    stood.exclude(pk__in=[one.pk for one in kept or ()]).delete()
    failed_write(tally, checked.failed)
    counts_write(tally, checked.counts, villages)
    return len(checked.failed)


def _is_whole(tally: Tally, villages: set[str]) -> bool:
    """Whether no other village of the districts of these has a count."""
    districts = {at_level(code, Level.DISTRICT) for code in villages}
    rows = AreaSummary.objects.filter(election=tally.election, contest=tally.contest, parent__in=districts)
    return not rows.exclude(area__in=villages).exists()


def decided(tally: Tally, **where: object) -> frozenset[tuple[str, str]]:
    """(station, outcome) of every decision that replaces a result of this contest."""
    rows = Replacement.objects.filter(election=tally.election, contest__in=("", tally.contest), **where)
    return frozenset(rows.values_list("station", "outcome"))


def villages_counted(election: str, contest: str, units: set[str]) -> set[str]:
    """Villages with a count inside these districts, regencies or villages."""
    rows = AreaSummary.objects.filter(election=election, contest=contest, level=Level.VILLAGE.value)
    codes = rows.values_list("area", flat=True)
    return {code for code in codes if {code, code[:8], code[:5]} & units}


_TURN = """
INSERT INTO results_tabulation (election, contest, number, at) VALUES (%s, %s, 1, %s)
ON CONFLICT (election, contest) DO UPDATE SET number = results_tabulation.number + 1, at = excluded.at
"""


def take_turn(tally: Tally) -> None:
    """One rebuild of a contest at a time, so that counts of areas above stay whole."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN, [tally.election, tally.contest, tally.at])


def contests_before(tally: Tally) -> list[str]:
    """The contests before this one on the ballot papers that have results: a form is held against earlier ones only,
    so that one slip is one flag."""
    order = _ballot_papers(tally.election)
    earlier = order[: order.index(tally.contest)] if tally.contest in order else []
    found = Tabulation.objects.filter(election=tally.election, contest__in=earlier)
    return sorted(found.values_list("contest", flat=True), key=order.index)


def tallies_of(election: str, new: Collection[str], at: datetime) -> list[Tally]:
    """The counts of the contests with new copies, and of those that have results after the first of them, in the order
    of the ballot papers."""
    order = _ballot_papers(election)
    known = set(Tabulation.objects.filter(election=election).values_list("contest", flat=True))
    first = min((order.index(contest) for contest in new if contest in order), default=len(order))
    codes = [*(one for one in order[first:] if one in known | set(new)), *sorted(set(new) - set(order))]
    return [Tally(election, code, at) for code in codes]


def _ballot_papers(election: str) -> list[str]:
    law = election_laws().get(election)
    return [one.code for one in law.contests] if law else []


def limits_of(election: str) -> Limits:
    """What the law says of a station of this election."""
    law = election_laws().get(election)
    if law is None:
        known = ", ".join(sorted(election_laws()))
        raise UnknownElectionError(f"wanted one of the elections {known}; came {election!r}")
    return Limits(law.station.voters_max, law.station.reserve_share)


def _villages(tally: Tally, areas: set[str]) -> set[str]:
    """The wanted villages; for a regency that has no count yet, all of its villages."""
    regencies = {at_level(code, Level.REGENCY) for code in areas}
    rows = AreaSummary.objects.filter(election=tally.election, contest=tally.contest, area__in=regencies)
    fresh = regencies - set(rows.values_list("area", flat=True))
    for regency in fresh:
        areas = areas | villages_of_regency(tally.election, regency)
    return areas

"""Makes failed checks and counts anew from the copies. Repeating it changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction

from ronda.elections.selectors import contest_for, election_for, party_rows
from ronda.kernel.areas import Level, at_level, level, parent
from ronda.kernel.ids import uuid7
from ronda.kernel.journal import journal
from ronda.law import election_laws
from ronda.methods.tally import Limits
from ronda.results.adapters.checking import (
    Checked,
    ContestCopies,
    Failed,
    check_recap,
    check_stations,
    recaps_added,
)
from ronda.results.adapters.registry import villages_of_regency, villages_of_stations
from ronda.results.adapters.rows import OWNER, latest_recaps, latest_sheets
from ronda.results.domain import AreaCount, common_area, counted
from ronda.results.events import ChecksRebuilt
from ronda.results.models import AreaSummary, FailedCheck, Tabulation


class UnknownElectionError(ValueError):
    """No file of law/elections says what a station of this election may hold."""


@transaction.atomic
def checks_rebuild(*, election: str, contest: str, areas: Iterable[str], at: datetime) -> int:
    """Check every station of these villages and everything above them; how many checks failed there."""
    villages = set(areas)
    failed = count_anew(election=election, contest=contest, areas=villages, at=at)
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


def count_anew(*, election: str, contest: str, areas: Iterable[str], at: datetime) -> int:
    """`checks_rebuild` as a part of a service that writes its own event."""
    wanted = set(areas)
    if not wanted:
        return 0
    limits = limits_of(election)
    _take_turn(election, contest, at)
    villages = _villages(election, contest, wanted)
    checked = check_stations(
        villages_of_stations(election, villages),
        _copies(election, contest, villages),
        limits,
        others=[_copies(election, other, villages) for other in _contests_beside(election, contest)],
    )
    FailedCheck.objects.filter(
        election=election, contest=contest, area__in=villages, level="station"
    ).delete()
    failed_write(checked.failed, election=election, contest=contest, at=at)
    _summaries_replace(checked, villages, election=election, contest=contest, at=at)
    failed = len(checked.failed)
    for above in (Level.DISTRICT, Level.REGENCY, Level.PROVINCE, Level.NATION):
        codes = {at_level(code, above) for code in villages}
        failed += _roll_up(codes, election=election, contest=contest, at=at)
    return failed


def villages_counted(election: str, contest: str, units: set[str]) -> set[str]:
    """Villages with a count inside these districts, regencies or villages."""
    rows = AreaSummary.objects.filter(election=election, contest=contest, level=Level.VILLAGE.value)
    codes = rows.values_list("area", flat=True)
    return {code for code in codes if {code, code[:8], code[:5]} & units}


_TURN = """
INSERT INTO results_tabulation (election, contest, number, at) VALUES (%s, %s, 1, %s)
ON CONFLICT (election, contest) DO UPDATE SET number = results_tabulation.number + 1, at = excluded.at
"""


def _take_turn(election: str, contest: str, at: datetime) -> None:
    """One rebuild of a contest at a time, so that counts of areas above stay whole."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN, [election, contest, at])


def _copies(election: str, contest: str, villages: Collection[str]) -> ContestCopies:
    """The latest copies of some villages; they lie in one electoral district, else no list is known."""
    found = election_for(election)
    rows = contest_for(found, contest, area=common_area(villages)) if found else None
    return ContestCopies(latest_sheets(election, contest, set(villages)), party_rows(rows))


def _contests_beside(election: str, contest: str) -> list[str]:
    """The contests before this one on the ballot papers that have results: a form is held against earlier ones only,
    so that one slip is one flag."""
    order = [one.code for one in election_laws()[election].contests]
    earlier = order[: order.index(contest)] if contest in order else []
    found = Tabulation.objects.filter(election=election, contest__in=earlier)
    return sorted(found.values_list("contest", flat=True), key=order.index)


def limits_of(election: str) -> Limits:
    """What the law says of a station of this election."""
    law = election_laws().get(election)
    if law is None:
        known = ", ".join(sorted(election_laws()))
        raise UnknownElectionError(f"wanted one of the elections {known}; came {election!r}")
    return Limits(law.station.voters_max, law.station.reserve_share)


def _villages(election: str, contest: str, areas: set[str]) -> set[str]:
    """The wanted villages; for a regency that has no count yet, all of its villages."""
    regencies = {at_level(code, Level.REGENCY) for code in areas}
    counted_ = AreaSummary.objects.filter(election=election, contest=contest, area__in=regencies)
    fresh = regencies - set(counted_.values_list("area", flat=True))
    for regency in fresh:
        areas = areas | villages_of_regency(election, regency)
    return areas


def failed_write(failed: Iterable[Failed], *, election: str, contest: str, at: datetime) -> None:
    """Add failed checks."""
    rows = [
        FailedCheck(
            **_frame(one.area, at),
            election=election,
            contest=contest,
            rule=one.rule,
            level=one.level,
            station=one.station,
            source=one.source,
            against=one.against,
            delta=one.delta,
            deltas=list(one.deltas),
            stake=one.stake,
            facts=one.facts,
            since=one.since,
        )
        for one in failed
    ]
    FailedCheck.objects.bulk_create(rows, batch_size=2_000)


def _frame(area: str, at: datetime) -> dict[str, object]:
    return {"id": uuid7(), "area": area, "sensitivity": 1, "agency": OWNER, "audience": [], "created_at": at}


def _summaries_replace(
    checked: Checked, villages: Collection[str], *, election: str, contest: str, at: datetime
) -> None:
    AreaSummary.objects.filter(election=election, contest=contest, area__in=villages).delete()
    rows = [_summary(code, count, {}, election, contest, at) for code, count in checked.counts.items()]
    AreaSummary.objects.bulk_create(rows, batch_size=2_000)


def _summary(
    area: str, count: AreaCount, recap: dict[str, object], election: str, contest: str, at: datetime
) -> AreaSummary:
    return AreaSummary(
        **_frame(area, at),
        election=election,
        contest=contest,
        level=level(area).value,
        parent=parent(area),
        stations=count.stations,
        reported=count.reported,
        both=count.both,
        differing=count.differing,
        failed=count.failed,
        stake=count.stake,
        present=count.present,
        votes=count.votes,
        rules=count.rules,
        recap=recap,
    )


def _roll_up(codes: set[str], *, election: str, contest: str, at: datetime) -> int:
    """Make the counts of areas out of the counts one level down, and hold official recaps against them."""
    rows = AreaSummary.objects.filter(election=election, contest=contest)
    below: dict[str, list[AreaSummary]] = {code: [] for code in codes}
    for row in rows.filter(parent__in=codes).exclude(area__in=codes & {""}):
        below[row.parent].append(row)
    rows.filter(area__in=codes).delete()
    FailedCheck.objects.filter(election=election, contest=contest, area__in=codes, level="unit").delete()
    recaps = latest_recaps(election, contest, codes)
    made, failed = [], []
    for code in sorted(codes):
        count = counted(count_of(row) for row in below[code])
        recap = recaps_added([row.recap for row in below[code]])
        if official := recaps.get(code):
            recap, differing = check_recap(official, count)
            failed += differing
            count.rules |= {one.rule: count.rules.get(one.rule, 0) + 1 for one in differing}
        made.append(_summary(code, count, recap, election, contest, at))
    AreaSummary.objects.bulk_create(made)
    failed_write(failed, election=election, contest=contest, at=at)
    return len(failed)


def count_of(row: AreaSummary) -> AreaCount:
    """The count that a summary row holds."""
    return AreaCount(
        stations=row.stations,
        reported=row.reported,
        both=row.both,
        differing=row.differing,
        failed=row.failed,
        stake=row.stake,
        present=dict(row.present),
        votes=dict(row.votes),
        rules=dict(row.rules),
    )

"""The decision by which the result of a station is replaced: recorded once, and the counts follow."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ronda.elections.selectors import station_for
from ronda.kernel.areas import station_area
from ronda.kernel.journal import journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope, scoped
from ronda.results.domain import REGULAR, Outcome
from ronda.results.events import ResultReplaced
from ronda.results.models import AreaSummary, Replacement, Sheet
from ronda.results.services.areas import Tally
from ronda.results.services.checking import count_anew


class ReplacementRefused(ValueError):
    """Says in words what was wanted and what came."""


@transaction.atomic
def replacement_record(
    *,
    election: str,
    contest: str,
    station: str,
    outcome: str,
    decision: str,
    reason: str,
    since: datetime,
    by: Scope,
    at: datetime,
) -> Replacement:
    """Record a decision. `contest` empty: every contest of the station. Copies captured from `since` on belong to the
    new result. The same decision twice is recorded once."""
    decision, reason = " ".join(decision.split())[:120], reason.strip()[:2_000]
    _require(election, station, outcome, decision, reason, since, at)
    same = {
        "election": election,
        "contest": contest,
        "station": station,
        "outcome": outcome,
        "decision": decision,
    }
    frame = {"area": station_area(station), "agency": by.agency, "created_at": at}
    row = Replacement(**same, **frame, reason=reason, since=since, person=person_uuid(by.person))
    Replacement.objects.bulk_create([row], ignore_conflicts=True)
    made = Replacement.objects.get(**same)
    if made.pk != row.pk:  # recorded before, or by somebody else a moment ago
        return made
    event = ResultReplaced(
        subject=made.pk,
        area=made.area,
        agency=made.agency,
        election=election,
        contest=contest,
        station=station,
        outcome=outcome,
    )
    journal(event, at=at)
    _count_again(made, at)
    return made


def _require(
    election: str,
    station: str,
    outcome: str,
    decision: str,
    reason: str,
    since: datetime,
    at: datetime,
) -> None:
    if station_for(election, station) is None:
        raise ReplacementRefused(_("TPS itu tidak ada dalam daftar TPS pemilihan ini."))
    if outcome not in Outcome.values or outcome == REGULAR:
        raise ReplacementRefused(_("Pilih cara hasil diganti, misalnya pemungutan suara ulang."))
    if not decision or not reason:
        raise ReplacementRefused(_("Tulis nomor keputusan dan alasannya; tanpa itu hasil tidak diganti."))
    if since > at:
        raise ReplacementRefused(_("Waktu mulai tidak boleh sesudah sekarang."))


def _count_again(made: Replacement, at: datetime) -> None:
    """Copies that came before the decision was recorded and are of the new result say so from now on; then the village
    is counted anew, in each contest the decision is about that has a count there."""
    with scoped(
        Scope.system()
    ):  # copies and counts are the system's; who records a decision need not write them
        copies = Sheet.objects.filter(election=made.election, station=made.station, outcome=REGULAR)
        if made.contest:
            copies = copies.filter(contest=made.contest)
        captured = Coalesce("captured_at", "created_at")
        copies.alias(captured=captured).filter(captured__gte=made.since).update(outcome=made.outcome)
        rows = AreaSummary.objects.filter(election=made.election, area=made.area)
        if made.contest:
            rows = rows.filter(contest=made.contest)
        for contest in sorted(set(rows.values_list("contest", flat=True))):
            count_anew(Tally(made.election, contest, at), {made.area})

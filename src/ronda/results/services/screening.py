"""Keeps the screens of an area: made away from any request, once for every count that rests."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronda.kernel.journal import journal
from ronda.results.adapters.rows import OWNER
from ronda.results.adapters.screens_kept import Made
from ronda.results.domain import RUNS, SEED
from ronda.results.events import ScreeningMade
from ronda.results.models import AreaSummary, Screening


@transaction.atomic
def screening_keep(*, count: AreaSummary, made: Made, at: datetime) -> Screening:
    """Keep what the screens said of the area of a count in place of what stood there."""
    Screening.objects.filter(**_same(count)).delete()
    row = Screening.objects.create(
        **_same(count),
        **_known(count),
        agency=OWNER,
        created_at=at,
        digest=made.digest,
        seed=SEED,
        runs=RUNS,
        said=made.said,
        stations=made.columns,
    )
    event = ScreeningMade(
        subject=row.pk,
        area=row.area,
        agency=row.agency,
        election=row.election,
        contest=row.contest,
        digest=row.digest,
    )
    journal(event, at=at)
    return row


def screening_holds(*, count: AreaSummary, digest: str) -> bool:
    """Whether the figures are those that were screened before; then the row that stands holds for this count too."""
    rows = Screening.objects.filter(**_same(count), digest=digest, seed=SEED, runs=RUNS)
    return bool(rows.update(**_known(count)))


def _same(count: AreaSummary) -> dict[str, str]:
    return {"area": count.area, "election": count.election, "contest": count.contest}


def _known(count: AreaSummary) -> dict[str, object]:
    return {"count": count.pk, "reported": count.reported, "votes": count.votes}

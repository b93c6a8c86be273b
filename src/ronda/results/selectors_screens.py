"""Reads of the screens of areas: what is kept, how far the count moved since, and which counts are to be screened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, OuterRef, Q, Subquery

from ronda.kernel.areas import Level
from ronda.kernel.scope import Scope
from ronda.results.adapters.lists import lists_of
from ronda.results.adapters.rows import latest_sheets
from ronda.results.adapters.screens_area import AreaStations, area_stations
from ronda.results.adapters.screens_kept import KeptStations, stations_of
from ronda.results.domain import FEWEST_SCREENED, MOST_SCREENED
from ronda.results.models import AreaSummary, Screening
from ronda.results.selectors import hidden_from, villages_with_results

REST = timedelta(minutes=1)
LONGEST = timedelta(minutes=15)
LEVELS = (Level.DISTRICT, Level.REGENCY, Level.PROVINCE)
KEPT = 16


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a count went on after it was screened: stations that came, and votes that came, went or changed place in
    the copy that moved most."""

    stations: int
    votes: int

    @property
    def is_none(self) -> bool:
        return not self.stations and not self.votes


@dataclass(frozen=True, eq=False)
class AreaScreens:
    """The screens of an area by name, and its stations: no screen and None where the stations are too few."""

    kept: Screening
    stations: KeptStations | None
    moved: Moved | None

    @property
    def said(self) -> Mapping[str, Any]:
        said: Mapping[str, Any] = self.kept.said
        return said

    @property
    def screened(self) -> int:
        return int(self.said["stations"])


def screens_for(summary: AreaSummary, scope: Scope) -> AreaScreens | None:
    """What is kept of the area of a count, if it was screened yet. No station that is kept from who asks is among its
    stations. Whoever reads a count reads its copies (law/mandates.yaml)."""
    rows = Screening.objects.filter(
        area=summary.area, election=summary.election, contest=summary.contest
    ).defer("stations")
    kept = rows.first()
    if kept is None:
        return None
    moved = None if kept.count == summary.pk else moved_since(kept, summary)
    if "leader" not in kept.said:
        return AreaScreens(kept, None, moved)
    hidden = hidden_from(scope.person) if scope.person else set[str]()
    return AreaScreens(kept, _stations(kept.pk).without(hidden), moved)


@lru_cache(maxsize=KEPT)
def _stations(screening: UUID) -> KeptStations:
    """Of a row that is never changed; another screening is another row. Asked for only with a row that may be read."""
    return stations_of(Screening.objects.values_list("stations", flat=True).get(pk=screening))


def moved_since(kept: Screening, summary: AreaSummary) -> Moved:
    """From the sums that were kept to those that stand."""
    votes = [
        sum(
            abs(a - b)
            for a, b in zip_longest(kept.votes.get(one, ()), summary.votes.get(one, ()), fillvalue=0)
        )
        for one in kept.votes.keys() | summary.votes.keys()
    ]
    return Moved(summary.reported - kept.reported, max(votes, default=0))


def screenings_due(at: datetime) -> list[AreaSummary]:
    """Counts that moved and rest, or moved for long; narrow areas first, for they take least. An area that was never
    screened waits for nothing."""
    same = Screening.objects.filter(
        area=OuterRef("area"), election=OuterRef("election"), contest=OuterRef("contest")
    )
    made_at = Subquery(same.values("created_at")[:1], output_field=DateTimeField())
    rows = AreaSummary.objects.filter(
        level__in=[one.value for one in LEVELS],
        reported__gte=FEWEST_SCREENED,
        reported__lte=MOST_SCREENED,
    )
    moved = rows.filter(~Exists(same.filter(count=OuterRef("pk")))).alias(made_at=made_at)
    rests = Q(made_at=None) | Q(created_at__lte=at - REST) | Q(made_at__lte=at - LONGEST)
    return list(moved.filter(rests).order_by("stations", "area", "contest"))


def stations_screened(count: AreaSummary) -> AreaStations:
    """The copies that the sums of an area use, as the screens take them. For the worker: nothing is hidden."""
    villages = villages_with_results(count.election, count.contest, count.area)
    copies = latest_sheets(count.election, count.contest, villages)
    lists = lists_of(count.election, count.contest)
    return area_stations(copies, {village: lists.parties(lists.of(village)) for village in villages})

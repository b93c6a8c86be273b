"""Reads for the screens of an area: the copies that its sums use, and what the screens say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from ronda.elections.selectors import contests_by_area, election_for, party_rows
from ronda.kernel.areas import Level, level
from ronda.kernel.scope import Scope
from ronda.methods.screens import Neighbours, neighbour_outliers
from ronda.results.adapters.checking import Parties
from ronda.results.adapters.rows import latest_sheets
from ronda.results.adapters.screening import SCREENS, screen
from ronda.results.adapters.screens_area import AreaStations, area_stations
from ronda.results.adapters.screens_words import TEXTS
from ronda.results.models import AreaSummary
from ronda.results.selectors import hidden_from, villages_with_results

SEED, RUNS = 1, 100  # with fewer redrawn elections no p-value can fall below 0.01
FEWEST, MOST = 30, 12_000
NARROW = (Level.VILLAGE, Level.DISTRICT)
WIDE_ONLY = ("integer_percentages",)  # for a regency or more: docs/methods/screens.md
KEPT = 16


@dataclass(frozen=True, eq=False)
class AreaScreens:
    """The screens of an area by name, and the leader of every station beside its neighbours; empty and None where the
    stations are too few."""

    stations: AreaStations
    said: Mapping[str, Any]
    near: Neighbours | None


def screens_for(summary: AreaSummary, scope: Scope) -> AreaScreens:
    """Of the area of a count, without the stations that are kept from who asks. Whoever reads a count reads its copies
    (law/mandates.yaml)."""
    hidden = frozenset(hidden_from(scope.person)) if scope.person else frozenset[str]()
    return screens_kept(summary.election, summary.contest, summary.area, summary.pk, hidden)


@lru_cache(maxsize=KEPT)
def screens_kept(election: str, contest: str, area: str, count: UUID, hidden: frozenset[str]) -> AreaScreens:
    """Made once per count: `count` is the row of the area's sums, which is a new one whenever figures come in."""
    villages = villages_with_results(election, contest, area)
    copies = [copy for copy in latest_sheets(election, contest, villages) if copy.station not in hidden]
    stations = area_stations(copies, _lists(election, contest, villages))
    at = stations.at
    if len(stations.codes) < FEWEST:
        return AreaScreens(stations, {}, None)
    try:
        said = screen(at, seed=SEED, runs=RUNS, without=_left_out(area))
    except ValueError:  # none with voters enough for the fingerprint and the percentages
        return AreaScreens(stations, {}, None)
    votes = at.votes[:, at.leader]
    return AreaScreens(
        stations, said, neighbour_outliers(votes, at.valid, at.village, at.district, seed=SEED)
    )


def _left_out(area: str) -> set[str]:
    """Screens without words of the page, as those that take too long for one, and what needs a wider area."""
    narrow = WIDE_ONLY if level(area) in NARROW else ()
    return {name for name in SCREENS if name not in TEXTS or name in narrow}


def _lists(election: str, contest: str, villages: set[str]) -> dict[str, Parties]:
    """By village where the rows of its parties stand."""
    found = election_for(election)
    if found is None:
        return {}
    rows = contests_by_area(found, contest, villages)
    lists = {row.pk: party_rows(row) for row in {row for row in rows.values() if row is not None}}
    return {village: lists[row.pk] for village, row in rows.items() if row is not None}

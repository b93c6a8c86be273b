"""The copies of an area as the screens take them: of each station the one that is read first, as its sums do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ronda.methods.audit import list_digest
from ronda.methods.tally import Count
from ronda.results.adapters.checking import Parties, StationCopy
from ronda.results.adapters.screening import Screened, screened_of
from ronda.results.adapters.situng2019 import Copy, Stations
from ronda.results.adapters.table import Table
from ronda.results.domain import Figures, reading_rank

FIRST = "first"


@dataclass(frozen=True, eq=False)
class AreaStations:
    """Stations whose form holds together, one row of `at` each; its villages are positions in `villages`."""

    at: Screened
    codes: tuple[str, ...]
    villages: tuple[str, ...]
    parties: tuple[int, ...]
    left_out: int

    @property
    def digest(self) -> str:
        """Fixes every figure that a screen reads."""
        at = self.at
        numbers = np.column_stack([at.registered, at.users, at.valid, at.invalid, at.votes])
        return list_digest(
            [",".join([code, *map(str, row)]) for code, row in zip(self.codes, numbers.tolist(), strict=True)]
        )


def area_stations(copies: Iterable[StationCopy], lists: Mapping[str, Parties]) -> AreaStations:
    """What can be screened. Where votes are for lists, a choice is a party: rows differ between districts, parties do
    not. `lists` names by village where the rows of its parties stand."""
    first: dict[str, StationCopy] = {}
    for copy in sorted(copies, key=lambda one: (one.station, reading_rank(one.source))):
        if copy.figures.is_present:
            first.setdefault(copy.station, copy)
    taken = list(first.values())
    villages = sorted({copy.area for copy in taken})
    parties = tuple(sorted({party for copy in taken for party in lists.get(copy.area, ())}))
    votes = [_votes(copy.figures, lists.get(copy.area, {}), parties) for copy in taken]
    at = screened_of(_stations(taken, villages, votes), FIRST)
    codes = tuple(taken[row].station for row in at.rows)
    return AreaStations(at, codes, tuple(villages), parties, len(taken) - len(codes))


def _votes(figures: Figures, rows: Parties, parties: Sequence[int]) -> list[int]:
    every = [number or 0 for number in figures.votes]
    if not parties:
        return every
    return [sum(every[row] for row in rows.get(party, ()) if row < len(every)) for party in parties]


def _stations(taken: Sequence[StationCopy], villages: Sequence[str], votes: Sequence[list[int]]) -> Stations:
    """As if they came in one file with one source."""
    place = {village: at for at, village in enumerate(villages)}
    districts = {code: at for at, code in enumerate(sorted({village[:8] for village in villages}))}
    columns = {
        "kel_id": [place[copy.area] for copy in taken],
        "kec_id": [districts[copy.area[:8]] for copy in taken],
        "tps": [int(copy.station[10:]) for copy in taken],
    }
    value = {name: np.array(numbers, np.int32) for name, numbers in columns.items()}
    size = max((len(row) for row in votes), default=0)
    padded = np.array([row + [0] * (size - len(row)) for row in votes], np.int64).reshape(len(votes), size)
    copy = Copy(
        FIRST,
        Count(padded, np.ones(padded.shape, np.bool_)),
        *(Count.of([getattr(one.figures, name) for one in taken]) for name in ("valid", "invalid", "users")),
    )
    registered = Count.of([one.figures.registered for one in taken])
    table = Table(value, {}, np.arange(len(taken)), {}, [])
    return Stations(table, registered, {FIRST: copy})

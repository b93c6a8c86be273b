"""What the screens say of an area and what a page draws of its stations, as it is kept, and back into arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronda.kernel.areas import level
from ronda.methods.screens import Neighbours, Turnout, neighbour_outliers
from ronda.results.adapters.screening import screen
from ronda.results.adapters.screens_area import AreaStations
from ronda.results.domain import FEWEST_SCREENED, NARROW, RUNS, SEED, WIDE_ONLY

Ints = NDArray[np.int64]
Columns = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Near:
    """The leader's votes of every station beside its neighbours."""

    residual: NDArray[np.float64]
    votes: Ints
    stands_out: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class KeptStations:
    """The screened stations, one row each; a village is its position in `villages`, the leader one in ballot order or,
    where votes are for lists, in `parties`."""

    codes: tuple[str, ...]
    villages: tuple[str, ...]
    parties: tuple[int, ...]
    leader: int
    left_out: int
    village: Ints
    turnout: Turnout
    near: Near

    def without(self, hidden: Collection[str]) -> KeptStations:
        """Those that are not kept from who asks."""
        if not hidden:
            return self
        rows = np.array([at for at, code in enumerate(self.codes) if code not in hidden], np.int64)
        near = Near(self.near.residual[rows], self.near.votes[rows], self.near.stands_out[rows])
        codes, turnout = tuple(self.codes[at] for at in rows), Turnout(*(one[rows] for one in self.turnout))
        return replace(self, codes=codes, village=self.village[rows], turnout=turnout, near=near)


@dataclass(frozen=True, slots=True)
class Made:
    """What is kept: where stations are too few only how many there are."""

    digest: str
    said: Columns
    columns: Columns


def made_of(stations: AreaStations, area: str) -> Made:
    """Run the screens. Takes seconds for a large regency."""
    at, few = stations.at, {"stations": len(stations.codes)}
    if len(stations.codes) < FEWEST_SCREENED:
        return Made(stations.digest, few, {})
    without = WIDE_ONLY if level(area) in NARROW else ()
    try:
        said = screen(at, seed=SEED, runs=RUNS, without=without)
    except ValueError:  # none with voters enough for the fingerprint and the percentages
        return Made(stations.digest, few, {})
    near = neighbour_outliers(at.votes[:, at.leader], at.valid, at.village, at.district, seed=SEED)
    return Made(stations.digest, said, columns_of(stations, near))


def columns_of(stations: AreaStations, near: Neighbours) -> Columns:
    """As they are kept: plain numbers, column by column; a station that was not tested has no residual."""
    at = stations.at
    residual = [None if np.isnan(one) else round(float(one), 3) for one in near.residual]
    return {
        "codes": list(stations.codes),
        "villages": list(stations.villages),
        "parties": list(stations.parties),
        "leader": at.leader,
        "left_out": stations.left_out,
        "village": at.village.tolist(),
        "turnout": [column.tolist() for column in at.turnout()],
        "residual": residual,
        "votes": near.votes.tolist(),
        "stands_out": np.flatnonzero(near.stands_out).tolist(),
    }


def stations_of(columns: Mapping[str, Any]) -> KeptStations:
    """The arrays again."""
    stands_out = np.zeros(len(columns["codes"]), np.bool_)
    stands_out[columns["stands_out"]] = True
    residual = np.array([np.nan if one is None else one for one in columns["residual"]], np.float64)
    return KeptStations(
        tuple(columns["codes"]),
        tuple(columns["villages"]),
        tuple(columns["parties"]),
        columns["leader"],
        columns["left_out"],
        np.array(columns["village"], np.int64),
        Turnout(*(np.array(column, np.int64) for column in columns["turnout"])),
        Near(residual, np.array(columns["votes"], np.int64), stands_out),
    )

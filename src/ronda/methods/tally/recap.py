"""Sums of stations against the recapitulation of the level above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ronda.methods.tally.checks import Count


@dataclass(frozen=True, eq=False)
class UnitSums:
    """Stations added up by unit.

    Parameters
    ----------
    votes : int64 array of shape (n_units, n_choices); sum over stations where every choice is present
    stations : int64 array of shape (n_units,)
    present : int64 array of shape (n_units,); stations where every choice is present

    Examples
    --------
    >>> unit_sums(np.array([0, 0, 1]), Count.of([[1, 2], [3, None], [5, 6]]), 2).votes.tolist()
    [[1, 2], [5, 6]]
    """

    votes: NDArray[np.int64]
    stations: NDArray[np.int64]
    present: NDArray[np.int64]

    @property
    def is_complete(self) -> NDArray[np.bool_]:
        """Units with at least one station and every station present."""
        complete: NDArray[np.bool_] = (self.stations > 0) & (self.stations == self.present)
        return complete


@dataclass(frozen=True, eq=False)
class RecapCheck:
    """Recapitulation against the sum of its stations.

    Parameters
    ----------
    tested : bool array of shape (n_units,); the unit is complete and its recap has every figure
    failed : bool array of shape (n_units,); tested and not equal
    delta : int64 array of shape (n_units, n_choices); recap minus sum, 0 where not tested

    Examples
    --------
    >>> sums = unit_sums(np.array([0]), Count.of([[1, 2]]), 1)
    >>> recap_check(sums, Count.of([[1, 3]])).delta.tolist()
    [[0, 1]]
    """

    tested: NDArray[np.bool_]
    failed: NDArray[np.bool_]
    delta: NDArray[np.int64]


def unit_sums(unit: NDArray[np.int64], votes: Count, n_units: int) -> UnitSums:
    """Add stations up by unit.

    Parameters
    ----------
    unit : int array of shape (n_stations,), each 0 <= unit < n_units
    votes : Count of shape (n_stations, n_choices)
    n_units : int

    Returns
    -------
    UnitSums

    Raises
    ------
    ValueError
        If a unit is out of range; the message gives the range that came.

    Examples
    --------
    >>> unit_sums(np.array([0, 0]), Count.of([[1, 2], [3, 4]]), 1).stations.tolist()
    [2]
    """
    if unit.size and not (unit.min() >= 0 and unit.max() < n_units):
        raise ValueError(f"unit must be in 0..{n_units - 1}, got {unit.min()}..{unit.max()}")
    complete = votes.complete()
    stations = np.bincount(unit, minlength=n_units)
    present = np.bincount(unit[complete], minlength=n_units)
    return UnitSums(_sums(unit, np.where(complete, votes.value.T, 0), stations), stations, present)


def _sums(unit: NDArray[np.int64], rows: NDArray[np.int64], stations: NDArray[np.int64]) -> NDArray[np.int64]:
    """Columns of `rows` added up by unit, shape (n_units, n_rows): in one pass over stations sorted by unit."""
    if (unit[1:] < unit[:-1]).any():
        order = np.argsort(unit, kind="stable")
        rows = rows[:, order]
    sums = np.zeros((len(stations), len(rows)), np.int64)
    there = stations > 0
    if there.any():
        starts = (np.cumsum(stations) - stations)[there]
        sums[there] = np.add.reduceat(rows, starts, axis=1).T
    return sums


def recap_check(sums: UnitSums, recap: Count) -> RecapCheck:
    """Compare complete units with their recapitulation (X05 RECAP_LEVEL_DIFF).

    Parameters
    ----------
    sums : UnitSums of n_units units
    recap : Count of shape (n_units, n_choices)

    Returns
    -------
    RecapCheck

    Notes
    -----
    A unit with a missing station is not tested: its sum must be below the recap and says nothing.

    Examples
    --------
    >>> sums = unit_sums(np.array([0, 0]), Count.of([[1, 2], [3, None]]), 1)
    >>> recap_check(sums, Count.of([[4, 4]])).tested.tolist()
    [False]
    """
    tested = sums.is_complete & recap.complete()
    delta = np.where(tested[:, None], recap.value - sums.votes, 0)
    return RecapCheck(tested, (delta != 0).any(axis=1), delta)

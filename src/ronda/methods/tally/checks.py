"""Checks of one sheet against itself: sums that must hold and bounds that should."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Count(NamedTuple):
    """Figures as written, with what is known about them.

    Parameters
    ----------
    value : int64 array, any shape; axis 0 is the polling station, axis 1 (if any) the choice in ballot order
    present : bool array of the same shape; False means not reported, whatever `value` holds there

    Examples
    --------
    >>> Count.of([5, None, 0]).present.tolist()
    [True, False, True]
    """

    value: Ints
    present: Bools

    @classmethod
    def of(cls, figures: object) -> Count:
        """Build a count from nested lists in which None is not reported."""
        cells = np.array(figures, dtype=object)
        present: Bools = np.array([cell is not None for cell in cells.flat], np.bool_).reshape(cells.shape)
        return cls(np.where(present, cells, 0).astype(np.int64), present)

    def complete(self) -> Bools:
        """Stations where every figure is present, shape (n_stations,)."""
        every: Bools = np.logical_and.reduce(self.present, axis=tuple(range(1, self.present.ndim)))
        return every


@dataclass(frozen=True, eq=False)
class Check:
    """Outcome of one check over all stations.

    Parameters
    ----------
    tested : bool array of shape (n_stations,); every figure the check needs is present
    failed : bool array of shape (n_stations,); tested and not satisfied
    delta : int64 array of shape (n_stations,); signed difference in votes, 0 where not failed

    Examples
    --------
    >>> check = range_digits(Count.of([[190, 1042]]))
    >>> check.failed.tolist(), check.delta.tolist()
    ([True], [43])
    """

    tested: Bools
    failed: Bools
    delta: Ints


def _check(tested: Bools, delta: Ints) -> Check:
    failed = tested & (delta != 0)
    return Check(tested, failed, np.where(failed, delta, 0))


def with_reserve(registered: Ints, reserve_share: Fraction) -> Ints:
    """Ballots a station receives: registered voters plus the reserve, rounded up, in exact integers.

    Parameters
    ----------
    registered : int64 array
    reserve_share : Fraction
        2/100 in a Pemilu, 25/1000 in a Pilkada.

    Returns
    -------
    int64 array of the same shape

    Examples
    --------
    >>> with_reserve(np.array([300, 1, 0]), Fraction(2, 100)).tolist()
    [306, 2, 0]
    """
    return registered - (-registered * reserve_share.numerator) // reserve_share.denominator


def range_digits(figures: Count, limit: int = 999) -> Check:
    """Figures that do not fit the boxes of the form (R01 RANGE_DIGITS).

    Parameters
    ----------
    figures : Count of shape (n_stations, n_figures)
    limit : int, default=999
        Largest number three digit boxes can hold.

    Returns
    -------
    Check
        tested where any figure is present; delta is how far the worst figure is outside 0..limit.

    Examples
    --------
    >>> range_digits(Count.of([[1750, 12], [999, None]])).delta.tolist()
    [751, 0]
    """
    tested: Bools = np.logical_or.reduce(figures.present, axis=1)
    return _check(tested, outside(figures, limit))


def outside(figures: Count, limit: int) -> Ints:
    """How far the worst figure of each station is outside 0..limit, shape (n_stations,).

    Parameters
    ----------
    figures : Count of shape (n_stations,) or (n_stations, n_figures)
    limit : int

    Returns
    -------
    int64 array of shape (n_stations,)

    Examples
    --------
    >>> outside(Count.of([[1750, 12], [None, 999]]), 999).tolist()
    [751, 0]
    """
    worst = np.zeros(len(figures.value), np.int64)
    if not figures.value.size:
        return worst
    value, present = figures.value.reshape(len(worst), -1), figures.present.reshape(len(worst), -1)
    for column in np.flatnonzero((value.max(axis=0) > limit) | (value.min(axis=0) < 0)):
        off = np.maximum(value[:, column] - limit, -value[:, column])
        worst = np.maximum(worst, np.where(present[:, column], off, 0))
    return worst

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
    >>> check = valid_sum(Count.of([[190, 42]]), Count.of([230]))
    >>> check.failed.tolist(), check.delta.tolist()
    ([True], [2])
    """

    tested: Bools
    failed: Bools
    delta: Ints


def _check(tested: Bools, delta: Ints) -> Check:
    failed = tested & (delta != 0)
    return Check(tested, failed, np.where(failed, delta, 0))


def valid_sum(votes: Count, valid: Count) -> Check:
    """Sum of all choices against the valid votes written on the form (R05 VALID_SUM).

    Parameters
    ----------
    votes : Count of shape (n_stations, n_choices)
    valid : Count of shape (n_stations,)

    Returns
    -------
    Check
        delta is the sum of choices minus the written total.

    Examples
    --------
    >>> valid_sum(Count.of([[190, 42], [None, 3]]), Count.of([232, 3])).tested.tolist()
    [True, False]
    """
    return _check(votes.complete() & valid.present, votes.value.sum(axis=1) - valid.value)


def turnout_mismatch(valid: Count, invalid: Count, users: Count) -> Check:
    """Valid plus invalid votes against the voters who used their right (R08 TURNOUT_MISMATCH).

    Parameters
    ----------
    valid, invalid, users : Count of shape (n_stations,)

    Returns
    -------
    Check
        delta is valid plus invalid minus users.

    Examples
    --------
    >>> turnout_mismatch(Count.of([227]), Count.of([2]), Count.of([277])).delta.tolist()
    [-48]
    """
    tested = valid.present & invalid.present & users.present
    return _check(tested, valid.value + invalid.value - users.value)


def dpt_cap(registered: Count, cap: int) -> Check:
    """Registered voters of a station against the most an ordinary station may have (R13 DPT_CAP).

    Parameters
    ----------
    registered : Count of shape (n_stations,)
    cap : int
        Most registered voters of one station in this election.

    Returns
    -------
    Check
        delta is the number of voters above the cap.

    Examples
    --------
    >>> dpt_cap(Count.of([300, 301, None]), 300).delta.tolist()
    [0, 1, 0]
    """
    return _check(registered.present, np.maximum(registered.value - cap, 0))


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


def votes_gt_cap(votes: Count, users: Count, registered: Count, reserve_share: Fraction) -> Check:
    """One choice above the ballots available or above the voters who came (R14 VOTES_GT_CAP).

    Parameters
    ----------
    votes : Count of shape (n_stations, n_choices)
    users, registered : Count of shape (n_stations,)
    reserve_share : Fraction
        Reserve ballots as a share of registered voters.

    Returns
    -------
    Check
        delta is how far the largest choice is above the smaller of both bounds.

    Notes
    -----
    Made for misread digits (617 for 117). A station where many moved voters came can pass the bound
    of registered voters lawfully.

    Examples
    --------
    >>> votes_gt_cap(Count.of([[617, 40]]), Count.of([160]), Count.of([250]), Fraction(2, 100)).delta.tolist()
    [457]
    """
    tested = votes.complete() & users.present & registered.present
    bound = np.minimum(with_reserve(registered.value, reserve_share), users.value)
    largest = votes.value.max(axis=1, initial=0)
    return _check(tested, np.maximum(largest - bound, 0))


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
    outside = np.maximum(figures.value - limit, np.maximum(-figures.value, 0))
    worst = np.where(figures.present, outside, 0).max(axis=1, initial=0)
    tested: Bools = np.logical_or.reduce(figures.present, axis=1)
    return _check(tested, worst)

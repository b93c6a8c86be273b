"""Why an area stands where it stands: what would change its category, which areas are like it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ronda.methods.index.categories import Cutoffs
from ronda.methods.index.structure import Aggregation, Floats, Ints, Structure, scored

STEPS = 40  # halvings: 100 points to less than a billionth


@dataclass(frozen=True, eq=False)
class Changes:
    """For each area the indicator that needs the smallest change to bring it into the next category.

    Parameters
    ----------
    indicator : int64 array of shape (n_areas,)
        Its position; -1 where no single indicator can do it.
    change : float array of shape (n_areas,)
        In points of that indicator, with its sign; NaN where none can.

    Examples
    --------
    >>> Changes(np.array([-1]), np.array([np.nan])).indicator.item()
    -1
    """

    indicator: Ints
    change: Floats


def smallest_changes(
    values: Floats,
    structure: Structure,
    target: Floats,
    *,
    aggregation: Aggregation = "arithmetic",
) -> Changes:
    """The least change of one indicator that brings each area's index to a target.

    Parameters
    ----------
    values : float array of shape (n_areas, n_indicators)
        0 to 100, NaN is missing: what is not known is not changed.
    structure : Structure
    target : float array of shape (n_areas,)
        An index to reach, as from `next_cutoffs`; NaN asks nothing. Cut-offs are held where they are, although one
        area's change moves a mean and its deviations a little.
    aggregation : {"arithmetic", "geometric"}

    Returns
    -------
    Changes

    References
    ----------
    Method note: docs/methods/index.md.

    Examples
    --------
    >>> two = Structure(np.array([0, 0]), np.array([0.8, 0.2]), np.ones(1))
    >>> found = smallest_changes(np.array([[50.0, 50.0]]), two, np.array([58.0]))
    >>> (found.indicator.item(), found.change.round(6).item())
    (0, 10.0)
    """
    needed = np.full(values.shape, np.nan)
    for column in range(values.shape[1]):
        needed[:, column] = _needed(values, structure, target, column, aggregation)
    size = np.where(np.isnan(needed), np.inf, np.abs(needed))
    best = size.argmin(axis=1)
    can = np.isfinite(size[np.arange(len(values)), best])
    return Changes(np.where(can, best, -1), np.where(can, needed[np.arange(len(values)), best], np.nan))


def _needed(
    values: Floats, structure: Structure, target: Floats, column: int, aggregation: Aggregation
) -> Floats:
    """Change of one column that reaches the target, by halving: the index never falls when an indicator rises."""
    trial = values.copy()

    def index_at(level: Floats) -> Floats:
        trial[:, column] = np.where(np.isnan(values[:, column]), np.nan, level)
        return scored(trial, structure, aggregation=aggregation, least_known_share=0.0).index

    low, high = np.zeros(len(values)), np.full(len(values), 100.0)
    can = (index_at(low) <= target) & (target <= index_at(high)) & ~np.isnan(values[:, column])
    for _step in range(STEPS):
        middle = (low + high) / 2
        is_below = index_at(middle) < target
        low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
    return np.where(can, high - values[:, column], np.nan)


def next_cutoffs(index: Floats, cutoffs: Cutoffs) -> Floats:
    """The nearest border of each area's category.

    Parameters
    ----------
    index : float array of shape (n_areas,)
    cutoffs : Cutoffs

    Returns
    -------
    float array of shape (n_areas,)
        NaN where there is no index.

    Examples
    --------
    >>> next_cutoffs(np.array([10.0, 60.0]), Cutoffs(33.0, 66.0)).tolist()
    [33.0, 66.0]
    """
    is_nearer_low = np.abs(index - cutoffs.middle_from) <= np.abs(index - cutoffs.high_from)
    border = np.where(is_nearer_low, cutoffs.middle_from, cutoffs.high_from)
    return np.where(np.isnan(index), np.nan, border)


def similar_areas(values: Floats, area: int, *, n: int = 5) -> Ints:
    """The areas whose indicators are nearest to those of one.

    Parameters
    ----------
    values : float array of shape (n_areas, n_indicators)
        0 to 100. Two areas are held against each other where both are known, and must share half of the indicators that
        the first one has.
    area : int
        Its position.
    n : int, default=5

    Returns
    -------
    int64 array of at most n positions
        Nearest first, by root mean square of the differences; never the area itself.

    Examples
    --------
    >>> similar_areas(np.array([[10.0, 10.0], [90.0, 90.0], [12.0, 9.0]]), 0, n=1).tolist()
    [2]
    """
    gap = values - values[area]
    shared = (~np.isnan(gap)).sum(axis=1)
    mean = np.nansum(gap**2, axis=1) / np.maximum(shared, 1)
    is_other = (shared * 2 >= (~np.isnan(values[area])).sum()) & (shared > 0)
    is_other[area] = False
    order = np.argsort(np.where(is_other, mean, np.inf), kind="stable")[:n]
    return np.asarray(order[is_other[order]])

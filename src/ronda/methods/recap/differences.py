"""Differences of the recapitulation row by row: the same figure twice, and a total against its parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ronda.methods.recap.basis import Bools, FiguresLike, Ints


@dataclass(frozen=True, eq=False)
class Differences:
    """What the later form says more or less than the earlier one.

    Parameters
    ----------
    tested : bool array of shape (n_columns, n_rows)
        Every figure that is compared is present.
    delta : int64 array of the same shape
        Later minus earlier; 0 where not tested.

    Examples
    --------
    >>> Differences(np.array([[True]]), np.array([[3]])).columns.tolist()
    [True]
    """

    tested: Bools
    delta: Ints

    @property
    def columns(self) -> Bools:
        """Columns with any difference, shape (n_columns,)."""
        found: Bools = (self.delta != 0).any(axis=1)
        return found

    def pooled(self, unit: Ints, n_units: int) -> Differences:
        """The differences of the columns of each unit added up; a row is tested where it is in every column."""
        delta = np.zeros((n_units, self.delta.shape[1]), np.int64)
        untested = np.zeros_like(delta)
        np.add.at(delta, unit, self.delta)
        np.add.at(untested, unit, ~self.tested)
        known = (untested == 0) & (np.bincount(unit, minlength=n_units) > 0)[:, None]
        return Differences(known, np.where(known, delta, 0))


def row_differences(earlier: FiguresLike, later: FiguresLike) -> Differences:
    """The same rows on two forms: a D column and its C form (X03), a column one level up and its form (X05).

    Parameters
    ----------
    earlier, later : figures of shape (n_columns, n_rows), same columns and rows in the same order

    Returns
    -------
    Differences

    Raises
    ------
    ValueError
        If the shapes differ; the message gives both.

    Examples
    --------
    >>> from ronda.methods.recap import Figures
    >>> found = row_differences(Figures.of([[40, 3, None]]), Figures.of([[36, 7, 1]]))
    >>> found.delta.tolist(), found.tested.tolist()
    ([[-4, 4, 0]], [[True, True, False]])
    """
    if earlier.value.shape != later.value.shape:
        raise ValueError(f"forms must have one shape, got {earlier.value.shape} and {later.value.shape}")
    tested = earlier.present & later.present
    return Differences(tested, np.where(tested, later.value - earlier.value, 0))


def sum_differences(unit: Ints, parts: FiguresLike, totals: FiguresLike) -> Differences:
    """Totals against the sum of their parts: a village and its stations, a district and its villages (X04, X05).

    Parameters
    ----------
    unit : int64 array of shape (n_parts,)
        The column of `totals` each part belongs to, 0 <= unit < n_units.
    parts : figures of shape (n_parts, n_rows)
    totals : figures of shape (n_units, n_rows)

    Returns
    -------
    Differences
        Of shape (n_units, n_rows): total minus sum. A row is tested where the total and every part have it.

    Raises
    ------
    ValueError
        If a unit is out of range; the message gives the range that came.

    Examples
    --------
    >>> from ronda.methods.recap import Figures
    >>> stations = Figures.of([[10, 1], [20, None]])
    >>> sum_differences(np.array([0, 0]), stations, Figures.of([[31, 1]])).delta.tolist()
    [[1, 0]]
    """
    n_units = totals.value.shape[0]
    if unit.size and not (unit.min() >= 0 and unit.max() < n_units):
        raise ValueError(f"unit must be in 0..{n_units - 1}, got {unit.min()}..{unit.max()}")
    sums = Differences(parts.present, np.where(parts.present, parts.value, 0)).pooled(unit, n_units)
    tested = sums.tested & totals.present
    return Differences(tested, np.where(tested, totals.value - sums.delta, 0))

"""The same row gaining in more stations of a district than chance would have it (X10)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc

from ronda.methods.recap.basis import Bools, Floats, FormRows, Ints
from ronda.methods.recap.shifts import Shifts


@dataclass(frozen=True, eq=False)
class Systematic:
    """How often each row gained in each district.

    Parameters
    ----------
    stations : int64 array of shape (n_districts, n_rows)
        Stations in which the row gains by a shift; 0 for rows that are no choice.
    p_value : float array of the same shape
        Exact binomial against the other rows; NaN where the row is no choice or nothing gained in the district.
    stands_out : bool array of the same shape
        After Benjamini-Hochberg over all rows of all districts.

    Examples
    --------
    >>> Systematic(np.array([[9]]), np.array([[2.5e-8]]), np.array([[True]])).stations.tolist()
    [[9]]
    """

    stations: Ints
    p_value: Floats
    stands_out: Bools


def systematic(
    rows: FormRows, moved: Shifts, district: Ints, n_districts: int, *, rate: float = 0.05
) -> Systematic:
    """Hold the stations in which a row gains against those of the other rows.

    Parameters
    ----------
    rows : FormRows
    moved : Shifts of n_stations
    district : int64 array of shape (n_stations,), each 0 <= district < n_districts
    n_districts : int
    rate : float, default=0.05
        Expected share of false ones among the rows that stand out, in (0, 1).

    Returns
    -------
    Systematic

    Raises
    ------
    ValueError
        If the rate is not in (0, 1).

    Notes
    -----
    Given all gains K of a district, a row that is not favoured has Binomial(K, 1 / R) of them, R choice rows.
    The test leans to the safe side when several rows gain in one station.

    References
    ----------
    Hoeffding (1956), Ann. Math. Stat. 27, 713-721; Benjamini & Hochberg (1995), JRSS B 57, 289-300.
    Method note: docs/methods/recap.md.

    Examples
    --------
    >>> from ronda.methods.recap import Differences, shifts
    >>> rows = FormRows.of(*[("choice", 0, number) for number in range(1, 11)])
    >>> delta = np.zeros((4, 10), np.int64)
    >>> delta[:, 0], delta[:3, 5], delta[3, 7] = -2, 2, 2
    >>> moved = shifts(rows, Differences(np.full((4, 10), True), delta))
    >>> found = systematic(rows, moved, np.zeros(4, np.int64), 1)
    >>> round(float(found.p_value[0, 5]), 4), np.flatnonzero(found.stands_out).tolist()
    (0.0037, [5])
    """
    if not 0 < rate < 1:
        raise ValueError(f"wanted a rate in (0, 1); came {rate}")
    stations = np.zeros((n_districts, len(rows.kind)), np.int64)
    np.add.at(stations, district, moved.gains & rows.is_choice)
    gains = stations.sum(axis=1, keepdims=True)
    p_value = np.full(stations.shape, np.nan)
    at = np.broadcast_to(rows.is_choice & (gains > 0), stations.shape)
    chance = 1 / max(int(rows.is_choice.sum()), 1)
    above = bdtrc(np.maximum(stations - 1, 0), np.broadcast_to(gains, stations.shape), chance)
    p_value[at] = np.where(stations == 0, 1.0, above)[at]
    return Systematic(stations, p_value, _stands_out(p_value, rate))


def _stands_out(p_value: Floats, rate: float) -> Bools:
    """Benjamini-Hochberg over what was tested."""
    tested = np.sort(p_value[~np.isnan(p_value)])
    below = np.flatnonzero(tested <= rate * np.arange(1, tested.size + 1) / max(tested.size, 1))
    cut = tested[below[-1]] if below.size else -1.0
    found: Bools = np.nan_to_num(p_value, nan=2.0) <= cut
    return found

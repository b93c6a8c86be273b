"""Indicators on one scale: 0 is the least, 100 the most vulnerable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import rankdata

from ronda.methods.index.structure import Floats

Normalisation = Literal["minmax", "standard", "rank"]
STANDARD_STEP = 100 / 6  # a standard deviation in points: three on each side fill 0 to 100


@dataclass(frozen=True, eq=False)
class Scale:
    """What is needed to put raw indicators on one scale.

    Parameters
    ----------
    low, high : float array of shape (n_indicators,)
        Fixed bounds of min-max, so that a score of one year can be held against another's. NaN: the least and the
        largest value that is there.
    is_worse_high : bool array of shape (n_indicators,)
        False where a high value is good (it is turned round).

    Examples
    --------
    >>> Scale(np.array([0.0]), np.array([10.0]), np.array([True])).high.item()
    10.0
    """

    low: Floats
    high: Floats
    is_worse_high: np.typing.NDArray[np.bool_]


def normalised(raw: Floats, scale: Scale, how: Normalisation = "minmax") -> Floats:
    """Put raw indicators on 0 to 100, higher is worse.

    Parameters
    ----------
    raw : float array of shape (n_areas, n_indicators)
        NaN is missing and stays so. Not changed.
    scale : Scale
    how : {"minmax", "standard", "rank"}
        "minmax": between the bounds, beyond them 0 or 100. "standard": 50 at the mean, a standard deviation is
        16.7 points, cut at 0 and 100. "rank": place among the areas, ties share theirs. An indicator that is the same
        everywhere says nothing: 0 between own bounds, else 50.

    Returns
    -------
    float array of shape (n_areas, n_indicators)

    References
    ----------
    OECD/JRC (2008), step 5. Method note: docs/methods/index.md.

    Examples
    --------
    >>> ten = Scale(np.array([0.0]), np.array([10.0]), np.array([True]))
    >>> normalised(np.array([[0.0], [5.0], [12.0], [np.nan]]), ten).ravel().tolist()
    [0.0, 50.0, 100.0, nan]
    >>> normalised(np.array([[3.0], [1.0], [3.0]]), ten, "rank").ravel().tolist()
    [75.0, 0.0, 75.0]
    """
    ways = {"minmax": _minmax, "standard": _standard, "rank": _rank}
    points = ways[how](np.asarray(raw, dtype=float), scale)
    return np.asarray(np.where(scale.is_worse_high, points, 100 - points))


def _minmax(raw: Floats, scale: Scale) -> Floats:
    low = np.where(np.isnan(scale.low), _least(raw), scale.low)
    high = np.where(np.isnan(scale.high), -_least(-raw), scale.high)
    width = np.where(high > low, high - low, 1.0)
    return np.clip((raw - low) / width * 100, 0, 100)


def _least(raw: Floats) -> Floats:
    filled = np.where(np.isnan(raw), np.inf, raw).min(axis=0)
    return np.asarray(np.where(np.isfinite(filled), filled, 0.0))


def _standard(raw: Floats, _scale: Scale) -> Floats:
    is_known = ~np.isnan(raw)
    n = np.maximum(is_known.sum(axis=0), 1)
    mean = np.where(is_known, raw, 0.0).sum(axis=0) / n
    spread = np.sqrt((np.where(is_known, raw - mean, 0.0) ** 2).sum(axis=0) / n)
    return np.asarray(np.clip(50 + (raw - mean) / np.where(spread > 0, spread, 1.0) * STANDARD_STEP, 0, 100))


def _rank(raw: Floats, _scale: Scale) -> Floats:
    places = np.asarray(rankdata(raw, axis=0, nan_policy="omit"))
    n = (~np.isnan(raw)).sum(axis=0)
    return np.where(n > 1, (places - 1) / np.maximum(n - 1, 1) * 100, np.where(np.isnan(raw), np.nan, 50.0))

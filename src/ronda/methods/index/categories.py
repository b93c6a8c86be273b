"""From scores to low, middle and high: fixed cut-offs, or mean and standard deviations with their kind named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ronda.methods.index.structure import Floats


@dataclass(frozen=True)
class Cutoffs:
    """Where the middle and the high category begin; a score on a border belongs above it.

    Parameters
    ----------
    middle_from, high_from : float
        "0 to 33.00 low, 33.01 to 66.00 middle" of scores with two decimals is 33.01 and 66.01.

    Examples
    --------
    >>> Cutoffs(33.01, 66.01).high_from
    66.01
    """

    middle_from: float
    high_from: float


def spread_cutoffs(
    scores: Floats, *, deviations: float = 1.0, kind: Literal["sample", "population"] = "sample"
) -> Cutoffs:
    """Cut-offs at the mean less and plus some standard deviations.

    Parameters
    ----------
    scores : float array of shape (n_areas,)
        NaN is left out; at least two must be known.
    deviations : float, default=1.0
    kind : {"sample", "population"}
        Divided by n - 1 or by n.

    Returns
    -------
    Cutoffs

    Raises
    ------
    ValueError
        If fewer than two scores are known.

    Examples
    --------
    >>> spread_cutoffs(np.array([10.0, 20.0, 30.0]))
    Cutoffs(middle_from=10.0, high_from=30.0)
    """
    known = scores[~np.isnan(scores)]
    if len(known) < 2:
        raise ValueError(f"a spread needs two scores, there are {len(known)}")
    spread = known.std(ddof=1 if kind == "sample" else 0) * deviations
    return Cutoffs(float(known.mean() - spread), float(known.mean() + spread))


def categories(scores: Floats, cutoffs: Cutoffs) -> NDArray[np.int8]:
    """0 low, 1 middle, 2 high; -1 where there is no score.

    Parameters
    ----------
    scores : float array of any shape
    cutoffs : Cutoffs

    Returns
    -------
    int8 array of that shape

    Examples
    --------
    >>> categories(np.array([10.0, 33.0, 66.01, np.nan]), Cutoffs(33.01, 66.01)).tolist()
    [0, 0, 2, -1]
    """
    found = (scores >= cutoffs.middle_from).astype(np.int8) + (scores >= cutoffs.high_from)
    return np.where(np.isnan(scores), -1, found).astype(np.int8)

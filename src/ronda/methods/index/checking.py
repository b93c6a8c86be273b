"""Did it work: scores held against what then happened; and whether neighbours are alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from ronda.methods.index.structure import Floats


@dataclass(frozen=True, eq=False)
class Outcome:
    """How well a score foretold events. Shown also where it did badly.

    Parameters
    ----------
    n_areas, n_events : int
        Areas with a score, and those among them where something happened.
    auc : float
        Chance that an area with an event had the higher score; 0.5 is a coin, NaN without both kinds of area.
    hit_rate : float
        Share of the areas with events among those that were called high.
    lift : float
        How many times more often something happened where it was called high than on the whole.
    brier : float
        Mean squared difference between score / 100 and what happened; 0 is best.
    calibration : tuple of (called, happened, n)
        For each tenth of the scores: mean score / 100, share with events, areas.

    Examples
    --------
    >>> Outcome(10, 2, 0.5, 0.0, 0.0, 0.2, ()).auc
    0.5
    """

    n_areas: int
    n_events: int
    auc: float
    hit_rate: float
    lift: float
    brier: float
    calibration: tuple[tuple[float, float, int], ...]


def outcome(scores: Floats, happened: NDArray[np.bool_], *, high_from: float) -> Outcome:
    """Hold scores against what happened.

    Parameters
    ----------
    scores : float array of shape (n_areas,)
        0 to 100, NaN is left out.
    happened : bool array of shape (n_areas,)
    high_from : float
        Areas from it on were called high.

    Returns
    -------
    Outcome

    Raises
    ------
    ValueError
        If no area has a score.

    References
    ----------
    Brier (1950), Monthly Weather Review 78, 1-3; the area under the curve by ranks is Mann & Whitney (1947).
    Method note: docs/methods/index.md.

    Examples
    --------
    >>> outcome(np.array([90.0, 80.0, 10.0, 5.0]), np.array([True, False, False, False]), high_from=66).lift
    2.0
    """
    is_known = ~np.isnan(scores)
    score, event = scores[is_known], happened[is_known]
    if not len(score):
        raise ValueError("no area has a score")
    is_high, n_events = score >= high_from, int(event.sum())
    hits = float((event & is_high).sum())
    whole = float(event.mean())
    return Outcome(
        len(score),
        n_events,
        _auc(score, event),
        hits / n_events if n_events else float("nan"),
        hits / float(is_high.sum()) / whole if is_high.any() and whole else float("nan"),
        float(((score / 100 - event) ** 2).mean()),
        _calibration(score, event),
    )


def _auc(score: Floats, event: NDArray[np.bool_]) -> float:
    n, m = int(event.sum()), int((~event).sum())
    if not n or not m:
        return float("nan")
    return float((rankdata(score)[event].sum() - n * (n + 1) / 2) / (n * m))


def _calibration(score: Floats, event: NDArray[np.bool_]) -> tuple[tuple[float, float, int], ...]:
    step = np.minimum((score // 10).astype(int), 9)
    return tuple(
        (float(score[step == at].mean()) / 100, float(event[step == at].mean()), int((step == at).sum()))
        for at in range(10)
        if (step == at).any()
    )


@dataclass(frozen=True)
class Moran:
    """Whether neighbours have like scores.

    Parameters
    ----------
    statistic : float
        About 0 when neighbours are as any two areas, towards 1 when they are alike, below 0 when they differ.
    p_value : float
        Share of random arrangements with a statistic at least as far from their mean.
    runs, seed : int

    Examples
    --------
    >>> Moran(0.3, 0.01, 999, 1).statistic
    0.3
    """

    statistic: float
    p_value: float
    runs: int
    seed: int


def moran(scores: Floats, pairs: NDArray[np.int64], *, runs: int = 999, seed: int = 1) -> Moran:
    """Moran's I with equal weights of all pairs, and its p-value by rearranging the scores.

    Parameters
    ----------
    scores : float array of shape (n_areas,)
        Without NaN, not all the same.
    pairs : int64 array of shape (n_pairs, 2)
        Positions of neighbours, each pair once.
    runs, seed : int

    Returns
    -------
    Moran

    Raises
    ------
    ValueError
        If there is no pair, or all scores are the same.

    References
    ----------
    Moran (1950), Biometrika 37, 17-23. Method note: docs/methods/index.md.

    Examples
    --------
    >>> row = np.array([[0, 1], [1, 2], [2, 3]])
    >>> round(moran(np.array([1.0, 2.0, 3.0, 4.0]), row).statistic, 4)
    0.3333
    """
    centred = scores - scores.mean()
    square = float((centred**2).mean())
    if not len(pairs) or square == 0:
        raise ValueError("Moran's I needs neighbours and scores that differ")

    def statistic(values: Floats) -> float:
        return float((values[pairs[:, 0]] * values[pairs[:, 1]]).mean() / square)

    found, rng = statistic(centred), np.random.default_rng(seed)
    redrawn = np.array([statistic(rng.permutation(centred)) for _run in range(runs)])
    middle = redrawn.mean()
    beyond = int((np.abs(redrawn - middle) >= abs(found - middle) - 1e-12).sum())
    return Moran(found, (beyond + 1) / (runs + 1), runs, seed)


def decayed(counts: Floats, age_days: Floats, *, half_life_days: float) -> Floats:
    """What old events still count for.

    Parameters
    ----------
    counts, age_days : float arrays of one shape
        Ages >= 0.
    half_life_days : float
        After so many days an event counts half, > 0.

    Returns
    -------
    float array of that shape

    Raises
    ------
    ValueError
        If an age is below 0: what lies ahead has not happened.

    Examples
    --------
    >>> decayed(np.array([4.0, 4.0]), np.array([0.0, 14.0]), half_life_days=7).tolist()
    [4.0, 1.0]
    """
    if (age_days < 0).any():
        raise ValueError(f"an event lies {-float(age_days.min())} days ahead")
    return np.asarray(counts * 0.5 ** (age_days / half_life_days))

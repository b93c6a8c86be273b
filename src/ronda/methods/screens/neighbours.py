"""Outliers among neighbours: a station against the other stations of its village, on the scale of its district."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from ronda.methods.screens.basis import Basis, Bools, Floats, Ints, benjamini_hochberg

NULL = (
    "a station's share lies around its village as widely as stations of its district differ (beta-binomial)"
)
INNOCENT = "a strong local candidate, a hamlet that votes together, a special station, a slip of the pen"
NEIGHBOURS_MIN, DISTRICT_MIN = 2, 10
LEAN = 60  # stations of all districts that stand beside those of a district in its yardstick
TRIMMED, KEPT_MEAN = 0.1, 0.6230  # mean of the smaller nine tenths of a chi-square with one degree of freedom
WEIGHT = 2.0  # stations of the district that stand beside the neighbours in the guess


@dataclass(frozen=True, eq=False)
class Neighbours:
    """How far each station lies from what its neighbours suggest.

    Parameters
    ----------
    residual : float array of shape (n_stations,)
        Randomised quantile residual, standard normal if nothing is to look at; NaN where not tested.
    p_value : float array of shape (n_stations,)
        Two-sided; NaN where not tested.
    stands_out : bool array of shape (n_stations,)
        After Benjamini-Hochberg at 5 %.
    votes : int64 array of shape (n_stations,)
        Effect: votes above (+) or below (-) what the neighbours suggest.
    basis : Basis

    Examples
    --------
    >>> none = np.array([np.nan])
    >>> found = Neighbours(none, none, np.array([False]), np.array([0]), Basis(NULL, 0, 1, INNOCENT))
    >>> found.stands_out.tolist()
    [False]
    """

    residual: Floats
    p_value: Floats
    stands_out: Bools
    votes: Ints
    basis: Basis


def neighbour_outliers(votes: Ints, valid: Ints, village: Ints, district: Ints, *, seed: int) -> Neighbours:
    """Hold every station's votes for one choice against its village.

    Parameters
    ----------
    votes, valid : int64 arrays of shape (n_stations,)
        Votes for the choice and votes in all, 0 <= votes <= valid; use invalid against all ballots, or DPK against all
        voters, the same way.
    village, district : int64 arrays of shape (n_stations,)
        Any numbers; equal means the same area.
    seed : int

    Returns
    -------
    Neighbours
        Stations without a valid vote, with fewer than two neighbours or in a district of fewer than ten are not tested.

    Raises
    ------
    ValueError
        If votes exceed valid votes somewhere; such a sheet is for the checks of its form.

    References
    ----------
    Dunn & Smyth (1996), JCGS 5, 236-244 (residuals). Method note: docs/methods/screens.md.

    Examples
    --------
    >>> valid = np.full(60, 200)
    >>> votes = np.random.default_rng(4).binomial(valid, 0.6)
    >>> votes[7] = 190
    >>> area = np.repeat(np.arange(6), 10)
    >>> found = neighbour_outliers(votes, valid, area, np.zeros(60, int), seed=1)
    >>> np.flatnonzero(found.stands_out).tolist(), int(found.votes[7])
    ([7], 72)
    """
    if (votes < 0).any() or (votes > valid).any():
        raise ValueError(
            f"wanted votes from 0 to the valid votes; came {int((votes > valid).sum())} stations above"
        )
    mean, tested = _expected(votes, valid, village, district)
    size = _size(votes, valid, mean, tested, district)
    low, high = _tails(votes, valid, mean, size)
    spot = np.random.default_rng(seed).uniform(size=votes.size)
    level = np.clip(low + spot * (high - low), 1e-15, 1 - 1e-15)
    residual = np.where(tested, ndtri(level), np.nan)
    p_value = np.where(tested, np.minimum(1.0, 2 * np.minimum(high, 1 - low)), np.nan)
    above = np.where(tested, np.rint(votes - mean * valid), 0).astype(np.int64)
    basis = Basis(NULL, int(tested.sum()), seed, INNOCENT)
    return Neighbours(residual, p_value, benjamini_hochberg(p_value), above, basis)


def _sums(figures: Ints, groups: Ints) -> Floats:
    """The sum over the group of each station."""
    totals: Floats = np.bincount(groups, weights=figures)[groups].astype(np.float64)
    return totals


def _expected(votes: Ints, valid: Ints, village: Ints, district: Ints) -> tuple[Floats, Bools]:
    """Share of the other stations of the village, drawn a little to the other stations of the district."""
    _, home = np.unique(village, return_inverse=True)
    _, wide = np.unique(district, return_inverse=True)
    counted = (valid > 0).astype(np.int64)
    others, others_valid = _sums(votes, home) - votes, _sums(valid, home) - valid
    rest, rest_valid = _sums(votes, wide) - votes, _sums(valid, wide) - valid
    near, around = _sums(counted, home) - counted, _sums(counted, wide) - counted
    tested = (valid > 0) & (near >= NEIGHBOURS_MIN) & (around >= DISTRICT_MIN - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        pull = WEIGHT * np.where(near > 0, others_valid / near, 0)
        share = (others + pull * rest / rest_valid) / (others_valid + pull)
    return np.clip(np.where(tested, share, 0.5), 1e-4, 1 - 1e-4), tested


def _size(votes: Ints, valid: Ints, mean: Floats, tested: Bools, district: Ints) -> Floats:
    """Beta size (alpha + beta) per district by moments: how closely neighbours agree there.

    The square of each standardised residual is 1 + (n - 1) rho on average, rho = 1 / (1 + size). The middle of the
    squares decides, so that what is looked for does not widen its own yardstick; a district with few stations leans on
    all of them, because a yardstick from few is itself unsure.
    """
    n = np.maximum(valid, 1)
    square = (votes - n * mean) ** 2 / (n * mean * (1 - mean))
    _, wide = np.unique(district, return_inverse=True)
    size = np.full(votes.size, 1e9)
    if not tested.any():
        return size
    everywhere = _spread(square[tested])
    for one in np.unique(wide[tested]):
        at = tested & (wide == one)
        weight = at.sum() / (at.sum() + LEAN)
        spread = max(_spread(square[at]), 1e-9) ** weight * everywhere ** (1 - weight)
        rho = (spread - 1) / max(float(np.median(n[at])) - 1, 1.0)
        size[wide == one] = 1 / min(max(rho, 1e-9), 0.9) - 1
    return size


def _spread(square: Floats) -> float:
    """Mean of squares without the largest tenth, made whole again as for a normal residual."""
    kept = np.sort(square)[: max(1, math.ceil(square.size * (1 - TRIMMED)))]
    return float(kept.mean()) / KEPT_MEAN


def _tails(votes: Ints, valid: Ints, mean: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Chance of fewer votes, and of at most as many, in blocks of stations."""
    low, high = np.zeros(votes.size), np.zeros(votes.size)
    for start in range(0, votes.size, 2_000):
        at = slice(start, start + 2_000)
        low[at], high[at] = _block_tails(votes[at], valid[at], mean[at], size[at])
    return low, np.clip(high, 0, 1)


def _block_tails(votes: Ints, valid: Ints, mean: Floats, size: Floats) -> tuple[Floats, Floats]:
    """From the ratio of each count's chance to the one before: quicker than five gamma functions, and as exact."""
    count = np.arange(int(valid.max(initial=0)) + 1)
    n, a, b = valid[:, None], (mean * size)[:, None], ((1 - mean) * size)[:, None]
    k = count[:-1]
    inside = k < n
    left = np.where(inside, n - k, 1)
    steps = np.where(inside, np.log(left * (k + a) / ((k + 1) * (left - 1 + b))), -np.inf)
    log = np.zeros((votes.size, count.size))
    np.cumsum(steps, axis=1, out=log[:, 1:])
    chance = np.exp(log - log.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    low: Floats = (chance * (count < votes[:, None])).sum(axis=1)
    high: Floats = low + chance[np.arange(votes.size), votes]
    return low, high

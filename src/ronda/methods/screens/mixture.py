"""Mixtures of beta-binomials: how widely shares of an area differ, in up to five groups of units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, gammaln, log_softmax, logit, psi

from ronda.methods.screens.basis import Floats, Ints

FIRST_SIZE, STEPS = 20.0, 400
WIDEST_LOGIT, SIZES, WIDEST_WEIGHT = 12.0, (-3.0, 12.0), 15.0  # bounds; a size of e^12 is a binomial


@dataclass(frozen=True, eq=False)
class Mixture:
    """Groups of units; in a group the unit's share is beta distributed around the group's mean.

    Parameters
    ----------
    weight, mean, size : float arrays of shape (n_groups,)
        Part of the units in a group, its mean share, and how narrow it is (a + b of the beta distribution).
    bic : float
        Bayesian information criterion, the smaller the better.

    Examples
    --------
    >>> one = Mixture(np.array([1.0]), np.array([0.5]), np.array([2.0]), 0.0)  # the beta distribution is uniform
    >>> next(one.chances(np.array([3]))).round(2).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """

    weight: Floats
    mean: Floats
    size: Floats
    bic: float

    def chances(self, wholes: Ints) -> Iterator[Floats]:
        """For every whole, in its order, the chances of the counts 0 to whole; memory for one at a time."""
        steps = np.arange(wholes.max(initial=0) + 1)[:, None]
        a, b, both = (
            _rising(one, steps) for one in (self.mean * self.size, (1 - self.mean) * self.size, self.size)
        )
        ways = gammaln(steps[:, 0] + 1)
        for whole in wholes:
            logs = a[: whole + 1] + b[whole::-1] - both[whole]
            chosen = ways[whole] - ways[: whole + 1] - ways[whole::-1]
            yield np.exp(logs + chosen[:, None]) @ self.weight


def fit_mixture(part: Ints, whole: Ints, *, most: int = 5) -> Mixture:
    """Mixture of one to `most` groups; one more as long as the BIC falls.

    Parameters
    ----------
    part, whole : int64 arrays of shape (n_units,)
        0 <= part <= whole; no value missing; the arrays are not changed.
    most : int, default=5
        Groups at most, >= 1.

    Returns
    -------
    Mixture

    Raises
    ------
    ValueError
        If there is no unit, no group is wanted, or a count is impossible.

    Notes
    -----
    Maximum likelihood by L-BFGS-B from one start: equal groups at the quantiles of the shares. A better optimum may
    exist; no random numbers are used. Time grows with the distinct pairs, memory with these times the groups.

    References
    ----------
    Rozenas (2017), Political Analysis 25(1), 41-56. Method note: docs/methods/screens.md.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> whole = np.full(2_000, 200)
    >>> two = fit_mixture(rng.binomial(whole, rng.choice([0.2, 0.7], 2_000)), whole)
    >>> np.sort(two.mean).round(1).tolist()
    [0.2, 0.7]
    """
    if whole.size == 0 or most < 1 or (part < 0).any() or (part > whole).any():
        raise ValueError(
            f"wanted units with 0 <= part <= whole and a group; came {whole.size}, {most} groups"
        )
    pairs, times = np.unique(np.stack([part, whole]), axis=1, return_counts=True)
    likelihood = _Likelihood(pairs[0], pairs[1], times)
    best = _fitted(likelihood, 1)
    for groups in range(2, most + 1):
        wider = _fitted(likelihood, groups)
        if wider.bic >= best.bic:
            break
        best = wider
    return best


@dataclass(frozen=True, eq=False)
class _Likelihood:
    """Distinct pairs and how often each came. Gamma functions are looked up: counts are small whole numbers."""

    part: Ints
    whole: Ints
    times: Ints

    def columns(self) -> tuple[Ints, Ints, Ints]:
        return self.part, self.whole - self.part, self.whole

    def __call__(self, at: Floats) -> tuple[float, Floats]:
        """Minus the mean log likelihood, and its slopes along logit of means, log of sizes, log of weights."""
        mean, size, weight = _unpacked(at)
        betas = list(zip(mean * size, (1 - mean) * size, size, strict=True))
        logs = np.array([self._log(beta) for beta in betas]) + weight[:, None]
        top = logs.max(axis=0)
        parts = np.exp(logs - top)
        whole = parts.sum(axis=0)
        total = self.times.sum()
        shares = parts * (self.times / whole)
        by_a, by_b = np.array([self._slopes(b, s) for b, s in zip(betas, shares, strict=True)]).T
        along_mean = (by_a - by_b) * size * mean * (1 - mean)
        along_size = (by_a * mean + by_b * (1 - mean)) * size
        along_weight = shares.sum(axis=1) - total * np.exp(weight)
        slopes = np.concatenate([along_mean, along_size, along_weight[:-1]])
        return -float((self.times * (top + np.log(whole))).sum()) / total, -slopes / total

    def _log(self, beta: tuple[float, float, float]) -> Floats:
        steps = np.arange(self.whole.max() + 1)
        a, b, both = (_rising(np.array(one), steps) for one in beta)
        part, rest, whole = self.columns()
        log: Floats = a[part] + b[rest] - both[whole]
        return log

    def _slopes(self, beta: tuple[float, float, float], share: Floats) -> tuple[float, float]:
        a, b, both = self._weighted(beta, share)
        return a - both, b - both

    def _weighted(self, beta: tuple[float, float, float], share: Floats) -> Iterator[float]:
        steps = np.arange(self.whole.max() + 1)
        for one, column in zip(beta, self.columns(), strict=True):
            yield float(np.bincount(column, share, steps.size) @ (psi(one + steps) - psi(one)))


def _fitted(likelihood: _Likelihood, groups: int) -> Mixture:
    shares = np.repeat((likelihood.part + 0.5) / (likelihood.whole + 1), likelihood.times)
    middles = logit(np.quantile(shares, (np.arange(groups) + 0.5) / groups))
    start = np.concatenate([middles, np.full(groups, np.log(FIRST_SIZE)), np.zeros(groups - 1)])
    bounds = [(-WIDEST_LOGIT, WIDEST_LOGIT)] * groups + [SIZES] * groups
    bounds += [(-WIDEST_WEIGHT, WIDEST_WEIGHT)] * (groups - 1)
    options = {"maxiter": STEPS, "maxcor": 20, "ftol": 1e-10, "gtol": 1e-6}
    best = minimize(likelihood, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    total = int(likelihood.times.sum())
    mean, size, weight = _unpacked(best.x)
    part = np.exp(weight)
    bic = 2 * float(best.fun) * total + start.size * float(np.log(total))
    return Mixture(part / part.sum(), mean, size, bic)


def _rising(start: Floats, steps: Ints) -> Floats:
    """Logarithm of ``start (start + 1) ... (start + steps - 1)``."""
    rising: Floats = gammaln(start + steps) - gammaln(start)
    return rising


def _unpacked(at: Floats) -> tuple[Floats, Floats, Floats]:
    groups = (at.size + 1) // 3
    weight: Floats = log_softmax(np.append(at[2 * groups :], 0.0))
    return expit(at[:groups]), np.exp(at[groups : 2 * groups]), weight

"""Spikes: do more units than chance allows report the leader's share at the same point, such as 3/5?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ronda.methods.screens.basis import Basis, Bools, Floats, Ints
from ronda.methods.screens.integers import Turnout
from ronda.methods.screens.mixture import Mixture, fit_mixture

STEPS, BANDWIDTH = (
    1_000,
    1e-4,
)  # points 0, 0.001, ..., 1; a neighbour's point is five bandwidths away and more
RINGS, RING, RAREST = (
    20,
    0.25,
    1e-9,
)  # rings a quarter of a bandwidth wide; sizes nobody expects are passed over
FEWEST, LIMIT = 500, 0.01  # fewer units say nothing; the word is given below one in a hundred
NULL = "turnout and the leader's share of each unit come from smooth mixtures of beta-binomials, fitted to all units"
INNOCENT = "shares of 1/2, 3/5, 1 in small units; villages that vote alike; one point in a thousand by chance"


@dataclass(frozen=True, eq=False)
class Spikes:
    """Points of the leader's share where more units lie than in any redrawn election.

    Parameters
    ----------
    units : int
        Units that were counted.
    share : float array of shape (n_spikes,)
        Points in (0, 1], multiples of 0.001, where the observed density is above that of every redrawn election.
    excess : float array of shape (n_spikes,)
        Effect: units within 0.0005 of the point above the mean of the redrawn elections, >= 0.
    p_value : float
        Part of all elections, redrawn and observed, whose own excess over all others is at least the observed one.
    groups : (int, int)
        Groups of the mixtures of turnout and share.
    basis : Basis

    Examples
    --------
    >>> found = Spikes(2_000, np.array([0.6]), np.array([30.0]), 0.001, (1, 2), Basis(NULL, STEPS, 1, INNOCENT))
    >>> found.percent, found.stands_out
    (1.5, True)
    """

    units: int
    share: Floats
    excess: Floats
    p_value: float
    groups: tuple[int, int]
    basis: Basis

    @property
    def percent(self) -> float:
        """Units in excess as a percentage of all units; a clean country reaches some hundredths."""
        return 100 * float(self.excess.sum()) / self.units

    @property
    def stands_out(self) -> bool:
        """Whether fewer than one clean election in a hundred has as large an excess."""
        return self.p_value < LIMIT


def share_spikes(units: Turnout, *, seed: int, runs: int = 1_000) -> Spikes | None:
    """Hold the density of the leader's share against redrawn elections (resampled kernel density).

    Parameters
    ----------
    units : Turnout
        Counts; `came` is not used. Units without valid votes or with more of them than registered are left out.
    seed : int
        Of `numpy.random.default_rng`.
    runs : int, default=1000
        Redrawn elections, >= 2; with fewer than 100 nothing can stand out at one in a hundred.

    Returns
    -------
    Spikes or None
        None when fewer than 500 units are left: nothing can be said.

    Raises
    ------
    ValueError
        If fewer than two runs are wanted, or a leader has fewer than no votes or more than the valid ones.

    Notes
    -----
    An election is redrawn as Poisson counts around what the mixtures expect at every point: no unit's share is common
    enough for the difference to binomial counts to matter. Memory does not grow with the runs. For a regency or more;
    never for one station. Blind to votes moved to shares that few units have in common.

    References
    ----------
    Rozenas (2017), Political Analysis 25(1), 41-56. Method note: docs/methods/screens.md.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> registered = np.full(600, 300)
    >>> valid = rng.binomial(registered, 0.7)
    >>> clean = Turnout(registered, valid, valid, rng.binomial(valid, rng.beta(12, 8, 600)))
    >>> share_spikes(clean, seed=2, runs=100).stands_out
    False
    """
    kept = _kept(units, runs)
    if kept.valid.size < FEWEST:
        return None
    turnout, share = fit_mixture(kept.valid, kept.registered), fit_mixture(kept.leader, kept.valid)
    seen = _Election.of(kept.leader, kept.valid)
    clean = _Clean.of(kept.registered, turnout, share)
    envelope = _envelope(clean, np.random.default_rng(seed), runs)
    above = seen.density > envelope.density
    excess = np.maximum(0, seen.part - envelope.mean) * above
    chance = envelope.excesses(~above, runs)
    p_value = (1 + int((chance >= excess.sum()).sum())) / (runs + 1)
    at = np.flatnonzero(excess)
    groups, number = (turnout.mean.size, share.mean.size), kept.valid.size
    basis = Basis(NULL, STEPS, seed, INNOCENT)
    return Spikes(number, at / STEPS, excess[at] * number, p_value, groups, basis)


def _kept(units: Turnout, runs: int) -> Turnout:
    if runs < 2:
        raise ValueError(f"wanted at least two redrawn elections; came {runs}")
    if (units.leader < 0).any() or (units.leader > units.valid).any():
        raise ValueError("wanted 0 <= leader <= valid votes in every unit; came a unit outside it")
    ok = (units.valid > 0) & (units.valid <= units.registered)
    return Turnout(*(column[ok] for column in units))


@dataclass(frozen=True, eq=False)
class _Election:
    """Kernel density at every point but for a constant, and the part of the units nearest to it; point 0 is empty."""

    density: Floats
    part: Floats

    @classmethod
    def of(cls, votes: Ints, valid: Ints) -> _Election:
        nearest, away = _nearest(votes / valid)
        density = np.bincount(nearest, _kernel(away), STEPS + 1) / votes.size
        part = np.bincount(nearest, minlength=STEPS + 1) / votes.size
        density[0] = part[0] = 0
        return cls(density, part)


@dataclass(frozen=True, eq=False)
class _Clean:
    """What the mixtures expect: units at every point by distance from it, and the mean kernel there."""

    units: Floats
    kernel: Floats

    @classmethod
    def of(cls, registered: Ints, turnout: Mixture, share: Mixture) -> _Clean:
        """Shape of both: (points, distances). Sums over every possible pair of valid votes and leader's votes."""
        sizes, times = np.unique(registered, return_counts=True)
        valid = np.zeros(sizes.max() + 1)
        for number, chances in zip(times, turnout.chances(sizes), strict=True):
            valid[: chances.size] += number * chances
        valid[0] = 0  # no share without votes
        possible = np.flatnonzero(valid > RAREST)
        units, kernel = np.zeros((STEPS + 1) * RINGS), np.zeros((STEPS + 1) * RINGS)
        for size, chances in zip(possible, share.chances(possible), strict=True):
            nearest, away = _nearest(np.arange(size + 1) / size)
            ring = nearest * RINGS + np.minimum((away / RING).astype(np.int64), RINGS - 1)
            units += np.bincount(ring, valid[size] * chances, units.size)
            kernel += np.bincount(ring, valid[size] * chances * _kernel(away), units.size)
        kernel = np.divide(kernel, units, out=np.zeros_like(units), where=units > 0)
        return cls(units.reshape(-1, RINGS), kernel.reshape(-1, RINGS))

    def draw(self, rng: np.random.Generator) -> _Election:
        """An election: a Poisson number of units in every ring around every point."""
        drawn = rng.poisson(self.units)
        number = max(int(drawn.sum()), 1)
        density, part = (drawn * self.kernel).sum(axis=1) / number, drawn.sum(axis=1) / number
        density[0] = part[0] = 0
        return _Election(density, part)


@dataclass(frozen=True, eq=False)
class _Envelope:
    """The largest density of all redrawn elections at every point, whose it is, and the parts of the units."""

    density: Floats
    owner: Ints
    part: Floats
    mean: Floats

    def excesses(self, points: Bools, runs: int) -> Floats:
        """What each redrawn election has above all others, at these points: shape (runs,)."""
        above = np.maximum(0, self.part - self.mean) * points
        excesses: Floats = np.bincount(self.owner, above, runs).astype(np.float64)
        return excesses


def _envelope(clean: _Clean, rng: np.random.Generator, runs: int) -> _Envelope:
    density, part, mean = np.zeros((3, STEPS + 1))
    owner = np.zeros(STEPS + 1, np.int64)
    for run in range(runs):
        drawn = clean.draw(rng)
        higher = drawn.density > density
        density[higher], part[higher], owner[higher] = drawn.density[higher], drawn.part[higher], run
        mean += drawn.part / runs
    return _Envelope(density, owner, part, mean)


def _nearest(share: Floats) -> tuple[Ints, Floats]:
    """Index of the nearest point, and the distance from it in bandwidths."""
    nearest = np.rint(share * STEPS).astype(np.int64)
    return nearest, np.abs(share - nearest / STEPS) / BANDWIDTH


def _kernel(away: Floats) -> Floats:
    kernel: Floats = np.exp(-0.5 * away**2)
    return kernel

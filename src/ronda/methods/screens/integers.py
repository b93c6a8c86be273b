"""Integer percentages: do more units than chance allows report a turnout or a leader's share at a whole percent?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ronda.methods.screens.basis import Basis, Bools, Ints

SMALLEST_REGISTER, MOST_PERCENT, AROUND = 100, 99, 20  # within one part in 20 of a percent: 0.05
NULL = "every voter comes and chooses the leader independently, with the unit's own shares"
INNOCENT = "few units; many small units of the same size; shares that are whole by plain arithmetic"


class Turnout(NamedTuple):
    """Counts of units, each an int64 array of shape (n_units,): registered, came, valid or received, for the leader.

    Parameters
    ----------
    registered, came, valid, leader : int64 arrays of shape (n_units,)
        No value missing: leave out units with gaps.

    Examples
    --------
    >>> Turnout(*(np.array([n]) for n in (300, 240, 236, 118))).leader.tolist()
    [118]
    """

    registered: Ints
    came: Ints
    valid: Ints
    leader: Ints


class Peaks(NamedTuple):
    """Units at a whole percent: of turnout or leader's share, of the share, of the turnout."""

    either: float
    leader: float
    turnout: float


@dataclass(frozen=True)
class IntegerPercentages:
    """Observed and expected numbers of units.

    Parameters
    ----------
    units : int
        Units that were counted.
    observed, expected, spread : Peaks
        Counts seen, mean and standard deviation of the redrawn counts.
    basis : Basis

    Examples
    --------
    >>> peaks = Peaks(5, 3, 3)
    >>> IntegerPercentages(9, peaks, Peaks(3, 2, 2), Peaks(1, 1, 1), Basis(NULL, 3, 1, INNOCENT)).z.either
    2.0
    """

    units: int
    observed: Peaks
    expected: Peaks
    spread: Peaks
    basis: Basis

    @property
    def excess(self) -> Peaks:
        """Observed minus expected."""
        return Peaks(*(seen - mean for seen, mean in zip(self.observed, self.expected, strict=True)))

    @property
    def z(self) -> Peaks:
        """Excess in standard deviations; below 3 is nothing (a clean country reaches 2.1)."""
        pairs = zip(self.excess, self.spread, strict=True)
        return Peaks(*(excess / spread if spread else 0.0 for excess, spread in pairs))


def near_whole_percent(part: Ints, whole: Ints) -> Bools:
    """Whether ``100 part / whole`` lies within 0.05 of a whole number, exactly.

    Parameters
    ----------
    part, whole : int64 arrays of one shape
        whole >= 1.

    Returns
    -------
    near : bool array of the same shape

    Examples
    --------
    >>> near_whole_percent(np.array([50, 1, 2001]), np.array([100, 3, 4000])).tolist()
    [True, False, True]
    """
    scaled = part * (100 * AROUND) % (whole * AROUND)
    near: Bools = np.minimum(scaled, whole * AROUND - scaled) <= whole
    return near


def integer_percentages(units: Turnout, *, seed: int, runs: int = 1_000) -> IntegerPercentages:
    """Count units at whole percents and hold them against redrawn elections.

    Parameters
    ----------
    units : Turnout
    seed : int
        Of `numpy.random.default_rng`.
    runs : int, default=1000
        Redrawn elections, >= 2.

    Returns
    -------
    IntegerPercentages

    Raises
    ------
    ValueError
        If fewer than two runs are wanted or no unit meets the criteria.

    Notes
    -----
    Units with at least 100 registered, turnout and share at most 99 %. For a regency or more; never for one station.

    References
    ----------
    Kobak, Shpilkin & Pshenichnikov (2016), AOAS 10(1), 54-73. Method note: docs/methods/screens.md.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> came = rng.binomial(300, 0.7, 400)
    >>> clean = Turnout(np.full(400, 300), came, came, rng.binomial(came, 0.6))
    >>> abs(integer_percentages(clean, seed=2, runs=50).z.either) < 3
    True
    """
    kept = _kept(units)
    if runs < 2 or kept.registered.size == 0:
        raise ValueError(f"wanted two runs and one unit that meets the criteria; came {runs} and none")
    rng = np.random.default_rng(seed)
    came_share, leader_share = kept.came / kept.registered, kept.leader / kept.valid
    redrawn = np.array(
        [
            _peaks(
                kept._replace(
                    came=rng.binomial(kept.registered, came_share),
                    leader=rng.binomial(kept.valid, leader_share),
                )
            )
            for _ in range(runs)
        ]
    )
    means, spreads = (Peaks(*map(float, row)) for row in (redrawn.mean(axis=0), redrawn.std(axis=0, ddof=1)))
    return IntegerPercentages(
        int(kept.registered.size), _peaks(kept), means, spreads, Basis(NULL, 3, seed, INNOCENT)
    )


def _kept(units: Turnout) -> Turnout:
    ok = (units.registered >= SMALLEST_REGISTER) & (units.valid > 0)
    ok &= units.came * 100 <= units.registered * MOST_PERCENT
    ok &= units.leader * 100 <= units.valid * MOST_PERCENT
    return Turnout(*(column[ok] for column in units))


def _peaks(units: Turnout) -> Peaks:
    turnout = near_whole_percent(units.came, units.registered)
    leader = near_whole_percent(units.leader, units.valid)
    return Peaks(float((turnout | leader).sum()), float(leader.sum()), float(turnout.sum()))

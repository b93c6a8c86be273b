"""Shares from a sample of stations: the ratio estimator with the variance of stations, never of single voters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A share and how sure it is.

    Parameters
    ----------
    share : float
        Estimated share of the valid votes, in [0, 1].
    error_share : float
        Standard error of the share, >= 0.
    stations, drawn : int
        Stations in all and in the sample.

    Examples
    --------
    >>> low, high = Estimate(0.6, 0.01, stations=800, drawn=100).interval(confidence=0.95)
    >>> round(low, 4), round(high, 4)
    (0.5804, 0.6196)
    """

    share: float
    error_share: float
    stations: int
    drawn: int

    def interval(self, *, confidence: float) -> tuple[float, float]:
        """Two-sided, cut at 0 and 1; confidence in (0, 1)."""
        half = self.margin(confidence=confidence)
        return max(0.0, self.share - half), min(1.0, self.share + half)

    def margin(self, *, confidence: float) -> float:
        """Half the width of the interval."""
        if not 0 < confidence < 1:
            raise ValueError(f"wanted a confidence in (0, 1); came {confidence}")
        return NormalDist().inv_cdf((1 + confidence) / 2) * self.error_share


@dataclass(frozen=True, eq=False)
class Stratum:
    """The drawn stations of one part of the area.

    Parameters
    ----------
    stations : int
        Stations of this part in all.
    votes, valid : int64 arrays of shape (n_drawn,)
        Votes for the choice and valid votes of each drawn station, 0 <= votes <= valid unless the form says otherwise.

    Examples
    --------
    >>> Stratum(10, np.array([60, 50]), np.array([100, 90])).drawn
    2
    """

    stations: int
    votes: Ints
    valid: Ints

    def __post_init__(self) -> None:
        if self.votes.shape != self.valid.shape or not 2 <= self.votes.size <= self.stations:
            raise ValueError(
                f"wanted 2 to {self.stations} drawn stations with votes and valid votes; "
                f"came {self.votes.size} and {self.valid.size}"
            )

    @property
    def drawn(self) -> int:
        return int(self.votes.size)


def ratio_estimate(stratum: Stratum) -> Estimate:
    """Share of a choice from a simple random sample of stations.

    Parameters
    ----------
    stratum : Stratum
        The whole area as one part.

    Returns
    -------
    Estimate
        ``sum v / sum s`` with ``sqrt((1 - n/N) s_e^2 / n) / mean s``, ``e = v - share * s``.

    Raises
    ------
    ValueError
        If no drawn station has a valid vote.

    References
    ----------
    Cochran (1977), Sampling Techniques, chapter 6. Method note: docs/methods/coverage.md.

    Examples
    --------
    >>> estimate = ratio_estimate(Stratum(3, np.array([60, 45, 50]), np.array([100, 90, 100])))
    >>> round(estimate.share, 4), estimate.error_share
    (0.5345, 0.0)
    """
    return stratified_estimate([stratum])


def stratified_estimate(strata: Sequence[Stratum]) -> Estimate:
    """The same from samples drawn within parts of the area, with one share for all of them (combined ratio).

    Parameters
    ----------
    strata : sequence of Stratum
        Every part of the area, each with at least two drawn stations.

    Returns
    -------
    Estimate

    Raises
    ------
    ValueError
        If there is no part or no valid vote.

    Notes
    -----
    ``se^2 = sum_h W_h^2 (1 - n_h/N_h) s_eh^2 / n_h / mean s^2`` with ``W_h = N_h / N``; a part that was counted whole
    adds nothing.

    Examples
    --------
    >>> parts = [Stratum(4, np.array([60, 40]), np.array([100, 80])), Stratum(2, np.array([9, 8]), np.array([90, 80]))]
    >>> round(stratified_estimate(parts).share, 3)
    0.409
    """
    total = sum(one.stations for one in strata)
    if not strata:
        raise ValueError("wanted at least one part of the area; came none")
    mean_votes = sum(one.stations * float(one.votes.mean()) for one in strata) / total
    mean_valid = sum(one.stations * float(one.valid.mean()) for one in strata) / total
    if mean_valid <= 0:
        raise ValueError("wanted at least one valid vote in the sample; came none")
    share = mean_votes / mean_valid
    variance = sum((one.stations / total) ** 2 * _mean_variance(one, share) for one in strata)
    return Estimate(share, math.sqrt(variance) / mean_valid, total, sum(one.drawn for one in strata))


def _mean_variance(one: Stratum, share: float) -> float:
    """Variance of the mean residual of a part, with the finite population correction."""
    residual = one.votes - share * one.valid
    return (1 - one.drawn / one.stations) * float(residual.var(ddof=1)) / one.drawn


def sample_size(stratum: Stratum, *, margin_share: float, confidence: float) -> int:
    """Stations to draw so that the interval is no wider than wanted, from an earlier count of like stations.

    Parameters
    ----------
    stratum : Stratum
        Earlier result; its spread stands for the coming one.
    margin_share : float
        Wanted half width of the interval, in (0, 1).
    confidence : float
        In (0, 1).

    Returns
    -------
    stations : int
        ``n0 / (1 + n0 / N)`` rounded up, ``n0 = z^2 s_e^2 / (margin^2 mean s^2)``.

    Raises
    ------
    ValueError
        If margin or confidence are out of their range.

    Examples
    --------
    >>> earlier = Stratum(900, np.array([60, 45, 70, 30]), np.array([100, 90, 100, 80]))
    >>> sample_size(earlier, margin_share=0.02, confidence=0.95)
    146
    """
    if not (0 < margin_share < 1 and 0 < confidence < 1):
        raise ValueError(f"wanted margin and confidence in (0, 1); came {margin_share} and {confidence}")
    share = float(stratum.votes.sum() / stratum.valid.sum())
    spread = float((stratum.votes - share * stratum.valid).std(ddof=1)) / float(stratum.valid.mean())
    wanted = (NormalDist().inv_cdf((1 + confidence) / 2) * spread / margin_share) ** 2
    return min(stratum.stations, math.ceil(wanted / (1 + wanted / stratum.stations)))


def design_effect(stratum: Stratum) -> float:
    """How many times larger the variance is than if single voters had been drawn.

    Parameters
    ----------
    stratum : Stratum

    Returns
    -------
    effect : float
        ``s_e^2 / mean s / (share (1 - share))``; the voter-level formula is too sure by its square root.

    Raises
    ------
    ValueError
        If the share is 0 or 1.

    Examples
    --------
    >>> round(design_effect(Stratum(9, np.array([90, 10]), np.array([100, 100]))), 1)
    128.0
    """
    share = float(stratum.votes.sum() / stratum.valid.sum())
    if not 0 < share < 1:
        raise ValueError(f"wanted a share between 0 and 1; came {share}")
    spread = float((stratum.votes - share * stratum.valid).var(ddof=1))
    return spread / float(stratum.valid.mean()) / (share * (1 - share))

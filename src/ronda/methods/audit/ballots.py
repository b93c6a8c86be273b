"""Sizes of ballot-level audits. Calculators only: opening boxes needs a recount or a court (docs/methods/audit.md)."""

from __future__ import annotations

import math
from statistics import NormalDist

GAMMA = 1.03905


def _two_way(winner_share: float, loser_share: float, risk: float) -> tuple[float, float, float]:
    """Share of the winner among the two, and what a ballot for either adds to the logarithm of the test."""
    if not (0 < loser_share < winner_share and winner_share + loser_share <= 1 + 1e-12 and 0 < risk < 1):
        raise ValueError(
            f"wanted shares with 0 < loser < winner and a risk limit in (0, 1); "
            f"came {winner_share}, {loser_share} and {risk}"
        )
    share = winner_share / (winner_share + loser_share)
    return share, math.log(2 * share), math.log(2 - 2 * share)


def bravo_mean_size(winner_share: float, loser_share: float, *, risk: float) -> float:
    """Ballots that BRAVO needs on average when the reported shares are true.

    Parameters
    ----------
    winner_share, loser_share : float
        Shares of all ballots in the sample frame, 0 < loser < winner, together at most 1.
    risk : float
        Risk limit in (0, 1).

    Returns
    -------
    ballots : float
        ``(ln(1/risk) + z_w / 2) / (p_w z_w + p_l z_l)``; the next whole number is the average to plan for.

    Raises
    ------
    ValueError
        If the shares or the risk limit are impossible.

    References
    ----------
    Lindeman, Stark & Yates (2012), "BRAVO", EVT/WOTE, equation for ASN.

    Examples
    --------
    >>> round(bravo_mean_size(0.6, 0.4, risk=0.1), 1)
    118.9
    """
    _, plus, minus = _two_way(winner_share, loser_share, risk)
    drift = winner_share * plus + loser_share * minus
    return (math.log(1 / risk) + plus / 2) / drift


def bravo_stop_chance(winner_share: float, loser_share: float, ballots: int, *, risk: float) -> float:
    """Chance that a sample of this size ends a BRAVO audit when the reported shares are true.

    Parameters
    ----------
    winner_share, loser_share : float
        As in `bravo_mean_size`.
    ballots : int
        Size of the sample, > 0.
    risk : float
        Risk limit in (0, 1).

    Returns
    -------
    chance : float
        In [0, 1]; normal approximation of the number of ballots for the winner.

    Raises
    ------
    ValueError
        As in `bravo_mean_size`, or without ballots.

    Examples
    --------
    >>> round(bravo_stop_chance(0.6, 0.4, 119, risk=0.1), 2)
    0.52
    """
    share, plus, minus = _two_way(winner_share, loser_share, risk)
    if ballots < 1:
        raise ValueError(f"wanted at least one ballot; came {ballots}")
    counted = math.ceil(ballots * (winner_share + loser_share))
    needed = (-math.log(risk) - counted * minus) / (plus - minus)
    spread = math.sqrt(counted * share * (1 - share))
    return 1 - NormalDist().cdf((needed - counted * share) / spread)


def bravo_quantile_size(winner_share: float, loser_share: float, *, risk: float, chance: float) -> int:
    """Ballots with which BRAVO ends with this chance when the reported shares are true.

    Parameters
    ----------
    winner_share, loser_share : float
        As in `bravo_mean_size`.
    risk : float
        Risk limit in (0, 1).
    chance : float
        Wanted chance to stop, in (0, 1).

    Returns
    -------
    ballots : int
        So many that more ballots for the two are expected than BRAVO needs for that chance.

    Raises
    ------
    ValueError
        As in `bravo_mean_size`, or for a chance outside (0, 1).

    Notes
    -----
    The normal approximation gives a number of ballots for the two; from there upward the first is taken whose binomial
    tail has the wanted chance (the tail is a saw: a number further down may have it too).

    Examples
    --------
    >>> bravo_quantile_size(0.4, 0.32, risk=0.1, chance=0.9)
    1599
    """
    share, plus, minus = _two_way(winner_share, loser_share, risk)
    if not 0 < chance < 1:
        raise ValueError(f"wanted a chance in (0, 1); came {chance}")
    counted = math.floor(_normal_size(share, plus, minus, risk, chance))
    while _binomial_tail(_needed(counted, plus, minus, risk), counted, share) < chance:
        counted += 1
    return math.floor(round(counted / (winner_share + loser_share), 9)) + 1


def _normal_size(share: float, plus: float, minus: float, risk: float, chance: float) -> float:
    """Ballots for the two with which a normal number of winner's ballots reaches the threshold with this chance."""
    z, threshold = -NormalDist().inv_cdf(chance), -math.log(risk)
    drift = share * plus + (1 - share) * minus
    noise = z * z * share * (1 - share) * (plus - minus) ** 2
    a, b, c = drift * drift, -(noise + 2 * threshold * drift), threshold * threshold
    root = math.sqrt(b * b - 4 * a * c)
    return (-b + (root if z < 0 else -root)) / (2 * a)


def _needed(counted: int, plus: float, minus: float, risk: float) -> int:
    """Winner's ballots among those counted that end the audit."""
    return math.ceil((-math.log(risk) - counted * minus) / (plus - minus))


def _binomial_tail(least: int, ballots: int, share: float) -> float:
    """Chance of at least so many winner's ballots."""
    if least <= 0:
        return 1.0
    whole = math.lgamma(ballots + 1)
    logs = (
        whole
        - math.lgamma(k + 1)
        - math.lgamma(ballots - k + 1)
        + k * math.log(share)
        + (ballots - k) * math.log1p(-share)
        for k in range(least, ballots + 1)
    )
    return math.fsum(math.exp(one) for one in logs)


def supersimple_size(
    diluted_margin: float,
    *,
    risk: float,
    over: tuple[int, int] = (0, 0),
    under: tuple[int, int] = (0, 0),
    gamma: float = GAMMA,
) -> int:
    """Ballots of a super-simple comparison audit after these discrepancies were seen.

    Parameters
    ----------
    diluted_margin : float
        Smallest margin in votes over ballots, in (0, 1].
    risk : float
        Risk limit in (0, 1).
    over, under : pair of int, default=(0, 0)
        One-vote and two-vote overstatements and understatements seen.
    gamma : float, default=1.03905
        Inflator of the error bound, > 1.

    Returns
    -------
    ballots : int

    Raises
    ------
    ValueError
        If an argument is out of its range.

    References
    ----------
    Stark (2010), "Super-simple simultaneous single-ballot risk-limiting audits", EVT/WOTE; exact form.

    Examples
    --------
    >>> supersimple_size(0.1, risk=0.1)
    48
    """
    if not (0 < diluted_margin <= 1 and 0 < risk < 1 and gamma > 1):
        raise ValueError(
            f"wanted a diluted margin in (0, 1], a risk limit in (0, 1) and gamma > 1; "
            f"came {diluted_margin}, {risk} and {gamma}"
        )
    return math.ceil(-2 * gamma * (math.log(risk) + _discrepancies(over, under, gamma)) / diluted_margin)


def supersimple_first_size(diluted_margin: float, *, risk: float, gamma: float = GAMMA) -> int:
    """Ballots to draw first, if misreadings come as often as experience says.

    Parameters
    ----------
    diluted_margin, risk, gamma : float
        As in `supersimple_size`.

    Returns
    -------
    ballots : int
        One one-vote discrepancy either way in 1,000 ballots (rounded up) and one two-vote in 10,000 (rounded) are
        allowed for.

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Examples
    --------
    >>> supersimple_first_size(0.1, risk=0.1)
    54
    """
    ballots = supersimple_size(diluted_margin, risk=risk, gamma=gamma)
    ones, twos = math.ceil(0.001 * ballots), round(0.0001 * ballots)
    return supersimple_size(diluted_margin, risk=risk, over=(ones, twos), under=(ones, twos), gamma=gamma)


def _discrepancies(over: tuple[int, int], under: tuple[int, int], gamma: float) -> float:
    return (
        over[0] * math.log1p(-1 / (2 * gamma))
        + over[1] * math.log1p(-1 / gamma)
        + under[0] * math.log1p(1 / (2 * gamma))
        + under[1] * math.log1p(1 / gamma)
    )


def supersimple_constant(*, risk: float, allowance: float, gamma: float = GAMMA) -> float:
    """Stark's rho: first size times diluted margin when a share of the sample may be one-vote overstatements.

    Parameters
    ----------
    risk : float
        Risk limit in (0, 1).
    allowance : float
        Error allowance lambda in [0, 1).
    gamma : float, default=1.03905

    Returns
    -------
    rho : float

    Raises
    ------
    ValueError
        If the allowance is so large that no sample suffices.

    Examples
    --------
    >>> round(supersimple_constant(risk=0.1, allowance=0.2), 3)
    6.58
    """
    below = 1 / (2 * gamma) + allowance * math.log1p(-1 / (2 * gamma))
    if not 0 < risk < 1 or below <= 0:
        raise ValueError(
            f"wanted a risk limit in (0, 1) and a smaller allowance; came {risk} and {allowance}"
        )
    return -math.log(risk) / below

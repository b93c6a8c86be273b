"""Batch comparison: each polling station is a batch; its recapitulated column is held against its form.

`reported` is what the recapitulation gives each batch, `audited` what the form says. All bounds limit the chance that a
wrong *outcome of the tabulation* passes; a count that was wrong on the form itself is out of sight.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Contest:
    """What the recapitulation says, and how many ballots each batch can hold.

    Parameters
    ----------
    reported : int64 array of shape (n_batches, n_choices); votes from 0, no value missing
    bound : int64 array of shape (n_batches,); the most ballots a batch can hold, >= 1
    seats : int, default=1; the choices with the most votes win, 1 <= seats < n_choices

    Raises
    ------
    ValueError
        If shapes do not fit, a figure is negative, or the last seat is tied.

    Examples
    --------
    >>> contest = Contest(np.array([[60, 40], [50, 30]]), np.array([100, 80]))
    >>> contest.winners, contest.losers, contest.margin
    ((0,), (1,), 40)
    """

    reported: Ints
    bound: Ints
    seats: int = 1

    def __post_init__(self) -> None:
        shape = self.reported.shape
        if len(shape) != 2 or self.bound.shape != shape[:1] or not 1 <= self.seats < shape[1]:
            raise ValueError(
                f"wanted votes per batch and choice, a bound per batch and 1 to n-1 seats; "
                f"came {shape}, {self.bound.shape} and {self.seats}"
            )
        if (self.reported < 0).any() or (self.bound < 1).any():
            raise ValueError("wanted votes from 0 and bounds from 1; came a lower figure")
        if self.margin <= 0:
            raise ValueError(
                "wanted a reported winner; the last seat is tied, so every batch must be compared"
            )

    @property
    def _order(self) -> list[int]:
        totals = self.reported.sum(axis=0)
        return sorted(range(totals.size), key=lambda choice: (-int(totals[choice]), choice))

    @property
    def winners(self) -> tuple[int, ...]:
        return tuple(self._order[: self.seats])

    @property
    def losers(self) -> tuple[int, ...]:
        return tuple(self._order[self.seats :])

    @property
    def margin(self) -> int:
        """Votes between the last winner and the first loser."""
        totals = self.reported.sum(axis=0)
        order = self._order
        return int(totals[order[self.seats - 1]] - totals[order[self.seats]])

    def pairs(self) -> list[tuple[int, int, int]]:
        """Every winner with every loser, and the margin between them."""
        totals = self.reported.sum(axis=0)
        return [
            (winner, loser, int(totals[winner] - totals[loser]))
            for winner in self.winners
            for loser in self.losers
        ]


def error_bounds(contest: Contest) -> Floats:
    """The largest error each batch could hide, as a share of a margin (``u_p``).

    Parameters
    ----------
    contest : Contest

    Returns
    -------
    bounds : float array of shape (n_batches,)
        ``max over winner w, loser l of (v_wp - v_lp + b_p) / V_wl``. Their sum is ``U``.

    References
    ----------
    Stark (2009), "Risk-limiting post-election audits", IEEE TIFS 4(4). Method note: docs/methods/audit.md.

    Examples
    --------
    >>> error_bounds(Contest(np.array([[60, 40], [50, 30]]), np.array([100, 80]))).tolist()
    [3.0, 2.5]
    """
    votes = contest.reported
    found = [
        (votes[:, winner] - votes[:, loser] + contest.bound) / margin
        for winner, loser, margin in contest.pairs()
    ]
    bounds: Floats = np.max(found, axis=0)
    return bounds


def errors(contest: Contest, batches: Sequence[int], audited: Ints) -> Floats:
    """How far the recapitulation of some batches favoured winners, as a share of a margin (``e_p``).

    Parameters
    ----------
    contest : Contest
    batches : sequence of int
        Positions of the batches that were compared.
    audited : int64 array of shape (len(batches), n_choices)
        Votes on the form. For a form that cannot be had use `worst_form`.

    Returns
    -------
    errors : float array of shape (len(batches),)
        Positive where the recapitulation helped a winner, negative where it hurt.

    Raises
    ------
    ValueError
        If `audited` has another shape, or a form holds more votes than its batch can hold: then the bound was wrong
        and the plan with it.

    Examples
    --------
    >>> contest = Contest(np.array([[60, 40], [50, 30]]), np.array([100, 80]))
    >>> errors(contest, [1], np.array([[48, 32]])).tolist()
    [0.1]
    """
    at = np.asarray(batches, dtype=np.int64)
    if audited.shape != (at.size, contest.reported.shape[1]):
        wanted = (at.size, contest.reported.shape[1])
        raise ValueError(f"wanted audited votes of shape {wanted}; came {audited.shape}")
    if (audited < 0).any() or (audited.sum(axis=1) > contest.bound[at]).any():
        raise ValueError("wanted forms with votes from 0 to the bound of their batch; came another figure")
    shift = contest.reported[at] - audited
    found = [(shift[:, winner] - shift[:, loser]) / margin for winner, loser, margin in contest.pairs()]
    worst: Floats = np.max(found, axis=0, initial=-np.inf)
    return worst


def worst_form(contest: Contest, batch: int) -> Ints:
    """What a form that cannot be had may have said at worst: every ballot for one loser.

    Parameters
    ----------
    contest : Contest
    batch : int
        Its position.

    Returns
    -------
    votes : int64 array of shape (n_choices,)
        With it the error of the batch is its whole bound (`error_bounds`).

    Examples
    --------
    >>> worst_form(Contest(np.array([[60, 40], [50, 30]]), np.array([100, 80])), 1).tolist()
    [0, 80]
    """
    reported, ballots = contest.reported[batch], contest.bound[batch]
    *_, (_, loser) = sorted(
        ((reported[winner] - reported[loser] + ballots) / margin, loser)
        for winner, loser, margin in contest.pairs()
    )
    votes = np.zeros(reported.size, dtype=np.int64)
    votes[loser] = ballots
    return votes


def macro_first_size(contest: Contest, *, risk: float) -> int:
    """Draws that suffice when no draw finds an error (Kaplan-Markov, MACRO).

    Parameters
    ----------
    contest : Contest
    risk : float
        Risk limit in (0, 1).

    Returns
    -------
    draws : int
        ``ceil(ln risk / ln(1 - 1/U))``, draws with replacement in proportion to `error_bounds`.

    Raises
    ------
    ValueError
        If the risk limit is not in (0, 1).

    Examples
    --------
    >>> macro_first_size(Contest(np.array([[60, 40], [50, 30]]), np.array([100, 80])), risk=0.05)
    15
    """
    return macro_clean_size(float(error_bounds(contest).sum()), risk=risk)


def macro_clean_size(total_bound: float, *, risk: float) -> int:
    """The same from ``U`` alone; for equal batches and a margin share m of the ballots, ``U = (1 + m) / m``.

    Parameters
    ----------
    total_bound : float
        ``U``, at least 1.
    risk : float
        Risk limit in (0, 1).

    Returns
    -------
    draws : int

    Raises
    ------
    ValueError
        If the risk limit is not in (0, 1) or ``U`` is below 1.

    Examples
    --------
    >>> macro_clean_size(1.01 / 0.01, risk=0.1)
    232
    """
    if not 0 < risk < 1 or total_bound < 1:
        raise ValueError(f"wanted a risk limit in (0, 1) and U from 1; came {risk} and {total_bound}")
    if total_bound == 1:
        return 1
    return math.ceil(math.log(risk) / math.log1p(-1 / total_bound))


def macro_p_value(bounds: Floats, drawn: Sequence[int], found: Floats) -> float:
    """The largest chance of seeing so little error if the outcome were wrong (Kaplan-Markov, MACRO).

    Parameters
    ----------
    bounds : float array of shape (n_batches,)
        From `error_bounds`; draws were made in proportion to them, with replacement.
    drawn : sequence of int
        Position of every draw in order; a batch drawn twice stands twice.
    found : float array of shape (len(drawn),)
        From `errors`, one for every draw.

    Returns
    -------
    p_value : float
        In [0, 1]; stop when it is at most the risk limit. 1.0 when a draw shows all the error its batch can hold:
        then only a full comparison helps.

    References
    ----------
    Stark (2009), as above; negative taints are taken as 0, which only makes the value larger.

    Examples
    --------
    >>> bounds = np.array([3.0, 2.5])
    >>> round(macro_p_value(bounds, [0, 1], np.array([0.0, 0.0])), 4)
    0.6694
    """
    taints = np.clip(found / bounds[np.asarray(drawn, dtype=np.int64)], 0, None)
    if (taints >= 1).any():
        return 1.0
    total = float(bounds.sum())
    log_p = len(drawn) * math.log1p(-1 / total) - float(np.log1p(-taints).sum()) if total > 1 else -math.inf
    return min(1.0, math.exp(log_p))


def alpha_p_values(bounds: Floats, found: Sequence[float], *, firmness: float = 100.0) -> list[float]:
    """The same question for different batches drawn with equal chances (ALPHA, without replacement).

    Parameters
    ----------
    bounds : float array of shape (n_batches,)
        From `error_bounds`.
    found : sequence of float
        From `errors`, in the order in which the batches were drawn, none twice.
    firmness : float, default=100.0
        How many draws the first guess (no error at all) weighs against what is seen; any value is valid, it was set
        beforehand. Small values forgive early errors, large ones finish clean audits sooner.

    Returns
    -------
    p_values : list of float
        After each draw, the smallest value so far, in [0, 1]. It may be looked at after every draw: stop when it is at
        most the risk limit.

    Raises
    ------
    ValueError
        If more batches were compared than there are.

    Notes
    -----
    With ``u`` the largest bound, ``x_p = u - max(e_p, 0)`` lies in [0, u], and the outcome stands exactly when the sum
    of ``e_p`` over all batches is below 1, that is when the mean of ``x_p`` is above ``u - 1/N``. Taking negative
    errors as 0 only raises the value.

    References
    ----------
    Stark (2023), "ALPHA: audit that learns from previously hand-audited ballots", AOAS 17(1), sections 2.2 and 2.5.
    Method note: docs/methods/audit.md.

    Examples
    --------
    >>> bounds = np.full(400, 21 / 400)
    >>> values = alpha_p_values(bounds, [0.0] * 30)
    >>> [round(values[n - 1], 3) for n in (1, 10, 30)]
    [0.952, 0.61, 0.219]
    """
    total, top = bounds.size, float(bounds.max(initial=0))
    if len(found) > total:
        raise ValueError(f"wanted at most {total} batches; came {len(found)}")
    log_t, seen, best, values = 0.0, 0.0, 1.0, []
    for drawn, error in enumerate(found):
        null = (total * top - 1 - seen) / (total - drawn)
        value = top - max(error, 0.0)
        if 0 < null < top and log_t > -math.inf:
            log_t += _log_bet(value, null, top, seen, drawn, firmness)
            best = min(best, math.exp(min(-log_t, 0.0)))
        seen += value
        if seen > total * top - 1:  # what is left cannot undo the outcome
            best = 0.0
        values.append(best)
    return values


def _log_bet(value: float, null: float, top: float, seen: float, drawn: int, firmness: float) -> float:
    """What one draw adds to the logarithm of the martingale; the guess uses earlier draws only."""
    guess = (firmness * top + seen) / (firmness + drawn)
    most = top * (1 - 1e-6)
    guess = min(max(guess, null + (top - null) / (2 * math.sqrt(firmness + drawn))), most)
    factor = (
        value / null * (guess - null) / (top - null) + (top - guess) / (top - null) if null > 0 else math.inf
    )
    return math.log(factor) if factor > 0 else -math.inf

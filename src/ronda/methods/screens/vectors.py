"""Equal results of neighbouring stations: how many pairs agree in every choice, and how many would by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ronda.methods.screens.basis import Basis, Ints

NULL = "each station's voters choose independently with the shares of their village"
INNOCENT = "small stations with few choices agree often; one sheet entered under two numbers"


@dataclass(frozen=True)
class EqualVectors:
    """Pairs of stations of one village with the same votes for every choice.

    Parameters
    ----------
    observed : int
    expected : float
        Mean over the redrawn elections.
    p_value : float
        Share of redrawn elections with at least as many pairs, the observed one among them.
    pairs : tuple of (int, int)
        Positions of the equal stations, the lower one first.
    basis : Basis

    Examples
    --------
    >>> EqualVectors(1, 0.2, 0.2, ((0, 1),), Basis(NULL, 3, 1, INNOCENT)).observed
    1
    """

    observed: int
    expected: float
    p_value: float
    pairs: tuple[tuple[int, int], ...]
    basis: Basis


def equal_vectors(votes: Ints, village: Ints, *, seed: int, runs: int = 200) -> EqualVectors:
    """Count equal stations per village and redraw each from its village's shares.

    Parameters
    ----------
    votes : int64 array of shape (n_stations, n_choices)
        No value missing; stations without a vote are left out.
    village : int64 array of shape (n_stations,)
        Any numbers; equal means neighbours.
    seed : int
    runs : int, default=200

    Returns
    -------
    EqualVectors

    Raises
    ------
    ValueError
        If there is no station with a vote, or no run.

    Examples
    --------
    >>> found = equal_vectors(np.array([[90, 10], [90, 10], [55, 45]]), np.array([1, 1, 2]), seed=1)
    >>> found.observed, found.pairs
    (1, ((0, 1),))
    """
    counted = np.flatnonzero(votes.sum(axis=1) > 0)
    if counted.size == 0 or runs < 1:
        raise ValueError(f"wanted stations with votes and one run; came {counted.size} and {runs}")
    at, homes = votes[counted], village[counted]
    shares, totals, rng = _village_shares(at, homes), at.sum(axis=1), np.random.default_rng(seed)
    redrawn = [_pairs(rng.multinomial(totals, shares), homes) for _ in range(runs)]
    pairs = tuple((int(counted[a]), int(counted[b])) for a, b in _equal(at, homes))
    above = 1 + sum(number >= len(pairs) for number in redrawn)
    return EqualVectors(
        len(pairs), float(np.mean(redrawn)), above / (runs + 1), pairs, Basis(NULL, 1, seed, INNOCENT)
    )


def _village_shares(votes: Ints, village: Ints) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    _, home = np.unique(village, return_inverse=True)
    sums = np.zeros((home.max() + 1, votes.shape[1]))
    np.add.at(sums, home, votes)
    shares = sums / sums.sum(axis=1, keepdims=True)
    return shares[home]  # type: ignore[no-any-return]


def _pairs(votes: Ints, village: Ints) -> int:
    """How many pairs `_equal` would find: groups of equal rows by their size, without naming them."""
    rows = np.column_stack([village, votes])
    rows = rows[np.lexsort(rows.T[::-1])]
    starts = np.flatnonzero(np.append(True, (rows[1:] != rows[:-1]).any(axis=1)))
    sizes = np.diff(np.append(starts, len(rows)))
    return int((sizes * (sizes - 1) // 2).sum())


def _equal(votes: Ints, village: Ints) -> list[tuple[int, int]]:
    """Pairs of equal rows within a village: equal rows lie together once sorted."""
    rows = np.column_stack([village, votes])
    order = np.lexsort(rows.T[::-1])
    same = (rows[order][1:] == rows[order][:-1]).all(axis=1)
    pairs, start = [], 0
    for index in range(1, order.size + 1):
        if index == order.size or not same[index - 1]:
            group = sorted(order[start:index].tolist())
            pairs += [(a, b) for i, a in enumerate(group) for b in group[i + 1 :]]
            start = index
    return pairs

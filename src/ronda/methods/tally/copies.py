"""Comparison of two copies of the same sheets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ronda.methods.tally.checks import Count

# Copies in the order in which they are read; the first one that is there is the one others are compared with.
# It is a reading order only: what decides is the C.Hasil plano.
READING_ORDER = ("plano", "ptps", "pengawas", "kpu", "sirekap", "kp", "pemantau")


def reading_rank(source: str) -> tuple[int, str]:
    """Sort key of copies: known ones in reading order, then the others by name.

    Parameters
    ----------
    source : str

    Returns
    -------
    tuple of int and str

    Examples
    --------
    >>> sorted(["saksi-02", "kpu", "ptps"], key=reading_rank)
    ['ptps', 'kpu', 'saksi-02']
    """
    known = READING_ORDER.index(source) if source in READING_ORDER else len(READING_ORDER)
    return known, source


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two copies side by side.

    Parameters
    ----------
    both : bool array of shape (n_stations,); every choice is present in both copies
    differ : bool array of shape (n_stations,); both, and at least one choice is not the same
    delta : int64 array of shape (n_stations, n_choices); second minus first, 0 where not both

    Examples
    --------
    >>> compare(Count.of([[10, 5]]), Count.of([[8, 7]])).delta.tolist()
    [[-2, 2]]
    """

    both: NDArray[np.bool_]
    differ: NDArray[np.bool_]
    delta: NDArray[np.int64]

    @property
    def net(self) -> NDArray[np.int64]:
        """Sum of differences per choice, shape (n_choices,)."""
        total: NDArray[np.int64] = self.delta.sum(axis=0, dtype=np.int64)
        return total


def compare(first: Count, second: Count) -> Comparison:
    """Compare the choices of two copies (X02 source difference).

    Parameters
    ----------
    first, second : Count of shape (n_stations, n_choices), same stations in the same order

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        If the shapes differ; the message gives both.

    Notes
    -----
    Neither copy is taken as true: the paper decides, not the majority.

    Examples
    --------
    >>> pair = compare(Count.of([[10, 5], [1, None]]), Count.of([[10, 6], [1, 2]]))
    >>> pair.both.tolist(), pair.differ.tolist(), pair.net.tolist()
    ([True, False], [True, False], [0, 1])
    """
    if first.value.shape != second.value.shape:
        raise ValueError(f"copies must have one shape, got {first.value.shape} and {second.value.shape}")
    both = first.complete() & second.complete()
    delta = np.where(both[:, None], second.value - first.value, 0)
    return Comparison(both, (delta != 0).any(axis=1), delta)


def moved_votes(delta: NDArray[np.int64]) -> NDArray[np.int64]:
    """Votes at stake in a difference: the larger of all gains and all losses, per row.

    Parameters
    ----------
    delta : int64 array of shape (n_rows, n_choices)

    Returns
    -------
    int64 array of shape (n_rows,)

    Notes
    -----
    A shift of 37 votes from one row to another is 37 votes, not 74 and not 0.

    Examples
    --------
    >>> moved_votes(np.array([[-37, 37], [5, 0], [0, 0]])).tolist()
    [37, 5, 0]
    """
    gains = np.maximum(delta, 0).sum(axis=1, dtype=np.int64)
    losses = np.maximum(-delta, 0).sum(axis=1, dtype=np.int64)
    moved: NDArray[np.int64] = np.maximum(gains, losses)
    return moved

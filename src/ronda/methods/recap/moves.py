"""Moves: the differences of many stations told as facts, every vote once: which rows fell, which rose, where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from ronda.methods.recap.basis import Bools, FormRows, Ints, Line
from ronda.methods.recap.differences import Differences
from ronda.methods.recap.shifts import Shifts, shifts


class MoveKind(StrEnum):
    """How the figures of a move hang together. Says nothing about why."""

    WITHIN = "within"
    BETWEEN = "between"
    FROM_INVALID = "from_invalid"
    FROM_UNUSED = "from_unused"
    ADDED = "added"
    LOST = "lost"
    ASIDE = "aside"
    OPEN = "open"
    VOTERS = "voters"


@dataclass(frozen=True)
class Move:
    """One fact: rows that fell and rows that rose together.

    Parameters
    ----------
    kind : MoveKind
    fell, rose : tuple of (row, votes)
        Positions on the form with votes above 0, most votes first.
    stations : tuple of int
        Positions of the stations, in order.
    village : int or None
        The village if all stations lie in one.

    Examples
    --------
    >>> Move(MoveKind.WITHIN, ((0, 37),), ((3, 37),), (0, 1), 5).votes
    37
    """

    kind: MoveKind
    fell: tuple[tuple[int, int], ...]
    rose: tuple[tuple[int, int], ...]
    stations: tuple[int, ...]
    village: int | None

    @property
    def votes(self) -> int:
        """Votes at stake: the larger of all that fell and all that rose."""
        return max(sum(votes for _, votes in side) for side in (self.fell, self.rose))


def moves(rows: FormRows, found: Differences, village: Ints) -> list[Move]:
    """Tell the differences of stations as moves, most votes first.

    Parameters
    ----------
    rows : FormRows
    found : Differences of n_stations
        Rows of kind VALID and OTHER follow from the others and are not told.
    village : int64 array of shape (n_stations,)
        Any numbers; equal means the same village.

    Returns
    -------
    list of Move
        Moves of one kind with the same rising rows (the same falling ones where nothing rises) are one.

    Examples
    --------
    >>> rows = FormRows.of(("party", 12), ("candidate", 12, 3))
    >>> delta = np.array([[-4, 4], [0, 0], [-5, 5]])
    >>> for move in moves(rows, Differences(np.full((3, 2), True), delta), np.array([7, 7, 7])):
    ...     print(move.kind, move.fell, move.rose, move.stations, move.village)
    within ((0, 9),) ((1, 9),) (0, 2) 7
    """
    read = shifts(rows, found)
    told = [*_within(rows, found, read), *_rest(rows, found, read), *_voters(rows, found)]
    made = [move for kind, part in told for move in _grouped(kind, part, village)]
    return sorted(made, key=lambda move: (-move.votes, move.stations, move.rose, move.fell))


def _closed(rows: FormRows, found: Differences, read: Shifts) -> Bools:
    """Parties whose rows are all there and add up to zero, shape (n_stations, n_groups)."""
    closed: Bools = read.within_tested & (found.delta @ rows.members == 0)
    return closed


def _within(rows: FormRows, found: Differences, read: Shifts) -> Iterable[tuple[MoveKind, Ints]]:
    closed = _closed(rows, found, read)
    for at in np.flatnonzero((closed & (read.within > 0)).any(axis=0)).tolist():
        yield MoveKind.WITHIN, np.where(closed[:, [at]] & (rows.group == at), found.delta, 0)


def moves_across(rows: FormRows, found: Differences, village: Ints) -> list[Move]:
    """Tell what no station explains but its village does: votes taken in one station and given in another (X06, X07).

    Parameters
    ----------
    rows, found, village
        As for `moves`.

    Returns
    -------
    list of Move
        Of kind WITHIN or BETWEEN, one village each, most votes first. The same votes stand among `moves` as ADDED and
        LOST: another reading of them, not to be added to those.

    Examples
    --------
    >>> rows = FormRows.of(("party", 12), ("candidate", 12, 3))
    >>> found = Differences(np.full((2, 2), True), np.array([[-3, 0], [0, 3]]))
    >>> [(str(move.kind), move.stations) for move in moves_across(rows, found, np.array([7, 7]))]
    [('within', (0, 1))]
    >>> moves_across(rows, found, np.array([7, 8]))
    []
    """
    read = shifts(rows, found)
    is_loose = np.isin(_kinds(read), [MoveKind.ADDED, MoveKind.LOST])
    left = np.where(is_loose[:, None], _left(rows, found, read), 0)
    made = []
    for home in np.unique(village[(left != 0).any(axis=1)]):
        at = np.flatnonzero(village == home)
        pooled = left[at].sum(axis=0, keepdims=True)
        for move in moves(rows, Differences(np.full(pooled.shape, True), pooled), np.array([home])):
            if move.kind in (MoveKind.WITHIN, MoveKind.BETWEEN):
                involved = [row for row, _votes in (*move.fell, *move.rose)]
                stations = at[(left[at][:, involved] != 0).any(axis=1)]
                made.append(replace(move, stations=tuple(stations.tolist())))
    return sorted(made, key=lambda move: (-move.votes, move.stations, move.rose, move.fell))


def _left(rows: FormRows, found: Differences, read: Shifts) -> Ints:
    """Differences of choices, invalid and unused, without the parties that add up to zero in a station."""
    inside = _closed(rows, found, read) @ rows.members.T.astype(np.bool_)
    is_told = rows.where(Line.INVALID, Line.UNUSED) | (rows.is_choice & ~inside)
    left: Ints = np.where(is_told, found.delta, 0)
    return left


def _rest(rows: FormRows, found: Differences, read: Shifts) -> Iterable[tuple[MoveKind, Ints]]:
    delta, kinds = _left(rows, found, read), _kinds(read)
    for kind in MoveKind:
        at = kinds == kind
        if at.any():
            yield kind, np.where(at[:, None], delta, 0)


_OPEN_TO_LOST = (
    MoveKind.OPEN,
    MoveKind.FROM_INVALID,
    MoveKind.FROM_UNUSED,
    MoveKind.ADDED,
    MoveKind.LOST,
)


def _kinds(read: Shifts) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """The kind of what is left of each station."""
    made_invalid = (read.from_invalid > 0) & (read.from_invalid >= read.from_unused)
    return np.select(
        [~read.tested, made_invalid, read.from_unused > 0, read.net > 0, read.net < 0, read.between > 0],
        [*_OPEN_TO_LOST, MoveKind.BETWEEN],
        default=MoveKind.ASIDE,
    )


def _voters(rows: FormRows, found: Differences) -> Iterable[tuple[MoveKind, Ints]]:
    yield MoveKind.VOTERS, np.where(rows.where(Line.VOTERS), found.delta, 0)


def _grouped(kind: MoveKind, delta: Ints, village: Ints) -> Iterable[Move]:
    """Stations in which the same rows rise (or, where none does, the same rows fall) as one move."""
    at = np.flatnonzero((delta != 0).any(axis=1))
    if not at.size:
        return
    part = delta[at]
    sign = np.where((part > 0).any(axis=1, keepdims=True), part > 0, part < 0)
    key = np.column_stack([(part > 0).any(axis=1), sign])
    label = np.unique(key, axis=0, return_inverse=True)[1].reshape(-1)
    for one in range(int(label.max()) + 1):
        mine = label == one
        homes = np.unique(village[at[mine]])
        sums = part[mine].sum(axis=0)
        home = int(homes[0]) if homes.size == 1 else None
        yield Move(kind, _listed(-sums), _listed(sums), tuple(at[mine].tolist()), home)


def _listed(votes: Ints) -> tuple[tuple[int, int], ...]:
    found = [(row, int(votes[row])) for row in np.flatnonzero(votes > 0).tolist()]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))

"""Shifts: differences of a column that belong together, as votes moved or made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ronda.methods.recap.basis import Bools, FormRows, Ints, Line
from ronda.methods.recap.differences import Differences


@dataclass(frozen=True, eq=False)
class Shifts:
    """What the differences of each column add up to.

    Parameters
    ----------
    within : int64 array of shape (n_columns, n_groups)
        Votes that moved between rows of one party (X06); groups as in `FormRows.groups`.
    within_tested : bool array of the same shape
        Every row of the party is there on both forms.
    between : int64 array of shape (n_columns,)
        Votes that moved between parties (X07).
    from_invalid, from_unused : int64 arrays of shape (n_columns,)
        Votes made from invalid votes and from unused ballots (X08).
    net : int64 array of shape (n_columns,)
        All choices together, later minus earlier.
    tested : bool array of shape (n_columns,)
        Every choice row is there on both forms; without it `between`, `from_*` and `net` are 0.
    voters : int64 array of shape (n_columns,)
        Largest change of a row of voters who came (X09).
    gains : bool array of shape (n_columns, n_rows)
        Rows that gain by X06, X07 or X08.

    Examples
    --------
    >>> rows = FormRows.of(("party", 12), ("candidate", 12, 3))
    >>> none = np.zeros((0, 2), np.int64)
    >>> shifts(rows, Differences(none == 1, none)).between.tolist()
    []
    """

    within: Ints
    within_tested: Bools
    between: Ints
    from_invalid: Ints
    from_unused: Ints
    net: Ints
    tested: Bools
    voters: Ints
    gains: Bools

    @property
    def votes(self) -> Ints:
        """Votes moved or made in each column, each counted once, shape (n_columns,)."""
        moved: Ints = self.within.sum(axis=1) + self.between + self.from_invalid + self.from_unused
        return moved


def shifts(rows: FormRows, found: Differences) -> Shifts:
    """Read the differences of each column as shifts within a party, between parties, or votes made.

    Parameters
    ----------
    rows : FormRows
    found : Differences of shape (n_columns, n_rows)
        Of stations, or pooled over villages.

    Returns
    -------
    Shifts

    Raises
    ------
    ValueError
        If the differences do not have the rows of the form; the message gives both numbers.

    References
    ----------
    Method note: docs/methods/recap.md.

    Examples
    --------
    >>> rows = FormRows.of(("party", 4), ("party", 12), ("candidate", 12, 3))
    >>> delta = np.array([[0, -4, 4], [-10, 0, 10]])
    >>> moved = shifts(rows, Differences(np.full((2, 3), True), delta))
    >>> moved.within.tolist(), moved.between.tolist()
    ([[0, 4], [0, 0]], [0, 10])
    """
    if found.delta.shape[1] != len(rows.kind):
        raise ValueError(f"wanted differences of {len(rows.kind)} rows; came {found.delta.shape[1]}")
    members = rows.members
    up, down = np.maximum(found.delta, 0) @ members, np.maximum(-found.delta, 0) @ members
    within_tested = (~found.tested).astype(np.int64) @ members == 0
    within = np.where(within_tested, np.minimum(up, down), 0)
    tested = within_tested.all(axis=1)
    by_group = np.where(tested[:, None], up - down, 0)
    gained, lost = np.maximum(by_group, 0).sum(axis=1), np.maximum(-by_group, 0).sum(axis=1)
    between, net = np.minimum(gained, lost), gained - lost
    from_invalid, from_unused = _made(rows, found, net)
    crosses = (between + from_invalid + from_unused > 0)[:, None] & (by_group > 0)
    gains = (found.delta > 0) & (((within > 0) | crosses) @ members.T.astype(np.bool_))
    return Shifts(
        within, within_tested, between, from_invalid, from_unused, net, tested, _voters(rows, found), gains
    )


def _made(rows: FormRows, found: Differences, net: Ints) -> tuple[Ints, Ints]:
    """Votes made from invalid votes, and of the rest from unused ballots; a valid row that is there must rise."""
    valid = rows.where(Line.VALID)
    known = found.tested[:, valid].any(axis=1)
    rise = np.where(known, np.maximum(found.delta[:, valid].sum(axis=1), 0), net)
    made = np.minimum(np.maximum(net, 0), rise)
    fall = [
        np.maximum(-found.delta[:, rows.where(line)].sum(axis=1), 0) for line in (Line.INVALID, Line.UNUSED)
    ]
    from_invalid = np.minimum(made, fall[0])
    return from_invalid, np.minimum(made - from_invalid, fall[1])


def _voters(rows: FormRows, found: Differences) -> Ints:
    largest: Ints = np.abs(found.delta[:, rows.where(Line.VOTERS)]).max(axis=1, initial=0)
    return largest

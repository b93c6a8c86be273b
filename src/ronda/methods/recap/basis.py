"""Figures with what is known about them, and the rows of a form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class FiguresLike(Protocol):
    """Anything with figures and a presence mask of the same shape (the counts of `tally` are)."""

    @property
    def value(self) -> Ints: ...

    @property
    def present(self) -> Bools: ...


class Figures(NamedTuple):
    """Figures as written, with what is known about them.

    Parameters
    ----------
    value : int64 array of shape (n_columns, n_rows)
        A column of the recapitulation is one station, village or district.
    present : bool array of the same shape
        False is not reported, whatever `value` holds there.

    Examples
    --------
    >>> Figures.of([[5, None, 0]]).present.tolist()
    [[True, False, True]]
    """

    value: Ints
    present: Bools

    @classmethod
    def of(cls, figures: object) -> Figures:
        """Build from nested lists in which None is not reported."""
        cells = np.array(figures, dtype=object)
        present: Bools = np.array([cell is not None for cell in cells.flat], np.bool_).reshape(cells.shape)
        return cls(np.where(present, cells, 0).astype(np.int64), present)


class Line(StrEnum):
    """What a row of a form counts. OTHER: any figure that no rule of this method asks for."""

    PARTY = "party"
    CANDIDATE = "candidate"
    CHOICE = "choice"
    VALID = "valid"
    INVALID = "invalid"
    UNUSED = "unused"
    VOTERS = "voters"
    OTHER = "other"


CHOICES = (Line.PARTY, Line.CANDIDATE, Line.CHOICE)


@dataclass(frozen=True)
class FormRows:
    """The rows of a form, in its order.

    Parameters
    ----------
    kind : tuple of Line
        CHOICE is a pair, a person or the empty column: it stands for itself.
    party : tuple of int
        Number of the party for PARTY and CANDIDATE rows, else 0.
    number : tuple of int
        Number of the candidate in the list or of the choice on the ballot, else 0.

    Raises
    ------
    ValueError
        If the three are not of one length, or a party or candidate row has no party.

    Examples
    --------
    >>> rows = FormRows.of(("party", 12), ("candidate", 12, 3), ("invalid",))
    >>> rows.group.tolist(), rows.groups
    ([0, 0, -1], (12,))
    """

    kind: tuple[Line, ...]
    party: tuple[int, ...]
    number: tuple[int, ...]

    def __post_init__(self) -> None:
        sizes = len(self.kind), len(self.party), len(self.number)
        if len(set(sizes)) > 1:
            raise ValueError(f"wanted kind, party and number of one length; came {sizes}")
        pairs = zip(self.kind, self.party, strict=True)
        lone = [at for at, (kind, party) in enumerate(pairs) if kind in CHOICES[:2] and party <= 0]
        if lone:
            raise ValueError(f"wanted a party for every party and candidate row; none in rows {lone}")

    @classmethod
    def of(cls, *rows: tuple[str] | tuple[str, int] | tuple[str, int, int]) -> FormRows:
        """Build from (kind,), (kind, party) and (kind, party, number)."""
        padded = [(*row, 0, 0)[:3] for row in rows]
        kinds, parties, numbers = zip(*padded, strict=True) if padded else ((), (), ())
        return cls(tuple(Line(kind) for kind in kinds), parties, numbers)

    def where(self, *kinds: Line) -> Bools:
        """Rows of some kinds, bool array of shape (n_rows,)."""
        return np.array([kind in kinds for kind in self.kind], np.bool_)

    @cached_property
    def is_choice(self) -> Bools:
        return self.where(*CHOICES)

    @cached_property
    def keys(self) -> tuple[int | tuple[int], ...]:
        """One key per group in order of the form: the party, or the row of a choice of its own."""
        return tuple(dict.fromkeys(self._key(at) for at in np.flatnonzero(self.is_choice).tolist()))

    @cached_property
    def groups(self) -> tuple[int, ...]:
        """The party of each group; 0 for a choice of its own."""
        return tuple(key if isinstance(key, int) else 0 for key in self.keys)

    @cached_property
    def group(self) -> Ints:
        """The group of each row, -1 for a row that is no choice; int64 array of shape (n_rows,)."""
        place = {key: at for at, key in enumerate(self.keys)}
        found = [place[self._key(at)] if choice else -1 for at, choice in enumerate(self.is_choice.tolist())]
        return np.array(found, np.int64)

    @cached_property
    def members(self) -> Ints:
        """1 where a row belongs to a group, int64 array of shape (n_rows, n_groups)."""
        is_member: Bools = self.group[:, None] == np.arange(len(self.keys))
        return is_member.astype(np.int64)

    def _key(self, at: int) -> int | tuple[int]:
        return (at,) if self.kind[at] == Line.CHOICE else self.party[at]

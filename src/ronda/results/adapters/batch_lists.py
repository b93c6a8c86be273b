"""Reads the two files of an audit: the frozen list of stations, with their recap column or without, and what the forms
say.

No Django and no database, so that an outsider can repeat every step from the files alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ronda.methods.audit import Contest, list_digest
from ronda.results.adapters.source import FileError, blocks_of, decoded, opened

UNIT, BOUND = "unit", "bound"
NUMBER_MAX = 999_999


@dataclass(frozen=True, eq=False)
class BatchList:
    """The list that is drawn from: codes in file order, their bounds, and the contest they make up. Stations that are
    still missing have no recap column: of them there is no contest, and choices come with their forms."""

    units: list[str]
    bound: NDArray[np.int64]
    choices: list[str]
    contest: Contest | None

    @property
    def held(self) -> Contest:
        """The contest; FileError where the list has no votes."""
        if self.contest is None:
            raise FileError(
                "wanted a list with the votes of at least two choices; this one has stations alone"
            )
        return self.contest

    @property
    def lines(self) -> list[str]:
        """What the digest is made of: header and one line for each station."""
        columns = [self.bound] if self.contest is None else [self.bound, self.contest.reported]
        numbers = np.column_stack(columns).tolist()
        rows = [",".join([unit, *map(str, row)]) for unit, row in zip(self.units, numbers, strict=True)]
        return [",".join([UNIT, BOUND, *self.choices]), *rows]

    @property
    def digest(self) -> str:
        """Fixes codes, bounds and reported votes, whatever separators or line ends the file has."""
        return list_digest(self.lines)


def batch_list_read(path: Path, *, seats: int = 1) -> BatchList:
    """A CSV with the columns `unit`, `bound` and one per choice; every cell filled. FileError says what is wrong."""
    with opened(path) as stream:
        return _batch_list(_lines(decoded(block, 1) for block in blocks_of(stream)), seats)


def batch_list_parse(lines: Iterable[str], *, seats: int = 1) -> BatchList:
    """The same from lines that were kept."""
    return _batch_list(lines, seats)


def _batch_list(lines: Iterable[str], seats: int) -> BatchList:
    names, rows = _rows(lines)
    if names[:2] != [UNIT, BOUND] or len(names) == 3:
        wanted = "the columns unit, bound and at least two choices, or unit and bound alone"
        raise FileError(f"wanted {wanted}; came {', '.join(names)}")
    units = [cells[0] for _, cells in rows]
    if len(set(units)) != len(units):
        twice = next(unit for unit in units if units.count(unit) > 1)
        raise FileError(f"wanted each unit once; {twice} comes twice")
    numbers = _numbers(names, rows)
    try:
        contest = Contest(numbers[:, 1:], numbers[:, 0], seats) if len(names) > 2 else None
    except ValueError as problem:
        raise FileError(str(problem)) from None
    return BatchList(units, numbers[:, 0], names[2:], contest)


def forms_read(path: Path, batches: BatchList) -> tuple[list[str], dict[str, NDArray[np.int64]]]:
    """A CSV with `unit` and the same choices: the choices, and the votes on each form; all choices empty is a missing
    form. Where the list has stations alone the choices are those of this file."""
    with opened(path) as stream:
        names, rows = _rows(_lines(decoded(block, 1) for block in blocks_of(stream)))
    choices = batches.choices or names[1:]
    if names != [UNIT, *choices]:
        raise FileError(f"wanted the columns {', '.join([UNIT, *choices])}; came {', '.join(names)}")
    known, forms = set(batches.units), {}
    for row, cells in rows:
        if cells[0] not in known or cells[0] in forms:
            raise FileError(f"row {row}, column unit: wanted a unit of the list, once; came {cells[0]}")
        if any(cells[1:]):
            forms[cells[0]] = _numbers(names, [(row, cells)])[0]
    return choices, forms


def _rows(lines: Iterable[str]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    table = [[cell.strip() for cell in cells] for cells in csv.reader(lines) if cells]
    if len(table) < 2:
        raise FileError("wanted a header and at least one row; came less")
    width = len(table[0])
    for row, cells in enumerate(table, start=1):
        if len(cells) != width:
            raise FileError(f"row {row}: wanted {width} cells; came {len(cells)}")
    return [name.lower() for name in table[0]], list(enumerate(table[1:], start=2))


def _lines(texts: Iterator[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        yield from (text.removeprefix("\ufeff") if number == 0 else text).splitlines(keepends=True)


def _numbers(names: list[str], rows: list[tuple[int, list[str]]]) -> NDArray[np.int64]:
    made = []
    for row, cells in rows:
        for name, cell in zip(names[1:], cells[1:], strict=True):
            if not (cell.isascii() and cell.isdigit() and int(cell) <= NUMBER_MAX):
                wanted = f"a whole number from 0 to {NUMBER_MAX}"
                raise FileError(f"row {row}, column {name}: wanted {wanted}; came {cell[:20]!r}")
        made.append([int(cell) for cell in cells[1:]])
    return np.array(made, dtype=np.int64)

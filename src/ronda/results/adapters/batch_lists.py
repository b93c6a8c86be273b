"""Reads the two files of an audit: the frozen list of stations with their recap column, and what the forms say.

No Django and no database, so that an outsider can repeat every step from the files alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
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
    """The list that is drawn from: codes in file order, and the contest they make up."""

    units: list[str]
    choices: list[str]
    contest: Contest

    @property
    def digest(self) -> str:
        """Fixes codes, bounds and reported votes, whatever separators or line ends the file has."""
        numbers = np.column_stack([self.contest.bound, self.contest.reported])
        lines = [
            ",".join([unit, *map(str, row)]) for unit, row in zip(self.units, numbers.tolist(), strict=True)
        ]
        return list_digest([",".join([UNIT, BOUND, *self.choices]), *lines])


def batch_list_read(path: Path, *, seats: int = 1) -> BatchList:
    """A CSV with the columns `unit`, `bound` and one per choice; every cell filled. FileError says what is wrong."""
    names, rows = _rows(path)
    if names[:2] != [UNIT, BOUND] or len(names) < 4:
        raise FileError(f"wanted the columns unit, bound and at least two choices; came {', '.join(names)}")
    units = [cells[0] for _, cells in rows]
    if len(set(units)) != len(units):
        twice = next(unit for unit in units if units.count(unit) > 1)
        raise FileError(f"wanted each unit once; {twice} comes twice")
    numbers = _numbers(names, rows)
    try:
        return BatchList(units, names[2:], Contest(numbers[:, 1:], numbers[:, 0], seats))
    except ValueError as problem:
        raise FileError(str(problem)) from None


def forms_read(path: Path, batches: BatchList) -> dict[str, NDArray[np.int64]]:
    """A CSV with `unit` and the same choices: the votes on each form; all choices empty is a missing form."""
    names, rows = _rows(path)
    if names != [UNIT, *batches.choices]:
        raise FileError(f"wanted the columns {', '.join([UNIT, *batches.choices])}; came {', '.join(names)}")
    known, forms = set(batches.units), {}
    for row, cells in rows:
        if cells[0] not in known or cells[0] in forms:
            raise FileError(f"row {row}, column unit: wanted a unit of the list, once; came {cells[0]}")
        if any(cells[1:]):
            forms[cells[0]] = _numbers(names, [(row, cells)])[0]
    return forms


def _rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    with opened(path) as stream:
        reader = csv.reader(_lines(decoded(block, 1) for block in blocks_of(stream)))
        table = [[cell.strip() for cell in cells] for cells in reader if cells]
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

"""Reads a CSV of whole numbers into integer arrays: streaming, plain or gzip, and exact about what is wrong.

No Django and no database. The fast way cuts a block of bytes at its separators with NumPy; a block that is
quoted or ragged goes cell by cell through the `csv` module. Both give the same arrays (tests compare them).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ronda.results.adapters.source import FileError, blocks_of, decoded, opened

DIGITS_MAX = 9
NUMBER = f"a whole number from 0 to {10**DIGITS_MAX - 1}"
ROWS_MAX = 5_000_000
ERRORS_MAX = 1_000
SLOW_ROWS = 50_000

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Cuts = NDArray[np.int64]


@dataclass(frozen=True)
class RowError:
    """One cell that does not fit. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    column: str
    wanted: str
    came: str

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: wanted {self.wanted}, came {self.came}"


@dataclass(frozen=True)
class Columns:
    """What a file holds: `required` numbers may not be empty, `optional` ones may.

    `names` are texts kept once per value of the first required column; `unknown` lists the figures a source
    writes for not reported; they are kept as written, and not present.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...]
    names: tuple[str, ...] = ()
    unknown: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def numbers(self) -> tuple[str, ...]:
        return self.required + self.optional

    @property
    def key(self) -> str:
        return self.required[0]


@dataclass(eq=False)
class Table:
    """Columns as int32 arrays with presence masks, in file order; rows that do not fit are left out."""

    value: dict[str, Ints]
    present: dict[str, Bools]
    rows: NDArray[np.int64]
    names: dict[int, tuple[str, ...]]
    errors: list[RowError]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(eq=False)
class _Part:
    value: dict[str, Ints]
    present: dict[str, Bools]
    rows: NDArray[np.int64]
    bad: Bools

    @classmethod
    def of(cls, rows: NDArray[np.int64]) -> _Part:
        return cls({}, {}, rows, np.zeros(len(rows), np.bool_))


def read_table(path: Path, columns: Columns) -> Table:
    """All rows of a file. FileError when the file as a whole is of no use; single cells are in `errors`."""
    with opened(path) as stream:
        blocks = blocks_of(stream)
        header, separator, first = _header(blocks)
        reader = _Reader(header, separator, columns)
        parts = list(reader.parts(chain([first], blocks)))
    return _table(parts, reader, columns)


def cells_of(path: Path, wanted: Set[int]) -> Iterator[tuple[int, list[str]]]:
    """Some rows of a file as text, by their numbers; row 1 is the header."""
    with opened(path) as stream:
        blocks = blocks_of(stream)
        header, separator, first = _header(blocks)
        if 1 in wanted:
            yield 1, header
        texts = (decoded(block, 2) for block in chain([first], blocks))
        for row, cells in enumerate(csv.reader(_lines(texts), delimiter=separator), start=2):
            if row in wanted:
                yield row, cells


def _header(blocks: Iterator[bytes]) -> tuple[list[str], str, bytes]:
    block = next(blocks, b"")
    line, _, rest = block.partition(b"\n")
    text = decoded(line, 1).removeprefix("\ufeff")
    if not text.strip():
        raise FileError("wanted a line of column names, this file is empty")
    separator = max(",;\t", key=text.count)
    cells = next(csv.reader([text], delimiter=separator))
    return [cell.strip().lower() for cell in cells], separator, rest


def _table(parts: list[_Part], reader: _Reader, columns: Columns) -> Table:
    keep = [~part.bad for part in parts]
    value = {
        name: np.concatenate([part.value[name][good] for part, good in zip(parts, keep, strict=True)])
        for name in columns.numbers
    }
    present = {
        name: np.concatenate([part.present[name][good] for part, good in zip(parts, keep, strict=True)])
        for name in columns.numbers
    }
    rows = np.concatenate([part.rows[good] for part, good in zip(parts, keep, strict=True)])
    return Table(value, present, rows, reader.names, reader.errors)


class _Reader:
    """Turns blocks of one file into parts; collects names and errors on the way."""

    def __init__(self, header: list[str], separator: str, columns: Columns) -> None:
        _check_header(header, columns)
        self.columns, self.separator, self.width = columns, separator, len(header)
        self.at = {name: header.index(name) for name in columns.numbers}
        self.name_at = [header.index(name) for name in columns.names]
        self.names: dict[int, tuple[str, ...]] = {}
        self.errors: list[RowError] = []
        self.next_row = 2

    def parts(self, blocks: Iterator[bytes]) -> Iterator[_Part]:
        for block in blocks:
            if b'"' in block:
                yield from self._slow(
                    _lines(decoded(piece, self.next_row) for piece in chain([block], blocks))
                )
                return
            text = "" if block.isascii() else decoded(block, self.next_row)
            ends = self._cut(block)
            if ends is None:
                yield from self._slow(_lines([text or block.decode("ascii")]))
            else:
                yield self._fast(block, ends)
            if self.next_row > ROWS_MAX:
                raise FileError(f"wanted at most {ROWS_MAX} rows; split this file by regency")
        yield self._fast(b"", np.zeros((0, self.width), np.int64))

    def _cut(self, block: bytes) -> Cuts | None:
        """End of every cell, shape (rows, columns); None when a row has another number of cells."""
        text = np.frombuffer(block, np.uint8)
        cuts = np.flatnonzero((text == ord(self.separator)) | (text == 10))
        if len(cuts) % self.width:
            return None
        ends: Cuts = cuts.reshape(-1, self.width)
        is_line_end = text[ends] == 10
        return ends if is_line_end[:, -1].all() and not is_line_end[:, :-1].any() else None

    def _fast(self, block: bytes, ends: Cuts) -> _Part:
        part = _Part.of(np.arange(self.next_row, self.next_row + len(ends)))
        self.next_row += len(ends)
        text = np.concatenate([np.frombuffer(block, np.uint8), np.zeros(DIGITS_MAX, np.uint8)])
        for name, index in self.at.items():
            starts = _starts(ends, index)
            value, odd = _digits(text, starts, ends[:, index])
            known = ends[:, index] > starts
            if name in self.columns.required:
                odd |= ~known
            part.value[name], part.present[name] = value, known
            for at in np.flatnonzero(odd):
                came = block[starts[at] : ends[at, index]].decode()
                self._repair(part, name, int(at), came)
        self._keep_names(part, block, ends)
        return part

    def _keep_names(self, part: _Part, block: bytes, ends: Cuts) -> None:
        keys, first = np.unique(part.value[self.columns.key], return_index=True)
        spans = [(_starts(ends, index)[first], ends[first, index]) for index in self.name_at]
        for at, key in enumerate(keys):
            if int(key) not in self.names:
                self.names[int(key)] = tuple(block[lo[at] : hi[at]].decode().strip() for lo, hi in spans)

    def _repair(self, part: _Part, name: str, at: int, came: str) -> None:
        number, known = self._parse(int(part.rows[at]), name, came)
        part.value[name][at], part.present[name][at] = number or 0, known
        part.bad[at] |= number is None

    def _parse(self, row: int, name: str, came: str) -> tuple[int | None, bool]:
        """The number and whether it is known; None when the cell does not fit, which is noted."""
        text = came.strip()
        if text in self.columns.unknown.get(name, ()):
            return int(text), False
        if not text and name not in self.columns.required:
            return 0, False
        if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX:
            return int(text), True
        self._note(row, name, NUMBER, repr(text[:60]) if text else "empty")
        return None, False

    def _note(self, row: int, column: str, wanted: str, came: str) -> None:
        self.errors.append(RowError(row, column, wanted, came))
        if len(self.errors) >= ERRORS_MAX:
            shown = "\n".join(str(error) for error in self.errors[:10])
            raise FileError(
                f"more than {ERRORS_MAX} cells do not fit, reading was stopped. The first:\n{shown}"
            )

    def _slow(self, lines: Iterable[str]) -> Iterator[_Part]:
        pending: list[tuple[int, list[str]]] = []
        try:
            for cells in csv.reader(lines, delimiter=self.separator):
                row, self.next_row = self.next_row, self.next_row + 1
                if len(cells) == self.width:
                    pending.append((row, cells))
                elif any(cell.strip() for cell in cells):
                    self._note(row, "all", f"{self.width} columns", f"{len(cells)} columns")
                if len(pending) == SLOW_ROWS:
                    yield self._cells(pending)
                    pending = []
        except csv.Error as error:
            raise FileError(f"wanted a whole CSV; after row {self.next_row - 1}: {error}") from error
        yield self._cells(pending)

    def _cells(self, pending: list[tuple[int, list[str]]]) -> _Part:
        size = len(pending)
        part = _Part.of(np.fromiter((row for row, _ in pending), np.int64, size))
        for name, index in self.at.items():
            parsed = [self._parse(row, name, cells[index]) for row, cells in pending]
            part.value[name] = np.fromiter((number or 0 for number, _ in parsed), np.int32, size)
            part.present[name] = np.fromiter((known for _, known in parsed), np.bool_, size)
            part.bad |= np.fromiter((number is None for number, _ in parsed), np.bool_, size)
        for key, (_, cells) in zip(part.value[self.columns.key].tolist(), pending, strict=True):
            self.names.setdefault(key, tuple(cells[index].strip() for index in self.name_at))
        return part


def _check_header(header: list[str], columns: Columns) -> None:
    missing = [name for name in (*columns.names, *columns.numbers) if name not in header]
    if missing:
        raise FileError(f"columns missing: {', '.join(missing)}; there are: {', '.join(header)[:400]}")
    twice = sorted({name for name in columns.numbers if header.count(name) > 1})
    if twice:
        raise FileError(f"wanted every column once; there twice: {', '.join(twice)}")


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from io.StringIO(text, newline="\n")


def _starts(ends: Cuts, index: int) -> Cuts:
    if index:
        return ends[:, index - 1] + 1
    return np.concatenate([np.zeros(min(1, len(ends)), np.int64), ends[:-1, -1] + 1])


def _digits(text: NDArray[np.uint8], starts: Cuts, ends: Cuts) -> tuple[Ints, Bools]:
    """Value of every cell of digits; second, which cells hold anything else (their value is 0)."""
    width = ends - starts
    value = np.zeros(len(starts), np.int32)
    odd = width > DIGITS_MAX
    for place in range(min(int(width.max(initial=0)), DIGITS_MAX)):
        here = width > place
        digit = text[starts + place] - np.uint8(48)
        odd |= here & (digit > 9)
        np.multiply(value, 10, out=value, where=here)
        np.add(value, digit, out=value, where=here)
    value[odd] = 0
    return value, odd

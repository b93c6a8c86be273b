"""Reads result sheets in the Parquet layout of docs/reference/sheets-parquet.md, regency by regency.

A file or a folder of files. Files whose regencies overlap are read together, so that all contests and copies of a
district are in one block; blocks are small and independent. No Django and no database.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ronda.law.forms import form_fields
from ronda.results.adapters.source import FileError

FORMAT = "sheets"
CHOICES_MAX = 99
KEYS = ("station", "contest", "source", "choices")
FIELDS = tuple(name for field in form_fields() for name in field.ids)
STATION_MIN, STATION_MAX = 10**12, 10**13 - 1
REGENCY = 10**9
BLOCK_ROWS = 120_000  # fewer cost calls, more cost memory and cache

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Column:
    """Figures of one column; `present` is None where every row has one; where it is False, `value` means nothing."""

    value: Ints
    present: Bools | None


@dataclass(frozen=True, eq=False)
class Rows:
    """Sheets as they came, one per row and in any order: names as numbers into `contests` and `sources`."""

    station: NDArray[np.int64]
    contest: Ints
    source: Ints
    choices: Ints
    contests: tuple[str, ...]
    sources: tuple[str, ...]
    votes: tuple[Column, ...]
    fields: dict[str, Column]


def files_of(path: Path) -> list[Path]:
    """The file itself, or every Parquet file below a folder."""
    found = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not found:
        raise FileError("wanted a folder with files that end in .parquet, there is none in it")
    return found


class Span(NamedTuple):
    """What the foot of a file says: its first and last regency, its rows, how many columns of votes it has."""

    first: int
    last: int
    rows: int
    choices: int
    path: Path


def spans_of(files: Iterable[Path]) -> list[Span]:
    """Of every file that has rows, in the order of their regencies."""
    return sorted(span for span in map(_span, files) if span.rows)


def blocks_of(spans: Sequence[Span]) -> list[tuple[Path, ...]]:
    """Files to read together, in the order of their regencies: those that overlap, and small ones up to a block."""
    blocks: list[tuple[Path, ...]] = []
    rows, last = BLOCK_ROWS, -1
    for span in spans:
        if span.first > last and rows + span.rows > BLOCK_ROWS:
            blocks.append(())
            rows = 0
        blocks[-1] = (*blocks[-1], span.path)
        rows, last = rows + span.rows, max(last, span.last)
    return blocks


def _span(path: Path) -> Span:
    with _opened(path) as file:
        metadata, names = file.metadata, file.schema_arrow.names
        if "station" not in names:
            raise FileError(f"{path.name}: wanted a column station, there is none")
        groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
        found = [group.column(names.index("station")).statistics for group in groups]
        if found and all(one is not None and one.has_min_max for one in found):
            low, high = min(int(one.min) for one in found), max(int(one.max) for one in found)
        else:
            codes = _station(file.read(["station"], use_threads=False))
            low, high = int(codes.min(initial=STATION_MAX)), int(codes.max(initial=0))
        return Span(low // REGENCY, high // REGENCY, metadata.num_rows, len(vote_columns(names)), path)


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise FileError(f"{path.name}: wanted a whole Parquet file: {error}") from error


def read_block(files: Iterable[Path], fields: Sequence[str] = FIELDS) -> Rows:
    """The rows of some files with the wanted fields; a field that no file has was reported by no station."""
    return rows_of(pa.concat_tables(list(_tables(files, fields)), promote_options="permissive"), fields)


def _tables(files: Iterable[Path], fields: Sequence[str]) -> Iterator[pa.Table]:
    for path in files:
        with _opened(path) as file:
            metadata, there = file.metadata, set(file.schema_arrow.names)
        if missing := [name for name in KEYS if name not in there]:
            raise FileError(f"{path.name}: columns missing: {', '.join(missing)}")
        wanted = [*KEYS, *vote_columns(there), *(name for name in fields if name in there)]
        try:
            with pq.ParquetFile(path, metadata=metadata, read_dictionary=["contest", "source"]) as file:
                yield file.read(wanted, use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise FileError(f"{path.name}: wanted a whole Parquet file: {error}") from error


def vote_columns(names: Iterable[str]) -> list[str]:
    """`v01`, `v02` and so on, as far as they go without a gap."""
    there = set(names)
    return list(
        itertools.takewhile(there.__contains__, (f"v{place:02d}" for place in range(1, CHOICES_MAX + 1)))
    )


def rows_of(table: pa.Table, fields: Sequence[str] = FIELDS) -> Rows:
    """Sheets from a table in the layout; FileError where a column is not what the layout says."""
    contests, contest = _names(table, "contest")
    sources, source = _names(table, "source")
    choices = _column(table, "choices")
    votes = vote_columns(table.column_names)
    if choices.present is not None or not ((choices.value >= 1) & (choices.value <= len(votes))).all():
        wanted = f"a number from 1 to {len(votes)}, the number of columns v01, v02 and so on"
        raise FileError(f"wanted in choices {wanted}")
    return Rows(
        station=_station(table),
        contest=contest,
        source=source,
        choices=choices.value,
        contests=contests,
        sources=sources,
        votes=tuple(_column(table, name) for name in votes),
        fields={name: _column(table, name) for name in fields if name in table.column_names},
    )


def _station(table: pa.Table) -> NDArray[np.int64]:
    column = _filled(table, "station", pa.int64())
    codes: NDArray[np.int64] = column.to_numpy()
    if codes.size and not STATION_MIN <= codes.min() <= codes.max() <= STATION_MAX:
        raise FileError(f"wanted in station codes of 13 digits, came {codes.min()} to {codes.max()}")
    return codes


def _filled(table: pa.Table, name: str, type_: pa.DataType) -> pa.ChunkedArray:
    column = table.column(name)
    if column.null_count:
        raise FileError(f"wanted {name} in every row, {column.null_count} rows have none")
    try:
        return column.cast(type_)
    except pa.ArrowException as error:
        raise FileError(f"column {name}: wanted {type_}: {error}") from error


def _names(table: pa.Table, name: str) -> tuple[tuple[str, ...], Ints]:
    """The different names of a column, and for each row which one it has."""
    column = table.column(name)
    if not pa.types.is_dictionary(column.type):
        column = _filled(table, name, pa.string()).dictionary_encode()
    if column.null_count:
        raise FileError(f"wanted {name} in every row, {column.null_count} rows have none")
    encoded = column.unify_dictionaries()
    if not len(encoded):
        return (), np.zeros(0, np.int32)
    coded = encoded.combine_chunks()
    return tuple(coded.dictionary.to_pylist()), coded.indices.to_numpy()


def _column(table: pa.Table, name: str) -> Column:
    column = table.column(name)
    if not pa.types.is_integer(column.type) and not pa.types.is_null(column.type):
        raise FileError(f"column {name}: wanted whole numbers, came {column.type}")
    try:
        numbers = column.cast(pa.int32())
    except pa.ArrowInvalid as error:
        raise FileError(f"column {name}: wanted numbers of at most nine digits: {error}") from error
    if not numbers.null_count:
        return Column(numbers.to_numpy(), None)
    if numbers.null_count == len(numbers):
        return Column(np.zeros(len(numbers), np.int32), np.zeros(len(numbers), np.bool_))
    array = numbers.combine_chunks()
    bare = pa.Array.from_buffers(array.type, len(array), [None, array.buffers()[1]], offset=array.offset)
    return Column(bare.to_numpy(), array.is_valid().to_numpy(zero_copy_only=False))

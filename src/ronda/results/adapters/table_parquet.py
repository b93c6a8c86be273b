"""Reads a Parquet file of whole numbers into the same table as `table` makes of a CSV, and refuses the same cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ronda.results.adapters.source import FileError
from ronda.results.adapters.table import DIGITS_MAX, ERRORS_MAX, NUMBER, Bools, Columns, Ints, RowError, Table

MARK = b"PAR1"


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does, whatever its name."""
    with path.open("rb") as stream:
        return stream.read(len(MARK)) == MARK


def read_parquet(path: Path, columns: Columns) -> Table:
    """All rows of a file; a row's number counts from 1. FileError when the file as a whole is of no use."""
    try:
        table = pq.ParquetFile(path).read([*columns.names, *columns.numbers])
    except (OSError, pa.ArrowException) as error:
        raise FileError(f"wanted a whole Parquet file: {error}") from error
    if missing := [name for name in (*columns.names, *columns.numbers) if name not in table.column_names]:
        raise FileError(f"columns missing: {', '.join(missing)}")
    errors: list[RowError] = []
    value: dict[str, Ints] = {}
    present: dict[str, Bools] = {}
    good = np.ones(table.num_rows, np.bool_)
    for name in columns.numbers:
        value[name], present[name], fits = _cells(table, name, columns, errors)
        good &= fits
    return Table(
        value={name: cells[good] for name, cells in value.items()},
        present={name: cells[good] for name, cells in present.items()},
        rows=np.flatnonzero(good) + 1,
        names=_names(table, columns, value[columns.key]),
        errors=errors,
    )


def _cells(table: pa.Table, name: str, columns: Columns, errors: list[RowError]) -> tuple[Ints, Bools, Bools]:
    """Figures, which are present, and which fit; those that do not are noted."""
    try:
        numbers = table.column(name).cast(pa.int64())
    except pa.ArrowException as error:
        raise FileError(f"column {name}: wanted whole numbers: {error}") from error
    known: Bools = numbers.is_valid().to_numpy()
    cells: NDArray[np.int64] = pc.fill_null(numbers, 0).to_numpy()
    marks = [int(mark) for mark in columns.unknown.get(name, ())]
    unknown = np.isin(cells, marks)
    fits = unknown | ((cells >= 0) & (cells < 10**DIGITS_MAX))
    if name in columns.required:
        fits &= known
    for row in np.flatnonzero(~fits)[: ERRORS_MAX - len(errors)]:
        errors.append(RowError(int(row) + 1, name, NUMBER, repr(str(cells[row])) if known[row] else "empty"))
    if len(errors) >= ERRORS_MAX:
        raise FileError(
            f"more than {ERRORS_MAX} cells do not fit, reading was stopped; the first: {errors[0]}"
        )
    return np.where(fits, cells, 0).astype(np.int32), known & ~unknown, fits


def _names(table: pa.Table, columns: Columns, keys: Ints) -> dict[int, tuple[str, ...]]:
    codes, first = np.unique(keys, return_index=True)
    texts = [table.column(name).take(pa.array(first)).to_pylist() for name in columns.names]
    return {
        int(code): tuple(str(text or "").strip() for text in of)
        for code, *of in zip(codes, *texts, strict=True)
    }

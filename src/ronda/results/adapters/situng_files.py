"""Stations of a situng-2019 file or of a folder of them, as CSV, CSV.gz or Parquet: one table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ronda.results.adapters.situng2019 import SHEETS, Stations, stations_of
from ronda.results.adapters.source import FileError
from ronda.results.adapters.table import Table, read_table
from ronda.results.adapters.table_parquet import is_parquet, read_parquet

ENDINGS = ("*.csv", "*.csv.gz", "*.parquet")


def tables_of(path: Path) -> dict[Path, Table]:
    """The table of each file; FileError names the file that is of no use."""
    files = sorted({found for ending in ENDINGS for found in path.rglob(ending)}) if path.is_dir() else [path]
    if not files:
        raise FileError(
            f"{path}: wanted a folder with files that end in .csv, .csv.gz or .parquet, there is none"
        )
    return {file: _read(file) for file in files}


def _read(file: Path) -> Table:
    try:
        return read_parquet(file, SHEETS) if is_parquet(file) else read_table(file, SHEETS)
    except FileError as error:
        raise FileError(f"{file}: {error}") from error


def joined(tables: Sequence[Table]) -> Stations:
    """All stations, every registered-voters figure taken as the number it is."""
    if len(tables) == 1:
        return stations_of(tables[0], as_written=True)
    columns = SHEETS.numbers
    return stations_of(
        Table(
            value={name: np.concatenate([table.value[name] for table in tables]) for name in columns},
            present={name: np.concatenate([table.present[name] for table in tables]) for name in columns},
            rows=np.concatenate([table.rows for table in tables]),
            names={key: names for table in tables for key, names in table.names.items()},
            errors=[error for table in tables for error in table.errors],
        ),
        as_written=True,
    )

"""Sheets of the 2019 presidential election as published: two sources side by side, one row per station.

Sources: `kpu` = KPU Situng entry, `kp` = KawalPemilu volunteers' reading of the photographed form. Region ids
are those of KPU 2019. A registered-voters figure of -1 is that source's mark for not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ronda.methods.tally import Check, Count, range_digits
from ronda.results.adapters.table import DIGITS_MAX, Columns, Table, read_table

FORMAT = "situng-2019"
ELECTION, CONTEST = "pemilu-2019", "PPWP"
SOURCES = ("kpu", "kp")
_UNKNOWN = frozenset({"-1"})
SHEETS = Columns(
    required=("kel_id", "kec_id", "tps"),
    optional=(
        "dpt_l",
        "dpt_p",
        *(f"{s}_{f}" for s in SOURCES for f in ("pas1", "pas2", "sah", "tidak_sah", "pengguna")),
    ),
    names=("prov", "kab", "kec", "kel"),
    unknown={"dpt_l": _UNKNOWN, "dpt_p": _UNKNOWN},
)


@dataclass(frozen=True, eq=False)
class Copy:
    """One source's figures of all stations of a file, in file order."""

    source: str
    votes: Count
    valid: Count
    invalid: Count
    users: Count


@dataclass(frozen=True, eq=False)
class Stations:
    """A file of stations: ids, registered voters, and one copy per source."""

    table: Table
    registered: Count
    copies: dict[str, Copy]

    def ids(self, column: str) -> NDArray[np.int64]:
        return self.table.value[column].astype(np.int64)

    def __len__(self) -> int:
        return len(self.table)


def read_sheets(path: Path, *, as_written: bool = False) -> Stations:
    """The stations of a situng-2019 CSV or CSV.gz; see `table.read_table` for what is refused.

    `as_written` takes every registered-voters figure as the number it is, -1 too; else -1 is not known.
    """
    return stations_of(read_table(path, SHEETS), as_written=as_written)


def stations_of(table: Table, *, as_written: bool = False) -> Stations:
    """The stations of a table of this shape, whatever file it came from."""
    men, women = _count(table, "dpt_l"), _count(table, "dpt_p")
    known = men.present & women.present
    if as_written:
        known = (men.present | (men.value < 0)) & (women.present | (women.value < 0))
    registered = Count(men.value + women.value, known)
    return Stations(table, registered, {source: _copy(table, source) for source in SOURCES})


def _copy(table: Table, source: str) -> Copy:
    pairs = [_count(table, f"{source}_pas{number}") for number in (1, 2)]
    votes = Count(
        np.stack([pair.value for pair in pairs], axis=1), np.stack([pair.present for pair in pairs], axis=1)
    )
    valid, invalid, users = (_count(table, f"{source}_{name}") for name in ("sah", "tidak_sah", "pengguna"))
    return Copy(source, votes, valid, invalid, users)


def _count(table: Table, column: str) -> Count:
    return Count(table.value[column].astype(np.int64), table.present[column])


def repeated_rows(stations: Stations) -> int:
    """Rows beyond the first of each station, told by village and number."""
    keys = np.sort(stations.ids("kel_id") * 10**DIGITS_MAX + stations.ids("tps"))
    return int((keys[1:] == keys[:-1]).sum())


def wide_figures(stations: Stations) -> Check:
    """Stations where any figure of any source needs more than three digit boxes (R01)."""
    columns = [stations.registered]
    for copy in stations.copies.values():
        columns += [copy.valid, copy.invalid, copy.users]
    votes = [copy.votes for copy in stations.copies.values()]
    value = np.column_stack([*(column.value for column in columns), *(vote.value for vote in votes)])
    present = np.column_stack([*(column.present for column in columns), *(vote.present for vote in votes)])
    return range_digits(Count(value, present))

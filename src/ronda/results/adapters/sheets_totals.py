"""Every area of every level as a row of a CSV file: stations, sheets and votes of each contest and source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from ronda.methods.tally.copies import reading_rank
from ronda.results.adapters.sheets_part import LEVELS

Ints = NDArray[np.int64]
TOP_DOWN = tuple(reversed(LEVELS))


class AreaRows(NamedTuple):
    """One source's areas of a level. `numbers`: choices, sheets, complete sheets, votes of each choice."""

    contest: str
    source: str
    level: str
    areas: Ints
    stations: Ints
    numbers: Ints


class TotalsFile:
    """Writes blocks of areas as they come; inside a block by regency, level, contest, area and source.

    An area without a sheet of a source has no row of it. Beyond the choices of a ballot cells are empty.
    """

    def __init__(self, target: IO[bytes], contests: Sequence[str], choices: int) -> None:
        self.contests, self.choices = contests, choices
        names = ["level", "area", "contest", "source", "stations", "sheets", "present"]
        types = [pa.string(), pa.int64(), pa.string(), pa.string(), pa.int64(), pa.int64(), pa.int64()]
        votes = [(f"v{place:02d}", pa.int64()) for place in range(1, choices + 1)]
        self.schema = pa.schema([*zip(names, types, strict=True), *votes])
        options = pa_csv.WriteOptions(quoting_style="none")
        self.writer = pa_csv.CSVWriter(target, self.schema, write_options=options)

    def write(self, rows: Sequence[AreaRows]) -> None:
        if rows:
            self.writer.write_table(self._table(rows))

    def close(self) -> None:
        self.writer.close()

    def _table(self, rows: Sequence[AreaRows]) -> pa.Table:
        sources = sorted({one.source for one in rows}, key=reading_rank)
        many = [len(one.areas) for one in rows]
        keys = [
            (TOP_DOWN.index(one.level), self.contests.index(one.contest), sources.index(one.source))
            for one in rows
        ]
        level, contest, source = np.repeat(np.array(keys), many, axis=0).T
        area = np.concatenate([one.areas for one in rows])
        sizes = np.array([LEVELS[one.level] for one in rows]).repeat(many)
        regency = area * sizes // LEVELS["regency"]
        stations = np.concatenate([one.stations for one in rows])
        numbers = np.zeros((len(area), 3 + self.choices), np.int64)
        start = 0
        for one in rows:
            numbers[start : start + len(one.areas), : one.numbers.shape[1]] = one.numbers
            start += len(one.areas)
        order = np.lexsort((source, area, contest, level, regency))
        order = order[numbers[order, 1] > 0]
        numbers = numbers[order]
        votes = [
            pa.array(numbers[:, 3 + place], mask=numbers[:, 0] <= place) for place in range(self.choices)
        ]
        return pa.Table.from_arrays(
            [
                _named(level[order], TOP_DOWN),
                pa.array(area[order]),
                _named(contest[order], self.contests),
                _named(source[order], sources),
                pa.array(stations[order]),
                pa.array(numbers[:, 1]),
                pa.array(numbers[:, 2]),
                *votes,
            ],
            schema=self.schema,
        )


def _named(numbers: Ints, names: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(numbers.astype(np.int32), list(names)).cast(pa.string())

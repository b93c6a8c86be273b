"""Sheets of a block laid side by side: for each contest the same stations, each with one place per source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ronda.methods.tally import Count
from ronda.results.adapters.sheets_parquet import Column, Rows
from ronda.results.adapters.source import FileError

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Contest:
    """All copies of one contest, source after source over the same stations: row = source x stations + station.

    `ballot`: choices on the ballot of a sheet, 0 where there is no sheet. `votes` has as many columns as the longest
    ballot of the block; a shorter one has zeros there.
    """

    code: str
    ballot: Ints
    votes: Count
    fields: dict[str, Count]

    @property
    def choices(self) -> int:
        return int(self.votes.value.shape[1])


@dataclass(frozen=True, eq=False)
class Aligned:
    """A block: its stations in the order of their codes, its sources, its contests in ballot order."""

    stations: Ints
    sources: tuple[str, ...]
    contests: tuple[Contest, ...]

    def part(self, count: Count, source: int) -> Count:
        """The rows of one source."""
        size = len(self.stations)
        rows = slice(source * size, (source + 1) * size)
        return Count(count.value[rows], count.present[rows])


def align(rows: Rows, contests: Sequence[str], sources: Sequence[str]) -> Aligned:
    """Every sheet in its place; FileError for a sheet that is there twice, or a contest that is not expected."""
    if unknown := sorted(set(rows.contests) - set(contests)):
        raise FileError(f"wanted contests of {', '.join(contests)}, came {', '.join(unknown)}")
    stations = np.unique(rows.station)
    at = np.searchsorted(stations, rows.station)
    order = np.array([sources.index(name) for name in rows.sources], np.int64)
    place = np.full((len(rows.contests), len(sources) * len(stations)), -1, np.int64)
    place[rows.contest, order[rows.source] * len(stations) + at] = np.arange(len(at))
    if int((place >= 0).sum()) != len(at):
        raise FileError(_twice(rows))
    known = [code for code in contests if code in rows.contests]
    found = [_contest(rows, code, place[rows.contests.index(code)]) for code in known]
    return Aligned(stations, tuple(sources), tuple(found))


def _twice(rows: Rows) -> str:
    order = np.lexsort((rows.source, rows.contest, rows.station))
    same = np.ones(len(order) - 1, np.bool_)
    for column in (rows.station, rows.contest, rows.source):
        same &= column[order][1:] == column[order][:-1]
    row = order[int(same.argmax())]
    contest, source = rows.contests[rows.contest[row]], rows.sources[rows.source[row]]
    return f"wanted each sheet once; station {rows.station[row]}, {contest}, {source} is there twice"


def _contest(rows: Rows, code: str, place: Ints) -> Contest:
    there = place >= 0
    ballot = np.where(there, rows.choices[place], 0).astype(np.int64)
    choices = int(ballot.max())
    value = np.empty((choices, len(place)), np.int64)
    present = np.empty((choices, len(place)), np.bool_)
    for number in range(choices):
        value[number], present[number] = _placed(rows.votes[number], place, there)
    shorter = there & (ballot < choices)
    if shorter.any():
        beyond = shorter & (ballot <= np.arange(choices)[:, None])
        value[beyond], present[beyond] = 0, True
    fields = {name: _placed(column, place, there) for name, column in rows.fields.items()}
    return Contest(code, ballot, Count(value.T, present.T), fields)


def _placed(column: Column, place: Ints, there: NDArray[np.bool_]) -> Count:
    value = column.value[place].astype(np.int64)
    return Count(value, there if column.present is None else there & column.present[place])

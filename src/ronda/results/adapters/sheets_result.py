"""Lines of all blocks added up: the figures of each contest, and every area as a row of a CSV file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import IO, TypedDict

import numpy as np
from numpy.typing import NDArray

from ronda.law.forms import form_rules
from ronda.methods.tally.copies import reading_rank
from ronda.results.adapters.sheets_part import LEFT_OUT, LEVELS, Line, Plan, merged
from ronda.results.adapters.sheets_totals import AreaRows, TotalsFile
from ronda.results.adapters.source import FileError

Ints = NDArray[np.int64]
ABOVE = ("province", "nation")


class SourceFigures(TypedDict):
    sheets: int
    present: int
    votes: list[int]
    flags: dict[str, int]


class PairFigures(TypedDict):
    a: str
    b: str
    both: int
    differ: int
    net: list[int]


class LevelFigures(TypedDict):
    units: int
    complete: dict[str, int]


class ContestFigures(TypedDict):
    stations: int
    sources: dict[str, SourceFigures]
    pairs: list[PairFigures]
    levels: dict[str, LevelFigures]


class SheetsSummary(TypedDict):
    election: str
    rules_left_out: list[str]
    contests: dict[str, ContestFigures]


class Result:
    """Takes the lines of one block after the other; blocks come in the order of their regencies."""

    def __init__(self, plan: Plan, totals: IO[bytes] | None = None, *, choices: int = 0) -> None:
        self.plan = plan
        self.totals = TotalsFile(totals, plan.contests, choices) if totals else None
        self._sums: dict[tuple[str, str, str, str], Ints] = {}
        self._units: dict[tuple[str, str, str], int] = defaultdict(int)
        self._regencies: dict[tuple[str, str, str], list[tuple[Ints, Ints]]] = defaultdict(list)
        self._seen: set[int] = set()

    def add(self, lines: Sequence[Line]) -> None:
        """Merge a block; FileError when one of its regencies was in an earlier one."""
        self._note_regencies(lines)
        for line in lines:
            if line.what in ("rule", "pair"):
                self._add_up((line.contest, line.what, line.a, line.b), line.numbers[0])
            elif line.b == "regency":
                self._regencies[line.contest, line.what, line.a].append((line.areas, line.numbers))
        self._areas(list(area_rows(lines)))

    def _note_regencies(self, lines: Sequence[Line]) -> None:
        came = {
            int(code) for line in lines if (line.what, line.b) == ("held", "regency") for code in line.areas
        }
        if twice := sorted(self._seen & came):
            raise FileError(f"wanted every regency in one block of files, {twice[0]} is in two")
        self._seen |= came

    def _add_up(self, key: tuple[str, str, str, str], numbers: Ints) -> None:
        before = self._sums.get(key, np.zeros(0, np.int64))
        width = max(len(before), len(numbers))
        total = _padded(before, width) + _padded(numbers, width)
        total[0] = max(numbers[0], before[0] if len(before) else 0)
        self._sums[key] = total

    def _areas(self, rows: list[AreaRows]) -> None:
        counted: set[tuple[str, str]] = set()
        for one in rows:
            held = one.stations > 0
            if (one.contest, one.level) not in counted:
                counted.add((one.contest, one.level))
                self._units[one.contest, one.level, ""] += int(held.sum())
            complete = held & (one.numbers[:, 2] == one.stations)
            self._units[one.contest, one.level, one.source] += int(complete.sum())
        if self.totals:
            self.totals.write(rows)

    def finish(self) -> SheetsSummary:
        """Levels above the blocks, and all figures."""
        for level in ABOVE:
            self._areas(list(area_rows([*self._above(level)])))
        if self.totals:
            self.totals.close()
        contests = [code for code in self.plan.contests if (code, "held", "") in self._regencies]
        return {
            "election": self.plan.election,
            "rules_left_out": sorted(LEFT_OUT),
            "contests": {code: self._contest(code) for code in contests},
        }

    def _above(self, level: str) -> Iterator[Line]:
        for (contest, what, source), parts in self._regencies.items():
            width = max(numbers.shape[1] for _, numbers in parts)
            codes = np.concatenate([codes for codes, _ in parts]) * LEVELS["regency"] // LEVELS[level]
            numbers = np.concatenate([_padded(numbers, width) for _, numbers in parts])
            yield Line(contest, what, source, level, *merged(codes, numbers))

    def _contest(self, code: str) -> ContestFigures:
        whole = {line.a: line.numbers[0] for line in self._above("nation") if line.contest == code}
        choices, stations, *_ = whole.pop("").tolist()
        sources = sorted((source for source, numbers in whole.items() if numbers[1]), key=reading_rank)
        return {
            "stations": stations,
            "sources": {source: self._source(code, source, whole[source]) for source in sources},
            "pairs": [self._pair(code, one, two, choices) for one, two in combinations(sources, 2)],
            "levels": {level: self._level(code, level, sources) for level in LEVELS},
        }

    def _source(self, contest: str, source: str, numbers: Ints) -> SourceFigures:
        names = {rule.id: rule.code for rule in form_rules().values()}
        found = {key[3]: sums for key, sums in self._sums.items() if key[:3] == (contest, "rule", source)}
        return {
            "sheets": int(numbers[1]),
            "present": int(numbers[2]),
            "votes": numbers[3 : 3 + numbers[0]].tolist(),
            "flags": {names[rule]: int(found[rule][2]) for rule in sorted(found)},
        }

    def _pair(self, contest: str, one: str, two: str, choices: int) -> PairFigures:
        """Two sources that never tell of the same station have no line."""
        found = self._sums.get((contest, "pair", one, two), np.zeros(0, np.int64))
        _, both, differ, *net = _padded(found, max(3 + choices, len(found))).tolist()
        return {"a": one, "b": two, "both": both, "differ": differ, "net": net[:choices]}

    def _level(self, contest: str, level: str, sources: Sequence[str]) -> LevelFigures:
        complete = {source: self._units[contest, level, source] for source in sources}
        return {"units": self._units[contest, level, ""], "complete": complete}


def area_rows(lines: Sequence[Line]) -> Iterator[AreaRows]:
    """Every source's areas of each level, beside the stations that these have."""
    held = {(line.contest, line.b): line for line in lines if line.what == "held"}
    for line in lines:
        if line.what == "area":
            stations = held[line.contest, line.b]
            at = np.searchsorted(stations.areas, line.areas)
            yield AreaRows(line.contest, line.a, line.b, line.areas, stations.numbers[at, 1], line.numbers)


def _padded(numbers: Ints, width: int) -> Ints:
    """With zeros behind, up to `width` along the last axis."""
    behind = [(0, 0)] * (numbers.ndim - 1) + [(0, width - numbers.shape[-1])]
    return np.pad(numbers, behind)

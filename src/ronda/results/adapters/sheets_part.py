"""What one block of sheets gives: failed rules, differences between copies, sums of areas; as lines that add up.

A line is a key (contest, what, a, b), area codes, and a row of numbers for each. The first number is how many choices
the ballot has, and merging takes the larger; the others add up. So blocks may be worked on in any order, by threads
here or by the workers of a cluster.

what   a        b        areas  numbers
rule   source   rule id  0      0, tested, failed
pair   source   source   0      0, in both, differ, net of each choice
held   -        level    codes  choices, stations that have any copy
area   source   level    codes  choices, sheets, complete sheets, votes of each choice
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronda.law.elections import election_laws
from ronda.law.forms import FormRule, form_rules
from ronda.methods.tally import Limits, Sheets, compare, evaluate, unit_sums
from ronda.methods.tally.copies import reading_rank
from ronda.results.adapters.sheets_align import Aligned, Contest, align
from ronda.results.adapters.sheets_parquet import FIELDS, Rows

Ints = NDArray[np.int64]
LEVELS = {"village": 10**3, "district": 10**7, "regency": 10**9, "province": 10**11, "nation": 10**13}
BY_BLOCK = ("village", "district", "regency")
# Rules that need what the layout has not: candidates of a party's list, other readings of the same row.
LEFT_OUT = {"R15", "R18", "R19", "R20"}


@dataclass(frozen=True)
class Plan:
    """What is asked of every block; small enough to be sent to a worker."""

    election: str
    with_rules: bool = True

    @property
    def contests(self) -> tuple[str, ...]:
        return tuple(contest.code for contest in election_laws()[self.election].contests)

    @property
    def limits(self) -> Limits:
        station = election_laws()[self.election].station
        return Limits(station.voters_max, station.reserve_share)

    @property
    def rules(self) -> tuple[FormRule, ...]:
        """The rules of single sheets and of the sheets of a station that the layout has the figures for."""
        if not self.with_rules:
            return ()
        on_sheets = [rule for rule in form_rules().values() if rule.level in ("sheet", "station")]
        return tuple(rule for rule in on_sheets if rule.id not in LEFT_OUT)

    @property
    def fields(self) -> tuple[str, ...]:
        return FIELDS if self.with_rules else ()


class Line(NamedTuple):
    """One key, or one per area code, with its numbers (a row of `numbers` for each code)."""

    contest: str
    what: str
    a: str
    b: str
    areas: Ints
    numbers: Ints


def part_of(rows: Rows, plan: Plan) -> list[Line]:
    """All lines of a block."""
    block = align(rows, plan.contests, sorted(rows.sources, key=reading_rank))
    lines: list[Line] = []
    for contest in block.contests:
        lines += _pairs(block, contest)
        lines += _areas(block, contest)
    return [*lines, *_rules(block, plan)]


def _pairs(block: Aligned, contest: Contest) -> Iterator[Line]:
    copies = [(source, block.part(contest.votes, at)) for at, source in enumerate(block.sources)]
    for (first, one), (second, other) in combinations(copies, 2):
        found = compare(one, other)
        numbers = [0, int(found.both.sum()), int(found.differ.sum()), *found.net.tolist()]
        yield _line(contest.code, "pair", first, second, numbers)


def _line(contest: str, what: str, a: str, b: str, numbers: list[int]) -> Line:
    return Line(contest, what, a, b, np.zeros(1, np.int64), np.array([numbers], np.int64))


def _areas(block: Aligned, contest: Contest) -> Iterator[Line]:
    villages, unit = np.unique(block.stations // LEVELS["village"], return_inverse=True)
    ballot = contest.ballot.reshape(len(block.sources), -1)
    longest = ballot.max(axis=0)
    yield from _levels(contest.code, "held", "", villages, _by_unit(unit, longest))
    for at, source in enumerate(block.sources):
        votes = block.part(contest.votes, at)
        sums = unit_sums(unit, votes, len(villages))
        sheets = _by_unit(unit, ballot[at])
        yield from _levels(
            contest.code, "area", source, villages, np.column_stack([sheets, sums.present, sums.votes])
        )


def _by_unit(unit: Ints, ballot: Ints) -> Ints:
    """For each unit its longest ballot and how many stations have one; stations stand in the order of units."""
    starts = np.flatnonzero(np.diff(unit, prepend=-1))
    counts = np.add.reduceat((ballot > 0).astype(np.int64), starts)
    return np.column_stack([np.maximum.reduceat(ballot, starts), counts])


def _levels(contest: str, what: str, source: str, codes: Ints, numbers: Ints) -> Iterator[Line]:
    """The villages and the levels above them, as far as a block holds them whole."""
    size = LEVELS["village"]
    for level in BY_BLOCK:
        codes, numbers = merged(codes * size // LEVELS[level], numbers)
        size = LEVELS[level]
        yield Line(contest, what, source, level, codes, numbers)


def merged(codes: Ints, numbers: Ints) -> tuple[Ints, Ints]:
    """Rows of the same code, which stand together, as one: the larger of the first number, the sum of the others."""
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    sums: Ints = np.add.reduceat(numbers, starts, axis=0)
    sums[:, 0] = np.maximum.reduceat(numbers[:, 0], starts)
    return codes[starts], sums


def _rules(block: Aligned, plan: Plan) -> Iterator[Line]:
    """Every rule over all copies of a contest at once; contests that came before are those it is held against."""
    limits, size = plan.limits, len(block.stations)
    district = np.tile(block.stations // LEVELS["district"], len(block.sources))
    district += np.repeat(np.arange(len(block.sources)), size) * LEVELS["nation"]
    before: list[Sheets] = []
    for contest in block.contests:
        sheets = Sheets(contest.fields, contest.votes, district=district, others=tuple(before))
        for rule in plan.rules:
            check = evaluate(rule.test, sheets, limits).check
            numbers = np.stack([check.tested, check.failed]).reshape(2, len(block.sources), size).sum(axis=2)
            for at, source in enumerate(block.sources):
                yield _line(contest.code, "rule", source, rule.id, [0, *numbers[:, at].tolist()])
        before.append(sheets)

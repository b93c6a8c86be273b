"""The figures of a whole file, as `ronda tally` prints them. No Django and no database."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from ronda.law.forms import form_rules
from ronda.methods.tally import Limits, Sheets, compare, evaluate, recap_check, unit_sums, with_reserve
from ronda.results.adapters.recap2019 import RecapRows
from ronda.results.adapters.situng2019 import Copy, Stations

REFERENCE = "kpu"
FLAGS = ("R05", "R08", "R14")  # the rules that need only what a situng-2019 file holds
Bools = NDArray[np.bool_]


class SourceSummary(TypedDict):
    present: int
    votes: list[int]
    flags: dict[str, int]


class PairSummary(TypedDict):
    a: str
    b: str
    both: int
    differ: int
    net: list[int]


class RecapSummary(TypedDict):
    units: int
    complete: int
    equal: int


class Summary(TypedDict):
    stations: int
    sources: dict[str, SourceSummary]
    pairs: list[PairSummary]
    recap: RecapSummary | None


def summarise(stations: Stations, recap: RecapRows | None, *, reserve_share: Fraction) -> Summary:
    """Coverage, failed checks, differences between sources and, with a recap, agreement per district."""
    copies = list(stations.copies.values())
    return {
        "stations": len(stations),
        "sources": {copy.source: _source(copy, stations, reserve_share) for copy in copies},
        "pairs": [_pair(first, second) for first, second in combinations(copies, 2)],
        "recap": None if recap is None else _recap(stations, recap),
    }


def open_votes(stations: Stations, missing: Bools, voters_max: int, reserve_share: Fraction) -> int:
    """The most votes that stations can hold; where registered voters are not known, the most the law allows."""
    registered = np.where(stations.registered.present, stations.registered.value, voters_max)[missing]
    return int(with_reserve(np.maximum(registered, 0), reserve_share).sum())


def _source(copy: Copy, stations: Stations, reserve_share: Fraction) -> SourceSummary:
    present = copy.votes.complete()
    sheets, limits = sheets_of(copy, stations), Limits(0, reserve_share)
    votes = copy.votes.value[present].sum(axis=0)
    rules = [form_rules()[rule] for rule in FLAGS]
    flags = {rule.code: int(evaluate(rule.test, sheets, limits).check.failed.sum()) for rule in rules}
    return {"present": int(present.sum()), "votes": [int(number) for number in votes], "flags": flags}


def sheets_of(copy: Copy, stations: Stations) -> Sheets:
    """One source of a file as the engine takes it."""
    fields = {
        "sah": copy.valid,
        "tidak_sah": copy.invalid,
        "pengguna_j": copy.users,
        "dpt_j": stations.registered,
    }
    return Sheets(fields, copy.votes)


def _pair(first: Copy, second: Copy) -> PairSummary:
    found = compare(first.votes, second.votes)
    return {
        "a": first.source,
        "b": second.source,
        "both": int(found.both.sum()),
        "differ": int(found.differ.sum()),
        "net": [int(number) for number in found.net],
    }


def _recap(stations: Stations, recap: RecapRows) -> RecapSummary:
    units, unit = np.unique(stations.ids("kec_id"), return_inverse=True)
    sums = unit_sums(unit, stations.copies[REFERENCE].votes, len(units))
    official = recap.aligned([int(number) for number in units])
    found = recap_check(sums, official)
    return {
        "units": int(official.complete().sum()),
        "complete": int(found.tested.sum()),
        "equal": int((found.tested & ~found.failed).sum()),
    }

"""What a draw says once its stations are in: shares with their interval, or the risk that the winner by the
recapitulation is wrong. Arrays for the methods, and their answers back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ronda.methods.coverage import Estimate, Stratum, stratified_estimate
from ronda.results.adapters.batch_draws import Method, errors_of, risk_measured
from ronda.results.adapters.batch_lists import BatchList

Ints = NDArray[np.int64]
CONFIDENCE = 0.95
DISTRICT = 6  # digits of a station's code that name its district
LEAST = 2  # drawn stations without which a part has no variance


@dataclass(frozen=True, slots=True)
class Part:
    """Stations of one part of the list, and the positions of those that were drawn among all drawn ones."""

    stations: int
    drawn: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """The estimate of every choice over the whole area, and the parts its variance was taken in."""

    estimates: tuple[Estimate, ...]
    parts: int
    is_split: bool


def parts_of(listed: Sequence[str], drawn: Sequence[str]) -> list[Part]:
    """Districts with two drawn stations or more, and the others together. Of a plain draw the stations drawn in a part
    are a plain draw of that part; which parts there are follows from their number alone, never from their votes."""
    inside: dict[str, int] = {}
    for code in listed:
        inside[code[:DISTRICT]] = inside.get(code[:DISTRICT], 0) + 1
    rows: dict[str, list[int]] = {code: [] for code in inside}
    for at, code in enumerate(drawn):
        rows[code[:DISTRICT]].append(at)
    own = {code: Part(inside[code], tuple(found)) for code, found in rows.items() if len(found) >= LEAST}
    rest = [code for code in inside if code not in own]
    if not rest:
        return list(own.values())
    others = _together([Part(inside[code], tuple(rows[code])) for code in rest])
    if len(others.drawn) < LEAST and own:  # too few by themselves: with the smallest of the others
        smallest = min(own, key=lambda code: (own[code].stations, code))
        others = _together([others, own.pop(smallest)])
    return [*own.values(), others]


def _together(parts: Sequence[Part]) -> Part:
    return Part(sum(one.stations for one in parts), tuple(at for one in parts for at in one.drawn))


def shares_of(
    listed: Sequence[str], drawn: Sequence[str], votes: Ints, counted: int, counted_votes: Sequence[int]
) -> Shares:
    """Shares over the whole area from the drawn stations (`votes`, a row each) and the sums of those that were in when
    the list was frozen: a part that was counted whole and adds nothing to the variance."""
    parts = parts_of(listed, drawn)
    whole = _whole(counted, counted_votes, votes.shape[1])
    estimates = []
    for choice in range(votes.shape[1]):
        strata = [Stratum(one.stations, *_columns(votes[list(one.drawn)], choice)) for one in parts]
        if whole is not None:
            strata.append(Stratum(counted, *_columns(whole, choice)))
        estimates.append(stratified_estimate(strata))
    return Shares(tuple(estimates), len(parts), len(parts) > 1)


def _columns(votes: Ints, choice: int) -> tuple[Ints, Ints]:
    return votes[:, choice], votes.sum(axis=1)


def _whole(counted: int, sums: Sequence[int], choices: int) -> Ints | None:
    """Only the sums of a part that was counted whole matter: they stand in one row."""
    if not counted:
        return None
    rows = np.zeros((counted, choices), np.int64)
    rows[0] = [*sums, *[0] * choices][:choices]
    return rows


@dataclass(frozen=True, slots=True)
class Judged:
    """The risk as measured with missing forms at their worst, and by station what its form moves of the margin."""

    risk: float
    moved: Mapping[str, int]


def judged_of(listed: BatchList, drawn: Sequence[str], forms: Mapping[str, Ints], method: Method) -> Judged:
    """Hold the forms of the drawn stations against the list. ValueError where a form holds more votes than ballots."""
    at = {code: row for row, code in enumerate(listed.units)}
    rows = [at[code] for code in drawn]
    found = errors_of(listed, rows, forms)
    moved = {
        code: round(error * listed.held.margin)
        for code, error in zip(drawn, found, strict=True)
        if code in forms
    }
    return Judged(risk_measured(listed, rows, found, method), moved)

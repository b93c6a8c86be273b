"""The screens over one source of a file of sheets, as `ronda screens` prints them. No Django and no database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronda.methods.screens import (
    Basis,
    Neighbours,
    Turnout,
    Word,
    equal_vectors,
    fingerprint,
    integer_percentages,
    last_digits,
    neighbour_outliers,
)
from ronda.results.adapters.situng2019 import Stations

SHOWN = 20
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Screened:
    """The stations whose form holds together; what breaks its own sums is for the checks, not for a screen."""

    rows: Ints
    village: Ints
    district: Ints
    number: Ints
    registered: Ints
    users: Ints
    votes: Ints
    valid: Ints
    invalid: Ints

    @property
    def leader(self) -> int:
        """The choice with the most votes here, in ballot order from 0."""
        return int(self.votes.sum(axis=0).argmax())

    def turnout(self) -> Turnout:
        return Turnout(self.registered, self.users, self.valid, self.votes[:, self.leader])


def screened_of(stations: Stations, source: str) -> Screened:
    """Stations where every figure of the source is there, its sums hold and no more came than are registered."""
    copy, registered = stations.copies[source], stations.registered
    every = copy.votes.complete() & copy.valid.present & copy.invalid.present & copy.users.present
    every &= registered.present & (copy.votes.value.sum(axis=1) == copy.valid.value)
    every &= copy.valid.value + copy.invalid.value == copy.users.value
    every &= (copy.users.value <= registered.value) & (copy.valid.value > 0)
    rows = np.flatnonzero(every)
    return Screened(
        rows,
        stations.ids("kel_id")[rows],
        stations.ids("kec_id")[rows],
        stations.ids("tps")[rows],
        registered.value[rows],
        copy.users.value[rows],
        copy.votes.value[rows],
        copy.valid.value[rows],
        copy.invalid.value[rows],
    )


def screen(at: Screened, *, seed: int, runs: int) -> dict[str, Any]:
    """Every screen in the order in which it is worth doing, ready for JSON."""
    leader = at.votes[:, at.leader]
    ballots = at.valid + at.invalid
    return {
        "stations": len(at.rows),
        "leader": at.leader + 1,
        "equal_vectors": _vectors(at, seed, runs),
        "neighbours": _neighbours(
            at, neighbour_outliers(leader, at.valid, at.village, at.district, seed=seed)
        ),
        "invalid_neighbours": _neighbours(
            at, neighbour_outliers(at.invalid, ballots, at.village, at.district, seed=seed)
        ),
        "turnout_neighbours": _neighbours(
            at, neighbour_outliers(at.users, at.registered, at.village, at.district, seed=seed)
        ),
        "fingerprint": _fingerprint(at),
        "integer_percentages": _integers(at, seed, runs),
        "last_digits": _digits(leader),
    }


def _basis(basis: Basis, word: Word) -> dict[str, Any]:
    return {
        "word": word.value,
        "null_model": basis.null_model,
        "innocent": basis.innocent,
        "tests": basis.tests,
        "seed": basis.seed,
    }


def _word(is_strange: bool) -> Word:
    return Word.LOOK if is_strange else Word.MATCH


def _neighbours(at: Screened, found: Neighbours) -> dict[str, Any]:
    order = np.argsort(-np.abs(found.votes), kind="stable")
    shown = [int(row) for row in order if found.stands_out[row]][:SHOWN]
    stations = [
        {
            "kel_id": int(at.village[row]),
            "tps": int(at.number[row]),
            "votes": int(found.votes[row]),
            "residual": round(float(found.residual[row]), 2),
        }
        for row in shown
    ]
    number = int(found.stands_out.sum())
    return {**_basis(found.basis, _word(number > 0)), "stand_out": number, "largest": stations}


def _vectors(at: Screened, seed: int, runs: int) -> dict[str, Any]:
    found = equal_vectors(at.votes, at.village, seed=seed, runs=runs)
    counts = {"pairs": found.observed, "expected": round(found.expected, 1), "p_value": found.p_value}
    return {**_basis(found.basis, _word(found.p_value < 0.01)), **counts}


def _fingerprint(at: Screened) -> dict[str, Any]:
    found = fingerprint(at.turnout())
    names = ("slope", "correlation", "skew", "kurtosis", "high_turnout_share")
    numbers = {name: round(getattr(found, name), 4) for name in names}
    return {**_basis(found.basis, _word(found.slope > 1)), **numbers}


def _integers(at: Screened, seed: int, runs: int) -> dict[str, Any]:
    found = integer_percentages(at.turnout(), seed=seed, runs=runs)
    parts = {
        name: {key: round(value, 1) for key, value in getattr(found, name)._asdict().items()}
        for name in ("observed", "expected", "excess", "z")
    }
    return {**_basis(found.basis, _word(max(found.z) >= 3)), "units": found.units, **parts}


def _digits(leader: Ints) -> dict[str, Any] | None:
    found = last_digits(leader)
    if found is None:
        return None
    numbers = {"chi_square": round(found.chi_square, 1), "p_value": round(found.p_value, 4)}
    return {**_basis(found.basis, _word(found.p_value < 0.01)), "counts": found.counts.tolist(), **numbers}

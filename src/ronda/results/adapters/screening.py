"""The screens over one source of a file of sheets, as `ronda screens` prints them. No Django and no database."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronda.methods.screens import (
    Basis,
    Turnout,
    Word,
    equal_vectors,
    fingerprint,
    integer_percentages,
    last_digits,
    neighbour_outliers,
    share_spikes,
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


def screen(at: Screened, *, seed: int, runs: int, without: Collection[str] = ()) -> dict[str, Any]:
    """Every screen in the order in which it is worth doing, but those left out by name; ready for JSON."""
    made = {name: make(at, seed, runs) for name, make in SCREENS.items() if name not in without}
    return {"stations": len(at.rows), "leader": at.leader + 1, **made}


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


def _leaders(at: Screened, seed: int, _runs: int) -> dict[str, Any]:
    return _neighbours(at, at.votes[:, at.leader], at.valid, seed)


def _invalid(at: Screened, seed: int, _runs: int) -> dict[str, Any]:
    return _neighbours(at, at.invalid, at.valid + at.invalid, seed)


def _turnout(at: Screened, seed: int, _runs: int) -> dict[str, Any]:
    return _neighbours(at, at.users, at.registered, seed)


def _neighbours(at: Screened, part: Ints, whole: Ints, seed: int) -> dict[str, Any]:
    found = neighbour_outliers(part, whole, at.village, at.district, seed=seed)
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


def _fingerprint(at: Screened, _seed: int, _runs: int) -> dict[str, Any]:
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


def _digits(at: Screened, _seed: int, _runs: int) -> dict[str, Any] | None:
    found = last_digits(at.votes[:, at.leader])
    if found is None:
        return None
    numbers = {"chi_square": round(found.chi_square, 1), "p_value": round(found.p_value, 4)}
    return {**_basis(found.basis, _word(found.p_value < 0.01)), "counts": found.counts.tolist(), **numbers}


def _spikes(at: Screened, seed: int, runs: int) -> dict[str, Any] | None:
    found = share_spikes(at.turnout(), seed=seed, runs=runs)
    if found is None:
        return None
    points = {f"{share:.3f}": round(float(n), 1) for share, n in zip(found.share, found.excess, strict=True)}
    numbers = {"percent": round(found.percent, 4), "p_value": round(found.p_value, 4), "points": points}
    return {**_basis(found.basis, _word(found.stands_out)), "units": found.units, **numbers}


SCREENS: dict[str, Callable[[Screened, int, int], dict[str, Any] | None]] = {
    "equal_vectors": _vectors,
    "neighbours": _leaders,
    "invalid_neighbours": _invalid,
    "turnout_neighbours": _turnout,
    "fingerprint": _fingerprint,
    "integer_percentages": _integers,
    "last_digits": _digits,
    "spikes": _spikes,
}

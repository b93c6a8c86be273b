"""Lists as they are frozen: the stations still missing, or every station with its column of the recapitulation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ronda.methods.audit import Contest
from ronda.methods.coverage import Stratum, sample_size
from ronda.results.adapters.batch_draws import Method, planned_size
from ronda.results.adapters.batch_lists import BatchList

Ints = NDArray[np.int64]
PLAN_MARGIN, PLAN_CONFIDENCE = 0.02, 0.95
FEWEST_COUNTED = 2  # fewer make no part of their own: then all stations are drawn from


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is kept of a list."""

    body: str
    digest: str
    stations: int
    counted: int = 0
    counted_votes: tuple[int, ...] = ()
    margin: int = 0
    planned: int = 0


def missing_list(
    stations: Sequence[str], ballots: Callable[[str], int], counted: Mapping[str, Sequence[int]]
) -> Frozen:
    """Of the registered stations those without a copy, each with the most ballots it can hold; the sums of those that
    are in are kept beside it. How many to draw follows from how much these differ among themselves, which is only a
    guess: they were not drawn."""
    if len(counted) < FEWEST_COUNTED:
        counted = {}
    units = [code for code in stations if code not in counted]
    listed = BatchList(units, np.array([ballots(code) for code in units], np.int64), [], None)
    votes = _votes(counted.values())
    sums = tuple(int(number) for number in votes.sum(axis=0)) if counted else ()
    body = "\n".join(listed.lines)
    return Frozen(body, listed.digest, len(units), len(counted), sums, planned=_wanted(len(units), votes))


def recap_list(
    stations: Sequence[str],
    ballots: Callable[[str], int],
    columns: Mapping[str, Sequence[int]],
    method: Method,
    risk: float,
) -> Frozen:
    """Every station with its bound and its column. A station never holds less than what the recapitulation gives it.
    ValueError where the first two have as many votes."""
    votes = _votes(columns[code] for code in stations)
    most = np.array([ballots(code) for code in stations], np.int64)
    contest = Contest(votes, np.maximum(most, votes.sum(axis=1)))
    names = [f"{at + 1:02d}" for at in range(votes.shape[1])]
    listed = BatchList(list(stations), contest.bound, names, contest)
    planned = planned_size(contest, method, risk=risk)
    body = "\n".join(listed.lines)
    return Frozen(body, listed.digest, len(stations), margin=contest.margin, planned=planned)


def _votes(rows: Iterable[Sequence[int]]) -> Ints:
    every = [list(row) for row in rows]
    size = max((len(row) for row in every), default=0)
    return np.array([row + [0] * (size - len(row)) for row in every], np.int64).reshape(len(every), size)


def _wanted(missing: int, votes: Ints) -> int:
    """Stations to draw so that the leader's share among the missing ones is known to two points; 0 is not known."""
    valid = votes.sum(axis=1)
    if not len(votes) >= FEWEST_COUNTED or missing < FEWEST_COUNTED or not valid.sum():
        return 0
    leader = votes[:, votes.sum(axis=0).argmax()]
    earlier = Stratum(max(missing, len(votes)), leader, valid)
    size = sample_size(earlier, margin_share=PLAN_MARGIN, confidence=PLAN_CONFIDENCE)
    return min(max(size, 2), missing)

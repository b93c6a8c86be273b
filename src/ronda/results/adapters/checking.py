"""Copies of stations and units into the tally engine, and its answers back into failed checks and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronda.methods.tally import (
    Check,
    Count,
    compare,
    dpt_cap,
    moved_votes,
    range_digits,
    turnout_mismatch,
    valid_sum,
    votes_gt_cap,
    with_reserve,
)
from ronda.results.domain import COPIES_DIFFER, RECAP_DIFFERS, AreaCount, CheckLevel, Figures, reading_rank

Facts = dict[str, int | list[int]]
NO_STAKE = frozenset({"R01", "R13"})


@dataclass(frozen=True, slots=True)
class StationLimits:
    """Limits of a station in one election."""

    voters_max: int
    reserve_share: Fraction


@dataclass(frozen=True, slots=True)
class StationCopy:
    """The latest version of one copy of one station."""

    station: str
    area: str
    source: str
    came_at: datetime
    figures: Figures


@dataclass(frozen=True, slots=True)
class Failed:
    """One rule that was not met."""

    rule: str
    level: CheckLevel
    area: str
    station: str
    source: str
    against: str
    delta: int
    deltas: tuple[int, ...]
    stake: int
    facts: Facts
    since: datetime


@dataclass(slots=True)
class Checked:
    """All failed checks of some stations, and the count of each of their villages."""

    failed: list[Failed] = field(default_factory=list)
    counts: dict[str, AreaCount] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Copies:
    votes: Count
    valid: Count
    invalid: Count
    users: Count
    registered: Count


def check_stations(
    registry: Mapping[str, str], copies: Sequence[StationCopy], limits: StationLimits
) -> Checked:
    """Check the copies of stations. `registry` is station to village of every station that should report."""
    areas = dict(registry) | {copy.station: copy.area for copy in copies}
    run = _Run(sorted(areas), areas, copies, limits)
    run.check()
    return Checked(run.failed, run.counts())


class _Run:
    """One pass over a set of stations; arrays hold one row per station, in order of code."""

    def __init__(
        self, codes: list[str], areas: Mapping[str, str], copies: Sequence[StationCopy], limits: StationLimits
    ) -> None:
        self.codes, self.areas, self.limits = codes, areas, limits
        self.at = {code: row for row, code in enumerate(codes)}
        self.came_at = {(copy.station, copy.source): copy.came_at for copy in copies}
        self.choices = max((len(copy.figures.votes) for copy in copies), default=0)
        by_source: dict[str, list[StationCopy]] = {}
        for copy in copies:
            by_source.setdefault(copy.source, []).append(copy)
        self.sources = sorted(by_source, key=reading_rank)
        self.copies = {source: self._arrays(by_source[source]) for source in self.sources}
        self.failed: list[Failed] = []
        self.copies_of = np.zeros(len(codes), np.int64)
        self.is_differing = np.zeros(len(codes), np.bool_)
        self.ballots = self._most_ballots()

    def _arrays(self, copies: Sequence[StationCopy]) -> _Copies:
        rows = np.array([self.at[copy.station] for copy in copies], np.int64)
        padded = [
            [*copy.figures.votes, *[None] * (self.choices - len(copy.figures.votes))] for copy in copies
        ]
        votes = Count.of(np.array(padded, dtype=object).reshape(len(copies), self.choices))
        single = [
            Count.of([getattr(copy.figures, name) for copy in copies])
            for name in ("valid", "invalid", "users", "registered")
        ]
        return _Copies(self._spread(votes, rows), *(self._spread(count, rows) for count in single))

    def _spread(self, count: Count, rows: NDArray[np.int64]) -> Count:
        shape = (len(self.codes), *count.value.shape[1:])
        value, present = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
        value[rows], present[rows] = count.value, count.present
        return Count(value, present)

    def _most_ballots(self) -> NDArray[np.int64]:
        """No more votes can be at stake in a station than it had ballots, where its voters are known."""
        most = np.full(len(self.codes), np.iinfo(np.int64).max)
        for copy in self.copies.values():
            ballots = with_reserve(copy.registered.value, self.limits.reserve_share)
            is_known = copy.registered.present & (copy.registered.value > 0)
            most = np.where(is_known, np.minimum(most, ballots), most)
        return most

    def check(self) -> None:
        for source in self.sources:
            self._check_copy(source, self.copies[source])
        self._check_registered()
        self._check_differences()

    def _check_copy(self, source: str, copy: _Copies) -> None:
        figures = [copy.valid, copy.invalid, copy.users, copy.registered]
        wide = range_digits(
            Count(
                np.column_stack([copy.votes.value, *(count.value for count in figures)]),
                np.column_stack([copy.votes.present, *(count.present for count in figures)]),
            )
        )
        sums = copy.votes.value.sum(axis=1)
        self._note("R01", source, wide, {})
        if self.choices:
            found = valid_sum(copy.votes, copy.valid)
            self._note("R05", source, found, {"sum": sums, "valid": copy.valid.value})
        found = turnout_mismatch(copy.valid, copy.invalid, copy.users)
        total = copy.valid.value + copy.invalid.value
        self._note("R08", source, found, {"total": total, "users": copy.users.value})
        if self.choices:
            self._check_cap(source, copy)

    def _check_cap(self, source: str, copy: _Copies) -> None:
        share = self.limits.reserve_share
        found = votes_gt_cap(copy.votes, copy.users, copy.registered, share)
        facts = {
            "votes": copy.votes.value.max(axis=1, initial=0),
            "users": copy.users.value,
            "ballots": with_reserve(copy.registered.value, share),
        }
        self._note("R14", source, found, facts)

    def _check_registered(self) -> None:
        """Once per station, on the first copy that tells the registered voters."""
        done = np.zeros(len(self.codes), np.bool_)
        for source in self.sources:
            registered = self.copies[source].registered
            fresh = Count(registered.value, registered.present & ~done)
            done |= registered.present
            cap = np.full(len(self.codes), self.limits.voters_max)
            found = dpt_cap(fresh, self.limits.voters_max)
            self._note("R13", source, found, {"registered": registered.value, "cap": cap})

    def _check_differences(self) -> None:
        """Every copy against the first one of its station in reading order."""
        base: Count | None = None
        whose = np.full(len(self.codes), -1)
        for number, source in enumerate(self.sources):
            votes = self.copies[source].votes
            present = votes.complete() & (self.choices > 0)
            self.copies_of += present
            if base is None:
                base, whose = votes, np.where(present, number, -1)
                continue
            self._note_difference(source, base, votes, whose)
            first = present & (whose < 0)
            whose = np.where(first, number, whose)
            base = Count(
                np.where(first[:, None], votes.value, base.value),
                np.where(first[:, None], votes.present, base.present),
            )

    def _note_difference(self, source: str, base: Count, votes: Count, whose: NDArray[np.int64]) -> None:
        found = compare(base, votes)
        self.is_differing |= found.differ
        stake = moved_votes(found.delta)
        for row in np.flatnonzero(found.differ):
            facts: Facts = {"first": base.value[row].tolist(), "second": votes.value[row].tolist()}
            self._fail(
                COPIES_DIFFER,
                int(row),
                self.sources[whose[row]],
                source,
                found.delta[row],
                int(stake[row]),
                facts,
            )

    def _note(self, rule: str, source: str, check: Check, facts: Mapping[str, NDArray[np.int64]]) -> None:
        for row in np.flatnonzero(check.failed):
            delta = check.delta[row : row + 1]
            stake = 0 if rule in NO_STAKE else min(abs(int(delta[0])), int(self.ballots[row]))
            shown: Facts = {name: int(values[row]) for name, values in facts.items()}
            self._fail(rule, int(row), source, "", delta, stake, shown)

    def _fail(
        self,
        rule: str,
        row: int,
        source: str,
        against: str,
        delta: NDArray[np.int64],
        stake: int,
        facts: Facts,
    ) -> None:
        code = self.codes[row]
        deltas = tuple(int(number) for number in delta) if against else ()
        since = max(self.came_at[code, one] for one in (source, against) if one)
        made = Failed(
            rule,
            CheckLevel.STATION,
            self.areas[code],
            code,
            source,
            against,
            int(delta.sum()),
            deltas,
            stake,
            facts,
            since,
        )
        self.failed.append(made)

    def counts(self) -> dict[str, AreaCount]:
        """The count of every village of these stations."""
        made = {area: AreaCount() for area in self.areas.values()}
        worst: dict[str, int] = {}
        for failed in self.failed:
            count = made[failed.area]
            count.rules[failed.rule] = count.rules.get(failed.rule, 0) + 1
            worst[failed.station] = max(worst.get(failed.station, 0), failed.stake)
        complete = {source: self.copies[source].votes.complete() for source in self.sources}
        for row, code in enumerate(self.codes):
            count = made[self.areas[code]]
            count.stations += 1
            count.reported += bool(self.copies_of[row])
            count.both += bool(self.copies_of[row] > 1)
            count.differing += bool(self.is_differing[row])
            count.failed += code in worst
            count.stake += worst.get(code, 0)
            for source, is_there in complete.items():
                if self.choices and is_there[row]:
                    _count_votes(count, source, self.copies[source].votes.value[row].tolist())
        return made


def _count_votes(count: AreaCount, source: str, votes: list[int]) -> None:
    count.present[source] = count.present.get(source, 0) + 1
    before = count.votes.get(source) or [0] * len(votes)
    count.votes[source] = [a + b for a, b in zip(before, votes, strict=True)]


@dataclass(frozen=True, slots=True)
class RecapCopy:
    """The official recap of a unit that came last."""

    unit: str
    source: str
    came_at: datetime
    figures: Figures


def check_recap(recap: RecapCopy, count: AreaCount) -> tuple[dict[str, object], list[Failed]]:
    """Compare an official recap with the count of its area; the summary of it, and X05 when it differs."""
    votes = recap.figures.votes
    summary: dict[str, object] = {"source": recap.source, "votes": list(votes), "tested": False}
    reference = count.reference
    if reference is None or not count.is_complete or not recap.figures.is_present:
        return summary, []
    sums = count.votes[reference]
    official = [number for number in votes if number is not None]
    size = max(len(sums), len(official))
    padded = [numbers + [0] * (size - len(numbers)) for numbers in (sums, official)]
    delta = np.array([padded[1]], np.int64) - np.array([padded[0]], np.int64)
    deltas = tuple(int(number) for number in delta[0])
    summary |= {"tested": True, "against": reference, "deltas": list(deltas)}
    if not any(deltas):
        return summary, []
    facts: Facts = {"sum": sums, "recap": official}
    stake = int(moved_votes(delta)[0])
    failed = Failed(
        RECAP_DIFFERS,
        CheckLevel.UNIT,
        recap.unit,
        "",
        reference,
        recap.source,
        sum(deltas),
        deltas,
        stake,
        facts,
        recap.came_at,
    )
    return summary, [failed]


def recaps_added(recaps: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """The official votes of an area without a recap of its own: the sum over its parts, if each has one."""
    known = [recap for recap in recaps if recap.get("votes") and None not in recap["votes"]]
    if not known:
        return {}
    if len(known) < len(recaps):
        return {"units": len(known), "of": len(recaps), "votes": [], "tested": False}
    added: dict[str, object] = {"units": len(known), "of": len(recaps), "votes": _sum_of(known, "votes")}
    against = {recap.get("against") for recap in known}
    if all(recap.get("tested") for recap in known) and len(against) == 1:
        return added | {"tested": True, "against": against.pop(), "deltas": _sum_of(known, "deltas")}
    return added | {"tested": False}


def _sum_of(recaps: Sequence[Mapping[str, Any]], name: str) -> list[int]:
    size = max(len(recap[name]) for recap in recaps)
    return [sum(recap[name][at] for recap in recaps if at < len(recap[name])) for at in range(size)]

"""Copies of stations and units into the tally engine, and its answers back into failed checks and counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ronda.law.forms import FormRule, form_rules
from ronda.methods.tally import (
    Count,
    Limits,
    Outcome,
    Sheets,
    compare,
    evaluate,
    moved_votes,
    with_reserve,
)
from ronda.methods.tally.rules import Compared, Outlier, VotersCap
from ronda.results.domain import (
    COPY_RULES,
    RECAP_DIFFERS,
    REGULAR,
    WITHOUT_BASIS,
    AreaCount,
    CheckLevel,
    Figures,
    copies_rule,
    reading_rank,
)

Facts = dict[str, int | str | list[int]]
Parties = Mapping[int, tuple[int, ...]]
DISTRICT = 8  # characters of a district code


@dataclass(frozen=True, slots=True)
class StationCopy:
    """The latest version of one copy of one station."""

    station: str
    area: str
    source: str
    came_at: datetime
    figures: Figures
    outcome: str = REGULAR


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


class Flag(Protocol):
    """What a count needs to know of a failed check."""

    @property
    def rule(self) -> str: ...
    @property
    def station(self) -> str: ...
    @property
    def stake(self) -> int: ...


@dataclass(slots=True)
class Checked:
    """The failed checks found in some stations, and what they and their copies add to the count of each village."""

    failed: list[Failed] = field(default_factory=list)
    counts: dict[str, AreaCount] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ballots:
    """The most ballots of each station whose voters the register tells, and of any other."""

    known: Mapping[str, int] = field(default_factory=dict)
    otherwise: int = 0

    def of(self, station: str) -> int:
        return self.known.get(station, self.otherwise)


@dataclass(frozen=True, slots=True)
class ContestCopies:
    """The latest copies of one contest that count, which rows of its form belong to which party, which stations have a
    decision that replaces their result: (station, outcome), and how many ballots a station can hold."""

    copies: Sequence[StationCopy]
    parties: Parties = field(default_factory=dict)
    decided: Set[tuple[str, str]] = frozenset()
    ballots: Ballots = field(default_factory=Ballots)

    @property
    def choices(self) -> int:
        return max((len(copy.figures.votes) for copy in self.copies), default=0)


def check_stations(
    registry: Mapping[str, str],
    contest: ContestCopies,
    limits: Limits,
    *,
    others: Sequence[ContestCopies] = (),
    kept: Sequence[Flag] | None = None,
) -> Checked:
    """Check the copies of stations. `registry` is station to village of every station that should report; `others`
    are the other contests of the same stations, in the order of the ballot papers.

    A rule that holds a station against its whole district is judged where whole districts are given. Else `kept` are
    the failed checks of such rules that stand from before: they are counted, and not found again.
    """
    areas = dict(registry) | {copy.station: copy.area for copy in contest.copies}
    run = _Run(sorted(areas), areas, contest, others, limits)
    run.check(is_whole=kept is None)
    return Checked(run.failed, counts_of(areas, contest, [*run.failed, *(kept or ())]))


def is_of_district(rule: str) -> bool:
    """Whether a rule holds a station against its whole district."""
    known = form_rules().get(rule)
    return known is not None and isinstance(known.test, Outlier)


def counts_of(
    areas: Mapping[str, str], contest: ContestCopies, failed: Iterable[Flag]
) -> dict[str, AreaCount]:
    """The count of every village of some stations (station to village), from their copies and failed checks."""
    made = {area: AreaCount() for area in areas.values()}
    worst: dict[str, int] = {}
    differing: set[str] = set()
    for one in failed:
        rules = made[areas[one.station]].rules
        rules[one.rule] = rules.get(one.rule, 0) + 1
        worst[one.station] = max(worst.get(one.station, 0), one.stake)
        if one.rule in COPY_RULES:
            differing.add(one.station)
    copies: dict[str, int] = {}
    for copy in contest.copies:
        if copy.figures.is_present:
            copies[copy.station] = copies.get(copy.station, 0) + 1
            made[areas[copy.station]].add_copy(copy.source, copy.figures)
    for copy in () if contest.parties else first_of(contest.copies):
        made[areas[copy.station]].add_first(0, [number or 0 for number in copy.figures.votes])
    for station, area in areas.items():
        count = made[area]
        count.stations += 1
        count.reported += station in copies
        count.add_first(0 if station in copies else contest.ballots.of(station), ())
        count.both += copies.get(station, 0) > 1
        count.differing += station in differing
        count.failed += station in worst
        count.stake += worst.get(station, 0)
    return made


def first_of(copies: Iterable[StationCopy]) -> Iterable[StationCopy]:
    """Of each station the copy that is read first, of those whose votes are all there."""
    first: dict[str, StationCopy] = {}
    for copy in sorted(copies, key=lambda one: reading_rank(one.source)):
        if copy.figures.is_present:
            first.setdefault(copy.station, copy)
    return first.values()


def form_figures(figures: Figures) -> dict[str, int | None]:
    """The figures of a copy by the field ids of the form, choices aside."""
    return {
        **figures.other,
        "sah": figures.valid,
        "tidak_sah": figures.invalid,
        "pengguna_j": figures.users,
        "dpt_j": figures.registered,
    }


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that one sheet does not meet, and the two figures that were held against each other."""

    rule: str
    left: int
    right: int
    delta: int


def rules_tested(figures: Figures, limits: Limits, parties: Parties) -> set[str]:
    """Rules whose figures this one copy has: what can be said to have passed or failed."""
    return {rule for rule, outcome in _alone(figures, limits, parties) if outcome.check.tested.any()}


def failures_of(figures: Figures, limits: Limits, parties: Parties) -> list[Failure]:
    """What one sheet does not meet by itself, before anything else is known: for who is typing it."""
    return [
        Failure(rule, int(outcome.left[0]), int(outcome.right[0]), int(outcome.check.delta[0]))
        for rule, outcome in _alone(figures, limits, parties)
        if outcome.check.failed[0]
    ]


def _alone(figures: Figures, limits: Limits, parties: Parties) -> Iterator[tuple[str, Outcome]]:
    counts = {name: Count.of([number]) for name, number in form_figures(figures).items()}
    votes = Count.of(np.array([figures.votes], dtype=object).reshape(1, len(figures.votes)))
    sheets = Sheets(counts, votes, parties=parties, district=np.zeros(1, np.int64))
    for rule in form_rules().values():
        if rule.level == "sheet":
            yield rule.id, evaluate(rule.test, sheets, limits)


def _by_source(copies: Sequence[StationCopy]) -> dict[str, list[StationCopy]]:
    found: dict[str, list[StationCopy]] = {}
    for copy in copies:
        found.setdefault(copy.source, []).append(copy)
    return found


# What the two sides of a check are called where its sentence names them.
SIDES = {
    "R05": ("sum", "valid"),
    "R08": ("total", "users"),
    "R13": ("registered", "cap"),
    "R14": ("votes", "most"),
}


def _named(rule: str, outcome: Outcome) -> dict[str, NDArray[np.int64]]:
    left, right = SIDES.get(rule, ("left", "right"))
    return {left: outcome.left, right: outcome.right}


def _padded(figures: Figures, choices: int) -> list[int | None]:
    """The rows of a form beside longer ones: what a whole form does not have, it gives no votes. Whether it is whole
    does not hang on how long other forms are."""
    missing = choices - len(figures.votes)
    return [*figures.votes, *[0 if figures.is_present else None] * missing]


class _Run:
    """One pass over a set of stations; arrays hold one row per station, in order of code."""

    def __init__(
        self,
        codes: list[str],
        areas: Mapping[str, str],
        contest: ContestCopies,
        others: Sequence[ContestCopies],
        limits: Limits,
    ) -> None:
        self.codes, self.areas, self.limits, self.contest = codes, areas, limits, contest
        self.at = {code: row for row, code in enumerate(codes)}
        _names, self.district = np.unique([areas[code][:DISTRICT] for code in codes], return_inverse=True)
        self.came_at = {(copy.station, copy.source): copy.came_at for copy in contest.copies}
        self.choices = contest.choices
        self.rows_of = {(copy.station, copy.source): len(copy.figures.votes) for copy in contest.copies}
        own = _by_source(contest.copies)
        self.sources = sorted(own, key=reading_rank)
        beside = [_by_source(other.copies) for other in others]
        self.copies = {
            source: replace(
                self._arrays(own[source], contest.choices, contest.parties),
                others=tuple(
                    self._arrays(
                        [c for c in found.get(source, ()) if c.station in self.at], other.choices, {}
                    )
                    for found, other in zip(beside, others, strict=True)
                ),
            )
            for source in self.sources
        }
        self.failed: list[Failed] = []
        self.ballots = self._most_ballots()

    def _arrays(self, copies: Sequence[StationCopy], choices: int, parties: Parties) -> Sheets:
        rows = np.array([self.at[copy.station] for copy in copies], np.int64)
        padded = [_padded(copy.figures, choices) for copy in copies]
        votes = Count.of(np.array(padded, dtype=object).reshape(len(copies), choices))
        fields = [form_figures(copy.figures) for copy in copies]
        names = sorted({name for one in fields for name in one})
        counts = {name: Count.of([one.get(name) for one in fields]) for name in names}
        return Sheets(
            {name: self._spread(count, rows) for name, count in counts.items()},
            self._spread(votes, rows),
            parties=parties,
            district=self.district,
        )

    def _spread(self, count: Count, rows: NDArray[np.int64]) -> Count:
        shape = (len(self.codes), *count.value.shape[1:])
        value, present = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
        value[rows], present[rows] = count.value, count.present
        return Count(value, present)

    def _most_ballots(self) -> NDArray[np.int64]:
        """No more votes can be at stake in a station than it had ballots, where its voters are known."""
        most = np.full(len(self.codes), np.iinfo(np.int64).max)
        for copy in self.copies.values():
            registered = copy.figure("dpt_j")
            ballots = with_reserve(registered.value, self.limits.reserve_share)
            is_known = registered.present & (registered.value > 0)
            most = np.where(is_known, np.minimum(most, ballots), most)
        return most

    def check(self, *, is_whole: bool) -> None:
        left_out = (Compared,) if is_whole else (Compared, Outlier)
        rules = [rule for rule in form_rules().values() if not isinstance(rule.test, left_out)]
        for source in self.sources:
            self._check_copy(source, self.copies[source], rules)
        self._check_differences()
        self._check_basis()

    def _check_basis(self) -> None:
        """A replaced result of a station needs its decision; said of the copy that is read first."""
        seen = set(self.contest.decided)
        for copy in sorted(self.contest.copies, key=lambda copy: reading_rank(copy.source)):
            if copy.outcome == REGULAR or (copy.station, copy.outcome) in seen:
                continue
            seen.add((copy.station, copy.outcome))
            row = self.at[copy.station]
            rests = sum(number or 0 for number in copy.figures.votes)
            stake = min(rests, int(self.ballots[row]))
            self._fail(WITHOUT_BASIS, row, copy.source, "", np.array([1]), stake, {"votes": rests})

    def _check_copy(self, source: str, sheets: Sheets, rules: Sequence[FormRule]) -> None:
        for rule in rules:
            if isinstance(rule.test, VotersCap):
                sheets = self._first_to_tell(rule.test.voters, source)
            outcome = evaluate(rule.test, sheets, self.limits)
            self._note(rule, source, outcome, _named(rule.id, outcome))
            sheets = self.copies[source]

    def _first_to_tell(self, field: str, source: str) -> Sheets:
        """A copy without the stations whose registered voters an earlier copy told: they are judged once."""
        told = np.zeros(len(self.codes), np.bool_)
        for earlier in self.sources[: self.sources.index(source)]:
            told |= self.copies[earlier].figure(field).present
        figure = self.copies[source].figure(field)
        return replace(self.copies[source], fields={field: Count(figure.value, figure.present & ~told)})

    def _check_differences(self) -> None:
        """Every copy against the first one of its station in reading order."""
        base: Count | None = None
        whose = np.full(len(self.codes), -1)
        for number, source in enumerate(self.sources):
            votes = self.copies[source].votes
            present = votes.complete() & (self.choices > 0)
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
        stake = moved_votes(found.delta)
        for row in np.flatnonzero(found.differ):
            first, code = self.sources[whose[row]], self.codes[row]
            size = max(self.rows_of[code, first], self.rows_of[code, source])
            facts: Facts = {
                "first": base.value[row][:size].tolist(),
                "second": votes.value[row][:size].tolist(),
            }
            rule = copies_rule(first, source)
            self._fail(rule, int(row), first, source, found.delta[row][:size], int(stake[row]), facts)

    def _note(
        self, rule: FormRule, source: str, outcome: Outcome, facts: Mapping[str, NDArray[np.int64]]
    ) -> None:
        check = outcome.check
        for row in np.flatnonzero(check.failed):
            delta = check.delta[row : row + 1]
            stake = min(abs(int(delta[0])), int(self.ballots[row])) if rule.test.stakes else 0
            shown: Facts = {name: int(values[row]) for name, values in facts.items()}
            self._fail(rule.id, int(row), source, "", delta, stake, shown)

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


@dataclass(frozen=True, slots=True)
class RecapCopy:
    """The official recap of a unit that came last."""

    unit: str
    source: str
    came_at: datetime
    figures: Figures
    district: str = ""


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
    if recap.district:
        facts["district"] = recap.district
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

"""What a rule of the form tests, as data, and the one engine that runs it over all stations at once.

A test names fields of the form by their ids (`dpt_j`, `pengguna_dpt_l`, `sah`); `votes` stands for the sum of all
choices, and a `*` in a name for each of `each` (men, women, all). `law/forms` holds the tests with their sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, singledispatch

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ronda.methods.tally.checks import Bools, Check, Count, Ints, outside, with_reserve

VOTES = "votes"
Floats = NDArray[np.float64]


class Test(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Base of all tests. `stakes`: whether the difference is votes that could be decided otherwise."""

    __test__ = False  # no test of pytest

    stakes: bool = False
    each: tuple[str, ...] = ("",)


class Equal(Test, frozen=True, kw_only=True, tag="equal"):
    """Two sums are equal, but for `tolerance`."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    tolerance: int = 0


class AtMost(Test, frozen=True, kw_only=True, tag="at_most"):
    """One sum is not above another."""

    left: tuple[str, ...]
    right: tuple[str, ...]


class AtLeast(Test, frozen=True, kw_only=True, tag="at_least"):
    """A figure is not below a number."""

    field: str
    least: int


class Digits(Test, frozen=True, kw_only=True, tag="digits"):
    """Every figure fits the boxes of the form."""

    limit: int = 999


class VotersCap(Test, frozen=True, kw_only=True, tag="voters_cap"):
    """Registered voters are not above the limit of the election."""

    voters: str


class Ballots(Test, frozen=True, kw_only=True, tag="ballots"):
    """Ballots received are the registered voters and the reserve, but for `tolerance`."""

    received: str
    voters: str
    tolerance: int = 1


class VotesCap(Test, frozen=True, kw_only=True, tag="votes_cap"):
    """No choice is above the ballots there were, or above the voters who came."""

    users: str
    voters: str


class PartySum(Test, frozen=True, kw_only=True, tag="party_sum"):
    """The written total of each party is its own votes and those of its candidates."""


class Across(Test, frozen=True, kw_only=True, tag="across"):
    """A figure is the same in all contests of a station; with `at_most`, not above that of the first contest."""

    fields: tuple[str, ...]
    at_most: bool = False


class Reading(Test, frozen=True, kw_only=True, tag="reading"):
    """Another reading of the same rows (in words, tally marks, bubbles) gives the same figures."""

    of: str


class Outlier(Test, frozen=True, kw_only=True, tag="outlier"):
    """A share is not above the given quantile of its district."""

    part: str
    whole: str
    quantile: float


class Shares(Test, frozen=True, kw_only=True, tag="shares"):
    """Not both: nearly all voters came, and nearly all voted for one choice."""

    users: str
    voters: str
    share: str


class Compared(Test, frozen=True, kw_only=True, tag="compared"):
    """Copies or levels are compared row by row: the work of `compare` and of `methods.recap`."""


AnyTest = (
    Equal
    | AtMost
    | AtLeast
    | Digits
    | VotersCap
    | Ballots
    | VotesCap
    | PartySum
    | Across
    | Reading
    | Outlier
    | Shares
    | Compared
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an election allows a station.

    Parameters
    ----------
    voters_max : int; most registered voters of one station
    reserve_share : Fraction; spare ballots as a share of registered voters

    Examples
    --------
    >>> Limits(300, Fraction(2, 100)).voters_max
    300
    """

    voters_max: int
    reserve_share: Fraction


@dataclass(frozen=True, eq=False)
class Sheets:
    """One copy of one contest of many stations.

    Parameters
    ----------
    fields : Count of shape (n,) by field id; a field that is not here was reported by no station
    votes : Count of shape (n, k), choices in the order of the form
    parties : by party number, the places of its rows in `votes`; empty where there are no lists
    readings : Count of shape (n, k) by kind of reading
    district : int array of shape (n,), any numbering of districts; needed by outliers only
    others : the same stations in other contests, in the order of the ballot papers

    Examples
    --------
    >>> sheets = Sheets({"sah": Count.of([230, None])}, Count.of([[190, 42], [1, 2]]))
    >>> sheets.figure("votes").value.tolist(), sheets.figure("tidak_sah").present.tolist()
    ([232, 3], [False, False])
    """

    fields: Mapping[str, Count]
    votes: Count
    parties: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    readings: Mapping[str, Count] = field(default_factory=dict)
    district: Ints | None = None
    others: tuple[Sheets, ...] = ()

    def __len__(self) -> int:
        return len(self.votes.value)

    def figure(self, name: str) -> Count:
        """One field; absent everywhere if no station reported it."""
        if name == VOTES:
            return self._all_votes
        found = self.fields.get(name)
        if found is None:
            return Count(np.zeros(len(self), np.int64), np.zeros(len(self), np.bool_))
        return found

    @cached_property
    def _all_votes(self) -> Count:
        total = self.votes.value.sum(axis=1)
        return Count(total, self.votes.complete() & (self.votes.value.shape[1] > 0))

    def total(self, names: tuple[str, ...]) -> Count:
        """The sum of fields, present where each is."""
        total = self.figure(names[0])
        for name in names[1:]:
            more = self.figure(name)
            total = Count(total.value + more.value, total.present & more.present)
        return total


@dataclass(frozen=True, eq=False)
class Outcome:
    """A check, and the two figures that were held against each other.

    Parameters
    ----------
    check : Check over all stations
    left, right : int64 arrays of shape (n,); meaningful where `check.tested`

    Examples
    --------
    >>> check = Check(np.array([True]), np.array([False]), np.array([0]))
    >>> Outcome(check, np.array([5]), np.array([999])).check.failed.tolist()
    [False]
    """

    check: Check
    left: Ints
    right: Ints


def evaluate(test: AnyTest, sheets: Sheets, limits: Limits) -> Outcome:
    """Run one test over all stations.

    Parameters
    ----------
    test : one of `AnyTest` but `Compared`, which raises TypeError
    sheets : Sheets of n stations
    limits : Limits of the election

    Returns
    -------
    Outcome
        `check.delta` is left minus right where it fails, else 0; of several parts (men, women, all) the part that
        is furthest off counts. A station is tested only where every figure the part needs is present.

    Examples
    --------
    >>> sheets = Sheets({"sah": Count.of([230]), "tidak_sah": Count.of([2])}, Count.of([[190, 42]]))
    >>> evaluate(Equal(left=("votes",), right=("sah",)), sheets, Limits(300, Fraction(2, 100))).check.delta.tolist()
    [2]
    """
    parts = _parts(test, sheets, limits)
    first = next(parts, None)
    if first is None:
        nothing = np.zeros(len(sheets), np.int64)
        return Outcome(Check(nothing != 0, nothing != 0, nothing), nothing, nothing)
    tested = first[0].present & first[1].present
    delta = np.where(tested, first[2], 0)
    left, right = first[0].value.copy(), first[1].value.copy()
    for part_left, part_right, off in parts:
        present = part_left.present & part_right.present
        rows = np.flatnonzero(present & ((off != 0) | ~tested))
        rows = rows[(np.abs(off[rows]) > np.abs(delta[rows])) | ~tested[rows]]
        delta[rows], left[rows], right[rows] = off[rows], part_left.value[rows], part_right.value[rows]
        tested |= present
    return Outcome(Check(tested, tested & (delta != 0), delta), left, right)


Part = tuple[Count, Count, Ints]


@singledispatch
def _parts(test: Test, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    """Pairs of figures and by how much they break the test; 0 where they do not."""
    raise TypeError(f"{type(test).__name__} is not run on single sheets")


def _names(names: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(name.replace("*", one) for name in names)


@_parts.register
def _equal(test: Equal, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    for one in test.each:
        left, right = sheets.total(_names(test.left, one)), sheets.total(_names(test.right, one))
        off = left.value - right.value
        yield left, right, np.where(np.abs(off) > test.tolerance, off, 0)


@_parts.register
def _at_most(test: AtMost, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    for one in test.each:
        left, right = sheets.total(_names(test.left, one)), sheets.total(_names(test.right, one))
        yield left, right, np.maximum(left.value - right.value, 0)


@_parts.register
def _at_least(test: AtLeast, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    came = sheets.figure(test.field)
    yield came, _level(test.least, came), np.minimum(came.value - test.least, 0)


@_parts.register
def _digits(test: Digits, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    worst, tested = outside(sheets.votes, test.limit), np.logical_or.reduce(sheets.votes.present, axis=1)
    for figure in sheets.fields.values():
        worst = np.maximum(worst, outside(figure, test.limit))
        tested = tested | figure.present
    found = Count(worst, tested)
    yield found, _level(test.limit, found), worst


@_parts.register
def _voters_cap(test: VotersCap, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    voters = sheets.figure(test.voters)
    yield voters, _level(limits.voters_max, voters), np.maximum(voters.value - limits.voters_max, 0)


@_parts.register
def _ballots(test: Ballots, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    received, voters = sheets.figure(test.received), sheets.figure(test.voters)
    wanted = Count(with_reserve(voters.value, limits.reserve_share), voters.present)
    off = received.value - wanted.value
    yield received, wanted, np.where(np.abs(off) > test.tolerance, off, 0)


@_parts.register
def _votes_cap(test: VotesCap, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    users, voters = sheets.figure(test.users), sheets.figure(test.voters)
    bound = np.minimum(with_reserve(voters.value, limits.reserve_share), users.value)
    largest = Count(sheets.votes.value.max(axis=1, initial=0), sheets.figure(VOTES).present)
    yield largest, Count(bound, users.present & voters.present), np.maximum(largest.value - bound, 0)


@_parts.register
def _party_sum(test: PartySum, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    for number, rows in sheets.parties.items():
        at = list(rows)
        summed = Count(
            sheets.votes.value[:, at].sum(axis=1), np.logical_and.reduce(sheets.votes.present[:, at], axis=1)
        )
        written = sheets.figure(party_total(number))
        yield summed, written, summed.value - written.value


def party_total(number: int) -> str:
    """Field id of the written total of a party (row B of its block).

    Parameters
    ----------
    number : int; ballot number of the party

    Examples
    --------
    >>> party_total(4)
    'jumlah_partai_04'
    """
    return f"jumlah_partai_{number:02d}"


@_parts.register
def _across(test: Across, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    for name in test.fields:
        here = sheets.figure(name)
        for other in sheets.others[:1] if test.at_most else sheets.others:
            there = other.figure(name)
            off = here.value - there.value
            yield here, there, np.maximum(off, 0) if test.at_most else off


@_parts.register
def _reading(test: Reading, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    other = sheets.readings.get(test.of)
    if other is None:
        return
    both = sheets.votes.present & other.present
    off = np.where(both, sheets.votes.value - other.value, 0)
    at = np.abs(off).argmax(axis=1) if off.shape[1] else np.zeros(len(sheets), np.int64)
    rows = np.arange(len(sheets))
    any_read: Bools = np.logical_or.reduce(both, axis=1)
    pick = [Count(count.value[rows, at], any_read) for count in (sheets.votes, other)]
    yield pick[0], pick[1], off[rows, at]


@_parts.register
def _outlier(test: Outlier, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    part, whole = sheets.figure(test.part), sheets.figure(test.whole)
    present = part.present & whole.present & (whole.value > 0)
    if sheets.district is None or not present.any():
        return
    share = np.where(present, part.value / np.maximum(whole.value, 1), 0.0)
    bound = np.zeros(len(sheets))
    bound[present] = _quantile_of_group(share[present], sheets.district[present], test.quantile)
    usual = np.floor(bound * whole.value).astype(np.int64)
    off = np.where(share > bound, part.value - usual, 0)
    yield Count(part.value, present), Count(usual, present), off


def _quantile_of_group(values: Floats, group: Ints, quantile: float) -> Floats:
    """For each value the quantile of its group, as `np.quantile` reckons it, all groups in one pass."""
    order = np.lexsort((values, group))
    ordered, starts = values[order], np.flatnonzero(np.diff(group[order], prepend=group[order[0]] - 1))
    sizes = np.diff(starts, append=len(values))
    place = quantile * (sizes - 1)
    low = np.floor(place).astype(np.int64)
    below, above = ordered[starts + low], ordered[starts + np.minimum(low + 1, sizes - 1)]
    found = np.empty(len(values))
    found[order] = np.repeat(below + (above - below) * (place - low), sizes)
    return found


@_parts.register
def _shares(test: Shares, sheets: Sheets, limits: Limits) -> Iterator[Part]:
    users, voters, total = sheets.figure(test.users), sheets.figure(test.voters), sheets.figure(VOTES)
    share = Fraction(test.share)
    largest = sheets.votes.value.max(axis=1, initial=0)
    nearly = _above(users.value, voters.value, share) & _above(largest, total.value, share)
    present = users.present & voters.present & total.present & (voters.value > 0) & (total.value > 0)
    yield Count(largest, present), Count(total.value, present), np.where(nearly, largest, 0)


def _above(part: Ints, whole: Ints, share: Fraction) -> Bools:
    above: Bools = part * share.denominator >= whole * share.numerator
    return above


def _level(number: int, like: Count) -> Count:
    shape = like.value.shape
    return Count(np.broadcast_to(np.int64(number), shape), np.broadcast_to(np.True_, shape))

"""What holds for any figures: missing is not zero, order does not matter, totals are kept."""

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronda.methods.tally import (
    Check,
    Count,
    Limits,
    Sheets,
    compare,
    evaluate,
    moved_votes,
    range_digits,
    recap_check,
    unit_sums,
    with_reserve,
)
from ronda.methods.tally.rules import Equal, Outlier, VotersCap, VotesCap

LIMITS = Limits(300, Fraction(2, 100))


def valid_sum(votes: Count, valid: Count) -> Check:
    return evaluate(Equal(left=("votes",), right=("sah",)), Sheets({"sah": valid}, votes), LIMITS).check


def turnout_mismatch(valid: Count, invalid: Count, users: Count) -> Check:
    fields = {"sah": valid, "tidak_sah": invalid, "pengguna_j": users}
    test = Equal(left=("sah", "tidak_sah"), right=("pengguna_j",))
    return evaluate(test, Sheets(fields, no_votes(valid)), LIMITS).check


def votes_gt_cap(votes: Count, users: Count, registered: Count) -> Check:
    fields = {"pengguna_j": users, "dpt_j": registered}
    return evaluate(VotesCap(users="pengguna_j", voters="dpt_j"), Sheets(fields, votes), LIMITS).check


def dpt_cap(registered: Count) -> Check:
    return evaluate(
        VotersCap(voters="dpt_j"), Sheets({"dpt_j": registered}, no_votes(registered)), LIMITS
    ).check


def no_votes(like: Count) -> Count:
    return Count.of(np.zeros((len(like.value), 0), dtype=object))


figure = st.none() | st.integers(0, 999)
row = st.tuples(figure, figure, figure, figure, figure, figure)
rows = st.lists(row, max_size=30)


def columns(data: list[tuple[int | None, ...]]) -> tuple[Count, Count, Count, Count, Count]:
    cells = np.array(data, dtype=object).reshape(-1, 6)
    votes = Count.of(cells[:, :2])
    return votes, *(Count.of(cells[:, at]) for at in range(2, 6))  # type: ignore[return-value]


@given(rows)
def test_every_check_agrees_with_a_plain_loop(data):
    votes, valid, invalid, users, registered = columns(data)
    reserve = Fraction(2, 100)
    for at, (a, b, sah, rusak, hadir, dpt) in enumerate(data):
        expected = None if None in (a, b, sah) else a + b - sah
        assert (valid_sum(votes, valid).delta[at] or None) == (expected or None)
        expected = None if None in (sah, rusak, hadir) else sah + rusak - hadir
        assert (turnout_mismatch(valid, invalid, users).delta[at] or None) == (expected or None)
        known = None not in (a, b, hadir, dpt)
        cap = known and max(max(a, b) - min(dpt + ceil(dpt * reserve), hadir), 0)
        assert (votes_gt_cap(votes, users, registered).delta[at] or None) == (cap or None)
        assert bool(dpt_cap(registered).failed[at]) == (dpt is not None and dpt > 300)


@given(rows)
def test_a_missing_figure_is_never_tested_and_never_fails(data):
    votes, valid, invalid, users, registered = columns(data)
    checks = [
        (valid_sum(votes, valid), [0, 1, 2]),
        (turnout_mismatch(valid, invalid, users), [2, 3, 4]),
        (votes_gt_cap(votes, users, registered), [0, 1, 4, 5]),
        (dpt_cap(registered), [5]),
    ]
    for check, needed in checks:
        expected = [all(cells[at] is not None for at in needed) for cells in data]
        assert check.tested.tolist() == expected
        assert not (check.failed & ~check.tested).any()
        assert ((check.delta != 0) == check.failed).all()


@given(rows)
def test_what_stands_under_a_missing_figure_changes_nothing(data):
    votes, valid, *_ = columns(data)
    noisy = Count(np.where(votes.present, votes.value, 777), votes.present)
    assert valid_sum(noisy, valid).delta.tolist() == valid_sum(votes, valid).delta.tolist()
    assert compare(noisy, votes).delta.tolist() == compare(votes, votes).delta.tolist()


@given(rows, st.randoms(use_true_random=False))
def test_order_of_stations_does_not_matter(data, random):
    order = list(range(len(data)))
    random.shuffle(order)
    votes, valid, *_ = columns(data)
    shuffled, shuffled_valid, *_ = columns([data[at] for at in order])
    assert (
        valid_sum(shuffled, shuffled_valid).failed.tolist() == valid_sum(votes, valid).failed[order].tolist()
    )


@given(rows, rows)
def test_swapping_copies_turns_the_difference_round(first, second):
    size = min(len(first), len(second))
    a, b = columns(first[:size])[0], columns(second[:size])[0]
    there, back = compare(a, b), compare(b, a)
    assert (there.delta == -back.delta).all()
    assert there.differ.tolist() == back.differ.tolist()
    assert there.net.tolist() == [-number for number in back.net.tolist()]
    assert not compare(a, a).differ.any()


@given(st.lists(st.tuples(st.integers(0, 4), figure, figure), max_size=40))
def test_unit_sums_keep_every_vote_of_complete_stations(data):
    unit = np.array([row[0] for row in data], dtype=np.int64)
    votes = Count.of(np.array([row[1:] for row in data], dtype=object).reshape(-1, 2))
    sums = unit_sums(unit, votes, 5)
    assert sums.votes.sum(axis=0).tolist() == votes.value[votes.complete()].sum(axis=0).tolist()
    assert sums.stations.sum() == len(data)
    own = recap_check(sums, Count(sums.votes, np.ones_like(sums.votes, dtype=np.bool_)))
    assert not own.failed.any()
    assert own.tested.tolist() == sums.is_complete.tolist()


@given(st.lists(st.lists(st.integers(-500, 500), min_size=3, max_size=3), min_size=1))
def test_moved_votes_lie_between_the_largest_change_and_all_changes(data):
    delta = np.array(data)
    moved = moved_votes(delta)
    assert (moved >= np.abs(delta).max(axis=1)).all()
    assert (moved <= np.abs(delta).sum(axis=1)).all()
    assert moved_votes(-delta).tolist() == moved.tolist()


@given(st.integers(0, 10**6), st.sampled_from([Fraction(2, 100), Fraction(25, 1000)]))
def test_reserve_is_rounded_up_exactly(registered, share):
    assert with_reserve(np.array([registered]), share)[0] == registered + ceil(registered * share)


def test_reserve_of_jakarta_equals_its_published_ballots():
    # KPU Jakarta 2024: 8,425,775 ballots, rounded up per station; as one station it is a lower bound
    assert with_reserve(np.array([8_214_007]), Fraction(25, 1000))[0] == 8_419_358


def test_no_station_at_all_gives_empty_answers():
    empty = Count.of(np.zeros((0, 2), dtype=object))
    none = Count.of(np.zeros(0, dtype=object))
    assert valid_sum(empty, none).failed.shape == (0,)
    assert votes_gt_cap(empty, none, none).failed.shape == (0,)
    assert compare(empty, empty).net.tolist() == [0, 0]
    assert unit_sums(np.zeros(0, np.int64), empty, 0).stations.shape == (0,)
    assert range_digits(empty).failed.shape == (0,)


def test_inputs_are_left_as_they_were():
    votes, valid = Count.of([[5, 6]]), Count.of([12])
    before = votes.value.copy()
    valid_sum(votes, valid)
    compare(votes, votes)
    assert (votes.value == before).all()


def test_copies_of_different_shape_are_refused_with_both_shapes():
    with pytest.raises(ValueError, match=r"\(1, 2\) and \(2, 2\)"):
        compare(Count.of([[1, 2]]), Count.of([[1, 2], [3, 4]]))
    with pytest.raises(ValueError, match=r"0\.\.1, got 0\.\.2"):
        unit_sums(np.array([0, 2]), Count.of([[1, 2], [3, 4]]), 2)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(1, 300)), min_size=1, max_size=40)
)
def test_the_bound_of_a_district_is_the_quantile_of_its_own_stations(data):
    district, part, whole = (np.array(column) for column in zip(*data, strict=True))
    fields = {"part": Count(part, part >= 0), "whole": Count(whole, whole > 0)}
    sheets = Sheets(fields, no_votes(fields["part"]), district=district)
    failed = evaluate(Outlier(part="part", whole="whole", quantile=0.75), sheets, LIMITS).check.failed
    for one in np.unique(district):
        share = (part / whole)[district == one]
        bound = np.quantile(share, 0.75)
        near = np.isclose(share, bound, rtol=1e-12)
        assert (failed[district == one] == (share > bound))[~near].all()

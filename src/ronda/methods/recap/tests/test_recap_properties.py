"""What holds for any figures: every vote is told once, missing is not zero, chance stands out at its rate."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ronda.methods.recap import (
    Differences,
    Figures,
    FormRows,
    Line,
    moves,
    row_differences,
    shifts,
    systematic,
)

ROWS = FormRows.of(
    ("party", 1),
    ("candidate", 1, 1),
    ("party", 2),
    ("candidate", 2, 1),
    ("candidate", 2, 2),
    ("choice", 0, 9),
    ("valid",),
    ("invalid",),
    ("unused",),
    ("voters",),
)
figure = st.none() | st.integers(0, 9)
column = st.lists(figure, min_size=10, max_size=10)
pairs = st.lists(st.tuples(column, column), min_size=1, max_size=8)


def compared(data):
    return row_differences(Figures.of([c for c, _ in data]), Figures.of([d for _, d in data]))


@given(pairs)
def test_moves_add_up_to_the_differences_row_by_row(data):
    found = compared(data)
    told = np.zeros(10, np.int64)
    for move in moves(ROWS, found, np.arange(len(data))):
        for row, votes in move.rose:
            told[row] += votes
        for row, votes in move.fell:
            told[row] -= votes
    expected = np.where(ROWS.where(Line.VALID), 0, found.delta.sum(axis=0))
    assert told.tolist() == expected.tolist()


@given(pairs)
def test_a_missing_figure_is_never_tested_and_never_differs(data):
    found = compared(data)
    for at, (c, d) in enumerate(data):
        for row in range(10):
            known = c[row] is not None and d[row] is not None
            assert found.tested[at, row] == known
            assert found.delta[at, row] == (d[row] - c[row] if known else 0)


@given(pairs, st.randoms(use_true_random=False))
def test_order_of_stations_does_not_matter(data, random):
    order = list(range(len(data)))
    random.shuffle(order)
    there, back = shifts(ROWS, compared(data)), shifts(ROWS, compared([data[at] for at in order]))
    assert there.votes[order].tolist() == back.votes.tolist()
    assert there.gains[order].tolist() == back.gains.tolist()


@given(st.lists(st.lists(st.integers(-5, 5), min_size=10, max_size=10), min_size=1, max_size=6))
def test_shifts_never_say_more_than_rows_gained(data):
    delta = np.array(data)
    moved = shifts(ROWS, Differences(np.full(delta.shape, True), delta))
    gained = np.maximum(delta, 0) * ROWS.is_choice
    assert (moved.votes <= gained.sum(axis=1)).all()
    assert (moved.gains <= (gained > 0)).all()


@given(st.integers(1, 50), st.sampled_from([(2, 3), (2, 4), (3, 4), (0, 1)]))
def test_every_shift_inside_a_party_of_one_vote_or_more_is_found(votes, rows):
    loser, gainer = rows
    delta = np.zeros((1, 10), np.int64)
    delta[0, loser], delta[0, gainer] = -votes, votes
    assert shifts(ROWS, Differences(np.full((1, 10), True), delta)).within.sum() == votes


def test_no_station_gives_no_move():
    none = np.zeros((0, 10), np.int64)
    assert moves(ROWS, Differences(none == 1, none), np.zeros(0, np.int64)) == []


def _slips(rng, stations):
    """One vote from any row to any other in every station, every row as likely."""
    delta, at = np.zeros((stations, 20), np.int64), np.arange(stations)
    loser = rng.integers(0, 20, stations)
    delta[at, loser], delta[at, (loser + rng.integers(1, 20, stations)) % 20] = -1, 1
    return Differences(np.full(delta.shape, True), delta)


def test_honest_slips_rarely_make_a_row_systematic():
    rng = np.random.default_rng(2026)
    rows = FormRows.of(*[("choice", 0, number) for number in range(1, 21)])
    home = np.zeros(40, np.int64)
    alarms = [systematic(rows, shifts(rows, _slips(rng, 40)), home, 1).stands_out.any() for _ in range(600)]
    # one district in twenty at most; standard error of 600 districts 0.9 points
    assert np.mean(alarms) < 0.05 + 3 * 0.009

"""The worked examples of docs/methods/recap.md, by number."""

import numpy as np
import pytest

from ronda.methods.recap import (
    Figures,
    FormRows,
    MoveKind,
    moves,
    moves_across,
    row_differences,
    shifts,
    sum_differences,
    systematic,
)

ROWS = FormRows.of(
    ("party", 4),
    ("candidate", 4, 1),
    ("candidate", 4, 2),
    ("party", 12),
    ("candidate", 12, 1),
    ("candidate", 12, 2),
    ("candidate", 12, 3),
    ("valid",),
    ("invalid",),
    ("unused",),
    ("voters",),
)
P4, P4C1, P4C2, P12, P12C1, P12C2, P12C3, VALID, INVALID, UNUSED, VOTERS = range(11)
COUNTED = [20, 11, 7, 30, 12, 9, 5, 94, 6, 40, 100]


def differences(*changes: dict[int, int]):
    """One station per change, all with the same C form."""
    earlier = np.tile(np.array(COUNTED), (len(changes), 1))
    later = earlier.copy()
    for at, change in enumerate(changes):
        for row, votes in change.items():
            later[at, row] += votes
    return row_differences(Figures.of(earlier), Figures.of(later))


def one_village(found):
    return np.zeros(found.delta.shape[0], np.int64)


def test_example_1_a_party_gives_to_its_candidate_in_nine_stations():
    found = differences(*[{P12: -4, P12C3: 4}] * 8, {P12: -5, P12C3: 5})
    moved = shifts(ROWS, found)
    assert moved.within.sum(axis=0).tolist() == [0, 37]
    assert not np.concatenate([moved.between, moved.from_invalid, moved.from_unused]).any()
    (move,) = moves(ROWS, found, one_village(found))
    assert (move.kind, move.fell, move.rose) == (MoveKind.WITHIN, ((P12, 37),), ((P12C3, 37),))
    assert (len(move.stations), move.village, move.votes) == (9, 0, 37)
    many = systematic(ROWS, moved, one_village(found), 1)
    assert many.stations[0, P12C3] == 9
    assert many.p_value[0, P12C3] == pytest.approx(7.0**-9)
    assert np.flatnonzero(many.stands_out[0]).tolist() == [P12C3]


def test_example_2_votes_go_from_party_to_party():
    found = differences({P4C1: -10, P12C2: 10})
    assert shifts(ROWS, found).between.tolist() == [10]
    (move,) = moves(ROWS, found, one_village(found))
    assert (move.kind, move.fell, move.rose) == (MoveKind.BETWEEN, ((P4C1, 10),), ((P12C2, 10),))


def test_example_3_votes_are_made_from_invalid_ones():
    found = differences({P12: 6, VALID: 6, INVALID: -6}, {P12: 6, INVALID: -6})
    assert shifts(ROWS, found).from_invalid.tolist() == [6, 0]
    kinds = [(move.kind, move.fell) for move in moves(ROWS, found, one_village(found))]
    assert kinds == [(MoveKind.FROM_INVALID, ((INVALID, 6),)), (MoveKind.ADDED, ((INVALID, 6),))]


def test_example_4_votes_are_made_from_invalid_and_unused_ones():
    found = differences({P12: 6, VALID: 6, INVALID: -2, UNUSED: -4, VOTERS: 4})
    moved = shifts(ROWS, found)
    assert (moved.from_invalid.tolist(), moved.from_unused.tolist(), moved.voters.tolist()) == ([2], [4], [4])
    first, second = moves(ROWS, found, one_village(found))
    assert (first.kind, first.fell) == (MoveKind.FROM_UNUSED, ((UNUSED, 4), (INVALID, 2)))
    assert (second.kind, second.rose) == (MoveKind.VOTERS, ((VOTERS, 4),))


def test_example_5_a_mixed_case_says_both_parts():
    found = differences({P12: -5, P12C3: 3, P4: 2})
    moved = shifts(ROWS, found)
    assert (moved.within.tolist(), moved.between.tolist()) == ([[0, 3]], [2])
    assert moved.votes.tolist() == [5]
    (move,) = moves(ROWS, found, one_village(found))
    assert (move.kind, move.rose) == (MoveKind.BETWEEN, ((P12C3, 3), (P4, 2)))


def test_example_6_a_shift_over_two_stations_shows_in_the_village():
    found = differences({P12: -3}, {P12C3: 3})
    assert not shifts(ROWS, found).within.any()
    pooled = found.pooled(one_village(found), 1)
    assert shifts(ROWS, pooled).within.tolist() == [[0, 3]]
    assert {move.kind for move in moves(ROWS, found, one_village(found))} == {MoveKind.ADDED, MoveKind.LOST}
    (move,) = moves_across(ROWS, found, one_village(found))
    assert (move.kind, move.fell, move.rose) == (MoveKind.WITHIN, ((P12, 3),), ((P12C3, 3),))
    assert (move.stations, move.village) == ((0, 1), 0)


def test_what_a_station_explains_by_itself_is_not_told_across_its_village():
    found = differences({P12: -3, P12C3: 3}, {P4C1: -2, P12C2: 2}, {P4: 5})
    assert moves_across(ROWS, found, one_village(found)) == []


def test_two_villages_do_not_make_up_for_each_other():
    found = differences({P12: -3}, {P12C3: 3})
    assert moves_across(ROWS, found, np.array([1, 2])) == []


@pytest.mark.parametrize(("mine", "p_value", "stands_out"), [(3, 0.0037, True), (2, 0.0523, False)])
def test_example_7_the_binomial_agrees_with_a_hand_reckoning(mine, p_value, stands_out):
    rows = FormRows.of(*[("choice", 0, number) for number in range(1, 11)])
    delta = np.zeros((4, 10), np.int64)
    delta[:, 0] = -2
    for station in range(4):
        delta[station, 5 if station < mine else 6 + station] = 2
    found = row_differences(Figures.of(delta * 0), Figures.of(delta))
    many = systematic(rows, shifts(rows, found), np.zeros(4, np.int64), 1)
    assert many.p_value[0, 5] == pytest.approx(p_value)
    assert bool(many.stands_out[0, 5]) is stands_out


def test_a_single_shift_never_stands_out():
    found = differences({P12: -5, P12C3: 5})
    assert not systematic(ROWS, shifts(ROWS, found), one_village(found), 1).stands_out.any()


def test_figures_that_land_one_by_one_are_told_as_open_until_the_party_is_whole():
    earlier = Figures.of([COUNTED])
    read: list[int | None] = [None] * 11
    read[P12], read[P12C1], read[P12C2] = 26, 12, 9
    waiting = row_differences(earlier, Figures.of([read]))
    assert [move.kind for move in moves(ROWS, waiting, np.array([0]))] == [MoveKind.OPEN]
    read[P12C3] = 9
    whole = row_differences(earlier, Figures.of([read]))
    assert [move.kind for move in moves(ROWS, whole, np.array([0]))] == [MoveKind.WITHIN]


def test_a_changed_invalid_row_alone_is_told_aside():
    found = differences({INVALID: 3})
    assert [(move.kind, move.rose) for move in moves(ROWS, found, one_village(found))] == [
        (MoveKind.ASIDE, ((INVALID, 3),))
    ]


def test_votes_that_vanish_are_lost_not_moved():
    found = differences({P4: -8, VALID: -8, INVALID: 8})
    moved = shifts(ROWS, found)
    assert (moved.votes.tolist(), moved.net.tolist()) == ([0], [-8])
    (move,) = moves(ROWS, found, one_village(found))
    assert (move.kind, move.fell, move.rose) == (MoveKind.LOST, ((P4, 8),), ((INVALID, 8),))


def test_a_village_is_not_named_when_stations_lie_in_two():
    found = differences({P12: -4, P12C3: 4}, {P12: -4, P12C3: 4})
    (move,) = moves(ROWS, found, np.array([1, 2]))
    assert move.village is None


def test_totals_are_held_against_their_parts_row_by_row():
    stations = Figures.of([[10, 1, None], [20, 2, 5], [7, 0, 1]])
    villages = Figures.of([[31, 3, 9], [7, None, 1]])
    found = sum_differences(np.array([0, 0, 1]), stations, villages)
    assert found.delta.tolist() == [[1, 0, 0], [0, 0, 0]]
    assert found.tested.tolist() == [[True, True, False], [True, False, True]]


def test_forms_that_do_not_fit_are_refused_with_what_came():
    with pytest.raises(ValueError, match=r"\(1, 2\) and \(1, 3\)"):
        row_differences(Figures.of([[1, 2]]), Figures.of([[1, 2, 3]]))
    with pytest.raises(ValueError, match=r"0\.\.0, got 1\.\.1"):
        sum_differences(np.array([1]), Figures.of([[1]]), Figures.of([[1]]))
    with pytest.raises(ValueError, match="11 rows; came 1"):
        shifts(ROWS, row_differences(Figures.of([[1]]), Figures.of([[2]])))
    with pytest.raises(ValueError, match=r"none in rows \[0\]"):
        FormRows.of(("candidate",))
    with pytest.raises(ValueError, match="came 2"):
        systematic(ROWS, shifts(ROWS, differences({})), np.zeros(1, np.int64), 1, rate=2)

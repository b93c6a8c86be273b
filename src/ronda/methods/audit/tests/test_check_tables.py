"""The audit lines of the check tables in the domain note on results, section 7.3; each test names its line."""

import math

import numpy as np
import pytest

from ronda.methods.audit import (
    Contest,
    bravo_mean_size,
    bravo_quantile_size,
    bravo_stop_chance,
    detection_size,
    error_bounds,
    macro_clean_size,
    macro_first_size,
    macro_p_value,
    supersimple_constant,
    supersimple_first_size,
    supersimple_size,
)


def _contest(margin_percent: int, batches: list[int]) -> Contest:
    """Batches of these sizes; in each the winner leads by so many percent of its ballots."""
    lead = [size * margin_percent // 100 for size in batches]
    votes = [[(size + ahead) // 2, (size - ahead) // 2] for size, ahead in zip(batches, lead, strict=True)]
    return Contest(np.array(votes), np.array(batches))


# "MACRO, margins 0.05 / 0.10 / 0.15 of ballots, risk 25 %, 400 batches": in all, in 150 and in 90 of them.
MACRO = [
    (_contest(5, [800] * 200 + [400] * 200), [0.07, 0.035], 21, 30, 26),
    (_contest(10, [400] * 150), [0.22 / 3], 11, 16, 12),
    (_contest(15, [400] * 90), [0.23 / 2.7], 23 / 3, 11, 7),
]


@pytest.mark.parametrize(("contest", "bounds", "total", "first", "after_four"), MACRO)
def test_macro_bounds_and_first_rounds(contest, bounds, total, first, after_four):
    found = error_bounds(contest)
    assert sorted({round(float(one), 4) for one in found}, reverse=True) == [round(one, 4) for one in bounds]
    assert found.sum() == pytest.approx(total)
    assert macro_first_size(contest, risk=0.25) + 1 == first  # Arlo draws one more
    # Each clean draw multiplies the value by 1 - 1/U, so four fewer are left.
    value = macro_p_value(found, [0, 0, 0, 0], np.zeros(4))
    left = math.ceil(math.log(0.25 / value) / math.log1p(-1 / total))
    assert left + 1 == after_four


@pytest.mark.parametrize(
    ("share", "ballots"), [(0.60, 119), (0.70, 30), (0.55, 470), (0.52, 2902), (0.51, 11562)]
)
def test_bravo_average_sizes(share, ballots):
    # The table prints whole ballots; 0.70 gives 30.03, all others round up to it.
    assert abs(bravo_mean_size(share, 1 - share, risk=0.1) - ballots) < 1


def test_bravo_average_of_arlo_is_exact():
    assert math.ceil(bravo_mean_size(0.6, 0.4, risk=0.1)) == 119


@pytest.mark.parametrize(
    ("winner", "loser", "chance", "ballots"),
    [
        (0.40, 0.32, 0.9, 1599),
        (0.36, 0.32, 0.9, 6067),
        (0.36, 0.32, 0.6, 2476),
        (0.52, 0.47, 0.9, 5657),
        (0.40, 0.32, 0.4, 409),
    ],
)
def test_bravo_quantile_sizes(winner, loser, chance, ballots):
    assert bravo_quantile_size(winner, loser, risk=0.1, chance=chance) == ballots


def test_bravo_stops_by_119_ballots_with_chance_0_52():
    assert round(bravo_stop_chance(0.6, 0.4, 119, risk=0.1), 2) == 0.52


def test_supersimple_constants():
    unit = 1e-7

    def term(**seen):
        return unit * (supersimple_size(unit, risk=0.1, **seen) - supersimple_size(unit, risk=0.1))

    assert unit * supersimple_size(unit, risk=0.1) == pytest.approx(4.785, abs=5e-4)
    assert term(over=(1, 0)) == pytest.approx(1.364, abs=5e-4)
    assert term(over=(0, 1)) == pytest.approx(6.819, abs=5e-4)
    assert term(under=(1, 0)) == pytest.approx(-0.816, abs=5e-4)
    assert term(under=(0, 1)) == pytest.approx(-1.401, abs=5e-4)
    assert supersimple_constant(risk=0.1, allowance=0.2) == pytest.approx(6.580, abs=5e-4)
    assert supersimple_constant(risk=0.1, allowance=0.5, gamma=1.1) == pytest.approx(15.201, abs=5e-4)


@pytest.mark.parametrize(("margin", "ballots"), [(0.20, 27), (0.10, 54), (0.15, 36), (2 / 15, 40), (1, 6)])
def test_supersimple_first_sizes_of_arlo(margin, ballots):
    assert supersimple_first_size(margin, risk=0.1) == ballots


@pytest.mark.parametrize(
    ("share", "at_ten", "at_five"),
    [(0.005, 462, 601), (0.01, 232, 302), (0.02, 117, 152), (0.05, 48, 62), (0.10, 25, 32), (0.20, 13, 17)],
)
def test_kaplan_markov_sizes_for_equal_batches(share, at_ten, at_five):
    total = (1 + share) / share
    assert (macro_clean_size(total, risk=0.1), macro_clean_size(total, risk=0.05)) == (at_ten, at_five)


@pytest.mark.parametrize(
    ("units", "faulty", "drawn"),
    [(876, 9, 247), (876, 44, 57), (2400, 24, 281), (2400, 120, 58), (8000, 80, 293), (8000, 400, 59)],
)
def test_detection_sizes_at_95_percent(units, faulty, drawn):
    assert detection_size(units, faulty, confidence=0.95) == drawn

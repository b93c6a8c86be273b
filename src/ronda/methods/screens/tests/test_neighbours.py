"""What the neighbour screen finds, how often it cries for nothing, and what it cannot see."""

import numpy as np
import pytest

from ronda.methods.screens import benjamini_hochberg, equal_vectors, neighbour_outliers

STATIONS, PER_VILLAGE, VILLAGES_PER_DISTRICT = 400, 8, 10


def _regency(rng):
    """Votes, valid votes, village and district of a made-up regency: villages differ, stations of one a little less."""
    village = np.repeat(np.arange(STATIONS // PER_VILLAGE), PER_VILLAGE)
    mean = np.clip(0.6 + rng.normal(0, 0.08, village.max() + 1), 0.05, 0.95)[village]
    size = mean * (1 - mean) / 0.05**2 - 1
    valid = rng.integers(120, 260, STATIONS)
    votes = rng.binomial(valid, rng.beta(mean * size, (1 - mean) * size))
    return votes, valid, village, village // VILLAGES_PER_DISTRICT


def test_cries_for_nothing_in_about_one_regency_of_twenty():
    # 120 clean regencies; the rate is 5 %, three standard errors are 6 points, and the model is a little narrow.
    cried = [
        neighbour_outliers(*_regency(np.random.default_rng(n)), seed=n).stands_out.any() for n in range(120)
    ]
    assert np.mean(cried) < 0.13


def test_residuals_of_clean_regencies_are_standard_normal():
    runs = [neighbour_outliers(*_regency(np.random.default_rng(n)), seed=n).residual for n in range(40)]
    residuals = np.concatenate(runs)
    assert abs(np.nanmean(residuals)) < 0.05
    assert abs(np.nanstd(residuals) - 1) < 0.05


@pytest.mark.parametrize(("added", "least"), [(40, 0.3), (60, 0.75), (80, 0.93)])
def test_finds_stations_to_which_votes_were_added(added, least):
    found = hidden = 0
    for n in range(30):
        rng = np.random.default_rng(1_000 + n)
        votes, valid, village, district = _regency(rng)
        at = rng.choice(STATIONS, 8, replace=False)
        votes[at] = np.minimum(valid[at], votes[at] + added)
        found += neighbour_outliers(votes, valid, village, district, seed=n).stands_out[at].sum()
        hidden += at.size
    assert found / hidden > least


def test_a_whole_village_that_moved_together_is_out_of_its_sight():
    votes, valid, village, district = _regency(np.random.default_rng(3))
    at = village == 7
    votes[at] = np.minimum(valid[at], votes[at] + 40)
    assert neighbour_outliers(votes, valid, village, district, seed=1).stands_out[at].mean() < 0.5


def test_lonely_and_empty_stations_are_not_tested():
    votes, valid, village, district = _regency(np.random.default_rng(5))
    village, valid = village.copy(), valid.copy()
    village[0], valid[9], votes[9] = 999, 0, 0
    found = neighbour_outliers(votes, valid, village, district, seed=1)
    assert np.isnan(found.p_value[[0, 9]]).all()
    assert found.basis.tests == STATIONS - 2


def test_more_votes_than_valid_are_refused():
    with pytest.raises(ValueError, match="1 stations above"):
        neighbour_outliers(np.array([5]), np.array([4]), np.array([0]), np.array([0]), seed=1)


def test_false_ones_among_many_tests_stay_few():
    p_values = np.concatenate([np.full(50, 1e-6), np.random.default_rng(1).uniform(size=950)])
    stands_out = benjamini_hochberg(p_values)
    assert stands_out[:50].all()
    assert stands_out[50:].sum() <= 8


def test_equal_results_beyond_chance_are_counted():
    rng = np.random.default_rng(2)
    votes = rng.multinomial(190, [0.2, 0.3, 0.5], 200)
    village = np.repeat(np.arange(25), 8)
    assert equal_vectors(votes, village, seed=1).p_value > 0.01
    votes[1::8] = votes[::8]
    found = equal_vectors(votes, village, seed=1)
    assert (found.observed >= 25, found.p_value < 0.01) == (True, True)

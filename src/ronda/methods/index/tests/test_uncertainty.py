"""Intervals against a slow reference, the Ishigami function, and what must hold of both."""

import numpy as np
import pytest

from ronda.methods.index import (
    Choices,
    Cutoffs,
    Scale,
    Structure,
    categories,
    choice_sensitivity,
    draw_runs,
    equal_weights,
    normalised,
    ranks_of,
    scored,
    sobol,
    spread_cutoffs,
    uncertainty,
)

PATHS = [("a", "1"), ("b", "3"), ("a", "2"), ("a", "2"), ("b", "3"), ("c", "4")]
SIX = equal_weights(PATHS)
SCALE = Scale(np.zeros(6), np.full(6, 10.0), np.array([True, True, False, True, True, True]))


def some_areas(n=50, missing=0.1, seed=1):
    rng = np.random.default_rng(seed)
    raw = rng.gamma(2, 2, (n, 6))
    raw[rng.random((n, 6)) < missing] = np.nan
    return raw


def slow(raw, choices, n_runs, seed):
    """The same runs one by one, in double precision, with the plain functions."""
    runs = draw_runs(SIX, choices, n_runs, np.random.default_rng(seed))
    made = []
    for at in range(n_runs):
        one = Structure(SIX.dimension_of, runs.weights[at], runs.dimension_weights[at])
        values = normalised(raw, SCALE, choices.normalisations[runs.normalisation[at]])
        way = choices.aggregations[runs.aggregation[at]]
        made.append(scored(values, one, aggregation=way, least_known_share=0).index)
    return np.array(made)


def test_intervals_are_those_of_a_slow_reference():
    raw, choices = some_areas(), Choices(error_points=0.0)
    found = uncertainty(raw, SCALE, SIX, cutoffs=spread_cutoffs, choices=choices, n_runs=200, seed=3)
    made = slow(raw, choices, 200, 3)
    is_scored = ~np.isnan(scored(normalised(raw, SCALE), SIX).index)
    made = made[:, is_scored]
    places = [9, 99, 189]  # the 5th, 50th and 95th of 100 among 200
    np.testing.assert_allclose(found.score[is_scored], np.sort(made, axis=0)[places].T, atol=2e-3)
    ranks = np.array([[1 + (run > own).sum() for own in run] for run in made])  # by brute force
    assert (np.abs(found.rank[is_scored] - np.sort(ranks, axis=0)[places].T) <= 1).all()
    high = np.array([categories(run, spread_cutoffs(run)) == 2 for run in made]).mean(axis=0)
    np.testing.assert_allclose(found.category_share[is_scored][:, 2], high, atol=0.011)


def test_without_choices_and_errors_nothing_is_uncertain():
    still = Choices(("minmax",), ("arithmetic",), weight_spread=0.0, error_points=0.0)
    raw = some_areas(missing=0.0)
    found = uncertainty(raw, SCALE, SIX, cutoffs=spread_cutoffs, choices=still, n_runs=20)
    assert (found.rank[:, 0] == found.rank[:, 2]).all()
    assert set(np.unique(found.category_share)) == {0.0, 1.0}


def test_errors_in_the_data_are_as_wide_as_those_that_are_drawn_value_by_value():
    raw = np.tile(np.array([4.0, 5, 6, 3, 4, 5]), (20_000, 1))
    errors = Choices(("minmax",), ("arithmetic",), weight_spread=0.0, error_points=3.0)
    quick = uncertainty(
        raw[:2], SCALE, SIX, cutoffs=lambda _s: Cutoffs(33, 66), choices=errors, n_runs=20_000
    )
    values = normalised(raw, SCALE) + np.random.default_rng(1).normal(0, 3, raw.shape)
    drawn = np.quantile(scored(values, SIX).index, [0.05, 0.95])
    np.testing.assert_allclose(quick.score[0, [0, 2]], drawn, atol=0.15)


def test_the_same_seed_gives_the_same_and_another_does_not():
    def made(seed):
        return uncertainty(some_areas(), SCALE, SIX, cutoffs=spread_cutoffs, n_runs=60, seed=seed).score

    np.testing.assert_array_equal(made(5), made(5))
    assert not np.array_equal(made(5), made(6), equal_nan=True)


def test_an_area_of_which_too_little_is_known_takes_no_place():
    raw = some_areas(missing=0.0)
    raw[4, 1:] = np.nan
    found = uncertainty(raw, SCALE, SIX, cutoffs=spread_cutoffs, n_runs=20)
    assert np.isnan(found.score[4]).all()
    assert found.rank[4].tolist() == [0, 0, 0]
    assert found.rank.max() == len(raw) - 1


def test_it_stops_when_told_to():
    with pytest.raises(InterruptedError):
        uncertainty(
            some_areas(), SCALE, SIX, cutoffs=spread_cutoffs, n_runs=100, go_on=lambda share: share < 0.5
        )


def test_ranks_are_those_of_counting():
    scores = np.random.default_rng(4).permutation(np.arange(5_000.0))
    assert (ranks_of(scores) == 5_000 - scores).all()


def test_sobol_finds_the_shares_of_the_ishigami_function():
    # Ishigami & Homma (1990), a = 7, b = 0.1: V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = b^2 pi^8 (1/18 - 1/50).
    first_part, second_part = (1 + 0.1 * np.pi**4 / 5) ** 2 / 2, 49 / 8
    both = 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = first_part + second_part + both

    def draw(n, rng):
        return {name: rng.uniform(-np.pi, np.pi, n) for name in "xyz"}

    def ishigami(at):
        return np.sin(at["x"]) + 7 * np.sin(at["y"]) ** 2 + 0.1 * at["z"] ** 4 * np.sin(at["x"])

    found = sobol(ishigami, draw, n=60_000, rng=np.random.default_rng(1))
    first = np.array([first_part, second_part, 0]) / whole  # 0.3139, 0.4424, 0
    total = np.array([first_part + both, second_part, both]) / whole  # 0.5576, 0.4424, 0.2437
    assert (np.abs(found.first - first) < 4 * found.first_error).all()
    assert (np.abs(found.total - total) < 4 * found.total_error).all()
    assert found.total_error.max() < 0.01


def test_a_choice_that_is_not_there_moves_nothing():
    one_way = Choices(("minmax",), ("arithmetic", "geometric"), weight_spread=0.0, error_points=0.0)
    found = choice_sensitivity(some_areas(200, 0.0), SCALE, SIX, choices=one_way, n=64)
    by_name = dict(zip(found.names, found.total, strict=True))
    assert by_name["aggregation"] > 0.5
    assert by_name["normalisation"] == by_name["weights"] == by_name["error"] == 0.0

"""Published figures of IKP, and what the formulas promise."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.shared_data import shared

from ronda.methods.index import (
    Cutoffs,
    Scale,
    Structure,
    categories,
    combined,
    contributions,
    decayed,
    equal_weights,
    moran,
    next_cutoffs,
    normalised,
    outcome,
    scored,
    similar_areas,
    smallest_changes,
    spread_cutoffs,
)

PATHS = [("a", "1"), ("a", "2"), ("a", "2"), ("b", "3"), ("c", "4"), ("c", "5")]
SIX = equal_weights(PATHS)
PLAIN = Scale(np.zeros(6), np.full(6, 100.0), np.ones(6, dtype=bool))
points = st.one_of(st.floats(0, 100), st.just(float("nan")))
tables = arrays(float, st.tuples(st.integers(1, 8), st.just(6)), elements=points)


def provinces(name="check_figures/ikp2024_provinsi.csv"):
    with shared(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("kind", "low", "high"), [("sample", 21.66, 68.70), ("population", 22.01, 68.35)])
def test_ikp_2024_of_the_provinces_is_mean_and_standard_deviation(kind, low, high):
    # Recomputed from the 34 published scores (domain note on vulnerability, section 2), Sulawesi Tenggara as 38.06.
    rows = provinces()
    scores = np.array(
        [38.06 if row["provinsi"] == "Sulawesi Tenggara" else float(row["skor"]) for row in rows]
    )
    found = spread_cutoffs(scores, kind=kind)
    assert (round(found.middle_from, 2), round(found.high_from, 2)) == (low, high)
    assert np.bincount(categories(scores, found)).tolist() == [8, 21, 5]
    words = ["rendah", "sedang", "tinggi"]
    assert [words[at] for at in categories(scores, found)] == [row["kategori"] for row in rows]


def test_ikp_2019_of_april_is_the_mean_of_four_dimensions_and_that_of_september_is_not():
    four = np.full(4, 0.25)
    april, september = np.array([[42.54, 54.22, 53.81, 47.94]]), np.array([[43.89, 53.80, 50.65, 46.18]])
    assert combined(april, four, "arithmetic").round(2).item() == 49.63
    assert combined(september, four, "arithmetic").round(2).item() == 48.63  # published: 49.00


def test_ikp_2019_cut_offs_keep_the_border_in_the_middle():
    fixed = Cutoffs(33.01, 66.01)
    assert categories(np.array([33.0, 33.01, 66.0, 66.01, 80.21]), fixed).tolist() == [0, 1, 1, 2, 2]


@given(tables)
def test_the_parts_of_an_area_sum_to_its_index(values):
    for aggregation in ("arithmetic", "geometric"):
        index = scored(values, SIX, aggregation=aggregation, least_known_share=0).index
        parts = contributions(values, SIX, aggregation=aggregation).sum(axis=1)
        np.testing.assert_allclose(parts, np.nan_to_num(index), atol=1e-9)


@given(tables, st.integers(0, 5), st.floats(0, 50))
def test_an_index_never_falls_when_an_indicator_rises(values, column, more):
    higher = values.copy()
    higher[:, column] = np.minimum(100, higher[:, column] + more)
    for aggregation in ("arithmetic", "geometric"):
        before, after = (scored(one, SIX, aggregation=aggregation).index for one in (values, higher))
        is_known = ~np.isnan(before)
        assert (after[is_known] >= before[is_known] - 1e-9).all()


def test_what_is_missing_is_left_out_and_too_little_gives_no_index():
    nan = np.nan
    found = scored(np.array([[60.0, nan, nan, 30.0, nan, nan], [60.0, nan, nan, nan, nan, nan]]), SIX)
    assert found.dimensions[0, 0] == 60.0
    assert found.index[0] == 45.0
    assert np.isnan(found.index[1])
    assert found.known_share.round(4).tolist() == [0.5, 0.1667]


def test_what_one_indicator_must_change_changes_the_category_and_less_does_not():
    values = np.random.default_rng(3).uniform(5, 95, (40, 6))
    for aggregation in ("arithmetic", "geometric"):
        index = scored(values, SIX, aggregation=aggregation).index
        cutoffs = spread_cutoffs(index)
        found = smallest_changes(values, SIX, next_cutoffs(index, cutoffs), aggregation=aggregation)
        for area in np.flatnonzero(found.indicator >= 0):
            moved = values[area : area + 1].copy()
            moved[0, found.indicator[area]] += found.change[area]
            reached = scored(moved, SIX, aggregation=aggregation).index.item()
            assert reached == pytest.approx(next_cutoffs(index, cutoffs)[area], abs=1e-6)


def test_the_most_similar_area_is_the_one_a_search_by_hand_finds():
    values = np.random.default_rng(5).uniform(0, 100, (60, 6))
    distance = np.sqrt(((values - values[7]) ** 2).mean(axis=1))
    distance[7] = np.inf
    assert similar_areas(values, 7, n=4).tolist() == np.argsort(distance)[:4].tolist()


def test_a_good_value_is_turned_round_and_one_that_is_alike_everywhere_says_nothing():
    scale = Scale(np.full(2, np.nan), np.full(2, np.nan), np.array([False, True]))
    raw = np.array([[1.0, 4.0], [3.0, 4.0], [5.0, 4.0]])
    assert normalised(raw, scale)[:, 0].tolist() == [100.0, 50.0, 0.0]
    assert normalised(raw, scale, "standard")[:, 1].tolist() == [50.0, 50.0, 50.0]
    assert normalised(raw, scale, "rank")[:, 1].tolist() == [50.0, 50.0, 50.0]


def test_weights_that_do_not_sum_to_one_are_refused_by_name():
    with pytest.raises(ValueError, match=r"dimension 1 sum to 0\.8"):
        Structure(np.array([0, 1]), np.array([1.0, 0.8]), np.array([0.5, 0.5]))


def test_a_score_that_foretells_all_is_told_from_one_that_foretells_nothing():
    rng = np.random.default_rng(11)
    happened = rng.random(4_000) < 0.1
    good = np.where(happened, 90.0, 10.0)
    nothing = rng.uniform(0, 100, 4_000)
    assert outcome(good, happened, high_from=66).auc == 1.0
    assert outcome(nothing, happened, high_from=66).auc == pytest.approx(0.5, abs=0.04)
    assert outcome(nothing, happened, high_from=66).lift == pytest.approx(1.0, abs=0.2)
    assert outcome(good, happened, high_from=66).brier == pytest.approx(0.01)


def test_neighbours_alike_are_told_from_neighbours_by_chance():
    side = 15
    at = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [
            np.stack([at[:, :-1].ravel(), at[:, 1:].ravel()], axis=1),
            np.stack([at[:-1].ravel(), at[1:].ravel()], axis=1),
        ]
    )
    slope = np.add.outer(np.arange(side), np.arange(side)).ravel().astype(float)
    assert moran(slope, pairs, runs=199).p_value == 0.005
    assert moran(np.random.default_rng(2).normal(size=side * side), pairs, runs=199).p_value > 0.05


def test_nothing_that_lies_ahead_counts():
    with pytest.raises(ValueError, match=r"3\.0 days ahead"):
        decayed(np.ones(1), np.array([-3.0]), half_life_days=7)

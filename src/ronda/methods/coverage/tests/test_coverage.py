"""The quick-count line of the check tables (domain note on results, 7.3), and what the formulas promise."""

import csv
import doctest
import math

import numpy as np
import pytest
from tests.shared_data import shared

from ronda.methods import coverage
from ronda.methods.coverage import (
    Stratum,
    bounds,
    design_effect,
    estimate,
    ratio_estimate,
    sample_size,
    stratified_estimate,
    worst_case,
)


@pytest.fixture(scope="module")
def malang():
    """District, votes for the first pair and valid votes as written, of the stations of Malang 2019."""
    with shared("results/pemilu2019_ppwp_tps_malang.csv").open(encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["kp_pas1"] and row["kp_pas2"] and int(row["kp_sah"] or 0)
        ]
    return tuple(np.array([int(row[name]) for row in rows]) for name in ("kec_id", "kp_pas1", "kp_sah"))


def _planned(parts, drawn):
    """The standard error that a sample of this size will have, with the spread of the whole register."""
    total = sum(votes.size for votes, _ in parts)
    every_votes, every_valid = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    share, variance = every_votes.sum() / every_valid.sum(), 0.0
    for votes, valid in parts:
        size = drawn * votes.size / total
        spread = (votes - share * valid).var(ddof=1)
        variance += (votes.size / total) ** 2 * (1 - size / votes.size) * spread / size
    return math.sqrt(variance) / every_valid.mean()


@pytest.mark.parametrize(
    ("drawn", "simple", "by_district"),
    [(100, 2.60, 2.32), (200, 1.83, 1.63), (400, 1.28, 1.14), (800, 0.88, 0.78)],
)
def test_quick_count_margins_of_malang(malang, drawn, simple, by_district):
    district, votes, valid = malang
    parts = [(votes[district == one], valid[district == one]) for one in np.unique(district)]
    assert 196 * _planned([(votes, valid)], drawn) == pytest.approx(simple, abs=0.006)
    assert 196 * _planned(parts, drawn) == pytest.approx(by_district, abs=0.006)


def test_design_effect_of_malang_is_17(malang):
    _, votes, valid = malang
    assert 17 <= design_effect(Stratum(votes.size, votes, valid)) < 18.5


def test_sample_size_undoes_the_margin(malang):
    _, votes, valid = malang
    whole = Stratum(votes.size, votes, valid)
    margin = 1.959964 * _planned([(votes, valid)], 400)
    assert abs(sample_size(whole, margin_share=margin, confidence=0.95) - 400) <= 1


def test_intervals_hold_the_truth_as_often_as_they_say(malang):
    # 600 draws: the share that holds it is within three standard errors (0.027) of 0.95, a little less for the ratio.
    _, votes, valid = malang
    truth, rng, held = votes.sum() / valid.sum(), np.random.default_rng(5), 0
    for _ in range(600):
        at = rng.choice(votes.size, 200, replace=False)
        low, high = ratio_estimate(Stratum(votes.size, votes[at], valid[at])).interval(confidence=0.95)
        held += low <= truth <= high
    assert 0.92 < held / 600 < 0.98


def test_the_formula_for_single_voters_would_be_far_too_sure(malang):
    _, votes, valid = malang
    truth, rng, held = votes.sum() / valid.sum(), np.random.default_rng(5), 0
    for _ in range(300):
        at = rng.choice(votes.size, 200, replace=False)
        share, ballots = votes[at].sum() / valid[at].sum(), valid[at].sum()
        held += abs(share - truth) <= 1.96 * math.sqrt(share * (1 - share) / ballots)
    assert held / 300 < 0.6


def test_a_whole_count_leaves_no_error_and_order_does_not_matter():
    votes, valid = np.array([5, 9, 20]), np.array([10, 30, 40])
    whole = ratio_estimate(Stratum(3, votes, valid))
    assert (whole.share, whole.error_share) == (pytest.approx(34 / 80), 0.0)
    parts = [Stratum(9, votes, valid), Stratum(6, votes[::-1], valid[::-1])]
    assert stratified_estimate(parts).error_share == pytest.approx(
        stratified_estimate(parts[::-1]).error_share
    )


def test_worst_case_gives_every_missing_vote_to_the_runner_up():
    assert worst_case(np.array([500, 460]), 40).is_decided is False
    assert worst_case(np.array([500, 460]), 39).is_decided is True
    assert worst_case(np.array([7, 7]), 0).worst_lead_votes == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: worst_case(np.array([5]), 0),
        lambda: worst_case(np.array([5, -1]), 0),
        lambda: Stratum(1, np.array([1, 2]), np.array([3, 4])),
        lambda: Stratum(9, np.array([1]), np.array([3])),
        lambda: ratio_estimate(Stratum(9, np.array([0, 0]), np.array([0, 0]))),
        lambda: stratified_estimate([]),
    ],
)
def test_impossible_input_is_refused_with_what_came(call):
    with pytest.raises(ValueError, match="came"):
        call()


@pytest.mark.parametrize("module", [bounds, estimate], ids=lambda module: module.__name__)
def test_examples_are_true(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", coverage.__all__)
def test_every_public_name_is_documented_in_full(name):
    text = getattr(coverage, name).__doc__
    assert "Parameters\n" in text
    assert "Examples\n" in text

"""A wrong outcome passes no more often than the risk limit, and the draw is fair; with controls that must fail."""

import math

import numpy as np
import pytest

from ronda.methods.audit import (
    Contest,
    alpha_p_values,
    draw_plain,
    draw_weighted,
    error_bounds,
    errors,
    list_digest,
    macro_p_value,
    worst_form,
)

RISK, AUDITS = 0.1, 400


def _wrong_outcomes():
    """Contests whose forms say that the reported winner only tied: the hardest wrong outcomes."""
    made = []
    for name, taken in (("few large", 200), ("many small", 40), ("all ballots", 400)):
        reported = np.tile([220, 180], (100, 1))
        forms = reported.copy()
        left = int((reported[:, 0] - reported[:, 1]).sum())
        for batch in range(100):
            moved = min(taken, left, 2 * reported[batch, 0])
            forms[batch] += np.array([-1, 1]) * (moved // 2)
            left -= moved // 2 * 2
            if left < 2:
                break
        made.append(pytest.param(Contest(reported, np.full(100, 420)), forms, id=name))
    return made


def _share_ended(ended: list[bool]) -> float:
    return sum(ended) / len(ended)


LIMIT = RISK + 3 * math.sqrt(RISK * (1 - RISK) / AUDITS)


@pytest.mark.parametrize(("contest", "forms"), _wrong_outcomes())
def test_macro_ends_a_wrong_outcome_at_most_at_the_risk_limit(contest, forms):
    bounds, rng = error_bounds(contest), np.random.default_rng(1)
    ended = []
    for _ in range(AUDITS):
        drawn = rng.choice(100, size=60, p=bounds / bounds.sum()).tolist()
        ended.append(macro_p_value(bounds, drawn, errors(contest, drawn, forms[drawn])) <= RISK)
    assert _share_ended(ended) <= LIMIT


@pytest.mark.parametrize(("contest", "forms"), _wrong_outcomes())
def test_alpha_ends_a_wrong_outcome_at_most_at_the_risk_limit(contest, forms):
    bounds, rng = error_bounds(contest), np.random.default_rng(2)
    ended = []
    for _ in range(AUDITS):
        drawn = rng.permutation(100)[:60].tolist()
        ended.append(min(alpha_p_values(bounds, errors(contest, drawn, forms[drawn]).tolist())) <= RISK)
    assert _share_ended(ended) <= LIMIT


def test_an_audit_with_bounds_taken_too_small_would_let_it_pass():
    contest, forms = _wrong_outcomes()[2].values
    bounds, rng = error_bounds(contest) / 8, np.random.default_rng(3)
    ended = []
    for _ in range(AUDITS):
        drawn = rng.permutation(100)[:60].tolist()
        clipped = np.minimum(errors(contest, drawn, forms[drawn]), bounds[drawn])
        ended.append(min(alpha_p_values(bounds, clipped.tolist())) <= RISK)
    assert _share_ended(ended) > LIMIT


def test_a_true_outcome_ends_soon_and_a_missing_form_costs():
    contest = Contest(np.tile([230, 170], (100, 1)), np.full(100, 420))
    bounds = error_bounds(contest)
    clean = alpha_p_values(bounds, [0.0] * 60)
    missing = errors(contest, [0], worst_form(contest, 0)[np.newaxis])
    assert missing[0] == pytest.approx(bounds[0])
    assert clean[-1] < RISK < alpha_p_values(bounds, [float(missing[0])] + [0.0] * 59)[-1]
    assert macro_p_value(bounds, [0, 1], np.array([bounds[0], 0.0])) == 1.0


def test_every_station_compared_and_clean_leaves_no_doubt():
    bounds = error_bounds(Contest(np.tile([210, 190], (10, 1)), np.full(10, 420)))
    assert alpha_p_values(bounds, [0.0] * 10)[-1] == 0.0


def test_a_tie_or_impossible_figures_are_refused_with_both():
    with pytest.raises(ValueError, match="tied"):
        Contest(np.array([[5, 5]]), np.array([10]))
    with pytest.raises(ValueError, match="from 0"):
        Contest(np.array([[5, -1]]), np.array([10]))
    contest = Contest(np.array([[6, 4]]), np.array([10]))
    with pytest.raises(ValueError, match="bound"):
        errors(contest, [0], np.array([[6, 5]]))


def test_draws_follow_the_weights_and_repeat():
    weights = np.array([1, 0, 3])
    drawn = draw_weighted("20261127", weights, 4000)
    assert drawn == draw_weighted("20261127", weights, 4000)
    assert drawn.count(1) == 0
    assert abs(drawn.count(2) / 4000 - 0.75) < 0.03


def test_plain_draws_take_every_unit_with_the_same_chance():
    counts = np.zeros(10)
    for seed in range(600):
        counts[draw_plain(str(seed), 10, 3)] += 1
    assert np.abs(counts / 600 - 0.3).max() < 0.08


def test_another_line_or_order_gives_another_digest():
    lines = ["a,1", "b,2"]
    assert len({list_digest(lines), list_digest(lines[::-1]), list_digest(["a,1", "b,3"])}) == 3
    with pytest.raises(ValueError, match="twice"):
        list_digest(["a", "a"])

"""The examples in law/forms are true of the engine that runs them."""

from fractions import Fraction

import numpy as np
import pytest

from ronda.law.forms import form_rules
from ronda.methods import tally
from ronda.methods.tally import Count

RESERVE = Fraction(2, 100)


def one(given, name):
    return Count.of([given[name]])


def delta_of(rule, given):
    match rule:
        case "R01":
            return tally.range_digits(one(given, "figures")).delta
        case "R05":
            return tally.valid_sum(one(given, "votes"), one(given, "valid")).delta
        case "R08":
            parts = [one(given, name) for name in ("valid", "invalid", "users")]
            return tally.turnout_mismatch(*parts).delta
        case "R13":
            return tally.dpt_cap(one(given, "registered"), given["cap"]).delta
        case "R14":
            parts = [one(given, name) for name in ("votes", "users", "registered")]
            return tally.votes_gt_cap(*parts, RESERVE).delta
        case "X02":
            return tally.moved_votes(tally.compare(one(given, "first"), one(given, "second")).delta)
        case "X05":
            sums = tally.unit_sums(np.array([0]), one(given, "sum"), 1)
            return tally.moved_votes(tally.recap_check(sums, one(given, "recap")).delta)
    raise AssertionError(rule)


@pytest.mark.parametrize("rule", form_rules().values(), ids=lambda rule: rule.id)
def test_examples_of_the_rule_are_true(rule):
    for example in rule.examples:
        assert delta_of(rule.id, example.given).tolist() == [example.delta]


def test_the_rules_of_the_first_journey_are_there():
    assert {"R05", "R08", "R13", "R14", "X02", "X05"} <= set(form_rules())


@pytest.mark.parametrize("rule", form_rules().values(), ids=lambda rule: rule.id)
def test_no_rule_accuses(rule):
    texts = " ".join([rule.message.id, rule.message.en, rule.innocent.id, rule.innocent.en]).lower()
    assert not any(word in texts for word in ("curang", "fraud", "tuduh", "pidana"))

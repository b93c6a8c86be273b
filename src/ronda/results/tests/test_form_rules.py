"""The examples in law/forms are true of the engine that runs them."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from ronda.law.forms import FormRule, form_fields, form_rules
from ronda.methods import tally
from ronda.methods.tally import Count, Limits, Sheets
from ronda.methods.tally.rules import Compared

LIMITS = Limits(300, Fraction(2, 100))
NOT_FIELDS = {"votes", "others", "district", "kata", "turus", "bulatan"}
RUN = [rule for rule in form_rules().values() if not isinstance(rule.test, Compared)]


def sheets_of(given: dict[str, Any]) -> Sheets:
    """One station as the example gives it, with its district after it."""
    fields = {name: Count.of([value]) for name, value in given.items() if name not in NOT_FIELDS}
    district = given.get("district", [])
    if district:
        part, whole = (name for name in given if name not in NOT_FIELDS)
        fields = {
            name: Count.of([given[name], *(row[at] for row in district)])
            for at, name in enumerate((part, whole))
        }
    rows = 1 + len(district)
    votes = given.get("votes", [])
    return Sheets(
        fields,
        Count.of(np.array([votes] * rows, dtype=object).reshape(rows, len(votes))),
        parties={1: tuple(range(len(votes)))},
        readings={name: Count.of([given[name]]) for name in ("kata", "turus", "bulatan") if name in given},
        district=np.zeros(rows, np.int64),
        others=tuple(sheets_of(other) for other in given.get("others", [])),
    )


@pytest.mark.parametrize("rule", RUN, ids=lambda rule: rule.id)
def test_examples_of_the_rule_are_true(rule: FormRule) -> None:
    for example in rule.examples:
        outcome = tally.evaluate(rule.test, sheets_of(dict(example.given)), LIMITS)
        assert outcome.check.tested[0]
        assert outcome.check.delta[0] == example.delta


@pytest.mark.parametrize("rule", RUN, ids=lambda rule: rule.id)
def test_a_rule_tests_nothing_where_its_figures_are_missing(rule: FormRule) -> None:
    empty = Sheets({}, Count.of([[None, None]]), parties={1: (0, 1)}, district=np.zeros(1, np.int64))
    outcome = tally.evaluate(rule.test, empty, LIMITS)
    assert not outcome.check.tested.any()
    assert not outcome.check.failed.any()


def test_examples_of_comparisons_are_true() -> None:
    for rule in ("X01", "X02", "X03"):
        for example in form_rules()[rule].examples:
            first, second = (Count.of([example.given[name]]) for name in ("first", "second"))
            assert tally.moved_votes(tally.compare(first, second).delta).tolist() == [example.delta]
    for rule in ("X04", "X05"):
        for example in form_rules()[rule].examples:
            sums = tally.unit_sums(np.array([0]), Count.of([example.given["sum"]]), 1)
            found = tally.recap_check(sums, Count.of([example.given["recap"]]))
            assert tally.moved_votes(found.delta).tolist() == [example.delta]


def test_all_rules_of_the_note_are_there() -> None:
    wanted = {f"R{n:02d}" for n in range(1, 24)} | {f"X{n:02d}" for n in range(1, 12)}
    assert set(form_rules()) == wanted


def test_the_fields_that_rules_name_are_fields_of_the_form() -> None:
    known = {one for row in form_fields() for one in row.ids}
    for rule in RUN:
        for example in rule.examples:
            named = set(example.given) - NOT_FIELDS
            assert all(name in known or name.startswith("jumlah_partai_") for name in named), rule.id


@pytest.mark.parametrize("rule", form_rules().values(), ids=lambda rule: rule.id)
def test_no_rule_accuses(rule: FormRule) -> None:
    texts = " ".join([rule.message.id, rule.message.en, rule.innocent.id, rule.innocent.en]).lower()
    assert not any(word in texts for word in ("curang", "fraud", "tuduh", "pidana"))

from datetime import date

import pytest

from ronda.law.loader import LawError, load_file, load_text
from ronda.law.stages import StageCalendar

GOOD = """
id: uji
name: {id: Uji, en: Test}
regime: pemilu
voting_on: 2024-02-14
source: {instrument: PKPU 3/2022, page: halaman}
in_force: [{from: 2022-06-14, to: 2024-10-20}]
reviewed: null
stages:
  - {code: A, name: {id: Awal, en: Start}, start: 2024-02-01, end: 2024-02-03}
  - {code: B, name: {id: Bagian, en: Part}, start: 2024-02-02, part_of: A}
examples:
  - {day: 2024-02-02, stages: [A, B]}
"""


def refusal(text: str) -> LawError:
    with pytest.raises(LawError) as caught:
        load_text(text, StageCalendar, "stages/uji.yaml")
    return caught.value


def test_loads_a_rule_that_fits() -> None:
    calendar = load_text(GOOD, StageCalendar, "uji.yaml")
    assert calendar.codes_on(date(2024, 2, 3)) == ["A"]
    assert calendar.in_force[0].from_ == date(2022, 6, 14)
    assert calendar.source_of(calendar.stages[0]).instrument == "PKPU 3/2022"


def test_error_says_file_key_wanted_and_came() -> None:
    error = refusal(GOOD.replace("voting_on: 2024-02-14", "voting_on: besok"))
    assert error.file == "stages/uji.yaml"
    assert error.key == "voting_on"
    assert "date" in error.wanted
    assert error.came == "'besok'"


def test_refuses_an_unknown_key() -> None:
    error = refusal(GOOD.replace("regime: pemilu", "regime: pemilu\nregim: pemilu"))
    assert (error.key, error.came) == ("regim", "an unknown key")


def test_refuses_a_key_given_twice() -> None:
    assert "twice" in refusal(GOOD.replace("regime: pemilu", "regime: pemilu\nregime: pilkada")).came


@pytest.mark.parametrize("key", ["source", "in_force", "examples", "stages", "name", "id"])
def test_refuses_a_rule_without(key: str) -> None:
    import yaml

    value = yaml.safe_load(GOOD)
    del value[key]
    assert refusal(yaml.safe_dump(value)).key == key


def test_refuses_a_rule_without_examples_in_the_list() -> None:
    text = GOOD.replace("examples:\n  - {day: 2024-02-02, stages: [A, B]}", "examples: []")
    assert "example" in refusal(text).wanted


def test_refuses_a_broken_example() -> None:
    error = refusal(GOOD.replace("stages: [A, B]}", "stages: [A]}"))
    assert error.wanted == "example 2024-02-02: A"
    assert error.came == "['A', 'B']"


def test_refuses_an_example_that_says_nothing() -> None:
    assert (
        refusal(GOOD.replace("{day: 2024-02-02, stages: [A, B]}", "{day: 2024-02-02}")).key
        == "examples[0].stages"
    )


def test_refuses_a_found_source_without_page() -> None:
    assert "page" in refusal(GOOD.replace(", page: halaman", "")).wanted


def test_refuses_a_span_that_ends_before_it_begins() -> None:
    assert "2022-06-14" in refusal(GOOD.replace("to: 2024-10-20", "to: 2021-10-20")).wanted


def test_refuses_a_stage_that_ends_before_it_begins() -> None:
    assert refusal(GOOD.replace("end: 2024-02-03", "end: 2024-01-03")).came == "2024-01-03"


def test_refuses_a_stage_without_start_unless_it_is_not_established() -> None:
    text = GOOD.replace("start: 2024-02-02, part_of: A", "part_of: A")
    assert "not_established" in refusal(text).wanted


def test_refuses_a_stage_code_given_twice() -> None:
    assert "A twice" in refusal(GOOD.replace("code: B", "code: A")).came


def test_refuses_a_part_of_an_unknown_stage() -> None:
    assert refusal(GOOD.replace("part_of: A", "part_of: Z")).came == "Z"


@pytest.mark.parametrize("text", ["", "[]", "null", "a: [", "\t", "? [a]: b\n", "12"])
def test_refuses_what_is_no_rule(text: str) -> None:
    refusal(text)


def test_refuses_a_file_that_is_not_utf8(tmp_path) -> None:
    file = tmp_path / "rusak.yaml"
    file.write_bytes(b"id: \xff\xfe")
    with pytest.raises(LawError, match=r"rusak\.yaml"):
        load_file(file, StageCalendar)


def test_rules_cannot_be_changed() -> None:
    calendar = load_text(GOOD, StageCalendar, "uji.yaml")
    with pytest.raises(AttributeError):
        calendar.id = "lain"  # type: ignore[misc]

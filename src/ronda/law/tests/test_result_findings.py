"""Differences in results are told while they can still be acted on, and in few reports."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ronda.law.loader import LAW_ROOT, LawError, load_text
from ronda.law.result_findings import ResultFindingRules, result_finding_rules

TEXT = (LAW_ROOT / "result_findings.yaml").read_text(encoding="utf-8")
VOTE = date(2024, 2, 14)
NOON = datetime(2024, 2, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        (date(2024, 2, 13), False),
        (VOTE, True),
        (date(2024, 3, 20), True),  # PKPU 5/2024: last day of the national recapitulation
        (date(2024, 3, 21), False),
        (date(2026, 2, 14), False),
    ],
)
def test_the_window_runs_from_voting_day_to_the_national_recapitulation(on: date, wanted: bool) -> None:
    assert result_finding_rules().window.covers(voting_on=VOTE, on=on) is wanted


def test_differences_are_gathered_for_an_hour() -> None:
    grouping = result_finding_rules().grouping

    assert not grouping.is_gathered(first_at=NOON, at=NOON + timedelta(minutes=59))
    assert grouping.is_gathered(first_at=NOON, at=NOON + timedelta(minutes=60))


def test_the_seventh_village_makes_it_wide() -> None:
    assert [result_finding_rules().grouping.is_wide(villages=n) for n in (1, 6, 7)] == [False, False, True]


def test_a_file_whose_example_does_not_hold_is_refused() -> None:
    wrong = TEXT.replace("days_after_vote: 35", "days_after_vote: 34")

    with pytest.raises(LawError, match="last day 2019-05-22"):
        load_text(wrong, ResultFindingRules, "result_findings.yaml")


def test_the_working_rule_says_that_it_is_not_verified() -> None:
    source = result_finding_rules().grouping.source

    assert not source.is_verified
    assert "belum diverifikasi" in source.section

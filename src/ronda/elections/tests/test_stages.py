"""Where a stage stands on a day, by hand."""

from dataclasses import dataclass
from datetime import date

import pytest

from ronda.elections.adapters.timeline import span_of_days
from ronda.elections.domain import (
    StageState,
    days_to_vote_words,
    leading_stage,
    stage_position,
    stages_done,
    station_kind,
)


@dataclass
class Stage:
    code: str = "A"
    starts_on: date | None = date(2024, 11, 24)
    ends_on: date | None = date(2024, 11, 26)
    is_conditional: bool = False


@pytest.mark.parametrize(
    ("day", "state", "number", "left", "late"),
    [
        (23, StageState.AHEAD, 0, 1, 0),
        (24, StageState.RUNNING, 1, 2, 0),
        (26, StageState.RUNNING, 3, 0, 0),
        (27, StageState.LATE, 0, 0, 1),
        (30, StageState.LATE, 0, 0, 4),
    ],
)
def test_position_counts_local_legal_days(
    day: int, state: StageState, number: int, left: int, late: int
) -> None:
    position = stage_position(Stage(), date(2024, 11, day), is_done=False)
    assert (position.state, position.day_number, position.days_left, position.days_late) == (
        state,
        number,
        left,
        late,
    )


def test_a_person_says_when_it_is_done() -> None:
    assert stage_position(Stage(), date(2024, 12, 1), is_done=True).state is StageState.DONE


def test_one_day_stage_runs_on_its_day_only() -> None:
    stage = Stage(ends_on=None)
    assert stage_position(stage, date(2024, 11, 24), is_done=False).days_total == 1
    assert stage_position(stage, date(2024, 11, 25), is_done=False).state is StageState.LATE


def test_without_dates_it_is_never_late() -> None:
    stage = Stage(starts_on=None, ends_on=None)
    assert stage_position(stage, date(2030, 1, 1), is_done=False).state is StageState.UNDATED


def test_a_second_round_that_was_not_needed_is_never_late() -> None:
    stage = Stage(is_conditional=True)
    assert stage_position(stage, date(2030, 1, 1), is_done=False).state is StageState.UNDATED


def test_nothing_is_late_once_the_whole_election_is_over() -> None:
    assert stage_position(Stage(), date(2030, 1, 1), is_done=False, is_over=True).state is StageState.PAST


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 2, 27), date(2024, 11, 16), "27 Feb – 16 Nov 2024"),
        (date(2022, 6, 14), date(2024, 6, 14), "14 Jun 2022 – 14 Jun 2024"),
        (date(2024, 11, 27), date(2024, 11, 27), "27 Nov 2024"),
        (None, None, ""),
    ],
)
def test_dates_are_written_short(first: date | None, last: date | None, words: str) -> None:
    assert span_of_days(first, last) == words


def test_last_mark_counts() -> None:
    assert stages_done([("A", "done"), ("A", "reopened"), ("B", "done")]) == {"A": False, "B": True}


def test_the_shortest_running_stage_leads() -> None:
    on = date(2024, 11, 25)
    stages = {
        "long": Stage(starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31)),
        "quiet": Stage(),
        "ahead": Stage(starts_on=date(2024, 11, 27), ends_on=None),
    }
    positions = {code: stage_position(stage, on, is_done=False) for code, stage in stages.items()}
    assert leading_stage(positions, stages) == "quiet"
    assert leading_stage({}, []) is None


@pytest.mark.parametrize(("day", "words"), [(25, "H-2"), (27, "H"), (28, "H+1")])
def test_days_are_counted_around_voting_day(day: int, words: str) -> None:
    assert days_to_vote_words(date(2024, 11, 27), date(2024, 11, day)) == words


def test_special_locations_begin_at_901() -> None:
    assert [station_kind(number).value for number in (1, 900, 901, 999)] == [
        "regular",
        "regular",
        "special",
        "special",
    ]

"""Expected words of the day: dated, local to the place, sourced or marked as a working rule."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from ronda.law.checkins import CheckinRules, checkin_rules
from ronda.law.incident_kinds import incident_kinds
from ronda.law.loader import LAW_ROOT, LawError, load_text

TEXT = (LAW_ROOT / "checkins.yaml").read_text(encoding="utf-8")
VOTE = date(2024, 2, 14)


def test_the_order_of_the_day() -> None:
    assert [step.id for step in checkin_rules().steps] == [
        "logistics",
        "opened",
        "queue",
        "closed",
        "counted",
    ]
    assert [checkin_rules().rank(word) for word in ("logistics", "counted", "roll_call")] == [1, 5, 0]


@pytest.mark.parametrize(
    ("zone", "hour_utc"), [("Asia/Jakarta", 0), ("Asia/Makassar", 23), ("Asia/Jayapura", 22)]
)
def test_a_clock_time_is_that_of_the_place(zone: str, hour_utc: int) -> None:
    opened = checkin_rules().step("opened")
    assert opened is not None

    late = opened.late_from(VOTE, ZoneInfo(zone))

    assert late.utctimetuple().tm_hour == hour_utc
    assert (late.hour, late.minute) == (7, 30)


def test_whatever_no_page_was_found_for_says_so_in_both_languages() -> None:
    for rule in (*checkin_rules().steps, *checkin_rules().roll_calls):
        assert "belum diverifikasi" in rule.note.id
        assert "not verified" in rule.note.en


def test_every_point_of_a_warehouse_is_a_known_kind_of_incident() -> None:
    criteria = checkin_rules().criteria

    assert [one.id for one in criteria] == [f"G{n:02d}" for n in range(1, 16)]
    assert {one.kind for one in criteria} <= set(incident_kinds())


@pytest.mark.parametrize(
    ("silent", "stations", "wanted"),
    [(0, 5, False), (2, 6, False), (3, 6, True), (3, 7, False), (2, 2, True), (1, 1, False), (3, 3, True)],
)
def test_a_group_is_three_stations_and_half_of_the_village(silent: int, stations: int, wanted: bool) -> None:
    assert checkin_rules().silence.is_group(silent=silent, stations=stations) is wanted


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('by: "07:00"', 'by: "7.00"'),
        ("grace_minutes: 30", "grace_minutes: -1"),
        ("due_at: 2024-02-14T07:30:00+08:00", "due_at: 2024-02-14T07:31:00+08:00"),
        ("  - id: queue", "  - id: opened"),
        ("stations_min: 3", "stations_min: 0"),
    ],
)
def test_a_broken_rule_does_not_load(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(LawError):
        load_text(TEXT.replace(old, new, 1), CheckinRules, "checkins.yaml")


def test_the_rules_are_one_object_for_all() -> None:
    assert checkin_rules() is checkin_rules()
    assert datetime.fromisoformat("2024-02-14T07:30:00+08:00") == checkin_rules().steps[1].examples[0].due_at

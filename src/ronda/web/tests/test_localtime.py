from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from ronda.web.localtime import (
    clock_words,
    day_words,
    left_words,
    moment_words,
    relative_words,
    share_used,
    span_words,
    zone_name,
)

NOON = datetime(2024, 2, 14, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("area", "zone", "clock"),
    [
        ("35.09", "WIB", "12.00 WIB"),
        ("51.01", "WITA", "13.00 WITA"),
        ("5101022007007", "WITA", "13.00 WITA"),
        ("91.03", "WIT", "14.00 WIT"),
        ("61", "WIB", "12.00 WIB"),
        ("73.71", "WITA", "13.00 WITA"),
        ("", "WIB", "12.00 WIB"),
    ],
)
def test_the_province_decides_the_clock(area: str, zone: str, clock: str) -> None:
    assert zone_name(area) == zone
    assert clock_words(NOON, area) == clock


def test_today_is_the_clock_alone_and_another_day_is_named() -> None:
    assert moment_words(NOON, "51.01", NOON) == "13.00 WITA"
    assert moment_words(NOON - timedelta(days=1), "51.01", NOON) == "Sel 13 Feb, 13.00 WITA"
    assert moment_words(NOON - timedelta(days=400), "51.01", NOON) == "Sel 10 Jan 2023, 13.00 WITA"


def test_the_local_day_counts_not_the_day_of_the_server() -> None:
    late_evening = datetime(2024, 2, 14, 16, 30, tzinfo=UTC)
    assert moment_words(late_evening, "51.01", NOON) == "Kam 15 Feb, 00.30 WITA"
    assert moment_words(late_evening, "35.09", NOON) == "23.30 WIB"


def test_relative_times_say_at_most_two_units() -> None:
    assert relative_words(NOON, NOON) == "baru saja"
    assert relative_words(NOON + timedelta(minutes=48), NOON) == "48 menit lagi"
    assert relative_words(NOON - timedelta(hours=1, minutes=18), NOON) == "1 jam 18 menit lalu"
    assert relative_words(NOON - timedelta(hours=9, minutes=18), NOON) == "9 jam lalu"
    assert relative_words(NOON + timedelta(days=3, hours=4), NOON) == "3 hari lagi"
    assert span_words(timedelta(days=1, hours=4, minutes=9)) == "1 hari 4 jam"


def test_a_clock_says_what_is_left_or_by_how_much_it_is_over() -> None:
    assert left_words(NOON + timedelta(minutes=18), NOON) == "sisa 18 menit"
    assert left_words(NOON - timedelta(minutes=22), NOON) == "lewat 22 menit"


def test_the_used_share_of_a_clock_lies_between_zero_and_one() -> None:
    start, end = NOON, NOON + timedelta(hours=2)
    assert share_used(start, end, NOON + timedelta(minutes=30)) == 0.25
    assert share_used(start, end, NOON - timedelta(minutes=1)) == 0.0
    assert share_used(start, end, end) == 1.0
    assert share_used(None, end, NOON) == 0.0


def test_days_and_clocks_follow_the_language() -> None:
    assert day_words(NOON.date()) == "Rabu, 14 Februari 2024"
    assert day_words(NOON.date(), short=True) == "Rab 14 Feb 2024"
    with translation.override("en"):
        assert day_words(NOON.date()) == "Wednesday, 14 February 2024"
        assert clock_words(NOON, "51.01") == "13:00 WITA"

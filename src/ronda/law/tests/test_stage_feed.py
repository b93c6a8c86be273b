from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from ronda.law import calendars
from ronda.law.feed import ZONES, stage_feed

MADE_AT = datetime(2024, 11, 1, tzinfo=UTC)


def feed(code: str = "pilkada-2024", **options: str) -> Calendar:
    return Calendar.from_ical(stage_feed(calendars()[code], made_at=MADE_AT, **options))


@pytest.mark.parametrize(
    ("zone", "name", "hours"),
    [("Asia/Jakarta", "WIB", 7), ("Asia/Makassar", "WITA", 8), ("Asia/Jayapura", "WIT", 9)],
)
def test_feed_always_carries_its_time_zone(zone: str, name: str, hours: int) -> None:
    block = feed(zone=zone).walk("VTIMEZONE")[0]
    assert block["tzid"] == zone
    standard = block.walk("STANDARD")[0]
    assert str(standard["tzname"]) == name
    assert standard["tzoffsetto"].td.total_seconds() == hours * 3600


def test_feed_has_one_all_day_event_per_dated_stage() -> None:
    for code, calendar in calendars().items():
        events = feed(code).walk("VEVENT")
        dated = [stage for stage in calendar.stages if stage.start]
        assert len(events) == len(dated)
        assert len({str(event["uid"]) for event in events}) == len(dated)


def test_last_day_of_a_stage_is_included() -> None:
    event = next(e for e in feed().walk("VEVENT") if "tenang" in str(e["summary"]))
    assert event.decoded("dtstart") == date(2024, 11, 24)
    assert event.decoded("dtend") == date(2024, 11, 27)


def test_feed_says_what_nobody_reviewed() -> None:
    assert all("belum diverifikasi" in str(e["description"]) for e in feed().walk("VEVENT"))
    assert all("not verified" in str(e["description"]) for e in feed(language="en").walk("VEVENT"))


def test_second_round_is_tentative() -> None:
    event = next(
        e for e in feed("pemilu-2024").walk("VEVENT") if str(e["uid"]).startswith("pemilu-2024.pem-p2@")
    )
    assert event["status"] == "TENTATIVE"


def test_same_input_gives_the_same_bytes() -> None:
    calendar = calendars()["pemilu-2019"]
    assert stage_feed(calendar, made_at=MADE_AT) == stage_feed(calendar, made_at=MADE_AT)


def test_refuses_a_zone_outside_indonesia() -> None:
    with pytest.raises(ValueError, match="Asia/Tokyo"):
        stage_feed(calendars()["pemilu-2019"], zone="Asia/Tokyo", made_at=MADE_AT)
    assert len(ZONES) == 3

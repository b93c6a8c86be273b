"""The stages of an election as an iCalendar feed (RFC 5545) that phones and `khal` can subscribe to."""

from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from ronda.law.rules import Source
from ronda.law.stages import Stage, StageCalendar

# Indonesia has no daylight saving; one observance each says all (tz database, Asia/Jakarta since 1964).
ZONES = {
    "Asia/Jakarta": ("WIB", timedelta(hours=7)),
    "Asia/Makassar": ("WITA", timedelta(hours=8)),
    "Asia/Jayapura": ("WIT", timedelta(hours=9)),
}


def stage_feed(
    calendar: StageCalendar, *, zone: str = "Asia/Jakarta", made_at: datetime, language: str = "id"
) -> bytes:
    """One all-day event per dated stage: a stage is a legal day, the same date in every zone."""
    if zone not in ZONES:
        raise ValueError(f"wanted one of {', '.join(ZONES)}, came {zone!r}")
    feed = Calendar()
    feed.add("prodid", "-//Ronda//Tahapan//ID")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", calendar.name.in_language(language))
    feed.add("x-wr-timezone", zone)
    feed.add_component(_timezone(zone))
    for stage in calendar.stages:
        if stage.start is not None:
            feed.add_component(_event(calendar, stage, made_at, language))
    return feed.to_ical()  # type: ignore[no-any-return]  # icalendar has no types


def _timezone(zone: str) -> Timezone:
    name, offset = ZONES[zone]
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  # RFC 5545 wants local time here
    standard.add("tzoffsetfrom", offset)
    standard.add("tzoffsetto", offset)
    standard.add("tzname", name)
    block = Timezone()
    block.add("tzid", zone)
    block.add_component(standard)
    return block


def _event(calendar: StageCalendar, stage: Stage, made_at: datetime, language: str) -> Event:
    source = calendar.source_of(stage)
    event = Event()
    event.add("uid", f"{calendar.id}.{stage.code.lower()}@ronda")
    event.add("dtstamp", made_at)
    event.add("dtstart", _day(stage.start))
    # DTEND is the first day after the stage (RFC 5545, 3.6.1).
    event.add("dtend", _day(stage.last_day) + timedelta(days=1))
    event.add("summary", f"{calendar.name.in_language(language)}: {stage.name.in_language(language)}")
    is_verified = calendar.is_reviewed and source.is_verified
    event.add("description", _description(source, is_verified=is_verified, language=language))
    event.add("categories", [stage.code])
    event.add("transp", "TRANSPARENT")
    if stage.is_conditional:
        event.add("status", "TENTATIVE")
    return event


def _day(day: date | None) -> date:
    if day is None:
        raise ValueError("a stage without dates has no event")
    return day


def _description(source: Source, *, is_verified: bool, language: str) -> str:
    text = f"{source.instrument}, {source.section}" if source.section else source.instrument
    if is_verified:
        return text
    return f"{text} ({'not verified' if language.startswith('en') else 'belum diverifikasi'})"

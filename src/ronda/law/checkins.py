"""What must be reported through election day and by when: steps of a station, roll calls, warehouse checks."""

import re
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from ronda.law.loader import LAW_ROOT, load_file
from ronda.law.rules import Name, Rule, Source, Struct, need_examples, need_unique, refuse

_CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")


class DueAtExample(Struct, frozen=True, kw_only=True):
    """Where voting is on that day, the word is late from `due_at` on."""

    voting_on: date
    zone: str
    due_at: datetime


class Expected(Rule, frozen=True, kw_only=True):
    """Something that must be heard by a local clock time of a day counted from voting day."""

    name: Name
    day: int
    by: str
    grace_minutes: int
    note: Name
    examples: tuple[DueAtExample, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        need_examples(self.examples)
        if not _CLOCK.match(self.by):
            raise refuse(f"{self.id}: by as a clock time in quotes, 07:00", self.by)
        if not 0 <= self.grace_minutes <= 24 * 60:
            raise refuse(f"{self.id}: grace_minutes between 0 and 1440", self.grace_minutes)
        for example in self.examples:
            came = self.late_from(example.voting_on, ZoneInfo(example.zone))
            if came != example.due_at:
                raise refuse(f"{self.id}: late from {example.due_at.isoformat()}", came.isoformat())

    def expected_at(self, voting_on: date, zone: ZoneInfo) -> datetime:
        """When it should be heard."""
        day = voting_on + timedelta(days=self.day)
        return datetime.combine(day, time.fromisoformat(self.by), tzinfo=zone)

    def late_from(self, voting_on: date, zone: ZoneInfo) -> datetime:
        """From when on its absence is told."""
        return self.expected_at(voting_on, zone) + timedelta(minutes=self.grace_minutes)


class CheckinStep(Expected, frozen=True, kw_only=True):
    """One step of a station's day; its place in the list is its rank."""

    short: Name


class RollCall(Expected, frozen=True, kw_only=True):
    """Officers of these kinds of agency must answer it."""

    agencies: tuple[str, ...]


class Criterion(Struct, frozen=True, kw_only=True):
    """One point of the warehouse check and the kind of incident its failure is."""

    id: str
    kind: str
    name: Name
    source: Source


class Silence(Struct, frozen=True, kw_only=True):
    """From when on silent stations of one village are told as one finding, and until which day after the vote."""

    stations_min: int
    share_min: str
    roll_up_areas_min: int
    ends_day: int
    call_minutes: int
    again_minutes: int
    name: Name
    source: Source

    def __post_init__(self) -> None:
        if self.stations_min < 1 or not 0 <= self.share <= 1:
            raise refuse("stations_min from 1 and share_min in 0..1", (self.stations_min, self.share_min))
        if self.ends_day < 1:
            raise refuse("ends_day from 1, a day after the vote", self.ends_day)
        if min(self.call_minutes, self.again_minutes) < 1:
            raise refuse("at least one minute", (self.call_minutes, self.again_minutes))

    @property
    def share(self) -> Fraction:
        return Fraction(self.share_min)

    def is_over(self, *, voting_on: date, zone: ZoneInfo, at: datetime) -> bool:
        """Days after the vote nobody waits for a word any more: what was never told is history, not silence."""
        return at.astimezone(zone).date() >= voting_on + timedelta(days=self.ends_day)

    def is_group(self, *, silent: int, stations: int) -> bool:
        """Whether so many silent stations of a village are a finding; a small village counts when all are silent."""
        if not stations or not silent:
            return False
        enough = silent >= self.stations_min or (silent == stations and stations > 1)
        return enough and Fraction(silent, stations) >= self.share

    def is_wide(self, *, silent: int, areas: int) -> bool:
        """Whether so many areas with a silent group are told as one finding of the area above."""
        return silent >= self.roll_up_areas_min and Fraction(silent, areas) >= self.share


class CheckinRules(Struct, frozen=True, kw_only=True):
    """The file `checkins.yaml`."""

    reviewed: date | None
    silence: Silence
    steps: tuple[CheckinStep, ...]
    roll_calls: tuple[RollCall, ...]
    criteria: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        for what in ("steps", "roll_calls", "criteria"):
            need_unique(what, [rule.id for rule in getattr(self, what)])
        marks = [(step.day, step.by) for step in self.steps]
        if marks != sorted(marks):
            raise refuse("steps in the order of the day", [step.id for step in self.steps])

    def rank(self, step: str) -> int:
        """Place of a step in the day, from 1; 0 for a step that is none of a station's."""
        return next((number for number, rule in enumerate(self.steps, 1) if rule.id == step), 0)

    def step(self, code: str) -> CheckinStep | None:
        return next((rule for rule in self.steps if rule.id == code), None)

    def roll_call(self, code: str) -> RollCall | None:
        return next((rule for rule in self.roll_calls if rule.id == code), None)

    def criterion(self, code: str) -> Criterion | None:
        return next((rule for rule in self.criteria if rule.id == code), None)


@cache
def checkin_rules() -> CheckinRules:
    """All of `law/checkins.yaml`."""
    return load_file(LAW_ROOT / "checkins.yaml", CheckinRules)

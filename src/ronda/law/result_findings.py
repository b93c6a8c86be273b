"""When failed checks of results are told to the duty desk, and how they are grouped."""

from datetime import date, datetime, timedelta
from functools import cache

from ronda.law.loader import LAW_ROOT, load_file
from ronda.law.rules import InForce, Name, Source, Struct, need_examples, refuse


class WindowExample(Struct, frozen=True, kw_only=True):
    """Voting on that day, told until and on `last_day`."""

    voting_on: date
    last_day: date


class Window(Struct, frozen=True, kw_only=True):
    """The days on which results of an election are being made, so that a difference can still be acted on."""

    days_after_vote: int
    name: Name
    source: Source
    in_force: tuple[InForce, ...]
    examples: tuple[WindowExample, ...]

    def __post_init__(self) -> None:
        need_examples(self.examples)
        for example in self.examples:
            came = self.last_day(example.voting_on)
            if came != example.last_day:
                raise refuse(f"last day {example.last_day}", came)

    def last_day(self, voting_on: date) -> date:
        return voting_on + timedelta(days=self.days_after_vote)

    def covers(self, *, voting_on: date, on: date) -> bool:
        return voting_on <= on <= self.last_day(voting_on)


class Grouping(Struct, frozen=True, kw_only=True):
    """How copies that differ become few reports."""

    gather_minutes: int
    villages_most: int
    name: Name
    source: Source

    def __post_init__(self) -> None:
        if self.gather_minutes < 0 or self.villages_most < 1:
            raise refuse(
                "gather_minutes from 0 and villages_most from 1", (self.gather_minutes, self.villages_most)
            )

    def is_gathered(self, *, first_at: datetime, at: datetime) -> bool:
        """Whether the first difference is old enough that others had time to join it."""
        return first_at + timedelta(minutes=self.gather_minutes) <= at

    def is_wide(self, *, villages: int) -> bool:
        """Whether so many villages of a regency are told as one."""
        return villages > self.villages_most


class ResultFindingRules(Struct, frozen=True, kw_only=True):
    """The file `result_findings.yaml`."""

    reviewed: date | None
    window: Window
    grouping: Grouping


@cache
def result_finding_rules() -> ResultFindingRules:
    """All of `law/result_findings.yaml`."""
    return load_file(LAW_ROOT / "result_findings.yaml", ResultFindingRules)

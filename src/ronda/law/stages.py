"""Stage calendars (tahapan): the stages of an election, from when to when, and on what authority."""

from datetime import date
from functools import cache
from typing import Literal

from ronda.law.loader import LAW_ROOT, load_folder
from ronda.law.rules import Name, Rule, Source, Struct, need_examples, need_unique, refuse


class Stage(Struct, frozen=True, kw_only=True):
    """One stage. Without `end` it is one day; without `start` its dates are not established."""

    code: str
    name: Name
    start: date | None = None
    end: date | None = None
    part_of: str | None = None
    is_conditional: bool = False
    source: Source | None = None
    note: Name | None = None

    def __post_init__(self) -> None:
        if self.start is None and (self.source is None or self.source.is_verified):
            raise refuse(f"{self.code}: a start, or a source with standing not_established", "no start")
        if self.end is not None and (self.start is None or self.end < self.start):
            raise refuse(f"{self.code}: an end on or after the start", self.end)

    @property
    def last_day(self) -> date | None:
        return self.end or self.start

    def covers(self, on: date) -> bool:
        return self.start is not None and self.start <= on <= (self.end or self.start)


class StageExample(Struct, frozen=True, kw_only=True):
    """On this legal day, exactly these stages run."""

    day: date
    stages: tuple[str, ...]


class StageCalendar(Rule, frozen=True, kw_only=True):
    """All stages of one election."""

    name: Name
    regime: Literal["pemilu", "pilkada"]
    voting_on: date
    stages: tuple[Stage, ...]
    examples: tuple[StageExample, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        need_examples(self.examples)
        codes = [stage.code for stage in self.stages]
        need_unique("stage code", codes)
        for stage in self.stages:
            if stage.part_of is not None and stage.part_of not in codes:
                raise refuse(f"{stage.code}: part_of one of the stages", stage.part_of)
        for example in self.examples:
            came = self.codes_on(example.day)
            if sorted(came) != sorted(example.stages):
                raise refuse(f"example {example.day}: {', '.join(example.stages) or 'no stage'}", came)

    def stages_on(self, on: date) -> list[Stage]:
        """Stages that run on a local legal date; a conditional one (second round) is left out."""
        return [stage for stage in self.stages if stage.covers(on) and not stage.is_conditional]

    def codes_on(self, on: date) -> list[str]:
        return [stage.code for stage in self.stages_on(on)]

    def source_of(self, stage: Stage) -> Source:
        return stage.source or self.source


@cache
def calendars() -> dict[str, StageCalendar]:
    """All calendars of `law/stages`, by id."""
    loaded = load_folder(LAW_ROOT / "stages", StageCalendar)
    return {calendar.id: calendar for calendar in loaded}

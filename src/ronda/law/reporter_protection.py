"""What the law gives a person who tells something, and what it does not."""

from datetime import date
from functools import cache
from typing import Literal

from ronda.law.loader import LAW_ROOT, load_file
from ronda.law.rules import Name, Source, Struct, need_unique, refuse

Side = Literal["given", "not_given"]


class Protection(Struct, frozen=True, kw_only=True):
    """One sentence of protection or warning. `first`: it stands above the form, before a person writes."""

    id: str
    side: Side
    text: Name
    source: Source
    first: bool = False


class ReporterProtection(Struct, frozen=True, kw_only=True):
    """The file `reporter_protection.yaml`."""

    reviewed: date | None
    points: tuple[Protection, ...]

    def __post_init__(self) -> None:
        need_unique("protection", [one.id for one in self.points])
        if {one.side for one in self.first} != {"given", "not_given"}:
            raise refuse("above the form at least one sentence of each side", [one.id for one in self.first])

    @property
    def first(self) -> list[Protection]:
        """What a person reads before writing."""
        return [one for one in self.points if one.first]

    def of(self, side: Side) -> list[Protection]:
        return [one for one in self.points if one.side == side]


@cache
def reporter_protection() -> ReporterProtection:
    """The sentences in force."""
    return load_file(LAW_ROOT / "reporter_protection.yaml", ReporterProtection)

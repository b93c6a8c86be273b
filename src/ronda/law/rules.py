"""What every rule carries: source, dates in force, review, examples."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Frozen, and refuses keys it does not know."""


def refuse(wanted: str, came: object) -> ValueError:
    """The error of a check inside a rule, in the two words the loader reports."""
    return ValueError(f"{wanted} | came {came}")


class Name(Struct, frozen=True, kw_only=True):
    """Wording in both languages of the interface."""

    id: str
    en: str

    def __post_init__(self) -> None:
        if not self.id.strip() or not self.en.strip():
            raise refuse("a name in Indonesian and in English", repr((self.id, self.en)))

    def in_language(self, code: str) -> str:
        return self.en if code.startswith("en") else self.id


class Source(Struct, frozen=True, kw_only=True):
    """Where a rule comes from. `standing`: found in a page, known in general, or not established."""

    instrument: str
    section: str = ""
    page: str = ""
    quote: str = ""
    retrieved_on: date | None = None
    standing: Literal["found", "knowledge", "not_established"] = "found"

    def __post_init__(self) -> None:
        if not self.instrument.strip():
            raise refuse("the name of the instrument", "an empty text")
        if self.standing == "found" and not self.page:
            raise refuse("the page for a source that was found", "none")

    @property
    def is_verified(self) -> bool:
        return self.standing == "found"


class InForce(Struct, frozen=True, kw_only=True):
    """One span of validity; `to` is the last day, empty while in force."""

    from_: date = msgspec.field(name="from")
    to: date | None = None

    def __post_init__(self) -> None:
        if self.to is not None and self.to < self.from_:
            raise refuse(f"to on or after {self.from_}", self.to)

    def covers(self, on: date) -> bool:
        return self.from_ <= on and (self.to is None or on <= self.to)


class Rule(Struct, frozen=True, kw_only=True):
    """Base of all rules: none loads without source and dates; subclasses check their examples."""

    id: str
    source: Source
    in_force: tuple[InForce, ...]
    reviewed: date | None = None

    def __post_init__(self) -> None:
        if not self.in_force:
            raise refuse("at least one span in in_force", "none")

    @property
    def is_reviewed(self) -> bool:
        return self.reviewed is not None

    def in_force_on(self, on: date) -> bool:
        return any(span.covers(on) for span in self.in_force)


def need_examples(examples: Sequence[object]) -> None:
    """Refuses a rule without example."""
    if not examples:
        raise refuse("at least one example", "none")


def need_unique(what: str, codes: Sequence[object]) -> None:
    """Refuses a list in which a code stands twice."""
    twice = sorted({str(code) for code in codes if codes.count(code) > 1})
    if twice:
        raise refuse(f"each {what} once", ", ".join(twice) + " twice")

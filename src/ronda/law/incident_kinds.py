"""Kinds of incident: what may happen, whose mandate it is by default, and how soon somebody must act."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal

from ronda.law.loader import LAW_ROOT, load_file
from ronda.law.rules import Name, Rule, Source, Struct, need_examples, need_unique, refuse

AgencyKind = Literal[
    "bawaslu", "kpu", "polri", "tni", "kejaksaan", "kesbangpol", "satpolpp", "bpbd", "kominfo"
]


class Due(Struct, frozen=True, kw_only=True):
    """Default time to act: hours from the moment it was confirmed. `basis` says whether law or practice."""

    hours: int
    basis: Literal["law", "practice"]
    note: Name

    def __post_init__(self) -> None:
        if not 0 < self.hours <= 24 * 60:
            raise refuse("between 1 and 1440 hours", self.hours)

    def due_at(self, confirmed_at: datetime) -> datetime:
        return confirmed_at + timedelta(hours=self.hours)


class DueExample(Struct, frozen=True, kw_only=True):
    """Confirmed then, due then."""

    confirmed_at: datetime
    due_at: datetime


class Outcome(Struct, frozen=True, kw_only=True):
    """What may come of a confirmed report of some kinds."""

    id: str
    name: Name
    source: Source


class IncidentKind(Rule, frozen=True, kw_only=True):
    """One kind; `agency` receives the hand-over unless the officer decides otherwise."""

    name: Name
    group: Literal["security", "logistics", "conduct", "count", "rights", "hazard", "network", "other"]
    agency: AgencyKind
    informed: tuple[AgencyKind, ...] = ()
    due: Due
    hint: Name
    questions: tuple[Name, ...]
    becomes: tuple[str, ...]
    examples: tuple[DueExample, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        need_examples(self.examples)
        if len(self.questions) < 2 or not self.becomes:
            raise refuse("at least two questions and one outcome", self.id)
        if self.agency in self.informed:
            raise refuse("agency not repeated in informed", self.agency)
        for example in self.examples:
            came = self.due.due_at(example.confirmed_at)
            if came != example.due_at:
                raise refuse(f"example due at {example.due_at.isoformat()}", came.isoformat())

    @property
    def is_verified(self) -> bool:
        """False while the routing or the time to act rests on no page that was found."""
        return self.source.is_verified and self.due.basis == "law"

    def name_in(self, language: str) -> str:
        return self.name.in_language(language)


class IncidentKinds(Struct, frozen=True, kw_only=True):
    """The file `incident_kinds.yaml`."""

    reviewed: date | None
    outcomes: tuple[Outcome, ...]
    kinds: tuple[IncidentKind, ...]

    def __post_init__(self) -> None:
        need_unique("incident kind", [kind.id for kind in self.kinds])
        need_unique("outcome", [outcome.id for outcome in self.outcomes])
        known = {outcome.id for outcome in self.outcomes}
        for kind in self.kinds:
            if unknown := set(kind.becomes) - known:
                raise refuse(f"outcomes of the file for {kind.id}", sorted(unknown))


@cache
def _loaded() -> IncidentKinds:
    return load_file(LAW_ROOT / "incident_kinds.yaml", IncidentKinds)


@cache
def incident_kinds() -> dict[str, IncidentKind]:
    """All kinds by id, in the order of the file."""
    return {kind.id: kind for kind in _loaded().kinds}


@cache
def outcomes() -> dict[str, Outcome]:
    """What may come of confirmed reports, by id."""
    return {outcome.id: outcome for outcome in _loaded().outcomes}

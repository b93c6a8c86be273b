"""Where and until when a difference in a recapitulation can be raised."""

from datetime import date, timedelta
from functools import cache
from typing import Literal

from ronda.law.elections import election_laws
from ronda.law.loader import LAW_ROOT, load_file
from ronda.law.rules import Name, Rule, Struct, need_examples, need_unique, refuse
from ronda.law.stages import calendars


class ObjectionStep(Struct, frozen=True, kw_only=True):
    """One place to raise it. Without stage and days its last day depends on a decision still to come."""

    id: str
    level: Literal["district", "regency", "province", "nation"]
    name: Name
    basis: str
    standing: Literal["found", "knowledge", "not_established"]
    stages: dict[str, str] = {}
    days_after_vote: int | None = None

    def last_day(self, election: str) -> date | None:
        """The last day of this step in an election; None when it is not known beforehand."""
        law = election_laws()[election]
        if self.days_after_vote is not None:
            return law.voting_on + timedelta(days=self.days_after_vote)
        code = self.stages.get(election)
        stages = calendars()[law.stages].stages if code else ()
        return next((stage.last_day for stage in stages if stage.code == code), None)


class ObjectionExample(Struct, frozen=True, kw_only=True):
    """The last day of a step in an election."""

    election: str
    step: str
    last_day: date


class ObjectionRules(Rule, frozen=True, kw_only=True):
    """All steps, in the order in which they are open."""

    steps: tuple[ObjectionStep, ...]
    examples: tuple[ObjectionExample, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        need_examples(self.examples)
        need_unique("step", [step.id for step in self.steps])
        for example in self.examples:
            came = next(step for step in self.steps if step.id == example.step).last_day(example.election)
            if came != example.last_day:
                raise refuse(f"example {example.election} {example.step}: {example.last_day}", came)


@cache
def objection_steps() -> tuple[ObjectionStep, ...]:
    """The steps of `law/objections.yaml`."""
    return load_file(LAW_ROOT / "objections.yaml", ObjectionRules).steps

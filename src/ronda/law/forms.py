"""Rules a result form must meet: sums, bounds and agreement between copies and levels.

A failed rule is a reason to look at the paper form, never a finding of fraud; each rule therefore carries the
innocent explanation that is met most often.
"""

from functools import cache
from typing import Literal

from ronda.law.loader import LAW_ROOT, load_folder
from ronda.law.rules import Name, Rule, Struct, need_examples


class FormExample(Struct, frozen=True, kw_only=True):
    """Figures of one form (or of two levels) and the difference they give; 0 means the rule holds."""

    given: dict[str, int | list[int]]
    delta: int


class FormRule(Rule, frozen=True, kw_only=True):
    """One rule. `level`: one sheet, two copies of a sheet, or a recapitulation against its stations."""

    code: str
    severity: Literal["error", "warning", "information"]
    level: Literal["sheet", "copies", "recap"]
    name: Name
    message: Name
    innocent: Name
    examples: tuple[FormExample, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        need_examples(self.examples)


@cache
def form_rules() -> dict[str, FormRule]:
    """All rules of `law/forms`, by id, in the order of their ids."""
    return {rule.id: rule for rule in load_folder(LAW_ROOT / "forms", FormRule)}

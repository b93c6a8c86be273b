"""Forms of results: their fields, and the rules they must meet (sums, bounds, agreement of copies and levels).

A failed rule is a reason to look at the paper form, never a finding of fraud; each rule therefore carries the
innocent explanation that is met most often.
"""

from functools import cache
from typing import Literal

from ronda.law.loader import LAW_ROOT, load_file, load_folder
from ronda.law.rules import Name, Rule, Struct, need_examples, need_unique
from ronda.methods.tally.rules import AnyTest

Given = int | list[int | list[int] | dict[str, int]]


class FormExample(Struct, frozen=True, kw_only=True):
    """Figures of one form (or of two levels) and the difference they give; 0 means the rule holds."""

    given: dict[str, Given]
    delta: int


class FormRule(Rule, frozen=True, kw_only=True):
    """One rule. `level`: one sheet, a sheet among those of its station and district, two copies of a sheet, or a
    recapitulation against its stations."""

    code: str
    severity: Literal["error", "warning", "information"]
    level: Literal["sheet", "station", "copies", "recap"]
    test: AnyTest
    name: Name
    message: Name
    innocent: Name
    examples: tuple[FormExample, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        need_examples(self.examples)


class FormField(Struct, frozen=True, kw_only=True):
    """One row of the form but for the choices. `columns` are its boxes: men, women, all, or one without a name."""

    id: str
    ref: str
    part: Literal["voters", "ballots", "disability", "totals", "signatures"]
    name: Name
    columns: tuple[Literal["l", "p", "j"], ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of its figures, in the order of the paper."""
        return tuple(f"{self.id}_{column}" for column in self.columns) or (self.id,)


class FormFields(Rule, frozen=True, kw_only=True):
    """All rows of C.HASIL but for the choices, in the order of the paper."""

    fields: tuple[FormField, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        need_unique("field", [one.id for one in self.fields])


@cache
def form_rules() -> dict[str, FormRule]:
    """All rules of `law/forms`, by id, in the order of their ids."""
    return {rule.id: rule for rule in load_folder(LAW_ROOT / "forms", FormRule)}


@cache
def form_fields() -> tuple[FormField, ...]:
    """The rows of `law/form_fields.yaml`, in the order of the paper."""
    return load_file(LAW_ROOT / "form_fields.yaml", FormFields).fields

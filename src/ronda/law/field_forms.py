"""What a phone in the field asks, as data: forms of steps of fields, each with the place of its answer in a message."""

import re
from datetime import date
from functools import cache
from typing import Literal

from ronda.law.loader import LAW_ROOT, load_file
from ronda.law.rules import Name, Struct, need_unique, refuse

_INTO = re.compile(r"(?:place|station|body\.[a-z][a-z_]{0,39})\Z")
FieldType = Literal[
    "choice",
    "text",
    "line",
    "code",
    "number",
    "flag",
    "time",
    "place",
    "station",
    "photos",
    "incident",
    "paper",
]
WITHOUT_PLACE = ("photos", "paper")  # files stand beside the body, boxes say themselves where they go


class FieldOf(Struct, frozen=True, kw_only=True):
    """One question. `into` is where the answer goes; `only` limits it to some of what the form is made for."""

    id: str
    type: FieldType
    name: Name
    into: str = ""
    of: Literal["", "incident_kinds"] = ""
    needed: bool = False
    most: int = 0
    only: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.type in WITHOUT_PLACE) == bool(self.into) or (self.into and not _INTO.match(self.into)):
            raise refuse(f"{self.id}: into as place, station or body.word, none for files", self.into)
        if (self.type == "choice") != bool(self.of):
            raise refuse(f"{self.id}: `of` for a choice and for nothing else", self.of)
        if self.most < 0:
            raise refuse(f"{self.id}: most from 0", self.most)


class FormStep(Struct, frozen=True, kw_only=True):
    """What is asked at once."""

    name: Name
    hint: Name | None = None
    fields: tuple[FieldOf, ...]

    def __post_init__(self) -> None:
        if not self.fields:
            raise refuse("at least one field in a step", "none")


class FieldForm(Struct, frozen=True, kw_only=True):
    """One form, or one for `each` of the things named; those give it its name, and their id goes where `sets` says."""

    id: str
    kind: Literal["report", "checkin", "sheet", "followup", "attendance"]
    icon: str
    name: Name | None = None
    each: Literal["", "checkin_steps", "roll_calls", "contests"] = ""
    sets: str = ""
    body: dict[str, str] = {}
    steps: tuple[FormStep, ...]

    def __post_init__(self) -> None:
        need_unique("field", [field.id for step in self.steps for field in step.fields])
        if bool(self.each) != bool(self.sets) or bool(self.each) == (self.name is not None):
            raise refuse(
                f"{self.id}: either a name, or `each` with `sets`", (self.name, self.each, self.sets)
            )
        if self.sets and not _INTO.match(self.sets):
            raise refuse(f"{self.id}: sets as body.word", self.sets)
        if not self.steps:
            raise refuse(f"{self.id}: at least one step", "none")


class FieldForms(Struct, frozen=True, kw_only=True):
    """The file `field_forms.yaml`."""

    reviewed: date | None
    forms: tuple[FieldForm, ...]

    def __post_init__(self) -> None:
        need_unique("form", [form.id for form in self.forms])


@cache
def field_forms() -> tuple[FieldForm, ...]:
    """All forms of the field, in the order in which a phone lists them."""
    return load_file(LAW_ROOT / "field_forms.yaml", FieldForms).forms

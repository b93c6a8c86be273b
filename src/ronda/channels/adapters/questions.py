"""The forms of the field as plain questions, from which an XForm and an XLSForm are made and a submission is read.

The forms come from `ronda.field` (law/field_forms.yaml); here only their shape changes. Follow-ups are left out: they
choose from a live list of incidents, which a form that was downloaded does not have.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

YES, NO = "ya", "tidak"
Words = Mapping[str, str]
LEFT_OUT = ("incident",)
TEXT_MAX, NUMBER_MAX = 8_000, 999_999_999
YES_NO: tuple[tuple[str, Words], ...] = ((YES, {"id": "Ya", "en": "Yes"}), (NO, {"id": "Tidak", "en": "No"}))
COLUMN_WORDS: Mapping[str, Words] = {
    "l": {"id": "laki-laki", "en": "men"},
    "p": {"id": "perempuan", "en": "women"},
    "j": {"id": "jumlah", "en": "total"},
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `kind` is text, int, flag, choice, time or photo; `into` is where its answer goes."""

    name: str
    kind: str
    label: Words
    into: str = ""
    is_needed: bool = False
    most: int = 0
    choices: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked at once."""

    name: str
    label: Words
    hint: Words | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One form, with the lists it chooses from."""

    id: str
    kind: str
    title: Words
    body: Mapping[str, str]
    pages: tuple[Page, ...]
    lists: Mapping[str, Sequence[tuple[str, Words]]] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Changes with every word of the form, and with nothing else."""
        content = [self.id, self.kind, dict(self.title), dict(self.body), repr(self.pages), repr(self.lists)]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def questions(self) -> Iterator[Question]:
        for page in self.pages:
            yield from page.questions


def forms_made(definition: Mapping[str, Any], villages: Mapping[str, str]) -> list[Form]:
    """Every form of a definition that can be filled in without a connection; `villages` are names by code."""
    kinds = [(one["id"], one["name"]) for one in definition["lists"]["incident_kinds"]]
    lists = {
        "incident_kinds": kinds,
        "villages": [(code, {"id": name, "en": name}) for code, name in villages.items()],
        "yes_no": list(YES_NO),
    }
    return [made for one in definition["forms"] if (made := _form(one, lists)) is not None]


def _form(one: Mapping[str, Any], lists: Mapping[str, Sequence[tuple[str, Words]]]) -> Form | None:
    fields = [each for step in one["steps"] for each in step["fields"]]
    if any(each["type"] in LEFT_OUT for each in fields):
        return None
    pages = tuple(
        Page(f"bagian_{number}", step["name"], step["hint"], tuple(_questions(step["fields"], lists)))
        for number, step in enumerate(one["steps"], start=1)
    )
    used = {question.choices for page in pages for question in page.questions if question.choices}
    return Form(
        id=one["id"].replace(":", "-"),
        kind=one["kind"],
        title=one["name"],
        body=one["body"],
        pages=pages,
        lists={name: lists[name] for name in sorted(used)},
    )


def _questions(fields: Sequence[Mapping[str, Any]], lists: Mapping[str, Any]) -> Iterator[Question]:
    for one in fields:
        if one["type"] == "paper":
            yield from _boxes(one["paper"])
        else:
            yield _question(one, lists)


def _question(one: Mapping[str, Any], lists: Mapping[str, Any]) -> Question:
    kinds = {
        "text": "text",
        "line": "text",
        "number": "int",
        "flag": "flag",
        "time": "time",
        "photos": "photo",
    }
    kind, choices, most = kinds.get(one["type"], "text"), "", int(one.get("most", 0))
    if one["type"] == "choice":
        kind, choices = "choice", one["of"]
    elif one["type"] == "place" and lists["villages"]:
        kind, choices = "choice", "villages"
    elif one["type"] == "station":
        kind, most = "int", 999
    elif one["type"] == "flag":
        choices = "yes_no"
    name = f"jawab_{one['id']}"
    return Question(name, kind, one["name"], one.get("into", ""), bool(one["needed"]), most, choices)


def _boxes(paper: Mapping[str, Any]) -> Iterator[Question]:
    """One question for each box of a paper, in its order."""
    for part in paper["parts"]:
        for line in part["lines"]:
            for box in line["boxes"]:
                label = {
                    language: " ".join(
                        filter(None, (line["ref"], line["name"][language], _column(box, language)))
                    )
                    for language in ("id", "en")
                }
                yield Question(
                    f"kotak_{box['id']}".replace(".", "_"), "int", label, box["into"], most=NUMBER_MAX
                )


def _column(box: Mapping[str, Any], language: str) -> str:
    words = COLUMN_WORDS.get(box["column"] or "")
    return f"({words[language]})" if words else ""

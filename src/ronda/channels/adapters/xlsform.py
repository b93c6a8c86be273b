"""The same forms as an XLSForm workbook: what KoboToolbox and pyxform read."""

from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from ronda.channels.adapters.questions import Form, Question
from ronda.channels.adapters.xform import constraint_of

LANGUAGES = (("id", "Bahasa Indonesia (id)"), ("en", "English (en)"))
LABELS = [f"label::{name}" for _code, name in LANGUAGES]
HINTS = [f"hint::{name}" for _code, name in LANGUAGES]
SURVEY = ["type", "name", *LABELS, *HINTS, "required", "constraint", "appearance"]
CHOICES = ["list_name", "name", *LABELS]
SETTINGS = ["form_title", "form_id", "version", "default_language"]
TYPES = {"text": "text", "int": "integer", "time": "dateTime", "photo": "image"}
Row = list[str]


def xlsform_write(form: Form, path: Path) -> None:
    """One form as a workbook of three sheets."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        settings = [form.title["id"], form.id, form.version, LANGUAGES[0][1]]
        tables = (("survey", SURVEY, survey_rows(form)), ("choices", CHOICES, _choices(form)))
        for name, header, rows in (*tables, ("settings", SETTINGS, iter([settings]))):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, header, bold)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number, 0, row)


def survey_rows(form: Form) -> Iterator[Row]:
    """Groups, questions and repeats, in the order in which they are asked."""
    yield _row("start", "mulai")
    for page in form.pages:
        looks = "" if any(question.kind == "photo" for question in page.questions) else "field-list"
        hint = page.hint or {}
        yield _row("begin_group", page.name, _both(page.label), appearance=looks)
        for number, question in enumerate(page.questions):
            yield from _asked(question, _both(hint) if number == 0 and hint else ["", ""])
        yield _row("end_group", "")


def _asked(question: Question, hint: Row) -> Iterator[Row]:
    label = _both(question.label)
    kind = f"select_one {question.choices}" if question.choices else TYPES[question.kind]
    needed = "yes" if question.is_needed and question.kind != "photo" else ""
    row = _row(kind, question.name, label, hint, needed, constraint_of(question))
    if question.kind != "photo":
        yield row
        return
    yield _row("begin_repeat", f"{question.name}_ulang", label)
    yield row
    yield _row("end_repeat", "")


def _row(
    kind: str,
    name: str,
    label: Row | None = None,
    hint: Row | None = None,
    required: str = "",
    constraint: str = "",
    *,
    appearance: str = "",
) -> Row:
    return [kind, name, *(label or ["", ""]), *(hint or ["", ""]), required, constraint, appearance]


def _choices(form: Form) -> Iterator[Row]:
    for name, choices in form.lists.items():
        for value, words in choices:
            yield [name, value, *_both(words)]


def _both(words: object) -> Row:
    assert isinstance(words, dict)
    return [str(words[code]) for code, _name in LANGUAGES]

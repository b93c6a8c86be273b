"""The forms of a phone come from the law, once, and only those that its agency may send."""

from collections.abc import Mapping
from typing import Any

import pytest

from ronda.agencies.models import Post
from ronda.field.tests.test_own_page import asked, people, phone_of
from ronda.law.checkins import checkin_rules
from ronda.law.field_forms import FieldForms
from ronda.law.forms import form_fields
from ronda.law.incident_kinds import incident_kinds
from ronda.law.loader import LAW_ROOT, LawError, load_text

__all__ = ["people"]
TEXT = (LAW_ROOT / "field_forms.yaml").read_text("utf-8")
pytestmark = pytest.mark.django_db


def forms_of(post: Post) -> tuple[dict[str, Any], dict[str, Any]]:
    told = asked(phone_of(post).token, "formulir.json")
    return told, {form["id"]: form for form in told["forms"]}


def test_steps_roll_calls_and_kinds_are_those_of_their_own_files(people: Mapping[str, Post]) -> None:
    told, forms = forms_of(people["ayu"])

    assert [kind["id"] for kind in told["lists"]["incident_kinds"]] == list(incident_kinds())
    for step in checkin_rules().steps:
        assert forms[f"station:{step.id}"]["name"] == {"id": step.name.id, "en": step.name.en}
        assert forms[f"station:{step.id}"]["body"] == {"step": step.id}
    for call in checkin_rules().roll_calls:
        assert forms[f"roll_call:{call.id}"]["body"] == {"step": "roll_call", "call": call.id}


def test_only_the_word_on_the_queue_asks_how_long_it_is(people: Mapping[str, Post]) -> None:
    _told, forms = forms_of(people["ayu"])

    asks = {
        id_
        for id_, form in forms.items()
        for step in form["steps"]
        for f in step["fields"]
        if f["id"] == "queue"
    }

    assert asks == {"station:queue"}


def test_a_sheet_has_every_box_of_the_paper_and_its_sums(people: Mapping[str, Post]) -> None:
    _told, forms = forms_of(people["ayu"])
    sheet = forms["sheet:BUP"]
    paper = sheet["steps"][-1]["fields"][0]["paper"]
    boxes = {
        box["id"]: box["into"] for part in paper["parts"] for line in part["lines"] for box in line["boxes"]
    }

    assert {box for field in form_fields() for box in field.ids} <= set(boxes)
    assert boxes["v0"] == "body.votes.0"
    assert boxes["sah"] == "body.valid"
    sums = {check["rule"]: check for check in paper["checks"]}
    assert sums["R05"]["left"] == [f"v{n}" for n in range(paper["choices"])]
    assert sums["R05"]["right"] == ["sah"]


def test_the_police_get_no_form_for_votes(people: Mapping[str, Post]) -> None:
    _told, forms = forms_of(people["bagas"])

    assert {form["kind"] for form in forms.values()} == {"report", "checkin", "followup", "attendance"}


def test_the_version_is_the_same_until_a_word_changes(people: Mapping[str, Post]) -> None:
    told, _forms = forms_of(people["ayu"])
    again, _forms = forms_of(people["ayu"])
    other, _forms = forms_of(people["bagas"])

    assert told["version"] == again["version"] != other["version"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("into: body.text", "into: files"),
        ("of: incident_kinds, ", ""),
        ("each: contests", "each: dreams"),
        ("    sets: body.step\n", ""),
        ("- id: followup", "- id: report"),
        ("{id: text,", "{id: kind,"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    if new == "{id: kind,":
        new = "{id: photos,"

    with pytest.raises(LawError):
        load_text(TEXT.replace(old, new, 1), FieldForms, "field_forms.yaml")

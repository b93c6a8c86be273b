"""The forms of the law as a phone gets them: one for each thing they are made for, with the papers of its contests."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ronda.elections.selectors import contest_for, contest_list
from ronda.law.checkins import checkin_rules
from ronda.law.field_forms import FieldForm, FieldOf, field_forms
from ronda.law.forms import FormRule, form_rules
from ronda.law.incident_kinds import incident_kinds
from ronda.law.rules import Name
from ronda.methods.tally import party_total
from ronda.methods.tally.rules import VOTES, AtMost, Digits, Equal, PartySum
from ronda.results.papers import COLUMNS, Line, Paper, paper_of

if TYPE_CHECKING:
    from ronda.elections.models import Election

Json = dict[str, object]
ROW = "v"  # what the boxes of choices are called: v0, v1, ...


@dataclass(frozen=True, slots=True)
class Made:
    """What a form is made for: its id, its name, and the paper if it is a contest."""

    id: str
    name: Name
    paper: Json | None = None


def definition(election: "Election | None", *, area: str, may_send: Callable[[str], bool]) -> Json:
    """All forms for a post in an area. `version` is the hash of what they say."""
    content: Json = {
        "lists": {"incident_kinds": _incident_kinds()},
        "forms": [
            one
            for form in field_forms()
            if may_send(form.kind)
            for one in _expanded(form, election=election, area=area)
        ],
    }
    exact = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {"version": hashlib.sha256(exact.encode()).hexdigest()[:16], **content}


def _incident_kinds() -> list[Json]:
    return [
        {"id": kind.id, "group": kind.group, "name": _words(kind.name), "hint": _words(kind.hint)}
        for kind in incident_kinds().values()
    ]


def _expanded(form: FieldForm, *, election: "Election | None", area: str) -> Iterator[Json]:
    if form.name is not None:
        yield _form(form, form.id, form.name, form.body, None)
        return
    for made in _things(form.each, election, area):
        body = {**form.body, form.sets.removeprefix("body."): made.id}
        yield _form(form, f"{form.id}:{made.id}", made.name, body, made)


def _things(each: str, election: "Election | None", area: str) -> Iterator[Made]:
    if each == "contests":
        yield from _contests(election, area)
        return
    rules = checkin_rules()
    for rule in rules.steps if each == "checkin_steps" else rules.roll_calls:
        yield Made(rule.id, rule.name)


def _contests(election: "Election | None", area: str) -> Iterator[Made]:
    """Contests with one list in the area; where a wide area votes on several, no paper could be shown."""
    if election is None:
        return
    codes = dict.fromkeys(row.code for row in contest_list(election, area=area))
    for code in codes:
        contest = contest_for(election, code, area=area)
        if contest is None:
            continue
        papers = [
            paper_of(election=election.code, contest=code, area=area, language=language)
            for language in ("id", "en")
        ]
        if papers[0].choices:
            yield Made(code, Name(id=contest.name_id, en=contest.name_en), _paper(*papers))


def _form(form: FieldForm, id_: str, name: Name, body: dict[str, str], made: Made | None) -> Json:
    steps = []
    for step in form.steps:
        fields = [_field(one, made) for one in step.fields if not one.only or (made and made.id in one.only)]
        hint = _words(step.hint) if step.hint else None
        steps.append({"name": _words(step.name), "hint": hint, "fields": fields})
    return {
        "id": id_,
        "kind": form.kind,
        "icon": form.icon,
        "name": _words(name),
        "body": body,
        "steps": steps,
    }


def _field(one: FieldOf, made: Made | None) -> Json:
    field: Json = {"id": one.id, "type": one.type, "name": _words(one.name), "needed": one.needed}
    given = {
        "into": one.into,
        "of": one.of,
        "most": one.most,
        "paper": made.paper if made and one.type == "paper" else None,
    }
    return field | {name: value for name, value in given.items() if value}


def _paper(paper: Paper, english: Paper) -> Json:
    parts = [
        {"id": part, "lines": [_line(*both) for both in zip(lines, others, strict=True)]}
        for (part, lines), (_part, others) in zip(paper.parts, english.parts, strict=True)
    ]
    return {"parts": parts, "choices": paper.choices, "checks": list(_checks(paper))}


def _line(line: Line, english: Line) -> Json:
    boxes = [{"id": box.id, "column": box.column, "into": _into(box.id)} for box in line.boxes]
    return {"ref": line.ref, "kind": line.kind, "name": {"id": line.name, "en": english.name}, "boxes": boxes}


def _into(box: str) -> str:
    """Where the figure of a box goes in the message of a sheet."""
    if box[:1] == ROW and box[1:].isdigit():
        return f"body.votes.{box[1:]}"
    return f"body.{COLUMNS.get(box, box)}"


def _checks(paper: Paper) -> Iterator[Json]:
    """The rules of one sheet that are sums of its own boxes. The others are held against more than a phone has."""
    for rule in form_rules().values():
        if rule.level != "sheet":
            continue
        test = rule.test
        if isinstance(test, Equal | AtMost):
            for each in test.each:
                left, right = (_boxes(side, each, paper) for side in (test.left, test.right))
                if paper.boxes >= {*left, *right}:
                    yield _check(rule, test.__struct_config__.tag, left, right, getattr(test, "tolerance", 0))
        elif isinstance(test, PartySum):
            for party, places in paper.parties.items():
                yield _check(rule, "equal", [f"{ROW}{at}" for at in places], [party_total(party)], 0)
        elif isinstance(test, Digits):
            yield _check(rule, "digits", sorted(paper.boxes), [], test.limit)


def _boxes(names: tuple[str, ...], each: str, paper: Paper) -> list[str]:
    found: list[str] = []
    for name in names:
        rows = [f"{ROW}{at}" for at in range(paper.choices)]
        found += rows if name == VOTES else [name.replace("*", each)]
    return found


def _check(rule: FormRule, kind: object, left: list[str], right: list[str], allowed: int) -> Json:
    return {
        "rule": rule.id,
        "kind": kind,
        "left": left,
        "right": right,
        "allowed": allowed,
        "severity": rule.severity,
        "message": _words(rule.message),
    }


def _words(name: Name) -> dict[str, str]:
    return {"id": name.id, "en": name.en}

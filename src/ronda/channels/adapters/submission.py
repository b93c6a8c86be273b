"""What a form app sent: the XML of one filled-in form, read into a message. Pure; entities and DTDs are refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ronda.channels.adapters.questions import YES, Form, Question

XML_MAX = 1024 * 1024
KEPT_INSIDE_MAX = 48 * 1024  # longer XML stands beside the message as a file
ANSWERS_MAX = 2_000
DEPTH_MAX = 12
_META = ("meta", "mulai", "instanceID", "deprecatedID", "instanceName", "start", "end", "deviceid")


class SubmissionRefused(ValueError):
    """The XML is no submission; says what was wanted and what came."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One filled-in form: its names, and every answer by the name of its question."""

    form: str
    version: str
    instance: str
    started: str
    answers: tuple[tuple[str, str], ...]
    xml: bytes

    @property
    def digest(self) -> str:
        return sha256(self.xml).hexdigest()


def submission_read(xml: bytes) -> Submission:
    """The names and answers of a submission. SubmissionRefused says what is wrong."""
    if len(xml) > XML_MAX:
        raise SubmissionRefused(f"wanted at most {XML_MAX} bytes of XML, came {len(xml)}")
    try:
        root = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as problem:
        raise SubmissionRefused(f"wanted XML without a DTD, came {type(problem).__name__}") from None
    leaves = list(_leaves(root, 0))
    instance = next(
        (text for name, text in leaves if name == "instanceID" and text), root.get("instanceID", "")
    )
    form = root.get("id", "")
    if not instance or len(instance) > 200 or not form or len(form) > 200:
        raise SubmissionRefused("wanted a form id and meta/instanceID of at most 200 characters, came none")
    return Submission(
        form=_clean(form),
        version=_clean(root.get("version", ""))[:100],
        instance=_clean(instance),
        started=next((text for name, text in leaves if name in ("mulai", "start")), "")[:60],
        answers=tuple((name, text) for name, text in leaves if text and name not in _META),
        xml=xml,
    )


def _leaves(node: Element, depth: int) -> Iterator[tuple[str, str]]:
    """Name and text of each element without children."""
    if depth > DEPTH_MAX:
        raise SubmissionRefused(f"wanted at most {DEPTH_MAX} levels of XML, came more")
    if len(node) > ANSWERS_MAX:
        raise SubmissionRefused(f"wanted at most {ANSWERS_MAX} answers, came {len(node)}")
    if not len(node):
        yield node.tag.rpartition("}")[2], _clean(node.text or "")
    for child in node:
        yield from _leaves(child, depth + 1)


def _clean(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode().strip()


def photos_named(submission: Submission, form: Form | None) -> tuple[str, ...]:
    """Names of the files that the form itself asks to come with it."""
    photos = {question.name for question in form.questions if question.kind == "photo"} if form else set()
    return tuple(text for name, text in submission.answers if name in photos)


@dataclass(slots=True)
class Told:
    """The answers where the message wants them; `rest` is what had no place, in words."""

    kind: str
    body: dict[str, Any]
    place: str = ""
    station: int | None = None
    rest: tuple[str, ...] = ()


def told_of(submission: Submission, form: Form | None) -> Told:
    """A message's parts. An unknown form, or an answer that is none, never loses a word: it is told as text."""
    if form is None:
        lines = tuple(f"{name}: {text}" for name, text in submission.answers)
        return Told("report", {"text": "\n".join((f"ODK {submission.form}", *lines))[:8_000]}, rest=lines)
    told = Told(form.kind, dict(form.body))
    known: Mapping[str, Question] = {question.name: question for question in form.questions}
    rest = []
    for name, text in submission.answers:
        question = known.get(name)
        if question is None or (question.kind != "photo" and not _put(told, question, text)):
            rest.append(f"{name}: {text}"[:500])
    told.rest = tuple(rest)
    if rest:
        field = "text" if form.kind == "report" else "note"
        told.body[field] = "\n".join(filter(None, (str(told.body.get(field) or ""), *rest)))[:8_000]
    return told


def _put(told: Told, question: Question, text: str) -> bool:
    value = _value(question, text)
    if value is None:
        return False
    if question.into == "place":
        told.place = str(value)[:60]
    elif question.into == "station":
        told.station = value if isinstance(value, int) and 1 <= value <= 999 else None
        return told.station is not None
    elif question.into.startswith("body."):
        _into(told.body, question.into.removeprefix("body.").split("."), value)
    return True


def _value(question: Question, text: str) -> str | int | bool | None:
    if question.kind == "int":
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if question.kind == "flag":
        return text == YES
    return text


def _into(body: dict[str, Any], path: list[str], value: object) -> None:
    """`votes.3` fills a list; what was not answered before it stays empty."""
    if len(path) == 1:
        body[path[0]] = value
        return
    row = body.setdefault(path[0], [])
    at = int(path[1])
    row.extend([None] * (at + 1 - len(row)))
    row[at] = value

"""Text messages: read, handed in as what they are or else as a report, and answered in one message."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import Counter

from ronda.channels import selectors
from ronda.channels.adapters import sms_answer as answers
from ronda.channels.adapters.sms import Problem, SmsRead, What, sms_read
from ronda.channels.domain import Content, State, message_id
from ronda.channels.selectors import Known, Sender
from ronda.channels.services.handing import hand_in

DELIVERIES = Counter(
    "ronda_sms_answers_total", "Answers by text message, by what became of them.", ["gateway", "state"]
)
NOT_COUNTING = ("polri", "tni")  # STR/404/VI/OPS.1.3/2018: what they send of counts is not kept in any form
SHEET_TAIL = 3  # valid, invalid and all votes stand after those of the choices
CLOCKS_APART = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message as a gateway hands it over; `key` is the gateway's own id of it."""

    gateway: str
    number: str
    text: str
    key: str = ""
    sent_at: datetime | None = None


def sms_take(*, sms: Sms, at: datetime) -> str:
    """Hand in what it says and return the answer to its sender. DoorBusy: the gateway asks again."""
    sender = selectors.sender_of_number(sms.number, at=at)
    read = sms_read(sms.text, own_area=sender.area)
    if read.what is What.HELP or read.problem is Problem.EMPTY:
        return answers.answer_help()
    if read.what is What.SHEET and sender.grant.kind in NOT_COUNTING:
        return answers.answer_refused()
    known = selectors.known_of(read.place, read.station, read.contest, at=at)
    problem = _problem(read, known, sender)
    content = _content(sms, read if problem is None else _as_report(read), known, at)
    taken = hand_in(content=content, grant=selectors.grant_at(sender, read.place), at=at)
    if taken.state is State.CONFLICT:
        return answers.answer_conflict(read, known.place_name)
    return _answer(read, known, problem, taken.code)


def sms_delivered(*, gateway: str, state: str) -> None:
    """Count what a gateway tells of an answer: delivered, buffered or failed. No number and no text is kept."""
    DELIVERIES.labels(gateway, state).inc()


def _problem(read: SmsRead, known: Known, sender: Sender) -> str | None:
    """Why it cannot be taken as what it says; None if it can."""
    if read.problem is not None:
        return read.problem
    if read.what is What.REPORT:
        return None
    if not sender.grant.may_send("sheet" if read.what is What.SHEET else "checkin"):
        return "sender"
    if read.what is What.SHEET and known.place_name:
        if not known.choices:
            return "contest"
        return None if len(read.figures) == known.choices + SHEET_TAIL else "choices"
    return None


def _as_report(read: SmsRead) -> SmsRead:
    return SmsRead(What.REPORT, read.text, read.place, read.station, read.kind, is_danger=read.is_danger)


def _content(sms: Sms, read: SmsRead, known: Known, at: datetime) -> Content:
    kinds = {What.STEP: "checkin", What.SHEET: "sheet"}
    key = sms.key or f"{sms.number}\n{sms.text}\n{(sms.sent_at or at):%Y-%m-%d}"
    is_timely = sms.sent_at is not None and abs(at - sms.sent_at) < CLOCKS_APART
    return Content(
        id=message_id("sms", sms.gateway, key),
        kind=kinds.get(read.what, "report"),
        body=_body(read),
        place=read.place,
        station=read.station,
        captured_at=sms.sent_at if is_timely else None,
        election=known.election,
        device=f"sms:{sms.gateway}",
    )


def _body(read: SmsRead) -> dict[str, object]:
    """The fields of the context that owns the kind, and beside them the words as they came."""
    if read.what is What.STEP:
        return {"step": read.step, "queue": read.queue, "note": read.note, "sms": read.text}
    if read.what is What.SHEET:
        votes, (valid, invalid, total) = read.figures[:-SHEET_TAIL], read.figures[-SHEET_TAIL:]
        figures = {"votes": list(votes), "valid": valid, "invalid": invalid, "sah_tidak_sah": total}
        return {"contest": read.contest, **figures, "sms": read.text}
    return {"text": read.text, "kind": read.kind or None, "danger": read.is_danger}


def _answer(read: SmsRead, known: Known, problem: str | None, code: str) -> str:
    name = known.place_name
    if problem is not None:
        wanted = known.choices + SHEET_TAIL if known.choices else 0
        return answers.answer_kept(problem, read, name, code, wanted=wanted)
    if read.place and (not name or (read.station and not known.is_station)):
        return answers.answer_kept("register", read, name, code)
    if read.what is What.STEP:
        return answers.answer_step(read, name)
    if read.what is What.SHEET:
        return answers.answer_sheet(read, name, read.figures[:-SHEET_TAIL])
    return answers.answer_report(read, name, code)

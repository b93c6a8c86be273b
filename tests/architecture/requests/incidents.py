"""Requests about incidents, hand-overs and actions."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from tests.architecture.regency import AREA, Regency
from tests.architecture.requests.written import (
    WORDS,
    Asked,
    Written,
    moment,
    on_record,
)


def _act(slug: str, make: Callable[[Regency], Any], **body: Any) -> Callable[[Regency], Asked]:
    def made(regency: Regency) -> Asked:
        one = make(regency)
        return reverse("incidents:incident-act", args=[getattr(one, "incident_id", one.id), slug]), body

    return made


def _hand_over(regency: Regency) -> Asked:
    body = {"desk": f"polri|{regency.polsek.area}", "request": "Amankan."}
    return reverse("incidents:incident-act", args=[regency.opened().id, "hand-over"]), body


def _assign(regency: Regency) -> Asked:
    body = {"title": "Patroli", "desk": f"bawaslu|{AREA}", "due_at": moment(2)}
    return reverse("incidents:incident-act", args=[regency.started().id, "assign"]), body


def _relate(regency: Regency) -> Asked:
    body = {"number": regency.opened().label, "note": "Satu massa."}
    return reverse("incidents:incident-act", args=[regency.opened().id, "relate"]), body


def _on_action(slug: str, make: Callable[[Regency], Any]) -> Callable[[Regency], Asked]:
    return lambda regency: (reverse("incidents:action-act", args=[make(regency).id, slug]), WORDS)


INCIDENT_ACTS = {
    "accept": Written("bagas", _act("accept", Regency.handed)),
    "start": Written("citra", _act("start", Regency.opened)),
    "close": Written("putri", _act("close", Regency.proven, note="Dilihat.")),
    "hand-over": Written("citra", _hand_over),
    "assign": Written("citra", _assign),
    "finish": Written(
        "citra", _act("finish", Regency.started, note="Aman.", evidence_kind="document", document="LP/12")
    ),
    "refuse": Written("bagas", _act("refuse", Regency.handed, **WORDS)),
    "receive": Written("bagas", _act("receive", Regency.handed)),
    "withdraw": Written("citra", _act("withdraw", Regency.handed, **WORDS)),
    "give-back": Written("bagas", _act("give-back", Regency.accepted, **WORDS)),
    "send-back": Written("putri", _act("send-back", Regency.proven, **WORDS)),
    "reopen": Written("putri", _act("reopen", Regency.closed, **WORDS)),
    "ask": Written("citra", _act("ask", Regency.accepted, **WORDS)),
    "note": Written("citra", _act("note", Regency.opened, text="Massa bubar.")),
    "relate": Written("citra", _relate),
}
ACTION_ACTS = {
    "selesai": Written("citra", _on_action("selesai", Regency.action)),
    "batalkan": Written("citra", _on_action("batalkan", Regency.action)),
    "buka": Written("citra", _on_action("buka", Regency.action_done)),
}


PAGES = {
    **{f"incidents:incident-act/{slug}": case for slug, case in INCIDENT_ACTS.items()},
    **{f"incidents:action-act/{slug}": case for slug, case in ACTION_ACTS.items()},
    "incidents:link-end": Written("citra", on_record("incidents:link-end", Regency.link, **WORDS)),
}

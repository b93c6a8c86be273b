"""Every act on an incident: its button, its form, and the one service it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ronda.agencies.access import post_required
from ronda.incidents import selectors, services
from ronda.incidents.adapters import desks_covering, kind_words
from ronda.incidents.domain import Desk, IncidentState
from ronda.incidents.forms import (
    AssignForm,
    CloseForm,
    DoneForm,
    FinishForm,
    HandoverForm,
    NoteForm,
    ReasonForm,
    RelateForm,
    desk_of,
    desk_value,
)
from ronda.incidents.models import Incident
from ronda.incidents.views.asking import attempt, incident_or_404, scope_of
from ronda.kernel import clock
from ronda.kernel.scope import Scope
from ronda.reports.domain import MoveRefused

Run = Callable[[Incident, dict[str, Any], Scope, Any], object]


@dataclass(frozen=True)
class Act:
    """An act: the words of its button, its form (none: one click), the service it calls, what is said after."""

    button: Any
    run: Run
    done: Any
    form: "Callable[[Incident, Sent], forms.Form] | None" = None
    icon: str = ""


def _waiting(incident: Incident) -> UUID:
    handover = selectors.handover_waiting(incident.id)
    if handover is None:
        raise MoveRefused(_("Serah terima ini sudah dijawab."))
    return handover.id


def _held(incident: Incident) -> UUID:
    handover = selectors.handover_held(incident)
    if handover is None:
        raise MoveRefused(_("Kejadian ini tidak datang lewat serah terima."))
    return handover.id


@dataclass(frozen=True)
class Sent:
    """What a browser sent: fields and files; nothing yet when the form is only shown."""

    data: Any = None
    files: Any = None

    @classmethod
    def by(cls, request: HttpRequest) -> "Sent":
        return cls(request.POST, request.FILES) if request.method == "POST" else cls()


def _plain(form: type[forms.Form]) -> Callable[[Incident, Sent], forms.Form]:
    return lambda incident, sent: form(sent.data)


def _handover_form(incident: Incident, sent: Sent) -> forms.Form:
    held = Desk(incident.holder_agency, incident.holder_area)
    desks = [(desk, name) for desk, name in desks_covering(incident.area) if desk != held]
    first = _mandated(incident, [desk for desk, _name in desks])
    choices = [(desk_value(desk), name) for desk, name in desks]
    return HandoverForm(sent.data, desks=choices, initial={"desk": desk_value(first)} if first else None)


def _mandated(incident: Incident, desks: list[Desk]) -> Desk | None:
    """The desk whose mandate the kind names, else one that the kind says must know; nearest first."""
    kind = kind_words(incident.kind)
    wanted = [kind.agency, *kind.informed]
    for agency in wanted:
        if agency != incident.holder_agency and (found := [desk for desk in desks if desk.agency == agency]):
            return found[0]
    return desks[0] if desks else None


def _assign_form(incident: Incident, sent: Sent) -> forms.Form:
    readers = {incident.agency, incident.holder_agency, *incident.audience}
    desks = [
        (desk_value(desk), name) for desk, name in desks_covering(incident.area) if desk.agency in readers
    ]
    due = clock.now() + timedelta(hours=kind_words(incident.kind).hours)
    own = desk_value(Desk(incident.holder_agency, incident.holder_area))
    initial = {"due_at": due, "desk": own}
    return AssignForm(sent.data, desks=desks, area=incident.area, initial=initial)


def _finish_form(incident: Incident, sent: Sent) -> forms.Form:
    linked = selectors.reports_of(incident.id)
    return FinishForm(sent.data, sent.files, reports=[(str(row.id), row.text[:80]) for row in linked])


def _send(incident: Incident, given: dict[str, Any], by: Scope, at: Any) -> object:
    to, words = desk_of(given["desk"]), given["request"]
    return services.handover_send(incident=incident.id, to=to, request=words, by=by, at=at)


def _assign(incident: Incident, given: dict[str, Any], by: Scope, at: Any) -> object:
    owner = desk_of(given["desk"])
    return services.action_assign(
        incident=incident.id, title=given["title"], owner=owner, due_at=given["due_at"], by=by, at=at
    )


def _relate(incident: Incident, given: dict[str, Any], by: Scope, at: Any) -> object:
    found = [row for row in selectors.incident_search(given["number"]) if row.regency == incident.regency]
    same = [row for row in found if row.election == incident.election]
    if not same:
        raise MoveRefused(_("Tidak ada kejadian dengan nomor itu di wilayah Anda."))
    return services.incident_relate(incident=incident.id, other=same[0].id, note=given["note"], by=by, at=at)


ACTS: dict[str, Act] = {
    "accept": Act(
        _("Terima penanganan"),
        lambda i, given, by, at: services.handover_accept(handover=_waiting(i), by=by, at=at),
        _("Diterima. Kejadian ini sekarang Anda pegang."),
    ),
    "start": Act(
        _("Tangani sendiri"),
        lambda i, given, by, at: services.incident_start(incident=i.id, by=by, at=at),
        _("Penanganan dimulai."),
    ),
    "close": Act(
        _("Tutup kejadian"),
        lambda i, given, by, at: services.incident_close(incident=i.id, note=given["note"], by=by, at=at),
        _("Kejadian ditutup dengan bukti."),
        _plain(CloseForm),
    ),
    "hand_over": Act(
        _("Serahkan kepada lembaga lain"), _send, _("Terkirim. Penerima melihatnya sekarang."), _handover_form
    ),
    "assign": Act(_("Beri tindakan"), _assign, _("Tindakan tercatat dengan batas waktunya."), _assign_form),
    "finish": Act(
        _("Ajukan bukti selesai"),
        lambda i, given, by, at: services.incident_finish(
            incident=i.id, note=given["note"], evidence=given["evidence"], by=by, at=at
        ),
        _("Bukti diajukan. Orang lain memeriksa dan menutup."),
        _finish_form,
    ),
    "refuse": Act(
        _("Tolak dengan alasan"),
        lambda i, given, by, at: services.handover_refuse(
            handover=_waiting(i), reason=given["reason"], by=by, at=at
        ),
        _("Ditolak. Pengirim melihat alasannya."),
        _plain(ReasonForm),
    ),
    "receive": Act(
        _("Tandai sudah sampai"),
        lambda i, given, by, at: services.handover_receive(handover=_waiting(i), by=by, at=at),
        _("Pengirim melihat bahwa ini sudah sampai."),
    ),
    "withdraw": Act(
        _("Tarik serah terima"),
        lambda i, given, by, at: services.handover_withdraw(
            handover=_waiting(i), reason=given["reason"], by=by, at=at
        ),
        _("Serah terima ditarik."),
        _plain(ReasonForm),
    ),
    "give_back": Act(
        _("Kembalikan kepada pengirim"),
        lambda i, given, by, at: services.handover_return(
            handover=_held(i), reason=given["reason"], by=by, at=at
        ),
        _("Dikembalikan kepada pengirim."),
        _plain(ReasonForm),
    ),
    "send_back": Act(
        _("Bukti belum cukup"),
        lambda i, given, by, at: services.incident_send_back(
            incident=i.id, reason=given["reason"], by=by, at=at
        ),
        _("Dikembalikan kepada yang mengerjakan."),
        _plain(ReasonForm),
    ),
    "reopen": Act(
        _("Buka kembali"),
        lambda i, given, by, at: services.incident_reopen(
            incident=i.id, reason=given["reason"], by=by, at=at
        ),
        _("Kejadian dibuka kembali."),
        _plain(ReasonForm),
    ),
    "ask": Act(
        _("Minta diserahkan kepada kami"),
        lambda i, given, by, at: services.incident_ask(incident=i.id, reason=given["reason"], by=by, at=at),
        _("Permintaan tercatat; pemegang kejadian melihatnya."),
        _plain(ReasonForm),
    ),
    "note": Act(
        _("Tulis perkembangan"),
        lambda i, given, by, at: services.incident_note(incident=i.id, text=given["text"], by=by, at=at),
        _("Perkembangan tercatat."),
        _plain(NoteForm),
    ),
    "relate": Act(
        _("Hubungkan dengan kejadian lain"), _relate, _("Kedua kejadian dihubungkan."), _plain(RelateForm)
    ),
}
SLUGS = {name: name.replace("_", "-") for name in ACTS}


@dataclass(frozen=True)
class ActButton:
    """A button of the page."""

    name: str
    word: Any
    url: str
    is_direct: bool
    is_first: bool


def act_buttons(incident: Incident, acts: frozenset[str]) -> list[ActButton]:
    """Buttons of the acts that are open, the likeliest first. Notes and relations have their own place."""
    names = [name for name in ACTS if name in acts and name not in ("note", "relate")]
    is_new = incident.state == IncidentState.OPEN
    if "hand_over" in names and is_new and kind_words(incident.kind).agency != incident.holder_agency:
        names.remove("hand_over")
        names.insert(0, "hand_over")
    return [
        ActButton(
            name=name,
            word=ACTS[name].button,
            url=reverse("incidents:incident-act", args=[incident.id, SLUGS[name]]),
            is_direct=ACTS[name].form is None,
            is_first=place == 0,
        )
        for place, name in enumerate(names)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@post_required
def incident_act(request: HttpRequest, incident_id: UUID, slug: str) -> HttpResponse:
    """Show the form of an act, or do it."""
    name = slug.replace("-", "_")
    if name not in ACTS:
        raise Http404
    incident, act, by = incident_or_404(incident_id), ACTS[name], scope_of(request)
    if act.form is None:
        return _direct(request, incident, act, by)
    form = act.form(incident, Sent.by(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if isinstance(form, FinishForm):
            given = {**given, "evidence": form.evidence}
        attempt(request, lambda: act.run(incident, given, by, clock.now()), str(act.done))
        return redirect("incidents:incident-detail", incident.id)
    status = 422 if form.errors else 200
    context = {"incident": incident, "form": form, "title": act.button, "button": act.button}
    return render(request, "incidents/act.html", context, status=status)


def _direct(request: HttpRequest, incident: Incident, act: Act, by: Scope) -> HttpResponse:
    if request.method != "POST":
        return redirect("incidents:incident-detail", incident.id)
    attempt(request, lambda: act.run(incident, {}, by, clock.now()), str(act.done))
    return redirect("incidents:incident-detail", incident.id)


ACTION_ACTS: dict[str, tuple[Any, type[forms.Form]]] = {
    "selesai": (_("Catat sudah dikerjakan"), DoneForm),
    "batalkan": (_("Batalkan tindakan"), ReasonForm),
    "buka": (_("Buka tindakan lagi"), ReasonForm),
}


@require_http_methods(["GET", "HEAD", "POST"])
@post_required
def action_act(request: HttpRequest, action_id: UUID, slug: str) -> HttpResponse:
    """Finish, cancel or reopen an action."""
    if slug not in ACTION_ACTS:
        raise Http404
    title, form_class = ACTION_ACTS[slug]
    action = _found(lambda: selectors.action_for(action_id))
    sent = Sent.by(request)
    form = form_class(sent.data, sent.files)
    if request.method == "POST" and form.is_valid():
        given, by, at = form.cleaned_data, scope_of(request), clock.now()
        attempt(request, lambda: _act_on(slug, action.id, given, by, at), str(_("Tercatat.")))
        return redirect("incidents:incident-detail", action.incident_id)
    context = {"incident": action.incident, "form": form, "title": action.title, "button": title}
    return render(request, "incidents/act.html", context, status=422 if form.errors else 200)


def _act_on(slug: str, action: UUID, given: dict[str, Any], by: Scope, at: Any) -> object:
    words = given["reason"]
    if slug == "selesai":
        return services.action_finish(action=action, note=words, content=given["file"], by=by, at=at)
    if slug == "batalkan":
        return services.action_cancel(action=action, reason=words, by=by, at=at)
    return services.action_reopen(action=action, reason=words, by=by, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@post_required
def link_end(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Take a report or another incident out again, with a reason."""
    link = _found(lambda: selectors.link_for(link_id))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words, by, at = form.cleaned_data["reason"], scope_of(request), clock.now()
        end = services.report_unlink if link.report_id else services.incident_unrelate
        attempt(request, lambda: end(link=link.id, reason=words, by=by, at=at), str(_("Hubungan dilepas.")))
        return redirect("incidents:incident-detail", link.incident_id)
    context = {
        "incident": link.incident,
        "form": form,
        "title": _("Lepas hubungan"),
        "button": _("Lepas hubungan"),
    }
    return render(request, "incidents/act.html", context, status=422 if form.errors else 200)


def _found(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except ObjectDoesNotExist:
        raise Http404 from None

"""The pages of messages that did not simply pass: held for a person, set aside, or in conflict with another."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ronda.agencies.access import ScopedRequest, post_required
from ronda.gate import selectors, services
from ronda.gate.domain import PLACING_ROLES, HeldReason, MoveRefused, OutcomeState, Place
from ronda.gate.forms import AsideForm, PlaceForm
from ronda.gate.models import Outcome
from ronda.kernel import clock
from ronda.law.mandates import Action, mandates

PER_PAGE = 50


@require_GET
@never_cache
@post_required
def outcome_list(request: HttpRequest) -> HttpResponse:
    """Held and failed messages of the own area, those set aside, and conflicts."""
    _require(request, "message_outcome", "read")
    rows = {
        "tertahan": selectors.outcomes_waiting,
        "disisihkan": selectors.outcomes_aside,
        "bentrok": selectors.conflict_list,
    }
    tab = request.GET.get("tab", "")
    tab = tab if tab in rows else "tertahan"
    words = {"tertahan": _("Menunggu"), "disisihkan": _("Disisihkan"), "bentrok": _("Bentrok")}
    context = {
        "tab": tab,
        "tabs": [(name, words[name], rows[name]().count()) for name in rows],
        "page": Paginator(rows[tab](), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "gate/outcome_list.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@post_required
def outcome_show(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """What a held message says, and the way to place it."""
    outcome = _outcome(request, message_id, "read")
    form = PlaceForm(request.POST or None, initial={"station": _station_stated(request)})
    if request.method == "POST" and _require_placing(request) and form.is_valid():
        place = Place(form.cleaned_data["place"], form.cleaned_data["station"])
        note, by = form.cleaned_data["note"], cast(ScopedRequest, request).reach
        try:
            services.message_place(message=outcome.pk, place=place, note=note, by=by, at=clock.now())
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kiriman ditempatkan dan segera diteruskan."))
            return redirect("held:outcome-list")
    context = _shown(request, outcome) | {"form": form, "aside": AsideForm(auto_id="aside_%s")}
    return render(request, "gate/outcome.html", context, status=422 if form.errors else 200)


@require_POST
@post_required
def outcome_set_aside(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Say that a message cannot be placed."""
    outcome = _outcome(request, message_id, "change")
    _require_placing(request)
    form = AsideForm(request.POST, auto_id="aside_%s")
    if form.is_valid():
        reason, by = form.cleaned_data["reason"], cast(ScopedRequest, request).reach
        try:
            services.message_set_aside(message=outcome.pk, note=reason, by=by, at=clock.now())
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kiriman disisihkan. Isinya tetap tersimpan dan dapat dicoba lagi."))
            return redirect("held:outcome-list")
    context = _shown(request, outcome) | {"form": PlaceForm(), "aside": form}
    return render(request, "gate/outcome.html", context, status=422)


@require_POST
@post_required
def outcome_release(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Let one of them go on; the worker takes it at once."""
    outcome = _outcome(request, message_id, "change")
    try:
        services.message_release(outcome=outcome, at=clock.now())
    except ValueError:
        messages.error(request, _("Kiriman ini sudah diteruskan; tidak ada yang perlu dilepas."))
    else:
        messages.success(request, _("Kiriman dilepas dan segera diteruskan."))
    return redirect("held:outcome-list")


@require_GET
@never_cache
@post_required
def conflict_show(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    """Two texts under one id, side by side; both are kept."""
    _require(request, "message_conflict", "read")
    conflict = selectors.conflict_for(conflict_id)
    if conflict is None:
        raise Http404
    first, other = selectors.conflict_said(conflict, at=clock.now())
    return render(request, "gate/conflict.html", {"conflict": conflict, "first": first, "other": other})


def _shown(request: HttpRequest, outcome: Outcome) -> dict[str, Any]:
    said = selectors.message_said(outcome, at=clock.now())
    text = request.GET.get("cari", request.POST.get("cari", said.place if said else ""))
    return {
        "outcome": outcome,
        "said": said,
        "text": text,
        "hits": selectors.place_search(text) if said else [],
        "placements": selectors.placement_list(outcome.pk),
        "may_place": said is not None and _may_place(request),
        "waits_for_place": (outcome.state, outcome.reason) == (OutcomeState.HELD, HeldReason.PLACE),
    }


def _station_stated(request: HttpRequest) -> str:
    return request.GET.get("station", "")[:3]


def _outcome(request: HttpRequest, message_id: UUID, action: Action) -> Outcome:
    _require(request, "message_outcome", action)
    outcome = selectors.outcome_for(message_id)
    if outcome is None:
        raise Http404
    return outcome


def _require(request: HttpRequest, record: str, action: Action) -> None:
    """What a post may not do looks like what does not exist."""
    scope = cast(ScopedRequest, request).reach
    if scope.kind not in mandates().reach(record, action):
        raise Http404


def _may_place(request: HttpRequest) -> bool:
    """Whether the acting post places messages: duty officers and heads of the supervisor."""
    post, scope = cast(ScopedRequest, request).post, cast(ScopedRequest, request).reach
    may = scope.kind in mandates().reach("message_placement", "add")
    return may and post is not None and post.role in PLACING_ROLES


def _require_placing(request: HttpRequest) -> bool:
    if not _may_place(request):
        raise Http404
    return True

"""Public draws of a contest and area: freeze a list, draw with a seed thrown in public, read what the stations say.
Never for the police."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ronda.agencies.access import post_required
from ronda.agencies.stepup import step_up_required
from ronda.kernel import clock
from ronda.kernel.areas import is_code
from ronda.kernel.journal import audit
from ronda.kernel.scope import Scope, current_scope
from ronda.results import selectors, selectors_audit
from ronda.results.adapters import shown
from ronda.results.adapters.audit_words import round_of, turns_of
from ronda.results.adapters.coverage_words import has_one_winner
from ronda.results.domain import AuditKind
from ronda.results.forms import DrawForm, FreezeMissingForm, FreezeRecapForm, MoreForm
from ronda.results.models import AuditList
from ronda.results.services import AuditRefused, Plan, audit_draw, audit_freeze

FREEZE = {AuditKind.MISSING.value: FreezeMissingForm, AuditKind.RECAP.value: FreezeRecapForm}


@require_http_methods(["GET", "POST"])
@never_cache
@post_required
def audit_show(request: HttpRequest, election: str, contest: str, area: str) -> HttpResponseBase:
    """The lists that were frozen, and the forms to freeze one."""
    scope = _scope(area, "add" if request.method == "POST" else "read")
    kind = request.POST.get("kind", "")
    form = FREEZE[kind](request.POST) if kind in FREEZE else None
    if form is not None and form.is_valid():
        frozen = _freeze(form, kind, election, contest, area, scope)
        if frozen is not None:
            messages.success(request, _("Dibekukan. Umumkan sidiknya sebelum benih dilempar."))
            return redirect("results:audit-round", election, contest, area, frozen.pk)
    page = _page(scope, election, contest, area) | {
        "lists": selectors_audit.audit_lists(election, contest, area),
        "missing_form": form if kind == AuditKind.MISSING else FreezeMissingForm(),
        "recap_form": form if kind == AuditKind.RECAP else FreezeRecapForm(),
        "has_winner": has_one_winner(election, contest),
    }
    return render(request, "results/audit.html", page)


def _freeze(
    form: django_forms.Form, kind: str, election: str, contest: str, area: str, scope: Scope
) -> AuditList | None:
    given: dict[str, Any] = form.cleaned_data
    plan = Plan(kind, given["method"], given["risk"]) if kind == AuditKind.RECAP else Plan(kind)
    try:
        return audit_freeze(
            election=election, contest=contest, area=area, plan=plan, by=scope, at=clock.now()
        )
    except AuditRefused as refusal:
        form.add_error(None, str(refusal))
        return None


@require_http_methods(["GET", "POST"])
@never_cache
@post_required
def audit_round(request: HttpRequest, election: str, contest: str, area: str, frozen: UUID) -> HttpResponse:
    """A frozen list: its draw, or the form for its seed; then the drawn stations and what they say."""
    scope = _scope(area, "add" if request.method == "POST" else "read")
    found = _list(frozen, election, contest, area)
    draw = selectors_audit.last_draw(found)
    form = (MoreForm if draw else DrawForm)(request.POST or None, initial={"number": found.planned or None})
    if request.method == "POST" and form.is_valid() and _drawn(form, found, scope):
        messages.success(request, _("Terundi. Urutannya dapat diulang siapa pun dari daftar dan benih."))
        return redirect("results:audit-round", election, contest, area, frozen)
    page = _page(scope, election, contest, area) | {"frozen": found, "draw": draw, "form": form}
    if draw is not None and selectors.may_see(scope):
        copies = selectors_audit.forms_of(found, draw.drawn, papers=found.kind == AuditKind.RECAP)
        page["round"] = round_of(found, draw, copies, page["names"])
    elif draw is not None:
        page["turns"] = turns_of(draw.drawn)
    return render(request, "results/audit_round.html", page)


def _drawn(form: django_forms.Form, frozen: AuditList, scope: Scope) -> bool:
    given: dict[str, Any] = form.cleaned_data
    try:
        audit_draw(
            frozen=frozen,
            seed=given.get("seed", ""),
            origin=given.get("origin", ""),
            number=given["number"],
            by=scope,
            at=clock.now(),
        )
    except AuditRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_GET
@post_required
@step_up_required
def audit_csv(
    request: HttpRequest, election: str, contest: str, area: str, frozen: UUID, name: str
) -> HttpResponseBase:
    """The frozen list (`daftar`) or the drawn stations (`undian`), as `ronda audit draw` takes and gives them."""
    _scope(area)
    found = _list(frozen, election, contest, area)
    draw = selectors_audit.last_draw(found)
    lines = found.body.splitlines()
    if name != "daftar":
        if name != "undian" or draw is None:
            raise Http404
        lines = ["turn,unit", *(f"{turn},{code}" for turn, code in enumerate(draw.drawn, start=1))]
    detail = {"election": election, "contest": contest, "digest": found.digest, "file": name}
    audit("audit.exported", record="audit_list", area=area, at=clock.now(), subject=found.pk, detail=detail)
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{contest}-{area}-{found.digest[:8]}.csv"'
    return response


def _scope(area: str, action: Any = "read") -> Scope:
    """The scope in force; the page does not exist for an agency without the mandate, nor outside its area."""
    scope = current_scope()
    if scope is None or not area or not is_code(area) or not scope.covers(area):
        raise Http404
    if not selectors_audit.may_audit(scope, action):
        raise Http404
    return scope


def _list(id_: UUID, election: str, contest: str, area: str) -> AuditList:
    found = selectors_audit.audit_list_for(id_, election, contest, area)
    if found is None:
        raise Http404
    return found


def _page(scope: Scope, election: str, contest: str, area: str) -> dict[str, Any]:
    names = shown.heading(election, contest, area)
    if names.election_name == election:  # neither registered nor of the law
        raise Http404
    return {
        "section": "results",
        "election": election,
        "contest": contest,
        "area": area,
        "names": names,
        "may_add": selectors_audit.may_audit(scope, "add"),
        "may_see": selectors.may_see(scope),
    }

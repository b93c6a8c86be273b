"""The call list: whom to ring about a silence, and what came of it."""

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ronda.agencies.access import ScopedRequest, post_required
from ronda.agencies.domain import legal_date
from ronda.elections import selectors as elections
from ronda.kernel import clock
from ronda.law.checkins import checkin_rules
from ronda.readiness.domain import CallAct, CallRefused
from ronda.readiness.selectors.calls import CallLine, call_list_for
from ronda.readiness.services import CallOf, call_mark
from ronda.readiness.views.asking import area_in


@require_safe
@never_cache
@post_required
def call_list(request: HttpRequest) -> HttpResponse:
    """Villages and officers that should have answered, longest late first."""
    scope = cast(ScopedRequest, request).reach
    area = area_in(request, scope, request.GET.get("wilayah", ""))
    at = clock.now()
    election = elections.election_current(legal_date(at))
    if election is None:
        return render(request, "readiness/none.html")
    called = call_list_for(election=election.code, voting_on=election.voting_on, at=at, area=area, by=scope)
    context = {
        "section": "readiness",
        "area": area,
        "at": at,
        "called": called,
        "due_names": _due_names(get_language() or "id"),
        "may_ring": 3 in scope.classes and bool(scope.person),
    }
    return render(request, "readiness/calls.html", context)


def _due_names(language: str) -> dict[str, str]:
    rules = checkin_rules()
    return {one.id: one.name.in_language(language) for one in (*rules.steps, *rules.roll_calls)}


@require_POST
@post_required
def call_act(request: HttpRequest) -> HttpResponse:
    """Take a line, or say whether it was answered. Only lines that stand on the list of this person."""
    scope, at = cast(ScopedRequest, request).reach, clock.now()
    area = area_in(request, scope, request.POST.get("wilayah", ""))
    line = _line(request, area)
    act = request.POST.get("act", "")
    if act not in CallAct.values:
        raise Http404
    call = CallOf(line.election, line.area, line.subject, line.occasion)
    try:
        call_mark(call=call, act=CallAct(act), by=scope, at=at, note=request.POST.get("note", ""))
    except CallRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _done(CallAct(act)) % {"name": line.name})
    query = urlencode({"wilayah": area}) if area != scope.area else ""
    return redirect(f"{reverse('readiness:call-list')}?{query}" if query else reverse("readiness:call-list"))


def _line(request: HttpRequest, area: str) -> CallLine:
    """The line named by the form, if it stands on the list now."""
    scope, at = cast(ScopedRequest, request).reach, clock.now()
    election = elections.election_current(legal_date(at))
    if election is None:
        raise Http404
    called = call_list_for(election=election.code, voting_on=election.voting_on, at=at, area=area, by=scope)
    wanted = (request.POST.get("subject", ""), request.POST.get("occasion", ""))
    for line in (*called.lines, *called.answered):
        if (line.subject, line.occasion) == wanted:
            return line
    raise Http404


def _done(act: CallAct) -> str:
    return {
        CallAct.TAKEN: _("Anda menelepon %(name)s. Nomornya terbuka di baris itu."),
        CallAct.ANSWERED: _("%(name)s: dijawab, dicatat."),
        CallAct.UNANSWERED: _("%(name)s: tidak dijawab, dicatat. Baris ini kembali nanti."),
        CallAct.RELEASED: _("%(name)s dilepas untuk rekan Anda."),
    }[act]

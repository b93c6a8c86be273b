"""The page on which a decision is recorded by which the result of a station is replaced."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ronda.agencies.access import post_required
from ronda.elections.selectors import contest_for, election_for, station_for
from ronda.kernel import clock
from ronda.kernel.areas import STATION, station_area
from ronda.kernel.scope import Scope, current_scope
from ronda.results import selectors
from ronda.results.adapters import shown
from ronda.results.forms import EVERY, ReplacementForm
from ronda.results.services import ReplacementRefused, replacement_record
from ronda.web.fields import moment_area_set


@require_http_methods(["GET", "POST"])
@never_cache
@post_required
def replacement_new(request: HttpRequest, election: str, contest: str, station: str) -> HttpResponse:
    """Ask for the decision, its reason and its time; record it and go back to the station."""
    scope = _scope(election, contest, station)
    form = ReplacementForm(request.POST or None)
    moment_area_set(form, "since", station_area(station))
    if request.method == "POST" and form.is_valid() and _recorded(request, form, election, contest, station):
        return redirect("results:station-show", election, contest, station)
    page = {
        "section": "results",
        "form": form,
        "election": election,
        "contest": contest,
        "station": station,
        "names": shown.heading(election, contest, station_area(station)),
        "known": selectors.replacements_of(election, contest, station),
        "area": scope.area,
    }
    return render(request, "results/replace.html", page)


def _scope(election: str, contest: str, station: str) -> Scope:
    """The scope in force; the page does not exist for who may not record, nor for a station or contest that is none."""
    scope = current_scope()
    if scope is None or not selectors.may_replace(scope) or not STATION.match(station):
        raise Http404
    area, found = station_area(station), election_for(election)
    if not scope.covers(area) or found is None or station_for(found, station) is None:
        raise Http404
    if contest_for(found, contest, area=area) is None:
        raise Http404
    return scope


def _recorded(request: HttpRequest, form: ReplacementForm, election: str, contest: str, station: str) -> bool:
    given, scope = form.cleaned_data, current_scope()
    assert scope is not None
    try:
        replacement_record(
            election=election,
            contest="" if given["contests"] == EVERY else contest,
            station=station,
            outcome=given["outcome"],
            decision=given["decision"],
            reason=given["reason"],
            since=given["since"],
            by=scope,
            at=clock.now(),
        )
    except ReplacementRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Dicatat. Salinan hasil lama tetap tersimpan, tetapi tidak dihitung lagi."))
    return True

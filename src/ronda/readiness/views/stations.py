"""Stations that were heard, or that are silent: the list that the counters lead to."""

from datetime import datetime
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ronda.agencies.access import ScopedRequest, post_required
from ronda.elections import selectors as elections
from ronda.kernel import clock
from ronda.law.checkins import checkin_rules
from ronda.readiness.selectors.stations import station_page
from ronda.readiness.views.asking import area_in
from ronda.web.localtime import local

STATES = ("sunyi", "kabar")


@require_safe
@never_cache
@post_required
def station_list(request: HttpRequest) -> HttpResponse:
    """One line for each station that a counter counted, a hundred on a page."""
    scope, now = cast(ScopedRequest, request).reach, clock.now()
    area = area_in(request, scope, request.GET.get("wilayah", ""))
    state, at = request.GET.get("keadaan", "sunyi"), _instant(request.GET.get("pada", ""), now)
    election = elections.election_current(local(at, area).date())
    if state not in STATES:
        raise Http404
    if election is None:
        return render(request, "readiness/none.html")
    start = request.GET.get("mulai", "")
    page = station_page(
        election=election.code,
        voting_on=election.voting_on,
        at=at,
        area=area,
        is_silent=state == "sunyi",
        is_past=at < now,
        start=int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0,
    )
    language = get_language() or "id"
    context = {
        "section": "readiness",
        "area": area,
        "at": at,
        "is_silent": state == "sunyi",
        "page": page,
        "steps": {step.id: step.name.in_language(language) for step in checkin_rules().steps},
    }
    return render(request, "readiness/stations.html", context)


def _instant(text: str, now: datetime) -> datetime:
    """An aware instant from an address, at most now; without one it is now."""
    if not text:
        return now
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if found.tzinfo is None or found.year < 2000:
        raise Http404
    return min(found, now)

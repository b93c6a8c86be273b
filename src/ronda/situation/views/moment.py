"""Incidents as they stood at an instant: the list behind every number of the report and of the past map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ronda.agencies.access import post_required
from ronda.kernel import clock
from ronda.situation.adapters.lines import choices_of, lines_of, title_of
from ronda.situation.selectors import Wanted, incidents_wanted
from ronda.situation.views.asking import area_in, instant_in, scope_of

SHOWN = 200


@require_safe
@never_cache
@post_required
def incident_list(request: HttpRequest) -> HttpResponse:
    """Which incidents were open, opened or overdue at an instant."""
    scope, now = scope_of(request), clock.now()
    wanted = wanted_of(request)
    rows = incidents_wanted(wanted)
    context = {
        "section": "situation",
        "wanted": wanted,
        "title": title_of(wanted),
        "is_now": wanted.at >= now,
        "rows": lines_of(rows[:SHOWN], at=wanted.at),
        "count": len(rows),
        "shown": SHOWN,
        "choices": choices_of(scope, wanted),
        "asked": request.GET.urlencode(),
    }
    return render(request, "situation/incidents.html", context)


def wanted_of(request: HttpRequest) -> Wanted:
    """What the address asks for; an area outside the scope is not found."""
    asked = request.GET
    return Wanted(
        area=area_in(request, scope_of(request), asked.get("wilayah") or None),
        at=instant_in(asked.get("pada", ""), now=clock.now()),
        about=asked.get("hal", "")[:12],
        state=asked.get("keadaan", "")[:10],
        kind=asked.get("jenis", "")[:60],
        group=asked.get("golongan", "")[:20],
        severity=asked.get("bobot", "")[:1],
        agency=asked.get("lembaga", "")[:40],
    )

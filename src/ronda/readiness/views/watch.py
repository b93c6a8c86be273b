"""Gaps in the watch before the day, and sending somebody there."""

from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ronda.agencies.access import ScopedRequest, post_required
from ronda.agencies.domain import legal_date
from ronda.elections import selectors as elections
from ronda.kernel import clock
from ronda.kernel.areas import is_code
from ronda.kernel.scope import Scope
from ronda.readiness.domain import SENDING_ROLES, WATCH_OF, WatchKind, WatchRefused
from ronda.readiness.selectors.watch import kinds_seen, watch_page
from ronda.readiness.services import watch_give
from ronda.web.frame import place_name


def _scope(request: HttpRequest) -> Scope:
    """The scope of a post that sees who watches; for the others there is no such page."""
    scope = cast(ScopedRequest, request).reach
    if not kinds_seen(scope):
        raise Http404
    return scope


def _area(request: HttpRequest, scope: Scope, wanted: str) -> str:
    if not is_code(wanted) or (wanted and not scope.covers(wanted)):
        raise Http404
    area = wanted or scope.area
    request.desk_area = area  # type: ignore[attr-defined]  # the frame's breadcrumb follows it
    return area


@require_safe
@never_cache
@post_required
def watch_list(request: HttpRequest) -> HttpResponse:
    """Stations that lack a supervisor, a witness or an observer, the most vulnerable first."""
    scope = _scope(request)
    area = _area(request, scope, request.GET.get("wilayah", ""))
    election = elections.election_current(legal_date(clock.now()))
    if election is None:
        return render(request, "readiness/none.html")
    wanted = request.GET.get("kurang", "")
    kind = WatchKind(wanted) if wanted in kinds_seen(scope) else None
    start = request.GET.get("mulai", "")
    page = watch_page(
        election=election,
        area=area,
        by=scope,
        wanted=kind,
        start=int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0,
    )
    context = {"section": "readiness", "area": area, "page": page, "may_send": _may_send(request)}
    return render(request, "readiness/watch.html", context)


def _may_send(request: HttpRequest) -> bool:
    post = cast(ScopedRequest, request).post
    return post is not None and post.role in SENDING_ROLES and _scope(request).kind in WATCH_OF


@require_POST
@post_required
def watch_send(request: HttpRequest) -> HttpResponse:
    """Send somebody of the own agency to a station."""
    scope, at = _scope(request), clock.now()
    election = elections.election_current(legal_date(at))
    station = request.POST.get("station", "")
    if election is None or not _may_send(request):
        raise Http404
    try:
        who = UUID(request.POST.get("post", ""))
        watch_give(election=election, station=station, post=who, by=scope, at=at)
    except WatchRefused as refused:
        messages.error(request, str(refused))
    except ValueError:
        messages.error(request, _("Pilih siapa yang dikirim."))
    else:
        messages.success(request, _("%(station)s kini diawasi.") % {"station": place_name(station)})
    asked = {"wilayah": request.POST.get("wilayah", ""), "kurang": request.POST.get("kurang", "")}
    query = urlencode({key: value for key, value in asked.items() if value})
    return redirect(f"{reverse('readiness:watch-list')}?{query}")

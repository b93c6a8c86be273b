"""Pages of the desk: get, authorise, ask one selector, answer."""

from datetime import datetime
from typing import Any, cast

from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ronda.agencies.access import ScopedRequest, post_required
from ronda.desk import siaga as board
from ronda.desk import then
from ronda.desk.domain import ALL
from ronda.desk.feed import PAGE, feed_lines, feed_rows, line_of
from ronda.desk.live import news_stream
from ronda.desk.needs import RECORDS, Covered, covered_of, late_count, late_incidents, need_lines, needs_of
from ronda.desk.place_page import place_context
from ronda.desk.places_known import known_of
from ronda.desk.search import found_for
from ronda.desk.selectors import picture, picture_then
from ronda.desk.session import session_check
from ronda.kernel import clock
from ronda.kernel.areas import STATION, is_code, station_area
from ronda.kernel.scope import Scope


def _scope(request: HttpRequest) -> Scope:
    return request.reach  # type: ignore[attr-defined,no-any-return]  # set by the agencies' middleware


def _area(request: HttpRequest, wanted: str | None) -> str:
    """The area asked for when it lies in the scope; one that does not is not found."""
    scope = _scope(request)
    area = scope.area if wanted is None else wanted
    if not is_code(area) or not scope.covers(area):
        raise Http404
    request.desk_area = area  # type: ignore[attr-defined]  # the frame's breadcrumb follows it
    return area


@require_safe
@post_required
def siaga(request: HttpRequest, area: str | None = None) -> HttpResponse:
    """Where is trouble, what needs me now, what just happened."""
    here, now, scope = _area(request, area), clock.now(), _scope(request)
    part = request.GET.get("bagian", "")
    part = part if part in _PARTS else ""
    context: dict[str, Any] = {"section": "desk", "area_title": board.area_title(here), "here": here}
    needs = needs_of(scope, area=here, at=now, limit=board.COUNTED) if part in ("", "angka") else []
    pick = board.pick_of(request.GET.get("pilih", ""))
    seen = picture(scope, area=here, at=now)
    shown = seen if pick == ALL else picture(scope, area=here, at=now, pick=pick)
    if part in ("", "peta"):
        context |= board.Where(shown, board.chosen_layer(request.GET)).context()
    if part in ("", "tabel"):
        context |= board.rows_context(shown)
    if part in ("", "angka"):
        context["figures"] = board.figures_of(seen, mine_late=late_incidents(needs, at=now))
    if part == "":
        context |= board.needs_context(scope, needs, at=now) | {"needs_records": RECORDS}
        context["covered"] = _covered(request, now)
        context["feed"] = feed_lines(here, at=now)
    return render(request, _PARTS.get(part, "desk/siaga.html"), context)


_PARTS = {"angka": "desk/_figures.html", "peta": "desk/_where.html", "tabel": "desk/_rows.html"}


@require_safe
@never_cache
@post_required
def past(request: HttpRequest, area: str | None = None) -> HttpResponse:
    """What was known at an instant: the map, the table and the counters of then."""
    here, now, scope = _area(request, area), clock.now(), _scope(request)
    moment = then.moment_of(request.GET, area=here, now=now)
    seen = picture_then(scope, area=here, at=moment.at, pick=board.pick_of(request.GET.get("pilih", "")))
    context: dict[str, Any] = {"section": "desk", "here": here, "area_title": board.area_title(here)}
    context |= board.Where(seen, board.chosen_layer(request.GET)).context() | board.rows_context(seen)
    context |= {"moment": moment, "counters": then.counters_of(seen)}
    return render(request, "desk/past.html", context)


@require_safe
@post_required
def needs_list(request: HttpRequest) -> HttpResponse:
    """Everything that waits for my desk."""
    here, now, scope = _area(request, request.GET.get("wilayah")), clock.now(), _scope(request)
    needs = needs_of(scope, area=here, at=now)
    context = {
        "section": "desk",
        "needs": need_lines(scope, needs, at=now),
        "records": RECORDS,
        "late": late_count(needs, at=now),
        "here": here,
        "covered": _covered(request, now),
    }
    return render(request, "desk/needs.html", context)


def _covered(request: HttpRequest, at: datetime) -> list[Covered]:
    """What waits in the posts that this person covers; nothing while somebody looks through their eyes."""
    asked = cast(ScopedRequest, request)
    if asked.is_viewing_as or asked.post is None:
        return []
    return covered_of(asked.posts, asked.post, at=at)


@require_safe
@post_required
def feed_list(request: HttpRequest) -> HttpResponse:
    """All news of the area, page by page."""
    here = _area(request, request.GET.get("wilayah"))
    before = _instant(request.GET.get("sebelum", "")) or clock.now()
    rows = feed_rows(here, before=before, limit=PAGE + 1)
    context = {
        "section": "desk",
        "lines": [line_of(row) for row in rows[:PAGE]],
        "older": rows[PAGE].created_at.isoformat() if len(rows) > PAGE else None,
        "here": here,
    }
    return render(request, "desk/feed.html", context)


def _instant(text: str) -> datetime | None:
    """An aware instant from an address; anything else counts as none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


@require_safe
@post_required
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Everything known of a place on one page."""
    is_station = STATION.match(code) is not None
    _area(request, station_area(code) if is_station else code)
    known = known_of(_scope(request), code, at=clock.now())
    if known is None:
        raise Http404
    return render(request, "desk/place.html", {"section": "desk"} | place_context(known))


@require_safe
@post_required
def search(request: HttpRequest) -> HttpResponse:
    """Places, stations, incidents, receipts; as a fragment below the box or as a page."""
    text = request.GET.get("q", "")
    found = found_for(_scope(request), text, at=clock.now())
    template = "desk/_found.html" if request.headers.get("HX-Request") else "desk/search.html"
    return render(request, template, {"section": "desk", "found": found, "text": text})


@require_safe
@post_required
def live(request: HttpRequest) -> HttpResponseBase:
    """The live line of a signed-in browser (text/event-stream)."""
    last = request.headers.get("Last-Event-ID", "")
    session: SessionBase = request.session
    stream = news_stream(
        _scope(request),
        session_check(session.session_key or "", _scope(request)),
        last=int(last) if last.isascii() and last.isdigit() and len(last) < 19 else None,
    )
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(stream, content_type="text/event-stream", headers=headers)

"""What every page here asks of a request: its scope, an area inside it, a day, an instant."""

from datetime import date, datetime

from django.http import Http404, HttpRequest

from ronda.kernel.areas import is_code
from ronda.kernel.scope import Scope
from ronda.situation.selectors import may_open
from ronda.web.localtime import local


def scope_of(request: HttpRequest) -> Scope:
    """The scope of a post that may see the situation; for the others there is no such page."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by the agencies' middleware
    if not may_open(scope):
        raise Http404
    return scope


def area_in(request: HttpRequest, scope: Scope, wanted: str | None) -> str:
    """The area asked for, else the whole area of the post; one outside looks like none."""
    area = scope.area if wanted is None else wanted
    if not is_code(area) or not scope.covers(area):
        raise Http404
    request.desk_area = area  # type: ignore[attr-defined]  # the frame's breadcrumb follows it
    return area


def day_in(text: str, *, area: str, now: datetime) -> date:
    """The legal day asked for, today without one; a day that has not begun looks like none."""
    today = local(now, area).date()
    try:
        on = date.fromisoformat(text) if text else today
    except ValueError:
        raise Http404 from None
    if on > today or on.year < 2000:
        raise Http404
    return on


def instant_in(text: str, *, now: datetime) -> datetime:
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

"""OGC API Features: for programs that draw maps. By the token of a device in force, or by a browser that is signed in.

A token reads with the reach of its device's post, at most internal and sensitive classes; a browser must have proved
itself within five minutes, as for every export. Each page of features leaves a line in the audit first.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ronda import __version__
from ronda.agencies import selectors as agencies
from ronda.agencies.domain import legal_date
from ronda.agencies.stepup import is_fresh
from ronda.gate.access import grant_in_force
from ronda.kernel import clock
from ronda.kernel.journal import audit
from ronda.kernel.scope import Scope, scoped
from ronda.situation.adapters import ogc
from ronda.situation.adapters.features import Asked, Collection, collections_of
from ronda.situation.selectors import may_open

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Scope, P], HttpResponse]
OPEN_TO_TOKENS = frozenset({0, 1, 2})


def reader_required(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The scope of who asks: of a token's post, else of the browser's; 401 without either."""

    @require_safe
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        scope = _of_token(header) if header else _of_browser(request)
        if scope is None:
            said = _refusal("Unauthorized", "the token of a device in force, or a browser that is signed in")
            return JsonResponse(said, status=401, headers={"WWW-Authenticate": "Bearer"})
        if not may_open(scope):
            raise Http404
        with scoped(scope):
            return view(request, scope, *args, **kwargs)

    return guarded


def _of_token(header: str) -> Scope | None:
    now = clock.now()
    grant = grant_in_force(header, at=now)
    if grant is None or grant.device is None:
        return None
    with scoped(Scope.signin()):
        post = agencies.post_of_device(grant.device, today=legal_date(now))
    if post is None:
        return None
    scope = agencies.scope_of(post)
    return replace(scope, classes=tuple(one for one in scope.classes if one in OPEN_TO_TOKENS))


def _of_browser(request: HttpRequest) -> Scope | None:
    has_post = getattr(request, "post", None) is not None
    return request.reach if has_post else None  # type: ignore[attr-defined]  # set by the agencies' middleware


@reader_required
def landing(request: HttpRequest, scope: Scope) -> HttpResponse:
    return JsonResponse(ogc.landing(_address(request), title=_title()))


@reader_required
def api(request: HttpRequest, scope: Scope) -> HttpResponse:
    document = ogc.openapi(_address(request), title=_title(), version=__version__)
    return JsonResponse(document, content_type=ogc.OPENAPI)


@reader_required
def conformance(request: HttpRequest, scope: Scope) -> HttpResponse:
    return JsonResponse(ogc.conformance())


@reader_required
def collections(request: HttpRequest, scope: Scope) -> HttpResponse:
    return JsonResponse(ogc.collections(_address(request), collections_of(scope)))


@reader_required
def collection(request: HttpRequest, scope: Scope, name: str) -> HttpResponse:
    return JsonResponse(ogc.collection(_address(request), _collection(scope, name)))


@reader_required
def items(request: HttpRequest, scope: Scope, name: str) -> HttpResponse:
    """A page of features."""
    kind, at = _collection(scope, name), clock.now()
    try:
        query = ogc.query_of(request.GET.dict())
    except ogc.BadQuery as error:
        return JsonResponse(_refusal("InvalidParameterValue", str(error)), status=400)
    if (refused := _unproved(request)) is not None:
        return refused
    _note(scope, kind)
    further = request.GET.copy()
    further["offset"] = str(query.offset + query.limit)
    here = request.build_absolute_uri(request.path)
    document = ogc.items(
        kind.read(Asked(scope, scope.area, at)),
        query,
        own=request.build_absolute_uri(),
        following=f"{here}?{further.urlencode()}",
        at=at,
        above=_address(request)("collection", kind.id),
    )
    return JsonResponse(document, content_type=ogc.GEOJSON)


@reader_required
def item(request: HttpRequest, scope: Scope, name: str, feature: str) -> HttpResponse:
    """One feature."""
    kind = _collection(scope, name)
    if (refused := _unproved(request)) is not None:
        return refused
    _note(scope, kind)
    found = kind.read(Asked(scope, scope.area, clock.now()))
    one = next((one for one in found if one.id == feature), None)
    if one is None:
        raise Http404
    return JsonResponse(ogc.item(_address(request), kind, one), content_type=ogc.GEOJSON)


def _unproved(request: HttpRequest) -> HttpResponse | None:
    """A browser proves itself before features leave; a token is proof of its device."""
    if "Authorization" in request.headers or is_fresh(request):
        return None
    page = request.build_absolute_uri(reverse("agencies:step-up"))
    return JsonResponse(_refusal("Forbidden", f"a fresh proof is wanted: open {page}"), status=403)


def _note(scope: Scope, kind: Collection) -> None:
    detail = {"what": kind.id, "form": "ogc"}
    audit("situation.exported", record=kind.record, area=scope.area, at=clock.now(), detail=detail)


def _collection(scope: Scope, name: str) -> Collection:
    for one in collections_of(scope):
        if one.id == name:
            return one
    raise Http404


def _address(request: HttpRequest) -> ogc.Address:
    return lambda name, *args: request.build_absolute_uri(reverse(f"situation:ogc-{name}", args=args))


def _title() -> str:
    return _("Ronda: kejadian dan kesiapan")


def _refusal(code: str, words: str) -> dict[str, Any]:
    return {"code": code, "description": words}

"""The shell of the app, and two answers for a phone that shows its token."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from uuid import UUID

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ronda.agencies.selectors import scope_of
from ronda.field import selectors
from ronda.field.selectors import Holder
from ronda.kernel import clock
from ronda.kernel.scope import scoped

WORKER = "field/build/worker.js"
MANIFEST = {
    "id": "/lapangan/",
    "name": "Ronda Lapangan",
    "short_name": "Ronda",
    "description": "Lapor dari lapangan, juga tanpa sinyal.",
    "lang": "id",
    "dir": "ltr",
    "start_url": "/lapangan/",
    "scope": "/lapangan/",
    "display": "standalone",
    "orientation": "portrait",
    "background_color": "#16141b",
    "theme_color": "#4a2c91",
    "icons": [
        {"src": "/static/field/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        {"src": "/static/field/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any"},
        {
            "src": "/static/field/icon-512.png",
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ],
}
Answer = Callable[[HttpRequest, Holder], dict[str, object]]


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page of the app: the same for everybody, so that a phone can keep it."""
    return render(request, "field/shell.html")


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """What a phone needs to install the app."""
    return JsonResponse(MANIFEST, content_type="application/manifest+json")


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, served from where its reach is the app and nothing else."""
    found = finders.find(WORKER)
    if not isinstance(found, str):
        raise Http404
    return HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")


def device_required(answer: Answer) -> Callable[[HttpRequest], HttpResponse]:
    """JSON for the post of a device that is in force, with exactly the reach of that post; 401 for any other."""

    @require_safe
    @never_cache
    @wraps(answer)
    def view(request: HttpRequest) -> HttpResponse:
        holder = selectors.holder_of(request.headers.get("Authorization", ""), at=clock.now())
        if holder is None:
            said = {"field": "authorization", "wanted": "the token of a device in force", "came": "another"}
            return JsonResponse({"error": said}, status=401, headers={"WWW-Authenticate": "Bearer"})
        language = "en" if request.GET.get("bahasa") == "en" else "id"
        with scoped(scope_of(holder.post)), translation.override(language):
            return JsonResponse(answer(request, holder))

    return view


@device_required
def own_page(request: HttpRequest, holder: Holder) -> dict[str, object]:
    """Who I am, where, what is to be done today, whom I call, what became of what I sent, and the node's keys."""
    return selectors.own_page(holder, at=clock.now(), sent=_ids(request.headers.get("Ronda-Sent", "")))


def _ids(words: str) -> list[UUID]:
    """The ids among the words of a header; what is none is left out."""
    found = []
    for word in words.split():
        with suppress(ValueError):
            found.append(UUID(word))
    return found


@device_required
def forms(_request: HttpRequest, holder: Holder) -> dict[str, object]:
    """All forms that this post may fill in, under the hash that is their version."""
    return selectors.forms_told(area=holder.post.area, may_send=holder.grant.may_send, at=clock.now())

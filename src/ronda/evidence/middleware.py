"""Where working copies have an origin of their own, nothing else is served there: no file meets a session."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase


class OwnOrigin:
    """On the origin of working copies only they exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        own = urlsplit(settings.EVIDENCE_ORIGIN).netloc
        if own and request.get_host() == own and not request.path.startswith("/salinan/"):
            return HttpResponse(status=404)
        return self.get_response(request)

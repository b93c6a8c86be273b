"""One log line and one measurement for each request: its route, never its path, address or values."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import Counter, Histogram

from ronda.kernel.ids import uuid7

log = structlog.get_logger("ronda.request")

REQUESTS = Counter("ronda_requests_total", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "ronda_request_seconds",
    "Time to answer.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
)
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def observe(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, outermost of all."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=str(uuid7())):
            response = get_response(request)
            _note(request, response.status_code, time.perf_counter() - began)
        return response

    return middleware


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    route, method = _route(request), request.method if request.method in METHODS else "other"
    REQUESTS.labels(route, method, str(status)).inc()
    SECONDS.labels(route).observe(seconds)
    tell = log.error if status >= 500 else log.info
    tell("request", route=route, method=method, status=status, duration_ms=round(seconds * 1000, 1))


def _route(request: HttpRequest) -> str:
    """The pattern that matched, with its place holders; unmatched paths share one name."""
    match = request.resolver_match
    return match.route if match is not None else "unmatched"

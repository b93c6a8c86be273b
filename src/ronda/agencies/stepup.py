"""Proof that the person is still there: asked for before export, publishing, a change of role and unsealing."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from ninja.errors import HttpError

from ronda.agencies.domain import STEP_UP
from ronda.kernel.scope import Scope, scoped

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
DEMO_METHOD = "demo"
_STRONG = ("mfa", "socialaccount", DEMO_METHOD)


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    user = request.user
    return get_authentication_records(request, user) if isinstance(user, AbstractBaseUser) else []


def factors_of(request: HttpRequest) -> set[str]:
    """The kinds of second factor the account has set up, read now."""
    with scoped(Scope.signin()):
        rows = Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True)
        return {str(kind) for kind in rows} - {Authenticator.Type.RECOVERY_CODES.value}


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session rests on more than a password; one that does not may only set that up."""
    records = _records(request)
    if not records or any(record["method"] in _STRONG for record in records):
        return True
    return bool(factors_of(request))


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved themselves within five minutes, by the strongest means the account has."""
    since = time.time() - STEP_UP.total_seconds()
    recent = [record for record in _records(request) if record["at"] >= since]
    if any(_counts(record) for record in recent):
        return True
    return bool(recent) and not factors_of(request)


def _counts(record: dict[str, Any]) -> bool:
    return record["method"] in _STRONG and (record["method"] != DEMO_METHOD or settings.DEMO)


def step_up_required(view: View[P]) -> View[P]:
    """Ask for the passkey, the code or the password again when the last proof is older than five minutes.

    A GET comes back to its page; a POST comes back to the page of its form, for the person to press again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return _to_step_up(request)

    guarded.asks_proof = True  # type: ignore[attr-defined]  # a test walks all pages and looks for it
    return guarded


def fresh_proof(request: HttpRequest) -> bool:
    """The same for operations of the interface; the public, who may read open records only, proves nothing."""
    if request.user.is_authenticated and not is_fresh(request):
        page = request.build_absolute_uri(reverse("agencies:step-up"))
        raise HttpError(403, f"a proof of who you are within the last five minutes is wanted: open {page}")
    return True


def _to_step_up(request: HttpRequest) -> HttpResponse:
    back = request.get_full_path() if request.method in ("GET", "HEAD") else _form_page(request)
    url = f"{reverse('agencies:step-up')}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = url
        return response
    return redirect(url)


def _form_page(request: HttpRequest) -> str:
    """The page of this site the form stood on."""
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc == request.get_host() and referer.path:
        return f"{referer.path}?{referer.query}" if referer.query else referer.path
    return "/"

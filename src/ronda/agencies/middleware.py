"""One transaction per request, and in it the rights of the post that asks.

`ScopeMiddleware` stands outside the session: sessions and accounts are read and written with the rights of the
sign-in. `PostMiddleware` stands inside: it finds the post anew for every request, never from a cache, so that an
ended post or a removed session has no effect left on the next request (promise S19), and runs the view with the
scope of that post.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ronda.agencies import selectors
from ronda.agencies.access import ScopedRequest, is_live
from ronda.agencies.domain import (
    GUARDED_ROLES,
    POST_KEY,
    VIEW_AS_KEY,
    legal_date,
    session_is_over,
    session_limits,
)
from ronda.agencies.hardware import rests_on_hardware_key
from ronda.agencies.models import Account, Post
from ronda.agencies.services.sessions import may_view_as
from ronda.agencies.sessions import SEEN, STARTED
from ronda.agencies.stepup import has_second_factor
from ronda.kernel import clock
from ronda.kernel.journal import looking_as
from ronda.kernel.scope import Scope, scoped
from ronda.web.errors import not_found, permission_denied

UNSCOPED_PATHS = ("/healthz", "/readyz", "/metrics", "/static/")
SIGN_IN_PATHS = ("/masuk/", "/akun/")
SECURE_PATH = "/akun/pengaman/"
KEY_PATH = "/akun/kunci/"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
TOUCH_EVERY_S = 60

Answer = Callable[[HttpRequest], HttpResponse]


def _needs_scope(request: HttpRequest) -> bool:
    return not request.path.startswith(UNSCOPED_PATHS)


class ScopeMiddleware:
    """Opens the transaction of the request; an answer of 500 or above takes everything back."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _needs_scope(request):
            return self.get_response(request)
        with scoped(Scope.signin()):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


class PostMiddleware:
    """Finds who asks and in which post, and runs the view with exactly that reach."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: ScopedRequest) -> HttpResponse:
        if not _needs_scope(request):
            return self.get_response(request)
        _identify(request)
        if request.path.startswith(SIGN_IN_PATHS):
            return self._sign_in(request)
        if request.is_half_in or request.locked_post:
            way = SECURE_PATH if request.is_half_in else KEY_PATH
            return HttpResponse(status=204) if is_live(request) else redirect(way)
        if request.is_viewing_as and request.method not in SAFE_METHODS:
            return render(request, "agencies/read_only.html", status=403)
        if request.is_viewing_as:
            return self._look(request)
        with scoped(request.reach):
            return self.get_response(request)

    def _look(self, request: ScopedRequest) -> HttpResponse:
        """The view as another post sees it; what it notes in the audit bears the name of who really looks."""
        own, other = request.real_post, request.post
        assert own is not None  # `_see_as` stands before
        assert other is not None
        with looking_as(person=str(own.person_id), seen_as=other.pk), scoped(request.reach):
            _read_only()
            return self.get_response(request)

    def _sign_in(self, request: ScopedRequest) -> HttpResponse:
        person = str(request.real_post.person_id) if request.real_post else ""
        with scoped(replace(Scope.signin(), person=person)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Pages for what is unknown or forbidden are made here, with the rights of the request.

        A failed statement spoils the block it ran in: that block is given up, so that an answer can be built.
        """
        if isinstance(exception, DatabaseError) and _needs_scope(request):
            transaction.set_rollback(True)
        if isinstance(exception, Http404) and not request.path.startswith("/api/"):
            return not_found(request, exception)
        if isinstance(exception, PermissionDenied) and not request.path.startswith("/api/"):
            return permission_denied(request, exception)
        return None


def _identify(request: ScopedRequest) -> None:
    """Put account, posts, post and scope on the request, read from the database now."""
    request.account, request.posts = None, []
    request.post = request.real_post = request.locked_post = None
    request.is_viewing_as, request.is_half_in = False, False
    request.reach = Scope.public()
    account = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    if not isinstance(account, Account):
        request.user = AnonymousUser()
        return
    posts = selectors.posts_acting(account_id=account.pk, at=clock.now())
    post = _chosen(posts, request.session.get(POST_KEY))
    if _is_over(request, post):
        request.session.flush()
        request.user = AnonymousUser()
        messages.info(request, _("Sesi Anda berakhir karena lama tidak dipakai. Silakan masuk lagi."))
        return
    request.account = account
    request.is_half_in = not has_second_factor(request)
    if request.is_half_in:
        return
    request.posts = posts
    if _is_locked(request, post):
        request.locked_post = post
        return
    request.post = request.real_post = post
    if post is not None:
        _see_as(request, post)
        acting = request.post or post
        request.reach = selectors.scope_of(acting)


def _is_locked(request: ScopedRequest, post: Post | None) -> bool:
    """Whether a post of most harm is asked for without a key that cannot leave its device."""
    if post is None or post.role not in GUARDED_ROLES or not settings.HARDWARE_KEYS:
        return False
    return not rests_on_hardware_key(request)


def _chosen(posts: list[Post], wanted: str | None) -> Post | None:
    return next((post for post in posts if str(post.pk) == wanted), posts[0] if posts else None)


def _see_as(request: ScopedRequest, own: Post) -> None:
    wanted = request.session.get(VIEW_AS_KEY)
    if not wanted:
        return
    target = selectors.post_held(UUID(wanted), today=legal_date(clock.now()))
    if target is None or not may_view_as(by=own, target=target):
        del request.session[VIEW_AS_KEY]
        return
    request.post, request.is_viewing_as = target, True


def _is_over(request: ScopedRequest, post: Post | None) -> bool:
    """Whether the session has reached its limits; else note that it is in use."""
    now_s = time.time()
    started, seen = request.session.get(STARTED), request.session.get(SEEN)
    if started is None or seen is None:
        request.session[STARTED] = request.session[SEEN] = now_s
        return False
    limits = session_limits(post.role if post else None)
    if session_is_over(limits, started_s=started, seen_s=seen, now_s=now_s):
        return True
    if _is_activity(request) and now_s - seen > TOUCH_EVERY_S:
        request.session[SEEN] = now_s
    return False


def _is_activity(request: HttpRequest) -> bool:
    """Whether a person did something: pages that refresh themselves do not keep a session alive."""
    return not is_live(request) and request.headers.get("X-Ronda-Background") != "1"


def _read_only() -> None:
    """The database refuses every write until this block ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")

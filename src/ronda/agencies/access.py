"""Who asks: what the middleware puts on a request, and the guards that views use."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from ronda.kernel.scope import Scope

if TYPE_CHECKING:
    from ronda.agencies.models import Account, Post

P = ParamSpec("P")
ADMINISTER = frozenset({"admin", "head"})


class ScopedRequest(HttpRequest):
    """A request after the middleware.

    `post` is the post in whose name it acts (None: nobody or no post); while an administrator sees as another post,
    `post` is that other post, `real_post` their own and `is_viewing_as` true. `posts` are all posts of the account.
    """

    reach: Scope  # not `scope`: that is the server's own word on an ASGI request
    post: "Post | None"
    real_post: "Post | None"
    posts: "list[Post]"
    is_viewing_as: bool
    locked_post: "Post | None"  # the post they would act in, once they use a key that cannot leave its device
    is_half_in: bool  # signed in with a password alone: may only set up a second factor
    account: "Account | None"


View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def post_required(view: View[P]) -> View[P]:
    """Anonymous visitors are sent to sign in; an account without a post held today is told so."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request, "post", None) is not None:
            return view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return render(request, "agencies/no_post.html", status=403)

    return guarded


def signed_in_required(view: View[P]) -> View[P]:
    """Anonymous visitors are sent to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.is_authenticated else to_sign_in(request)

    return guarded


def role_required(*roles: str) -> Callable[[View[P]], View[P]]:
    """Only posts with one of these roles; others get the answer for a page that does not exist."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        @post_required
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            post: Any = getattr(request, "post", None)
            if post.role not in roles:
                return render(request, "agencies/no_right.html", status=404)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page and back; a fragment request is told to leave its page."""
    if is_live(request):
        return HttpResponse(status=204)  # the browser does not ask again
    target = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    if request.headers.get("HX-Request"):
        page = request.headers.get("HX-Current-URL", "")
        response = HttpResponse(status=401)
        response["HX-Redirect"] = redirect_to_login(_path_of(page) or "/").url
        return response
    return redirect_to_login(target, reverse("account_login"))


def is_live(request: HttpRequest) -> bool:
    """Whether the page listens for news by itself."""
    return "text/event-stream" in request.headers.get("Accept", "")


def _path_of(url: str) -> str:
    """The path of an address, so that nobody is sent to another site."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path

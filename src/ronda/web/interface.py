"""What every JSON operation needs: who asks, with a request that no other site can forge, and 404 for the rest."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.utils import check_csrf

from ronda.kernel.scope import Scope

T = TypeVar("T")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def signed_in(request: HttpRequest) -> Scope:
    """The reach of the acting post; 401 without one, 403 for a write without the token of our own pages."""
    if getattr(request, "post", None) is None:
        raise HttpError(401, "sign in")
    if request.method not in SAFE_METHODS and check_csrf(request) is not None:
        raise HttpError(403, "the request needs the X-CSRFToken of this site")
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by the agencies' middleware
    return scope


def acting_role(request: HttpRequest) -> str:
    """The role of the acting post, empty without one."""
    return str(getattr(getattr(request, "post", None), "role", ""))


def found(read: Callable[[], T]) -> T:
    """What a selector finds; unknown and out of reach are both 404."""
    try:
        return read()
    except ObjectDoesNotExist:
        raise HttpError(404, "not found") from None

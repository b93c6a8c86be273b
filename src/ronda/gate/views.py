"""What a sender may ask afterwards: how far a message is, with its receipt and its proof."""

import time
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ronda.gate import selectors, services
from ronda.gate.commit import SCOPE
from ronda.gate.tokens import TokenRefused, token_key, token_read
from ronda.kernel import clock
from ronda.kernel.scope import scoped


@require_safe
def message_status(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The first answer again, with the state and, once it is logged, the proof of inclusion."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    keys = settings.KEYS
    try:
        if scheme.lower() != "bearer":
            raise TokenRefused("no bearer token")
        grant = token_read(token, now_s=time.time(), key=token_key(keys), key_id=keys.kid)
    except TokenRefused as problem:
        return _error(401, "authorization", "a token of this node that is in force", str(problem))
    with scoped(SCOPE):
        is_active = selectors.sender_is_active(grant, at=clock.now())
        status = selectors.message_status(message_id, agency=grant.agency) if is_active else None
    if not is_active:
        return _error(
            401, "authorization", "a device in force", "the device was revoked or its post has ended"
        )
    if status is None:
        return _error(404, "id", "a message of this sender's agency", str(message_id))
    return JsonResponse(selectors.status_content(status), headers={"Cache-Control": "no-store"})


@require_safe
def recipient(request: HttpRequest) -> HttpResponse:
    """Whom a phone seals its messages to (age). It is told again at each enrolment."""
    content = f"{settings.KEYS.recipient}\n"
    return HttpResponse(
        content, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


@csrf_exempt
@require_POST
def token_public(request: HttpRequest) -> HttpResponse:
    """A token for anyone, for reports only: the same door for citizens without an account."""
    token = services.public_token(at=clock.now())
    return JsonResponse({"token": token}, status=201, headers={"Cache-Control": "no-store"})


def _error(status: int, field: str, wanted: str, came: str) -> HttpResponse:
    content = {"error": {"field": field, "wanted": wanted, "came": came}}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JsonResponse(content, status=status, headers=headers)

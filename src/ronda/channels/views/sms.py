"""Gateways of text messages: what came in, and what became of an answer."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ronda.channels.domain import Gateway, is_same, signature_of
from ronda.channels.services import Sms, sms_delivered, sms_take
from ronda.gate.services import DoorBusy
from ronda.kernel import clock

TEXT_MAX = 10_000  # 255 parts of a text message hold 39,000; people send 3
WHOLE_DELIVERY = 19  # Kannel: delivered 1, failed 2, refused by the centre 16
DELIVERY_STATES = {"1": "delivered", "2": "failed", "4": "buffered", "8": "sent", "16": "failed"}


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, gateway: str) -> HttpResponse:
    """One text message; the answer is the text of the reply."""
    configured = _configured(gateway)
    given = _given(request)
    if not _is_proven(request, configured, given):
        return HttpResponse("", status=403, content_type="text/plain")
    sms = _sms(configured, given)
    if sms is None:
        wanted = f"{configured.sender}, {configured.text}"
        return HttpResponse(f"wanted {wanted}", status=400, content_type="text/plain; charset=utf-8")
    if len(sms.text) > TEXT_MAX:
        return HttpResponse(f"wanted at most {TEXT_MAX} letters", status=413, content_type="text/plain")
    try:
        answer = sms_take(sms=sms, at=clock.now())
    except DoorBusy:
        return HttpResponse("", status=503, content_type="text/plain", headers={"Retry-After": "5"})
    return _reply(request, configured, answer)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def delivered(request: HttpRequest, gateway: str) -> HttpResponse:
    """What became of an answer: counted, nothing kept."""
    configured = _configured(gateway)
    given = _given(request)
    if not _is_proven(request, configured, given):
        return HttpResponse("", status=403, content_type="text/plain")
    sms_delivered(gateway=gateway, state=DELIVERY_STATES.get(given.get("status", ""), "unknown"))
    return HttpResponse("", content_type="text/plain")


def _configured(name: str) -> Gateway:
    found = settings.CHANNELS.gateways.get(name)
    if found is None:
        raise Http404
    assert isinstance(found, Gateway)
    return found


def _given(request: HttpRequest) -> Mapping[str, str]:
    """Parameters of the address, of a form or of a JSON object; what is no text is left out."""
    given = {name: str(value) for name, value in request.GET.items()}
    if request.method != "POST":
        return given
    if request.content_type != "application/json":
        return given | {name: str(value) for name, value in request.POST.items()}
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError):
        return given
    rows = content.items() if isinstance(content, dict) else ()
    return given | {str(name): str(value) for name, value in rows if isinstance(value, str | int)}


def _is_proven(request: HttpRequest, gateway: Gateway, given: Mapping[str, str]) -> bool:
    """From an address that may send, and with the secret or a signature of the body made with it."""
    if gateway.addresses and request.META.get("REMOTE_ADDR") not in gateway.addresses:
        return False
    if not gateway.signature:
        return is_same(given.get(gateway.secret_in, ""), gateway.secret)
    if request.method != "POST":
        return False
    shown = request.headers.get(gateway.signature, "").removeprefix("sha256=")
    return is_same(shown.lower(), signature_of(gateway.secret, request.body))


def _sms(gateway: Gateway, given: Mapping[str, str]) -> Sms | None:
    if gateway.sender not in given or gateway.text not in given:
        return None
    number = given[gateway.sender][:40]
    return Sms(
        gateway=gateway.name,
        # A plus sign in an address that was not escaped arrives as a blank.
        number=f"+{number.strip()}" if number.startswith(" ") else number,
        text=given[gateway.text],
        key=given.get(gateway.id, "")[:200],
        sent_at=_moment(given.get(gateway.sent_at, "")),
    )


def _moment(text: str) -> datetime | None:
    """Unix seconds or an ISO time; without a zone it is UTC."""
    try:
        if text.isascii() and text.isdigit() and len(text) < 12:
            return datetime.fromtimestamp(int(text), UTC)
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _reply(request: HttpRequest, gateway: Gateway, answer: str) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"reply": answer})
    headers = {}
    if gateway.delivery_url:
        query = urlencode({gateway.secret_in: gateway.secret})
        headers = {
            "X-Kannel-DLR-Mask": str(WHOLE_DELIVERY),
            "X-Kannel-DLR-Url": f"{gateway.delivery_url}?{query}&status=%d",
        }
    return HttpResponse(answer, content_type="text/plain; charset=utf-8", headers=headers)

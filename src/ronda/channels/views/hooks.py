"""Webhooks of other systems, each signed with the secret that both sides know."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ronda.channels.adapters.hook import BODY_MAX, STAMP, HookRefused
from ronda.channels.domain import SIGNED_WITHIN, State, Webhook, is_same, signature_of
from ronda.channels.services import Taken, hook_take
from ronda.gate.services import DoorBusy, NotKept
from ronda.kernel import clock

STATUS = {State.NEW: 201, State.REPEAT: 200, State.CONFLICT: 409, State.REFUSED: 403}
TIMESTAMP, SIGNATURE = "X-Ronda-Timestamp", "X-Ronda-Signature"


@csrf_exempt
@never_cache
@require_POST
def take(request: HttpRequest, webhook: str) -> HttpResponse:
    """One JSON object. 401 without a signature made within five minutes; a replay has no second effect."""
    configured = settings.CHANNELS.webhooks.get(webhook)
    if not isinstance(configured, Webhook):
        raise Http404
    try:
        raw = request.body
    except RequestDataTooBig:
        raw = b" " * (BODY_MAX + 1)
    if len(raw) > BODY_MAX:
        return _refused(413, "", f"at most {BODY_MAX} bytes", "more")
    if problem := _unproven(request, configured, raw):
        return _refused(401, *problem)
    try:
        taken, unread = hook_take(webhook=configured, raw=raw, at=clock.now())
    except (DoorBusy, NotKept):
        answer = _refused(503, "", "room in the queue", "none at the moment; send again")
        answer.headers["Retry-After"] = "5"
        return answer
    return _answered(taken, unread)


def _unproven(request: HttpRequest, webhook: Webhook, raw: bytes) -> tuple[str, str, str] | None:
    """What is wrong with the proof; None when it is right."""
    stamp = request.headers.get(TIMESTAMP, "")
    if not STAMP.match(stamp) or abs(clock.now().timestamp() - int(stamp)) > SIGNED_WITHIN.total_seconds():
        return TIMESTAMP, "Unix seconds within five minutes of now", stamp[:20] or "nothing"
    shown = request.headers.get(SIGNATURE, "").removeprefix("sha256=").lower()
    if not is_same(shown, signature_of(webhook.secret, stamp.encode() + b"." + raw)):
        return SIGNATURE, "HMAC-SHA256 of timestamp, point and body", "another"
    return None


def _answered(taken: Taken, unread: HookRefused | None) -> HttpResponse:
    content: dict[str, object] = {"id": str(taken.id), "state": taken.state, "code": taken.code}
    if unread is None or taken.state is State.REFUSED:
        return JsonResponse(content, status=STATUS[taken.state])
    content["error"] = {"field": unread.field, "wanted": unread.wanted, "came": unread.came}
    return JsonResponse(content | {"kept": True}, status=422)


def _refused(status: int, field: str, wanted: str, came: str) -> HttpResponse:
    return JsonResponse({"error": {"field": field, "wanted": wanted, "came": came}}, status=status)

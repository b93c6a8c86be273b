"""The page of messages that did not simply pass: held for a person, or set aside with an error."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ronda.agencies.access import ScopedRequest, post_required
from ronda.gate import selectors, services
from ronda.kernel import clock
from ronda.law.mandates import mandates

PER_PAGE = 50


@require_GET
@never_cache
@post_required
def outcome_list(request: HttpRequest) -> HttpResponse:
    """Held and failed messages of the own area, oldest first."""
    _require(request, "read")
    page = Paginator(selectors.outcomes_waiting(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "gate/outcome_list.html", {"page": page})


@require_POST
@post_required
def outcome_release(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Let one of them go on; the worker takes it at once."""
    _require(request, "change")
    outcome = selectors.outcome_for(message_id)
    if outcome is None:
        raise Http404
    try:
        services.message_release(outcome=outcome, at=clock.now())
    except ValueError:
        messages.error(request, _("Kiriman ini sudah diteruskan; tidak ada yang perlu dilepas."))
    else:
        messages.success(request, _("Kiriman dilepas dan segera diteruskan."))
    return redirect("held:outcome-list")


def _require(request: HttpRequest, action: str) -> None:
    """What a post may not do looks like what does not exist."""
    scope = cast(ScopedRequest, request).reach
    if scope.kind not in mandates().reach("message_outcome", "read" if action == "read" else "change"):
        raise Http404

"""What every view here needs: the scope that asks, records or 404, and the answer to a refused act."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest

from ronda.agencies.access import ScopedRequest
from ronda.incidents import selectors
from ronda.incidents.models import Incident
from ronda.kernel.scope import Scope
from ronda.reports import selectors as reports
from ronda.reports.domain import DECIDING_ROLES, AlreadyDecided, MoveRefused

if TYPE_CHECKING:
    from ronda.reports.models import Report


def scope_of(request: HttpRequest) -> Scope:
    return cast(ScopedRequest, request).reach


def may_decide(request: HttpRequest) -> bool:
    """Whether the acting post decides about reports: duty officers and heads of the supervisor."""
    post = cast(ScopedRequest, request).post
    return post is not None and scope_of(request).kind == "bawaslu" and post.role in DECIDING_ROLES


def report_or_404(report_id: UUID) -> "Report":
    try:
        return reports.report_for(report_id)
    except ObjectDoesNotExist:
        raise Http404 from None


def incident_or_404(incident_id: UUID) -> Incident:
    try:
        return selectors.incident_for(incident_id)
    except ObjectDoesNotExist:
        raise Http404 from None


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Run a service and tell the person what came of it; false when it was refused. Foreign records: 404.

    AlreadyDecided passes: the page that asked knows more to say than the sentence of the refusal.
    """
    try:
        act()
    except AlreadyDecided:
        raise
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
        return False
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, done)
    return True

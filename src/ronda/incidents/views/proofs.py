"""A file that shows the work: handed out as it came, for saving, never shown inside a page."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from ronda.agencies.access import post_required
from ronda.incidents import selectors, services
from ronda.kernel import clock
from ronda.reports.domain import MoveRefused


@require_GET
@post_required
def proof_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The bytes as they came. The request commits its line in the audit before they leave."""
    try:
        opened = services.proof_file_open(file=file_id, at=clock.now())
    except ObjectDoesNotExist:
        raise Http404 from None
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("incidents:incident-detail", selectors.proof_file_for(file_id).incident_id)
    return HttpResponse(
        opened.content,
        content_type=opened.type,
        headers={
            "Content-Disposition": f'attachment; filename="{opened.name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )

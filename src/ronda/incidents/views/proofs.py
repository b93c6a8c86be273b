"""A file that shows the work: people look at its working copy, the original stays where it is."""

import time
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from ronda.agencies.access import post_required
from ronda.evidence.services import NoCopy, copy_link
from ronda.incidents import selectors, services
from ronda.kernel import clock
from ronda.reports.domain import MoveRefused


@require_GET
@post_required
def proof_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A link to the working copy. The request commits its line in the audit before there is one."""
    try:
        opened = services.proof_file_open(file=file_id, at=clock.now())
        return redirect(
            copy_link(
                sha256=opened.sha256,
                agency=opened.agency,
                area=opened.area,
                at=clock.now(),
                now_s=time.time(),
            )
        )
    except ObjectDoesNotExist:
        raise Http404 from None
    except (MoveRefused, NoCopy) as refusal:
        messages.error(request, str(refusal))
        return redirect("incidents:incident-detail", selectors.proof_file_for(file_id).incident_id)

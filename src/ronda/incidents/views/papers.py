"""Papers of an incident as PDF: the letter of a hand-over, the chain of custody. Noted before they leave."""

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ronda.agencies.access import post_required
from ronda.agencies.stepup import step_up_required
from ronda.incidents import papers, selectors
from ronda.incidents.domain import PROOF_CLASS
from ronda.incidents.selectors.custody import proof_files, readings_of, signed_by
from ronda.incidents.views.asking import incident_or_404, scope_of
from ronda.kernel import clock
from ronda.kernel.journal import audit


@require_GET
@post_required
@step_up_required
def handover_letter(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """The letter of one hand-over, for the agencies that can read it."""
    at = clock.now()
    try:
        handover = selectors.handover_for(handover_id)
        incident = incident_or_404(handover.incident_id)
    except ObjectDoesNotExist:
        raise Http404 from None
    handover.incident = incident
    audit("handover.letter", record="handover", subject=handover.pk, area=handover.area, at=at)
    content = papers.letter_pdf(handover, signed=signed_by(handover), at=at)
    return _pdf(content, f"serah-terima-{incident.label}-{handover.sequence}.pdf")


@require_GET
@post_required
@step_up_required
def custody_chain(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """The chain of custody of an incident, for who may open its files."""
    at, incident = clock.now(), incident_or_404(incident_id)
    files = proof_files(incident) if PROOF_CLASS in scope_of(request).classes else []
    if not files:
        raise Http404
    audit("incident.custody", record="incident", subject=incident.pk, area=incident.area, at=at)
    content = papers.custody_pdf(incident, files, readings_of(files), at=at)
    return _pdf(content, f"rantai-bukti-{incident.label}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)

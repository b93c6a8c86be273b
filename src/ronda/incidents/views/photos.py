"""Photos that look alike: from one on a report or a proof to the others that the person may see."""

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ronda.agencies.access import post_required
from ronda.incidents import selectors
from ronda.incidents.selectors.photos import photos_alike
from ronda.incidents.views.asking import report_or_404, scope_of
from ronda.reports.domain import PHOTO_CLASS
from ronda.reports.selectors.photos import hashes_of


@require_safe
@post_required
def photos_of_report(request: HttpRequest, report_id: UUID, sha256: str) -> HttpResponse:
    """What looks like a photo of a report."""
    report = report_or_404(report_id)
    if PHOTO_CLASS not in scope_of(request).classes or sha256 not in hashes_of(report):
        raise Http404
    found = [
        one
        for one in photos_alike(sha256, agency=report.agency)
        if one.report is None or one.report.pk != report.pk
    ]
    back = reverse("incidents:report-detail", args=[report.pk])
    photo = reverse("reports:report-photo", args=[report.pk, sha256])
    return _page(request, {"found": found, "back": back, "photo": photo, "area": report.area})


@require_safe
@post_required
def photos_of_proof(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """What looks like a photo that shows the work."""
    try:
        file = selectors.proof_file_for(file_id)
    except ObjectDoesNotExist:
        raise Http404 from None
    found = [
        one
        for one in photos_alike(file.sha256, agency=file.agency)
        if one.proof is None or one.proof.pk != file.pk
    ]
    back = reverse("incidents:incident-detail", args=[file.incident_id])
    photo = reverse("incidents:proof-file", args=[file.pk])
    return _page(request, {"found": found, "back": back, "photo": photo, "area": file.area})


def _page(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    return render(request, "incidents/photos.html", context)

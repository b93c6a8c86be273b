"""A file of a report: people look at its working copy, the original stays where it is."""

import time
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from ronda.agencies.access import post_required
from ronda.evidence.services import NoCopy, copy_link
from ronda.kernel import clock
from ronda.kernel.journal import audit
from ronda.reports.domain import PHOTO_CLASS
from ronda.reports.selectors.photos import hashes_of
from ronda.reports.views.inbox import report_or_404, scope_of
from ronda.web.private import private_words


@require_GET
@post_required
def report_photo(request: HttpRequest, report_id: UUID, sha256: str) -> HttpResponse:
    """A link to the working copy. Faces stand on photos: the reading is noted before there is one."""
    report = report_or_404(report_id)
    if PHOTO_CLASS not in scope_of(request).classes or sha256 not in hashes_of(report):
        raise Http404
    at = clock.now()
    audit("report.photo_read", record="report", subject=report.pk, area=report.area, at=at)
    try:
        return redirect(
            copy_link(sha256=sha256, agency=report.agency, area=report.area, at=at, now_s=time.time())
        )
    except NoCopy as problem:
        return private_words(str(problem))

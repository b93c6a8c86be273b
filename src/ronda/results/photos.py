"""Photos of result forms: names and signatures stand on them, so that a reading is noted before it is served."""

from __future__ import annotations

import time
from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from ronda.agencies.access import post_required
from ronda.evidence.services import NoCopy, copy_link
from ronda.gate import selectors as gate
from ronda.kernel import clock
from ronda.kernel.journal import audit
from ronda.kernel.scope import Scope, current_scope
from ronda.results import selectors
from ronda.results.domain import PHOTO_CLASS
from ronda.results.models import Sheet
from ronda.web.private import private_words


def photos_of(sheets: Sequence[Sheet], scope: Scope) -> list[tuple[Sheet, list[str]]]:
    """Each copy with the hashes of its photos, for who may open them."""
    if PHOTO_CLASS not in scope.classes:
        return []
    files = gate.message_files(sheet.message for sheet in sheets if sheet.message)
    return [(sheet, files[sheet.message]) for sheet in sheets if sheet.message in files]


@require_GET
@post_required
def sheet_photo(request: HttpRequest, sheet_id: UUID, sha256: str) -> HttpResponse:
    """The working copy of one photo of one copy. Its reading is noted before there is a link."""
    scope = current_scope()
    if scope is None or PHOTO_CLASS not in scope.classes or not selectors.may_see(scope, "sheet"):
        raise Http404
    sheet = selectors.sheet_for(sheet_id)
    files = gate.message_files([sheet.message]) if sheet and sheet.message else {}
    if sheet is None or not any(sha256 in named for named in files.values()):
        raise Http404
    at = clock.now()
    audit("sheet.photo_read", record="sheet", subject=sheet.pk, area=sheet.area, at=at)
    try:
        return redirect(
            copy_link(sha256=sha256, agency=sheet.agency, area=sheet.area, at=at, now_s=time.time())
        )
    except NoCopy as problem:
        return private_words(str(problem))

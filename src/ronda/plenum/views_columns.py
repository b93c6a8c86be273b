"""D.Hasil as a file: a workbook to fill in, and the columns that come back in one."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ronda.agencies.access import post_required
from ronda.agencies.stepup import step_up_required
from ronda.kernel import clock
from ronda.kernel.imports import ImportRefused
from ronda.kernel.journal import audit
from ronda.kernel.scope import Scope
from ronda.plenum import selectors, services
from ronda.plenum.adapters.columns import XLSX, ColumnsIn, codes_of, columns_read, columns_sheet, file_kind
from ronda.plenum.domain import PlenumRefused
from ronda.plenum.forms import ColumnsForm
from ronda.plenum.models import Plenum
from ronda.plenum.selectors import Heard
from ronda.plenum.views import plenum_in_scope, scope_for
from ronda.results.papers import area_words, heading

ERRORS_SHOWN = 20


@require_GET
@never_cache
@post_required
@step_up_required
def plenum_sheet(request: HttpRequest, plenum_id: UUID) -> HttpResponse:
    """The workbook of a plenum, with what was read out so far. Noted before it leaves."""
    scope_for(request)
    plenum = plenum_in_scope(plenum_id)
    audit("plenum.exported", record="plenum", subject=plenum.pk, area=plenum.area, at=clock.now())
    heard = selectors.heard(plenum, get_language() or "id")
    content = columns_sheet(heard, {code: area_words(code) for code in codes_of(heard)})
    name = f"d-hasil-{heard.plenum.contest}-{heard.plenum.area}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@require_http_methods(["GET", "POST"])
@never_cache
@post_required
def plenum_file(request: HttpRequest, plenum_id: UUID) -> HttpResponse:
    """Take columns out of a file; all of it, or nothing with the cells that are wrong."""
    scope, plenum = scope_for(request, "change"), plenum_in_scope(plenum_id)
    heard = selectors.heard(plenum, get_language() or "id")
    form = ColumnsForm(request.POST or None, request.FILES or None)
    came = ColumnsIn({}, ())
    if request.method == "POST" and form.is_valid():
        came = _read(form, heard)
        if not form.errors and not came.errors and _taken(request, form, plenum, came, scope):
            return redirect("plenum:plenum-hear", plenum.pk)
    context = {
        "section": "results",
        "plenum": plenum,
        "form": form,
        "names": heading(plenum.election, plenum.contest, plenum.area, plenum.district),
        "errors": came.errors[:ERRORS_SHOWN],
        "more": len(came.errors) - ERRORS_SHOWN,
    }
    status = 422 if came.errors or form.errors else 200
    return render(request, "plenum/file.html", context, status=status)


def _read(form: ColumnsForm, heard: Heard) -> ColumnsIn:
    """The columns of the file; what makes it no table at all stands at the field."""
    with NamedTemporaryFile(suffix=".upload") as kept:
        for part in form.cleaned_data["file"].chunks():
            kept.write(part)
        kept.flush()
        try:
            came = columns_read(Path(kept.name), heard)
        except ImportRefused as refused:
            form.add_error("file", str(refused))
            return ColumnsIn({}, ())
    if not came.read and not came.errors:
        form.add_error("file", services.EMPTY_FILE)
    return came


def _taken(request: HttpRequest, form: ColumnsForm, plenum: Plenum, came: ColumnsIn, scope: Scope) -> bool:
    content: BinaryIO = form.cleaned_data["file"].file
    at = clock.now()
    try:
        file = services.file_keep(content=content, kind=file_kind(content), at=at)
        changed = services.columns_import(
            plenum=plenum, read=came.read, over=form.cleaned_data["over"], file=file, by=scope, at=at
        )
    except PlenumRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    words = ngettext(
        "Berkas dibaca: %(columns)s kolom, %(n)s kotak berubah.",
        "Berkas dibaca: %(columns)s kolom, %(n)s kotak berubah.",
        changed,
    )
    messages.success(request, words % {"columns": len(came.read), "n": changed})
    return True

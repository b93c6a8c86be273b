"""Pages of entry: what waits, the screen with photo and form, and what it saves at every box."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ronda.agencies.access import ScopedRequest, post_required
from ronda.agencies.domain import legal_date
from ronda.entry import selectors, services
from ronda.entry.domain import EntryRefused, EntryState, boxes_differing
from ronda.entry.models import EntryDraft, EntryForm
from ronda.evidence.services import NoCopy
from ronda.kernel import clock
from ronda.kernel.areas import STATION, area_range, station_area
from ronda.kernel.scope import Scope
from ronda.law.forms import form_rules
from ronda.results.domain import PHOTO_CLASS
from ronda.results.papers import (
    Box,
    Line,
    Paper,
    Typed,
    failure_words,
    failures_of,
    figures_of,
    heading,
)
from ronda.results.services.checking import limits_of
from ronda.web.private import private_words

if TYPE_CHECKING:
    from ronda.results.models import FailedCheck

PARTS = {
    "voters": _lazy("I. Data pemilih dan pengguna hak pilih"),
    "ballots": _lazy("II. Surat suara"),
    "disability": _lazy("III. Pemilih disabilitas"),
    "choices": _lazy("IV. Perolehan suara"),
    "totals": _lazy("V. Suara sah dan tidak sah"),
    "signatures": _lazy("Tanda tangan"),
}
COLUMNS = {"l": _lazy("Laki-laki"), "p": _lazy("Perempuan"), "j": _lazy("Jumlah"), "": ""}


@dataclass(frozen=True, slots=True)
class ShownBox:
    """One box on the screen: what was typed, and for the third person what the two before read."""

    id: str
    column: str
    value: int | None
    readings: tuple[int | None, int | None] | None


@require_GET
@never_cache
@post_required
def form_list(request: HttpRequest) -> HttpResponse:
    """Forms that wait, stations whose figures do not agree, and the way to open any other."""
    scope = _scope(request)
    low, high = area_range(scope.area)
    context = {
        "section": "results",
        "forms": selectors.forms_waiting(low, high),
        "flagged": _named(selectors.flagged_stations(scope.area)),
        "sources": selectors.sources_for(scope),
        "counted": _contests(scope),
        "station": request.GET.get("tps", ""),
    }
    return render(request, "entry/list.html", context)


def _contests(scope: Scope) -> list[tuple[str, str, str]]:
    """(election, contest, name) of the contests held in the area."""
    held = selectors.contests_held(scope.area, on=legal_date(clock.now()))
    return [
        (election, contest, heading(election, contest, scope.area).contest_name) for election, contest in held
    ]


def _named(checks: list[FailedCheck]) -> list[tuple[FailedCheck, str]]:
    language = get_language() or "id"
    return [(check, form_rules()[check.rule].name.in_language(language)) for check in checks]


@require_POST
@post_required
def form_new(request: HttpRequest) -> HttpResponse:
    """Open the form of a station and go there."""
    scope, given = _scope(request), request.POST
    station = given.get("station", "").strip()
    election, _slash, contest = given.get("contest", "").partition("/")
    try:
        if not STATION.match(station) or not scope.covers(station_area(station)):
            raise EntryRefused(_("Tulis kode TPS 13 angka di wilayah Anda."))
        form = services.form_open(
            election=election,
            contest=contest,
            station=station,
            source=given.get("source", ""),
            by=scope,
            at=clock.now(),
        )
    except EntryRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("entry:form-list")
    return redirect("entry:form-enter", form.pk)


@require_GET
@never_cache
@post_required
def form_enter(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """The screen: photo beside form. Whoever opens it begins their round."""
    scope, form = _scope(request), _form(form_id)
    if cast(ScopedRequest, request).is_viewing_as:
        messages.info(
            request, _("Anda sedang melihat sebagai jabatan lain. Entri dibuka oleh pemegang jabatannya.")
        )
        return redirect("entry:form-list")
    try:
        draft = services.draft_open(form=form, by=scope, at=clock.now())
    except EntryRefused as refusal:
        messages.info(request, str(refusal))
        return redirect("entry:form-list")
    paper = _paper(form)
    return render(request, "entry/enter.html", _context(request, form, draft, paper))


@require_POST
@post_required
def form_box(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Keep one box; answers with what the figures typed so far do not meet."""
    scope, form = _scope(request), _form(form_id)
    draft, paper = _draft(form, scope), _paper(form)
    problem = ""
    try:
        draft = services.boxes_save(draft=draft, typed=_typed(request, paper), at=clock.now())
    except EntryRefused as refusal:
        problem = str(refusal)
    context = {"form": form, "draft": draft, "problem": problem}
    return render(request, "entry/_checks.html", context | _checks(form, draft.figures, paper))


@require_POST
@post_required
def form_finish(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """End a round. The button pressed twice ends it once."""
    scope, form = _scope(request), _form(form_id)
    draft, paper = selectors.draft_for(form, scope.person), _paper(form)
    if draft is None:
        return redirect("entry:form-list")
    try:
        draft = services.boxes_save(draft=draft, typed=_typed(request, paper), at=clock.now())
        done = services.draft_finish(draft=draft, choices=paper.choices, by=scope, at=clock.now())
    except EntryRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("entry:form-enter", form.pk)
    messages.success(request, str(DONE_WORDS[EntryState(done.state)]))
    return redirect("entry:form-list")


DONE_WORDS = {
    EntryState.FIRST: "",
    EntryState.SECOND: _lazy(
        "Tersimpan dan dikirim. Angkanya belum cocok, jadi orang lain akan mengentri ulang."
    ),
    EntryState.THIRD: _lazy("Tersimpan. Dua entri berbeda; orang ketiga memutus dari fotonya."),
    EntryState.DONE: _lazy("Tersimpan. Formulir ini selesai."),
}


@require_http_methods(["GET", "POST"])
@never_cache
@post_required
def form_photo(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """The photo of the paper: taken in as it comes, served only after its reading was noted."""
    scope, form = _scope(request), _form(form_id)
    try:
        if request.method == "POST":
            return _photo_take(request, form, scope)
        if PHOTO_CLASS not in scope.classes:
            raise Http404
        return redirect(services.photo_link(form=form, at=clock.now(), now_s=time.time()))
    except EntryRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("entry:form-enter", form.pk)
    except NoCopy as problem:
        return private_words(str(problem))


def _photo_take(request: HttpRequest, form: EntryForm, scope: Scope) -> HttpResponse:
    file = request.FILES.get("photo")
    if file is None:
        raise EntryRefused(_("Pilih foto formulirnya dulu."))
    services.photo_add(form=form, content=cast(Any, file), by=scope, at=clock.now())
    return redirect("entry:form-enter", form.pk)


def _typed(request: HttpRequest, paper: Paper) -> dict[str, str]:
    """The boxes of the form that came along, and nothing else."""
    return {box: request.POST[box] for box in sorted(paper.boxes & request.POST.keys())}


def _scope(request: HttpRequest) -> Scope:
    scope = cast(ScopedRequest, request).reach
    if not selectors.may_enter(scope):
        raise Http404
    return scope


def _form(form_id: UUID) -> EntryForm:
    try:
        return selectors.form_for(form_id)
    except ObjectDoesNotExist:
        raise Http404 from None


def _draft(form: EntryForm, scope: Scope) -> EntryDraft:
    draft = selectors.draft_for(form, scope.person)
    if draft is None:
        raise Http404
    return draft


def _paper(form: EntryForm) -> Paper:
    return selectors.paper_for(form, get_language() or "id")


def _context(request: HttpRequest, form: EntryForm, draft: EntryDraft, paper: Paper) -> dict[str, Any]:
    scope = _scope(request)
    readings = _readings(form) if draft.round == 3 else {}
    context: dict[str, Any] = {
        "section": "results",
        "form": form,
        "draft": draft,
        "paper": paper,
        "parts": _parts(paper, draft.figures, readings),
        "names": heading(form.election, form.contest, form.area),
        "may_see_photo": bool(form.photo) and PHOTO_CLASS in scope.classes,
        "differing": len(readings),
    }
    return context | _checks(form, draft.figures, paper)


def _parts(
    paper: Paper, typed: Typed, readings: dict[str, tuple[int | None, int | None]]
) -> list[tuple[str, str, list[tuple[Line, list[ShownBox]]]]]:
    return [
        (
            part,
            str(PARTS[part]),
            [(line, [_box(box, typed, readings) for box in line.boxes]) for line in lines],
        )
        for part, lines in paper.parts
        if lines
    ]


def _box(box: Box, typed: Typed, readings: dict[str, tuple[int | None, int | None]]) -> ShownBox:
    return ShownBox(box.id, str(COLUMNS[box.column]), typed.get(box.id), readings.get(box.id))


def _readings(form: EntryForm) -> dict[str, tuple[int | None, int | None]]:
    """For the third person: where the two readings differ, and what each says."""
    first = services.first_figures(form)
    second: Typed = next((one.figures for one in selectors.drafts_done(form) if one.round == 2), {})
    return {box: (first.get(box), second.get(box)) for box in boxes_differing(first, second)}


def _checks(form: EntryForm, typed: Typed, paper: Paper) -> dict[str, Any]:
    figures = figures_of(typed, choices=paper.choices)
    language = get_language() or "id"
    failing = failures_of(figures, limits_of(form.election), paper.parties)
    left = sum(1 for at in range(paper.choices) if figures.votes[at] is None)
    lines = [
        (form_rules()[one.rule], form_rules()[one.rule].name.in_language(language), failure_words(one))
        for one in failing
    ]
    return {
        "failing": lines,
        "left": left,
        "typed": typed,
        "read_otherwise": _read_otherwise(form, typed, paper),
    }


def _read_otherwise(form: EntryForm, typed: Typed, paper: Paper) -> list[tuple[str, int, int]]:
    """(row, typed, read) where a machine read another figure on the photo than the person typed. Boxes that are not
    typed yet are not told: a suggestion that is seen first is copied, not read."""
    reading = selectors.reading_of(form)
    read = reading.figures if reading else {}
    return [
        (f"{line.ref} {line.name} {COLUMNS[box.column]}".strip(), typed[box.id], read[box.id])
        for _part, lines in paper.parts
        for line in lines
        for box in line.boxes
        if box.id in typed and box.id in read and typed[box.id] != read[box.id]
    ]

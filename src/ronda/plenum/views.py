"""Pages of a plenum: which are held, figures as they are read out beside what moved, objections with their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ronda.agencies.access import ScopedRequest, post_required
from ronda.agencies.domain import legal_date
from ronda.agencies.stepup import step_up_required
from ronda.kernel import clock
from ronda.kernel.areas import STATION, is_code, level
from ronda.kernel.scope import Scope
from ronda.law.forms import form_rules
from ronda.places.selectors import area_children
from ronda.plenum import evidence, selectors, services
from ronda.plenum.domain import ASIDE, ObjectionState, PlenumRefused, below_words
from ronda.plenum.models import Objection, Plenum, ReadOut
from ronda.plenum.selectors import Heard
from ronda.results.domain import PHOTO_CLASS
from ronda.results.papers import heading
from ronda.web.frame import area_name


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One figure of D.Hasil on the screen, with the form below it."""

    code: str
    box: str
    value: int | None
    below: int | None

    @property
    def id(self) -> str:
        return f"c-{self.code.replace('.', '-')}-{self.box}"

    @property
    def delta(self) -> int:
        return self.value - self.below if self.value is not None and self.below is not None else 0


@require_GET
@never_cache
@post_required
def plenum_list(request: HttpRequest) -> HttpResponse:
    """Plenums of the area and the objections raised there; the way to open another."""
    scope = scope_for(request)
    on = legal_date(clock.now())
    context = {
        "section": "results",
        "plenums": selectors.plenums_of(scope.area),
        "objections": selectors.objections_of(scope.area)[:50],
        "contests": selectors.contests_here(scope.area, on),
        "units": _units(scope),
    }
    return render(request, "plenum/list.html", context)


def _units(scope: Scope) -> list[tuple[str, str]]:
    """Units whose plenum can be followed: the area itself and those one level down, as far as they hold plenums."""
    own = [scope.area] if level(scope.area) in services.LEVELS else []
    below = [area.code for area in area_children(scope.area) if level(area.code) in services.LEVELS]
    return [(code, area_name(code)) for code in (*own, *below)]


@require_POST
@post_required
def plenum_new(request: HttpRequest) -> HttpResponse:
    """Open the recapitulation of a unit."""
    scope, given = scope_for(request, "add"), request.POST
    area, named = given.get("area", ""), given.get("contest", "").split("/", 2)
    election, contest, district = (*named, "", "", "")[:3]
    try:
        if not is_code(area) or not area or not scope.covers(area):
            raise PlenumRefused(services.OUTSIDE)
        plenum = services.plenum_open(
            election=election, contest=contest, area=area, district=district, by=scope, at=clock.now()
        )
    except PlenumRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("plenum:plenum-list")
    return redirect("plenum:plenum-hear", plenum.pk)


@require_GET
@never_cache
@post_required
def plenum_hear(request: HttpRequest, plenum_id: UUID) -> HttpResponse:
    """The screen of a plenum: columns to type, and what does not agree."""
    scope_for(request)
    heard = _heard(plenum_id)
    part = request.GET.get("bagian", "")
    context = _context(heard) | {"section": "results"} | _columns(heard, part)
    return render(request, "plenum/hear.html", context)


@require_POST
@post_required
def plenum_box(request: HttpRequest, plenum_id: UUID) -> HttpResponse:
    """Keep a figure as it is read out; answers with everything that does not agree now."""
    scope, plenum = scope_for(request, "change"), plenum_in_scope(plenum_id)
    code = request.GET.get("kolom", "")
    heard = selectors.heard(plenum, get_language() or "id")
    if code not in {*heard.table.codes, *heard.table.villages.values(), plenum.area}:
        raise Http404
    problem, typed = "", {box: str(text) for box, text in request.POST.items() if box in heard.paper.boxes}
    try:
        services.column_save(plenum=plenum, code=code, typed=typed, by=scope, at=clock.now())
    except PlenumRefused as refusal:
        problem = str(refusal)
    now = selectors.heard(plenum, get_language() or "id")
    saved = [_cell(now, code, box) for box in typed]
    context = _context(now) | {"problem": problem, "saved": saved}
    return render(request, "plenum/_findings.html", context)


@require_POST
@post_required
def plenum_close(request: HttpRequest, plenum_id: UUID) -> HttpResponse:
    """End it; the total goes out as the recapitulation of the unit."""
    scope, plenum = scope_for(request, "change"), plenum_in_scope(plenum_id)
    try:
        services.plenum_close(plenum=plenum, by=scope, at=clock.now())
    except PlenumRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("plenum:plenum-hear", plenum.pk)


@require_POST
@post_required
def objection_new(request: HttpRequest, plenum_id: UUID) -> HttpResponse:
    """Raise one finding."""
    scope, plenum = scope_for(request, "add"), plenum_in_scope(plenum_id)
    try:
        objection = services.objection_raise(
            plenum=plenum, key=request.POST.get("finding", "")[:64], by=scope, at=clock.now()
        )
    except PlenumRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("plenum:plenum-hear", plenum.pk)
    return redirect("plenum:objection-show", objection.pk)


@require_GET
@never_cache
@post_required
def objection_show(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """One objection: the sentence, until when, both papers side by side; prints as the form to hand in."""
    scope_for(request)
    objection = _objection(objection_id)
    rule = form_rules()[objection.rule]
    context = {
        "section": "results",
        "objection": objection,
        "plenum": objection.plenum,
        "rule": rule,
        "rule_name": rule.name.in_language(get_language() or "id"),
        "message": rule.message.in_language(get_language() or "id"),
        "innocent": rule.innocent.in_language(get_language() or "id"),
        "steps": [
            (step, step.name.in_language(get_language() or "id"), day)
            for step, day in selectors.steps_for(objection.plenum)
        ],
        "names": heading(
            objection.plenum.election, objection.plenum.contest, objection.area, objection.plenum.district
        ),
        "copies": evidence.copies_of(objection),
        "read_outs": _read_outs(objection),
        "below": below_words(level(objection.area)),
        "results": [(one.value, one.label) for one in ObjectionState if one != ObjectionState.OPEN],
        "left": (objection.due_on - legal_date(clock.now())).days if objection.due_on else None,
    }
    return render(request, "plenum/objection.html", context)


def _read_outs(objection: Objection) -> list[tuple[ReadOut, list[tuple[str, int | None]]]]:
    """What was read out for the rows of an objection, in order, with the name of each row."""
    rows = {(cell["code"], cell["box"]): cell["row"] for cell in objection.facts["cells"]}
    told = []
    for one in evidence.read_out_of(objection):
        named = [
            (rows[one.code, box], value) for box, value in one.figures.items() if (one.code, box) in rows
        ]
        if named:
            told.append((one, named))
    return told


@require_POST
@post_required
def objection_decide(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """Note what the plenum made of it."""
    scope_for(request, "change")
    objection = _objection(objection_id)
    try:
        services.objection_decide(
            objection=objection,
            state=request.POST.get("state", ""),
            note=request.POST.get("note", ""),
            at=clock.now(),
        )
    except PlenumRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("plenum:objection-show", objection.pk)


@require_GET
@post_required
@step_up_required
def objection_evidence(request: HttpRequest, objection_id: UUID) -> HttpResponseBase:
    """The archive of evidence, noted before it leaves. Photos only for who may read class 3."""
    scope, objection = scope_for(request), _objection(objection_id)
    content = evidence.evidence_archive(
        objection=objection, with_photos=PHOTO_CLASS in scope.classes, at=clock.now()
    )
    name = f"keberatan-{objection.area}-{str(objection.pk)[:8]}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/zip", headers=headers)


def scope_for(request: HttpRequest, action: selectors.Action = "read") -> Scope:
    """The scope of who asks; a page that does not exist for an agency without the mandate."""
    scope = cast(ScopedRequest, request).reach
    if not selectors.may_see(scope, action):
        raise Http404
    return scope


def plenum_in_scope(plenum_id: UUID) -> Plenum:
    """The plenum as far as the scope reaches, or 404."""
    try:
        return selectors.plenum_for(plenum_id)
    except ObjectDoesNotExist:
        raise Http404 from None


def _objection(objection_id: UUID) -> Objection:
    try:
        return selectors.objection_for(objection_id)
    except ObjectDoesNotExist:
        raise Http404 from None


def _heard(plenum_id: UUID) -> Heard:
    return selectors.heard(plenum_in_scope(plenum_id), get_language() or "id")


def _context(heard: Heard) -> dict[str, Any]:
    plenum, language = heard.plenum, get_language() or "id"
    raised = dict(plenum.objections.values_list("finding", "pk"))
    return {
        "plenum": plenum,
        "names": heading(plenum.election, plenum.contest, plenum.area, plenum.district),
        "findings": [
            (one, form_rules()[one.rule].innocent.in_language(language), raised.get(one.key))
            for one in heard.findings
        ],
        "read": len(heard.table.read),
        "expected": len(heard.table.codes),
        "missing_below": len(set(heard.table.codes) - set(heard.table.below)),
        "due": selectors.due_of(plenum),
        "below": below_words(level(plenum.area)),
    }


def _columns(heard: Heard, part: str) -> dict[str, Any]:
    """The columns on the screen: those of one village, or of the whole unit where it has few."""
    table = heard.table
    parts = sorted(set(table.villages.values()))
    chosen = part if part in parts else (parts[0] if parts else heard.plenum.area)
    codes = [code for code in table.codes if table.villages.get(code) == chosen]
    totals = [chosen] if chosen == heard.plenum.area else [chosen, heard.plenum.area]
    columns = [*codes, *totals]
    lines = [
        (part_, line, [_cell(heard, code, line.boxes[-1].id) for code in columns])
        for part_, rows in heard.paper.parts
        for line in rows
        if part_ == "choices" or line.boxes[-1].id in ASIDE
    ]
    return {
        "parts": [(code, table.names.get(code, code)) for code in parts],
        "chosen": chosen,
        "columns": [(code, _column_word(code), code not in table.codes) for code in columns],
        "lines": lines,
    }


def _column_word(code: str) -> str:
    """TPS 07 under its village; an area keeps its code for the template to name."""
    return f"TPS {int(code[10:]):02d}" if STATION.match(code) else ""


def _cell(heard: Heard, code: str, box: str) -> ShownCell:
    read = heard.table.read.get(code) or heard.totals.get(code) or {}
    below = heard.table.below.get(code)
    return ShownCell(code, box, read.get(box), below.typed.get(box) if below else None)

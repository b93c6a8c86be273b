"""The stage page and its calendar feed: open to everybody; marks only for KPU and Bawaslu of the regency or above."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ronda.agencies.access import post_required
from ronda.elections.adapters.timeline import timeline
from ronda.elections.domain import StageMarkKind, days_to_vote_words
from ronda.elections.forms import StageMarkForm
from ronda.elections.models import Election
from ronda.elections.selectors import (
    election_area,
    election_current,
    election_for,
    election_list,
    in_language,
    stage_board,
    stage_for,
)
from ronda.elections.services import ElectionRefused, stage_mark, stages_mark_past
from ronda.kernel import clock
from ronda.kernel.areas import is_code
from ronda.kernel.scope import Scope, current_scope
from ronda.law import calendars, election_laws
from ronda.law.feed import stage_feed as feed_of
from ronda.web.localtime import local, zone_of

MARKING_KINDS = ("bawaslu", "kpu")
REGENCY = 5


@require_GET
def stages_current(request: HttpRequest) -> HttpResponseBase:
    """The stages of the election that runs today, or of the nearest one."""
    election = election_current(_today(_area(request)))
    if election is None:
        return render(request, "elections/none.html", {"section": "stages"})
    return _page(request, election)


@require_GET
def stages_detail(request: HttpRequest, election: str) -> HttpResponseBase:
    return _page(request, _election(election))


@require_GET
def stage_feed(request: HttpRequest, election: str) -> HttpResponseBase:
    """The stages as iCalendar, for phones and desk calendars."""
    found = _election(election)
    body = feed_of(
        calendars()[election_laws()[found.law].stages],
        zone=zone_of(_area(request) or election_area(found)).key,
        made_at=clock.now().replace(microsecond=0),
        language=get_language() or "id",
    )
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{found.code}.ics"'
    return response


@require_POST
@post_required
def stage_marked(request: HttpRequest, election: str, stage: str) -> HttpResponseBase:
    """Done, or open again."""
    found, area = _election(election), _marking_area()
    entry, form = stage_for(found, stage), StageMarkForm(request.POST)
    if entry is None or area is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Tanda tidak dikenal. Tidak ada yang berubah."))
        return redirect("elections:election-stages", found.code)
    mark, at = StageMarkKind(form.cleaned_data["mark"]), clock.now()
    try:
        stage_mark(
            election=found,
            stage=stage,
            area=area,
            mark=mark,
            on=_today(area),
            at=at,
            note=form.cleaned_data["note"],
        )
    except ElectionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("elections:election-stages", found.code)
    words = {
        StageMarkKind.DONE: _("Tahapan %(stage)s ditandai selesai."),
        StageMarkKind.REOPENED: _("Tahapan %(stage)s dibuka kembali."),
    }
    messages.success(request, words[mark] % {"stage": in_language(entry.name_id, entry.name_en)})
    return redirect(f"{reverse('elections:election-stages', args=[found.code])}#{stage}")


@require_POST
@post_required
def stages_marked_past(request: HttpRequest, election: str) -> HttpResponseBase:
    """Every stage that is over, at once: for a desk that begins in the middle of an election."""
    found, area = _election(election), _marking_area()
    if area is None:
        raise Http404
    count = stages_mark_past(election=found, area=area, on=_today(area), at=clock.now())
    messages.success(request, _("%(count)s tahapan ditandai selesai.") % {"count": count})
    return redirect("elections:election-stages", found.code)


def _page(request: HttpRequest, election: Election) -> HttpResponse:
    area = _area(request) or election_area(election)
    on = _today(area)
    board = stage_board(election, area=area, on=on)
    page: dict[str, Any] = {
        "section": "stages",
        "election": election,
        "elections": list(election_list()),
        "name": in_language(election.name_id, election.name_en),
        "area": area,
        "board": board,
        "drawing": timeline(board),
        "days": days_to_vote_words(election.voting_on, on),
        "may_mark": _marking_area() is not None,
        "reviewed": calendars()[election_laws()[election.law].stages].reviewed,
    }
    return render(request, "elections/stages.html", page)


def _election(code: str) -> Election:
    found = election_for(code)
    if found is None:
        raise Http404
    return found


def _scope() -> Scope:
    scope = current_scope()
    return scope if scope is not None else Scope.public()


def _area(request: HttpRequest) -> str:
    """The area asked for, else that of the post, else none."""
    asked = request.GET.get("area", "")
    return asked if asked and is_code(asked) else _scope().area


def _marking_area() -> str | None:
    """Where the one who asks may mark a stage: a desk of KPU or Bawaslu of a regency or above."""
    scope = _scope()
    return scope.area if scope.kind in MARKING_KINDS and len(scope.area) <= REGENCY else None


def _today(area: str) -> date:
    return local(clock.now(), area).date()

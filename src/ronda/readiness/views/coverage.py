"""The page of readiness: how far the day is, who is silent and whom to call."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from ronda.agencies.access import ScopedRequest, post_required
from ronda.agencies.domain import legal_date
from ronda.elections import selectors as elections
from ronda.kernel import clock
from ronda.kernel.areas import Level
from ronda.readiness.selectors import board_for
from ronda.readiness.selectors.watch import kinds_seen
from ronda.readiness.views.asking import area_in


def _row_word(level: Level) -> str:
    return {
        Level.PROVINCE: _("Provinsi"),
        Level.REGENCY: _("Kabupaten/kota"),
        Level.DISTRICT: _("Kecamatan"),
        Level.VILLAGE: _("Desa/kelurahan"),
    }[level]


@require_GET
@never_cache
@post_required
def coverage(request: HttpRequest, area: str = "") -> HttpResponse:
    """Coverage, steps, silent stations, roll calls and warehouses of an area."""
    scope = cast(ScopedRequest, request).reach
    wanted = area_in(request, scope, area)
    at = clock.now()
    election = elections.election_current(legal_date(at))
    if election is None:
        return render(request, "readiness/none.html")
    language = get_language() or "id"
    board = board_for(
        election=election.code,
        voting_on=election.voting_on,
        at=at,
        area=wanted,
        language=language,
    )
    name = elections.in_language(election.name_id, election.name_en)
    context = {
        "board": board,
        "row_word": _row_word(board.below),
        "election_name": name,
        "sees_watch": bool(kinds_seen(scope)),
    }
    return render(request, "readiness/coverage.html", context)

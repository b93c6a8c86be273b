"""The page of the screens of an area, as the worker made and kept them: which stations' papers to look at first. Never
for the police."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ronda.agencies.access import post_required
from ronda.kernel.areas import level, parent
from ronda.results import selectors, views
from ronda.results.adapters.screens_kept import KeptStations
from ronda.results.adapters.screens_map import district_counts, residual_map, village_means
from ronda.results.adapters.screens_pictures import fingerprint_picture, strips
from ronda.results.adapters.screens_words import (
    leader_name,
    not_made,
    screen_words,
    standing_count,
    standing_out,
)
from ronda.results.adapters.shown import Heading
from ronda.results.domain import FEWEST_SCREENED, MOST_SCREENED, NARROW
from ronda.results.selectors_screens import AreaScreens, screens_for


@require_GET
@post_required
def screen_show(request: HttpRequest, election: str, contest: str, area: str) -> HttpResponseBase:
    """What the screens say of an area, in words and pictures; why not, where its stations are too few or too many."""
    scope = views._scope()
    area = views._area(scope, area)
    summary = selectors.summary_for(election, contest, area)
    if summary is None:
        raise Http404
    page = views._page(scope, election, contest, area) | {
        "summary": summary,
        "fewest": FEWEST_SCREENED,
        "above_screens": parent(area) if level(area) in NARROW and scope.covers(parent(area)) else "",
    }
    if summary.reported > MOST_SCREENED:
        page["children"] = selectors.summary_children(election, contest, area)
        return render(request, "results/screens_none.html", page)
    screens = screens_for(summary, scope)
    page["screens"] = screens
    if screens is None or screens.stations is None:
        return render(request, "results/screens_none.html", page)
    page |= _shown(screens, screens.stations, page["names"], request.GET.get("kecamatan", ""))
    return render(request, "results/screens.html", page)


def _shown(screens: AreaScreens, stations: KeptStations, names: Heading, wanted: str) -> dict[str, Any]:
    """Words, table and pictures; the strips are those of one district."""
    kept, said, area = screens.kept, screens.said, screens.kept.area
    where = {"election": kept.election, "contest": kept.contest}
    leader = leader_name(stations, names)
    means = village_means(stations)
    districts = district_counts(means) if level(area) not in NARROW else {}
    first = max(districts, key=lambda code: districts[code], default=area)
    district = wanted if wanted in districts else first
    return {
        "leader": leader,
        "lines": screen_words(said, leader),
        "not_made": not_made(said),
        "standing": standing_out(said, stations),
        "standing_count": standing_count(said),
        "fingerprint": fingerprint_picture(stations, leader),
        "means": means,
        "map": residual_map(means, area, **where) if len(means) > 1 else None,
        "districts": districts,
        "district": district,
        "strips": strips(stations, district, **where),
    }

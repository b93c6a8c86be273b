"""Pages of results: by area down to a station, what does not agree, and the copies as CSV. Never for the police."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from ronda.agencies.access import post_required
from ronda.agencies.stepup import step_up_required
from ronda.gate import selectors as gate
from ronda.kernel import clock
from ronda.kernel.areas import STATION, Level, is_code, level, parent
from ronda.kernel.journal import audit
from ronda.kernel.scope import Scope, current_scope
from ronda.law.forms import form_rules
from ronda.results import selectors, selectors_audit
from ronda.results.adapters import shown
from ronda.results.adapters.coverage_words import coverage_of
from ronda.results.adapters.export import csv_lines
from ronda.results.domain import REGULAR, source_name
from ronda.results.models import AreaSummary
from ronda.results.photos import photos_of

PER_PAGE = 50
TOP = 8


@require_GET
@post_required
def result_list(request: HttpRequest) -> HttpResponseBase:
    """The contest that was counted last, in the area of the post; own copies for who sees no counts."""
    scope = _scope("sheet")
    if not selectors.may_see(scope):
        page: dict[str, Any] = {"section": "results", "sheets": selectors.own_sheets(200)}
        page["lists"] = selectors_audit.audit_lists_within(scope.area, TOP)
        return render(request, "results/own.html", page)
    counted = selectors.contests_counted(scope.area)
    if not counted:
        return render(request, "results/none.html", {"section": "results"})
    return redirect("results:contest-show", counted[0].election, counted[0].contest)


@require_GET
@post_required
def area_show(request: HttpRequest, election: str, contest: str, area: str = "") -> HttpResponseBase:
    """Coverage, votes per copy, differences and failed checks of an area, and of each area one level down."""
    scope = _scope()
    area = _area(scope, area)
    summary = selectors.summary_for(election, contest, area)
    if summary is None:
        raise Http404
    page = _page(scope, election, contest, area)
    names: shown.Heading = page["names"]
    page |= {
        "summary": summary,
        "cover": coverage_of(summary, names),
        "sources": shown.source_lines(summary),
        "choices": [
            names.choice(at) for at in range(max((len(v) for v in summary.votes.values()), default=0))
        ],
        "recap": shown.recap_line(summary),
        "checks": shown.shown_checks(selectors.failed_first(election, contest, area, TOP)),
        "rules": _rules(summary),
        "held": selectors.held_count(election, contest, area),
        "waiting": gate.unplaced_count("sheet", area=area),
    }
    if summary.level == Level.VILLAGE:
        lines = selectors.station_lines(election, contest, area)
        page |= {"lines": lines, "columns": _columns(summary)}
        return render(request, "results/village.html", page)
    children = selectors.summary_children(election, contest, area)
    page |= {
        "children": _sorted(children, request.GET.get("sort", "")),
        "columns": _columns(summary),
        "most": max((child.stake for child in children), default=0),
    }
    return render(request, "results/area.html", page)


@require_GET
@post_required
def check_list(request: HttpRequest, election: str, contest: str, area: str = "") -> HttpResponseBase:
    """Failed checks of an area, most votes at stake first."""
    scope = _scope()
    area = _area(scope, area)
    summary = selectors.summary_for(election, contest, area)
    if summary is None:
        raise Http404
    rule = request.GET.get("rule", "")
    found = selectors.failed_list(election, contest, area, rule=rule)
    page_of = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    page = _page(scope, election, contest, area) | {
        "summary": summary,
        "rules": _rules(summary),
        "rule": form_rules().get(rule),
        "checks": shown.shown_checks(page_of.object_list),
        "page": page_of,
    }
    return render(request, "results/checks.html", page)


@require_GET
@post_required
def station_show(request: HttpRequest, election: str, contest: str, station: str) -> HttpResponseBase:
    """All copies of one station side by side, and what does not agree."""
    scope = _scope("sheet")
    if not STATION.match(station):
        raise Http404
    sheets = selectors.station_sheets(election, contest, station)
    if not sheets:
        raise Http404
    area = sheets[0].area
    page = _page(scope, election, contest, area)
    names: shown.Heading = page["names"]
    voters, choices, totals = shown.form_rows(sheets, names)
    checks = shown.shown_checks(selectors.station_failed(election, contest, station))
    page |= {
        "station": station,
        "sheets": sheets,
        "voters": voters,
        "choices": choices,
        "totals": totals,
        "others": shown.other_rows(sheets),
        "checks": checks,
        "worst": checks[0] if checks else None,
        "shift": next((_shift(one, names) for one in checks if one.check.deltas), None),
        "passed": len(shown.rules_held(sheets, names) - {one.check.rule for one in checks}),
        "neighbours": selectors.station_lines(election, contest, area) if selectors.may_see(scope) else [],
        "versions": selectors.station_versions(election, contest, station),
        "known": selectors.replacements_of(election, contest, station),
        "is_replaced": any(sheet.outcome != REGULAR for sheet in sheets),
        "may_replace": selectors.may_replace(scope),
        "span": len(sheets) + 1,
        "photos": photos_of(sheets, scope),
    }
    return render(request, "results/station.html", page)


@require_GET
@post_required
@step_up_required
def sheets_csv(request: HttpRequest, election: str, contest: str, area: str = "") -> HttpResponseBase:
    """The last version of every copy in an area, one row per copy. Leaves a line in the audit before it leaves."""
    scope = _scope()
    area = _area(scope, area)
    if selectors.summary_for(election, contest, area) is None:
        raise Http404
    detail = {"election": election, "contest": contest}
    audit("sheets.exported", record="sheet", area=area, at=clock.now(), detail=detail)
    pieces = list(csv_lines(*selectors.sheet_table(election, contest, area)))
    response = HttpResponse(pieces, content_type="text/csv; charset=utf-8")
    name = f"lembar-{election}-{contest}-{area or 'nasional'}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _scope(record: str = "result_summary") -> Scope:
    """The scope in force; a page that does not exist for an agency without the mandate."""
    scope = current_scope()
    if scope is None or not selectors.may_see(scope, record):
        raise Http404
    return scope


def _area(scope: Scope, area: str) -> str:
    if not is_code(area):
        raise Http404
    wanted = area or scope.area
    if not scope.covers(wanted):
        raise Http404
    return wanted


def _page(scope: Scope, election: str, contest: str, area: str) -> dict[str, Any]:
    above = []
    code = area
    while code and code != scope.area and scope.covers(parent(code)):
        code = parent(code)
        above.append(code)
    return {
        "section": "results",
        "election": election,
        "contest": contest,
        "area": area,
        "above": above[::-1],
        "names": shown.heading(election, contest, area),
        "margin": selectors.margin_of(election, contest, area),
        "counted": selectors.contests_counted(scope.area),
        "level": level(area),
        "districts": selectors.districts_in(election, contest, area),
    }


def _columns(summary: AreaSummary) -> list[tuple[str, str]]:
    return [(line.source, line.name) for line in shown.source_lines(summary)]


def _rules(summary: AreaSummary) -> list[tuple[str, str, int]]:
    """(rule, name, how often it failed), most first."""
    from django.utils.translation import get_language

    language = get_language() or "id"
    found = [
        (rule, form_rules()[rule].name.in_language(language), number)
        for rule, number in summary.rules.items()
        if number
    ]
    return sorted(found, key=lambda row: -row[2])


_SORTS = {
    "stake": lambda row: row.stake,
    "failed": lambda row: row.failed,
    "differing": lambda row: row.differing,
    "stations": lambda row: row.stations,
    "reported": lambda row: row.reported / row.stations if row.stations else 0,
}


def _sorted(children: list[AreaSummary], sort: str) -> list[AreaSummary]:
    key = _SORTS.get(sort.removeprefix("-"))
    if key is None:
        return children
    return sorted(children, key=key, reverse=sort.startswith("-"))


def _shift(one: shown.ShownCheck, names: shown.Heading) -> dict[str, object]:
    return {
        "moves": shown.shift_words(one.check.deltas, names),
        "first": source_name(one.check.source),
        "second": source_name(one.check.against),
        "is_kept": one.check.delta == 0,
    }

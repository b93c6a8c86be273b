"""The list of incidents and the page of one."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ronda.agencies.access import post_required
from ronda.incidents import selectors
from ronda.incidents.adapters import kinds_list
from ronda.incidents.domain import Desk, happening_of
from ronda.incidents.freshness import doubts_of
from ronda.incidents.models import Incident
from ronda.incidents.selectors import IncidentFilter
from ronda.incidents.views.acts import act_buttons
from ronda.incidents.views.asking import scope_of
from ronda.kernel import clock
from ronda.reports import selectors as reports
from ronda.reports.selectors import district_choices

TABS = ("aktif", "lewat", "kami", "ditutup")


@require_safe
@post_required
def incident_list(request: HttpRequest) -> HttpResponse:
    """Incidents by due time, overdue first."""
    at, scope = clock.now(), scope_of(request)
    tab = request.GET.get("tab", "")
    wanted = _wanted(request, tab if tab in TABS else "aktif")
    rows = selectors.incident_list(wanted, at=at, after=_after(request.GET.get("setelah", "")))
    names = {kind.id: kind.name for kind in kinds_list()}
    context = {
        "tab": wanted.tab,
        "tabs": [(name, word, _waiting(request, name, at)) for name, word in _tabs()],
        "rows": [(row, names.get(row.kind, row.kind)) for row in rows],
        "many": selectors.MANY,
        "more": rows[-1].id if len(rows) == selectors.PAGE else None,
        "kinds": list(names.items()),
        "places": district_choices(scope.area),
        "wanted": wanted,
    }
    return render(request, "incidents/list.html", context)


def _waiting(request: HttpRequest, tab: str, at: datetime) -> int | None:
    """How many wait; of what is closed no number is shown."""
    return selectors.incident_count(_wanted(request, tab, plain=True), at=at) if tab != "ditutup" else None


def _tabs() -> list[tuple[str, str]]:
    return [
        ("aktif", _("Aktif")),
        ("lewat", _("Lewat waktu")),
        ("kami", _("Kami pegang")),
        ("ditutup", _("Ditutup")),
    ]


def _wanted(request: HttpRequest, tab: str, *, plain: bool = False) -> IncidentFilter:
    scope = scope_of(request)
    desk = Desk(scope.agency, scope.area)
    if plain:
        return IncidentFilter(tab=tab, desk=desk)
    area = request.GET.get("wilayah", "")
    is_inside = scope.covers(area) if area.replace(".", "").isdigit() else False
    return IncidentFilter(
        tab=tab, area=area[:13] if is_inside else "", kind=request.GET.get("jenis", "")[:60], desk=desk
    )


def _after(text: str) -> Incident | None:
    try:
        return selectors.incident_for(UUID(text)) if text else None
    except (ValueError, Incident.DoesNotExist):
        return None


@require_safe
@post_required
def incident_detail(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """One incident: what must be done now, facts, hand-overs, timeline, actions, proof, links."""
    at, scope = clock.now(), scope_of(request)
    try:
        incident = selectors.incident_for(incident_id)
    except Incident.DoesNotExist:
        return _left(request, incident_id, at)
    page = selectors.incident_page(incident, by=scope, at=at)
    happening = happening_of(incident.area, incident.station_code, incident.happened_at, incident.happened_at)
    linked = reports.reports_by_ids(page.report_ids) if page.report_ids else []
    context = {
        "page": page,
        "incident": incident,
        "is_late": incident.due_at is not None and at >= incident.due_at,
        "buttons": act_buttons(incident, page.acts),
        "reports": linked,
        "links_by_report": {link.report_id: link for link in page.links if link.report_id},
        "files": [file for report in linked for file in report.files],
        "similar": selectors.similar_to(happening, besides_incident=incident.id)
        if "note" in page.acts
        else [],
        "relations": [link for link in page.links if link.other_id],
        "must_receive": "receive" in page.acts,
        "letters": selectors.handovers_of(incident),
        "custody": bool(page.files),
        "doubts": {file.id: doubts_of(file, incident) for file in page.files},
    }
    return render(request, "incidents/detail.html", context)


def _left(request: HttpRequest, incident_id: UUID, at: datetime) -> HttpResponse:
    """What an agency keeps of an incident that it gave back; for all others there is nothing here."""
    page = selectors.incident_left(incident_id, by=scope_of(request), at=at)
    if page is None:
        raise Http404
    return render(request, "incidents/left.html", {"page": page, "incident": page.incident})

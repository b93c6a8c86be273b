"""One report: what was said, beside it the form that verifies it and makes it part of an incident."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronda.agencies.access import post_required
from ronda.incidents import selectors, services
from ronda.incidents.adapters import kind_words
from ronda.incidents.forms import BY_NUMBER, NEW, ReasonForm, VerifyForm
from ronda.incidents.selectors import Similar
from ronda.incidents.views.asking import attempt, may_decide, report_or_404, scope_of
from ronda.kernel import clock
from ronda.reports import selectors as reports
from ronda.reports.domain import PHOTO_CLASS, AlreadyDecided, MoveRefused, ReportState, SourceCheck
from ronda.reports.selectors.desk import colleagues, compared, in_hand, report_next, undecided, urgency_of
from ronda.reports.selectors.grouping import group_members, groupings_of
from ronda.reports.selectors.photos import files_of
from ronda.reports.selectors.proving import Grounds, grounds_for
from ronda.reports.selectors.standing import standing_of
from ronda.reports.services import VerifiedFacts
from ronda.web.frame import place_name

if TYPE_CHECKING:
    from ronda.reports.models import Report


@require_safe
@post_required
def report_detail(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """What was said, exactly, and what became of it."""
    report = report_or_404(report_id)
    return _page(request, report)


def _page(request: HttpRequest, report: "Report", form: VerifyForm | None = None) -> HttpResponse:
    decides = may_decide(request)
    similar = (
        selectors.similar_to(selectors.happening_of_report(report), besides_report=report.id)
        if decides
        else []
    )
    similar = [one for one in similar if one.report is None or one.report.group != report.group]
    is_open = decides and report.state == ReportState.NEW and len(report.area) >= 5
    if is_open and form is None:
        wanted = request.GET.get("kejadian", "") or _incident_of_group(report, similar)
        grounds = _grounds(request, report, similar)
        initial = {**_initial(report, wanted), **grounds.suggested}
        form = VerifyForm(area=report.area[:5], incidents=_targets(similar), grounds=grounds, initial=initial)
    members = group_members(report.group) if decides else []
    context = {
        "report": report,
        "told": list(messages.get_messages(request)) if request.headers.get("HX-Request") else [],
        "group": compared(report, members),
        "groupings": groupings_of(report.id) if decides else [],
        "undecided": undecided(members, besides=report.id),
        "hand": in_hand(report, by=scope_of(request), at=clock.now()) if is_open else None,
        "colleagues": colleagues(by=scope_of(request), at=clock.now()) if is_open else [],
        "standing": standing_of(report) if scope_of(request).kind == "bawaslu" else None,
        "urgency": urgency_of(report) if decides and report.state == ReportState.NEW else None,
        "form": form if is_open else None,
        "files": files_of(report) if report.files else [],
        "may_open": PHOTO_CLASS in scope_of(request).classes,
        "decides": decides,
        "kind": kind_words(report.kind) if report.kind else None,
        "similar": similar,
        "incidents": selectors.incidents_of_report(report.id),
        "decisions": reports.decisions_of(report.id),
        "placements": reports.placements_of(report.id),
        "steps": reports.follow_steps(reports.code_of(report)),
        "code": reports.code_of(report),
        "has_contact": decides and reports.has_contact(report),
        "contact_form": ReasonForm(auto_id="kontak_%s"),
    }
    return render(request, "incidents/report.html", context, status=422 if form and form.errors else 200)


def _grounds(request: HttpRequest, report: "Report", similar: list[Similar]) -> Grounds:
    near = [*group_members(report.group), *(one.report for one in similar if one.report is not None)]
    return grounds_for(report, {one.pk: one for one in near}.values(), by=scope_of(request), at=clock.now())


def _incident_of_group(report: "Report", similar: list[Similar]) -> str:
    """The incident that another report of the group became part of, when it may be chosen."""
    of_group = {
        incident.id
        for member in group_members(report.group)
        if member.state == ReportState.VERIFIED
        for incident in selectors.incidents_of_report(member.id)
    }
    return next((str(one.incident.id) for one in similar if one.incident and one.incident.id in of_group), "")


def _targets(similar: list[Similar]) -> list[tuple[str, str]]:
    return [
        (str(one.incident.id), f"{one.incident.label} · {one.incident.title}")
        for one in similar
        if one.incident is not None
    ]


def _initial(report: "Report", wanted: str) -> dict[str, Any]:
    return {
        "kind": report.kind,
        "place": report.area if report.is_placed else "",
        "station": report.station,
        "happened_at": report.happened_at or report.received_at,
        "incident": wanted or NEW,
    }


@require_POST
@post_required
def report_verify(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Confirm the report and open an incident from it, or add it to one."""
    if not may_decide(request):
        raise Http404
    report = report_or_404(report_id)
    if len(report.area) < 5:
        raise Http404
    if report.state != ReportState.NEW:
        return _decided(request, report)
    similar = selectors.similar_to(selectors.happening_of_report(report), besides_report=report.id)
    form = VerifyForm(
        request.POST,
        area=report.area[:5],
        incidents=_targets(similar),
        grounds=_grounds(request, report, similar),
    )
    if not form.is_valid():
        return _page(request, report, form)
    return _verify(request, report, form)


def _verify(request: HttpRequest, report: "Report", form: VerifyForm) -> HttpResponse:
    given, facts, by, at = form.cleaned_data, _facts(form), scope_of(request), clock.now()
    opened: list[UUID] = []

    def act() -> None:
        if given["incident"] == NEW:
            incident = services.incident_open_from_report(
                report=report.id,
                facts=facts,
                title=_title(form, facts),
                summary=given["summary"],
                by=by,
                at=at,
            )
            opened.append(incident.id)
        else:
            target = _target(given, report)
            services.report_link(incident=target, report=report.id, facts=facts, by=by, at=at)
            opened.append(target)

    try:
        done = attempt(request, act, _("Laporan terverifikasi. Tentukan sekarang siapa yang menangani."))
    except AlreadyDecided:
        return _decided(request, report)
    if done and request.POST.get("lanjut"):
        return _to_next(request)
    if done:
        return redirect("incidents:incident-detail", opened[0])
    return redirect("incidents:report-detail", report.id)


def _to_next(request: HttpRequest) -> HttpResponse:
    """The inbox with the next report open, for who goes through it."""
    following = report_next(by=scope_of(request), at=clock.now())
    opened = f"?{urlencode({'buka': following})}" if following else ""
    return redirect(f"{reverse('reports:report-list')}{opened}")


def _decided(request: HttpRequest, report: "Report") -> HttpResponse:
    """Somebody was faster: say who and when, with the way to the incident it became."""
    latest = reports.decisions_of(report.id)[0]
    context = {
        "decision": latest,
        "is_own": str(latest.by) == scope_of(request).person,
        "area": report.area,
        "incidents": selectors.incidents_of_report(report.id),
    }
    messages.error(request, render_to_string("incidents/_decided.html", context))
    return redirect("incidents:report-detail", report.id)


def _title(form: VerifyForm, facts: VerifiedFacts) -> str:
    """The officer's words, else kind and place as they were verified."""
    where = place_name(facts.station_code or facts.place)
    return form.cleaned_data["title"].strip() or f"{kind_words(facts.kind).name}, {where}"[:160]


def _target(given: dict[str, Any], report: "Report") -> UUID:
    """The incident chosen from the list, or named by its number in the same regency and election."""
    if given["incident"] != BY_NUMBER:
        return UUID(given["incident"])
    for incident in selectors.incident_search(given["number"]):
        if (incident.regency, incident.election) == (report.area[:5], report.election):
            return incident.id
    raise MoveRefused(_("Tidak ada kejadian dengan nomor itu di wilayah Anda."))


def _facts(form: VerifyForm) -> VerifiedFacts:
    given = form.cleaned_data
    place, number = given["place"], given["station"]
    station = f"{place.replace('.', '')}{number:03d}" if number and len(place) == 13 else ""
    return VerifiedFacts(
        kind=given["kind"],
        place=place,
        happened_at=given["happened_at"],
        source_check=SourceCheck(given["source_check"]),
        station_code=station,
        note=given["note"],
        other_report=UUID(given["other_report"]) if given["other_report"] else None,
        officer=UUID(given["officer"]) if given["officer"] else None,
        document=given["document_file"] or given["document"],
    )

"""The inbox, the officer's form, and decisions that need no incident."""

from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronda.agencies.access import ScopedRequest, post_required
from ronda.elections import selectors as elections
from ronda.kernel import clock
from ronda.kernel.areas import Level, level
from ronda.kernel.scope import Scope
from ronda.reports import selectors, services
from ronda.reports.domain import (
    DECIDING_ROLES,
    MoveRefused,
    RejectReason,
    ReportSource,
    ReportState,
    Standing,
)
from ronda.reports.forms import PlaceForm, ReasonForm, RejectForm, SaidForm, StandingForm
from ronda.reports.models import Report, ReporterContact
from ronda.reports.selectors import InboxFilter, district_choices, kind_choices, regency_choices
from ronda.reports.selectors.desk import report_next, urgent_from
from ronda.reports.selectors.standing import standings_open
from ronda.reports.services import Said, Sender
from ronda.web.localtime import local

TABS = {
    "baru": InboxFilter(),
    "tempat": InboxFilter(is_unplaced=True),
    "terverifikasi": InboxFilter(state=ReportState.VERIFIED),
    "ditolak": InboxFilter(state=ReportState.REJECTED),
}


def scope_of(request: HttpRequest) -> Scope:
    return cast(ScopedRequest, request).reach


def may_decide(request: HttpRequest) -> bool:
    """Whether the acting post decides about reports: duty officers and heads of the supervisor."""
    post = cast(ScopedRequest, request).post
    return post is not None and scope_of(request).kind == "bawaslu" and post.role in DECIDING_ROLES


def require_deciding(request: HttpRequest) -> None:
    if not may_decide(request):
        raise Http404


@require_safe
@post_required
def report_list(request: HttpRequest) -> HttpResponse:
    """Reports in the order in which they should be checked."""
    tab = request.GET.get("tab", "baru")
    wanted = _wanted(request, TABS.get(tab, TABS["baru"]))
    rows = selectors.report_list(wanted, after=_after(request.GET.get("setelah", "")))
    area = scope_of(request).area
    context = {
        "tab": tab if tab in TABS else "baru",
        "tabs": [(name, word, _waiting(base)) for name, word, base in _tabs()],
        "rows": rows,
        "many": selectors.MANY,
        "more": rows[-1].id if len(rows) == selectors.PAGE else None,
        "kinds": kind_choices(_("Semua")),
        "kind_names": dict(kind_choices()),
        "places": district_choices(area),
        "sources": [("", _("Semua")), *ReportSource.choices],
        "wanted": wanted,
        "may_decide": may_decide(request),
        "open_id": _opened(request),
        "urgent_from": urgent_from(),
        "now": clock.now(),
    }
    return render(request, "reports/list.html", context)


def _opened(request: HttpRequest) -> UUID | None:
    """The report that opens by itself beside the list."""
    report = _after(request.GET.get("buka", ""))
    return report.id if report else None


def _waiting(part: InboxFilter) -> int | None:
    """How many wait; of what is decided no number is shown."""
    return selectors.report_count(part) if part.state == ReportState.NEW else None


def _tabs() -> list[tuple[str, str, InboxFilter]]:
    words = {
        "baru": _("Perlu diperiksa"),
        "tempat": _("Perlu ditempatkan"),
        "terverifikasi": _("Terverifikasi"),
        "ditolak": _("Ditolak"),
    }
    return [(name, words[name], TABS[name]) for name in TABS]


def _wanted(request: HttpRequest, base: InboxFilter) -> InboxFilter:
    area = request.GET.get("wilayah", "")
    return InboxFilter(
        state=base.state,
        is_unplaced=base.is_unplaced,
        area=area if _is_area(area) else "",
        kind=request.GET.get("jenis", "")[:60],
        source=request.GET.get("sumber", ""),
    )


def _is_area(code: str) -> bool:
    try:
        return level(code) is not Level.NATION
    except ValueError:
        return False


def _after(text: str) -> Report | None:
    try:
        return selectors.report_for(UUID(text)) if text else None
    except (ValueError, Report.DoesNotExist):
        return None


@never_cache
@post_required
def report_create(request: HttpRequest) -> HttpResponse:
    """An officer tells what was seen; it goes through the gate like a message from the field."""
    scope = scope_of(request)
    form = SaidForm(request.POST or None, area=_form_area(request), initial={"place": _own_village(scope)})
    if request.method == "POST" and form.is_valid():
        sender = Sender(scope.agency, scope.kind, scope.area, UUID(scope.person) if scope.person else None)
        try:
            code = services.report_send(said=said_of(form, _form_area(request)), sender=sender)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Laporan terkirim. Kode tanda terima: %(code)s") % {"code": code})
            return redirect(f"{reverse('reports:report-sent')}?{urlencode({'kode': code})}")
    return render(request, "reports/create.html", {"form": form, "area": _form_area(request)})


def said_of(form: SaidForm, area: str) -> Said:
    """The filled form as what the gate takes; without a village the regency is its place."""
    given = form.cleaned_data
    election = elections.election_current(local(clock.now(), area).date())
    return Said(
        message=given["message"],
        text=given["text"],
        election=election.code if election else "",
        place=given["place"] or area[:5],
        station=given["station"],
        place_words=given["place_words"],
        kind=given["kind"],
        happened_at=given["happened_at"],
        is_danger=given["is_danger"],
    )


def _form_area(request: HttpRequest) -> str:
    """The area whose villages the form lists: the own district, at most a regency."""
    scope = scope_of(request)
    if len(scope.area) >= 5:
        return scope.area[:8]
    wanted = request.GET.get("wilayah", "")
    choices: dict[str, str] = dict(regency_choices(scope.area))
    return str(wanted) if wanted in choices else next(iter(choices), "")


def _own_village(scope: Scope) -> str:
    return scope.area if len(scope.area) == 13 else ""


@require_safe
@post_required
def report_sent(request: HttpRequest) -> HttpResponse:
    """The receipt code after sending, large enough to write down."""
    code = request.GET.get("kode", "")[:20]
    context = {"code": code, "steps": selectors.follow_steps(code), "area": scope_of(request).area}
    return render(request, "reports/sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@post_required
def report_place(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Say where a report belongs."""
    require_deciding(request)
    report = report_or_404(report_id)
    area = _regency_of(report, request)
    form = PlaceForm(
        request.POST or None, area=area, initial={"place": report.area, "station": report.station}
    )
    if request.method == "POST" and form.is_valid():
        place, number = form.cleaned_data["place"], form.cleaned_data["station"]
        refused = _try(
            request,
            lambda: services.report_place(
                report=report.id,
                place=place,
                station_code=station_of(place, number),
                note=form.cleaned_data["note"],
                by=scope_of(request),
                at=clock.now(),
            ),
            _("Laporan ditempatkan. Sekarang dapat diperiksa."),
        )
        if not refused:
            return redirect("incidents:report-detail", report.id)
    title = _("Tempatkan laporan")
    return _form_page(request, form, title, report, _("Tempatkan laporan"))


def _regency_of(report: Report, request: HttpRequest) -> str:
    area: str = report.area
    if len(area) >= 5:
        return area[:5]
    wanted = request.GET.get("wilayah", "")
    choices: dict[str, str] = dict(regency_choices(scope_of(request).area))
    return str(wanted) if wanted in choices else next(iter(choices), "")


def station_of(place: str, number: int | None) -> str:
    """The 13-digit code of a polling station in a village, empty without a number."""
    return f"{place.replace('.', '')}{number:03d}" if number and len(place) == 13 else ""


@require_http_methods(["GET", "HEAD", "POST"])
@post_required
def report_reject(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Reject a report with a reason."""
    require_deciding(request)
    report = report_or_404(report_id)
    form = RejectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, note = RejectReason(form.cleaned_data["reason"]), form.cleaned_data["note"]
        refused = _try(
            request,
            lambda: services.report_reject(
                report=report.id, reason=reason, note=note, by=scope_of(request), at=clock.now()
            ),
            _("Laporan ditolak. Pelapor dapat melihat bahwa laporannya sudah diperiksa."),
        )
        return redirect("incidents:report-detail", report.id) if refused else to_next(request)
    return _form_page(request, form, _("Tolak laporan"), report, _("Tolak laporan"))


def to_next(request: HttpRequest) -> HttpResponse:
    """The inbox with the next report open that nobody else has in hand."""
    following = report_next(by=scope_of(request), at=clock.now())
    opened = f"?{urlencode({'buka': following})}" if following else ""
    return redirect(f"{reverse('reports:report-list')}{opened}")


@require_http_methods(["GET", "HEAD", "POST"])
@post_required
def report_return(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Put a rejected report back into the inbox."""
    require_deciding(request)
    report = report_or_404(report_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _try(
            request,
            lambda: services.report_return(
                report=report.id, note=form.cleaned_data["reason"], by=scope_of(request), at=clock.now()
            ),
            _("Laporan kembali ke kotak masuk."),
        )
        return redirect("incidents:report-detail", report.id)
    return _form_page(request, form, _("Periksa kembali laporan"), report, _("Kembalikan ke kotak masuk"))


@require_http_methods(["GET", "HEAD", "POST"])
@post_required
def report_stand(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Say what a report is in law, on what paper."""
    require_deciding(request)
    report = report_or_404(report_id)
    form = StandingForm(request.POST or None, may=standings_open(report))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        _try(
            request,
            lambda: services.report_stand(
                report=report.id,
                standing=Standing(given["standing"]),
                document=given["document"],
                stated_on=given["stated_on"],
                note=given["note"],
                by=scope_of(request),
                at=clock.now(),
            ),
            _("Kedudukan laporan dicatat."),
        )
        return redirect("incidents:report-detail", report.id)
    return _form_page(request, form, _("Kedudukan laporan"), report, _("Catat kedudukan"))


@never_cache
@require_POST
@post_required
def contact_reveal(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show how to reach a reporter, once, with the reason in the audit."""
    report = report_or_404(report_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tulis mengapa Anda perlu menghubungi pelapor."))
        return redirect("incidents:report-detail", report.id)
    try:
        contact = services.contact_reveal(
            report=report.id, reason=form.cleaned_data["reason"], by=scope_of(request), at=clock.now()
        )
    except ReporterContact.DoesNotExist:
        raise Http404 from None
    return render(request, "reports/contact.html", {"report": report, "contact": contact})


def report_or_404(report_id: UUID) -> Report:
    """A report of the scope; unknown and forbidden look the same."""
    try:
        return selectors.report_for(report_id)
    except Report.DoesNotExist:
        raise Http404 from None


def _try(request: HttpRequest, act: Any, done: str) -> bool:
    """Run a service and tell the outcome; true when it was refused."""
    try:
        act()
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
        return True
    except Report.DoesNotExist:
        raise Http404 from None
    messages.success(request, done)
    return False


def _form_page(request: HttpRequest, form: Any, title: str, report: Report, button: str) -> HttpResponse:
    context = {"form": form, "title": title, "report": report, "button": button}
    return render(request, "reports/act.html", context)

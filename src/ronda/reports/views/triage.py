"""Taking a report in hand, and saying which reports tell of one event."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronda.agencies.access import post_required
from ronda.kernel import clock
from ronda.reports import services
from ronda.reports.domain import MoveRefused
from ronda.reports.models import Report
from ronda.reports.views.inbox import report_or_404, require_deciding, scope_of


@require_POST
@post_required
def report_claim(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Take a report in hand, or take it over."""
    note = request.POST.get("note", "")[:1000]
    return _done(
        request,
        report_id,
        lambda: services.report_claim(report=report_id, note=note, by=scope_of(request), at=clock.now()),
        _("Laporan ini sekarang Anda tangani."),
    )


@require_POST
@post_required
def report_release(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Let go of a report."""
    return _done(
        request,
        report_id,
        lambda: services.report_release(report=report_id, by=scope_of(request), at=clock.now()),
        _("Laporan dilepas. Petugas lain dapat mengambilnya."),
    )


@require_POST
@post_required
def report_hand_on(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Give a report that one has in hand to a colleague."""
    to = _id(request.POST.get("to", ""))
    return _done(
        request,
        report_id,
        lambda: services.report_hand_on(report=report_id, to=to, by=scope_of(request), at=clock.now()),
        _("Laporan diserahkan kepada petugas yang Anda pilih."),
    )


@require_POST
@post_required
def reports_merge(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Say that another report, with its group, tells of the same event as this one."""
    other, note = _id(request.POST.get("report", "")), request.POST.get("note", "")[:1000]
    return _done(
        request,
        report_id,
        lambda: services.reports_merge(
            report=other, into=report_id, note=note, by=scope_of(request), at=clock.now()
        ),
        _("Disatukan. Bila keliru, pilih lalu pisahkan lagi."),
    )


@require_POST
@post_required
def reports_split(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Take the chosen reports out of the group of this one."""
    chosen = [_id(text) for text in request.POST.getlist("report")[:200]]
    note = request.POST.get("note", "")[:1000]
    return _done(
        request,
        report_id,
        lambda: services.reports_split(reports=chosen, note=note, by=scope_of(request), at=clock.now()),
        _("Dipisahkan menjadi kelompok sendiri."),
    )


def _done(request: HttpRequest, report_id: UUID, act: Callable[[], object], words: str) -> HttpResponse:
    """Run a service for a report of the scope, tell the outcome, and show the report again."""
    require_deciding(request)
    report_or_404(report_id)
    try:
        act()
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    except Report.DoesNotExist:
        raise Http404 from None
    else:
        messages.success(request, words)
    return redirect("incidents:report-detail", report_id)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None

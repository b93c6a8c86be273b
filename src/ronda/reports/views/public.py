"""The public form: no account, no cookie, nothing kept that was not written, a code to follow it."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from ronda.gate import selectors as gate
from ronda.kernel import clock
from ronda.law.reporter_protection import reporter_protection
from ronda.reports import selectors, services
from ronda.reports.domain import MoveRefused
from ronda.reports.forms import PublicReportForm
from ronda.reports.services import Said, Sender
from ronda.reports.views.inbox import said_of


@csrf_exempt  # it gives nobody's right to anything: the report is the public's, whoever is signed in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Anybody tells what they saw."""
    open_here = selectors.regencies_open()
    area = _area(request, open_here)
    if not area:
        return render(request, "reports/public/choose.html", {"regencies": open_here.items()})
    form = PublicReportForm(request.POST or None, area=area, auto_id="lapor_%s")
    if request.method == "POST" and _is_sent_by_another_site(request):
        form.add_error(None, _("Kirim dari halaman ini, bukan dari situs lain."))
    elif request.method == "POST" and form.is_valid():
        try:
            return _sent(request, form, area)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "area": area,
        "regency": open_here[area],
        "others": len(open_here) > 1,
        "is_official": selectors.is_official(area),
        "law": reporter_protection(),
    }
    return render(request, "reports/public/report.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What a phone is to compute for one report. Nothing is kept of the question."""
    area = request.GET.get("wilayah", "")
    try:
        message = UUID(request.GET.get("kiriman", ""))
    except ValueError:
        return HttpResponseBadRequest()
    if area not in selectors.regencies_open():
        return HttpResponseBadRequest()
    return JsonResponse({"challenge": gate.work_asked(message, area, at=clock.now())})


def _is_sent_by_another_site(request: HttpRequest) -> bool:
    """Whether the browser says that a page elsewhere made it send this; old browsers say nothing."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def _area(request: HttpRequest, open_here: dict[str, str]) -> str:
    wanted = request.GET.get("wilayah", "")
    if wanted in open_here:
        return wanted
    return next(iter(open_here)) if len(open_here) == 1 else ""


def _sent(request: HttpRequest, form: PublicReportForm, area: str) -> HttpResponse:
    """The contact first: when the gate has answered, nothing more can fail."""
    at = clock.now()
    said = _said(form, area)
    waits = not said.work and gate.is_crowded(area, at=at)
    services.contact_add(message=said.message, area=area, at=at, **form.contact)
    code = services.report_send(said=said, sender=Sender(area=area))
    context = {"code": code, "area": area, "at": at, "waits": waits}
    return render(request, "reports/public/sent.html", context)


def _said(form: PublicReportForm, area: str) -> Said:
    """What was filled in; work that is not done counts as none."""
    said, work_shown = said_of(form, area), form.cleaned_data["work"]
    is_done = gate.work_is_done(work_shown, said.message, area, at=clock.now())
    return replace(said, work=work_shown if is_done else "")

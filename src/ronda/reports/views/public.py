"""The public form: no account, nothing kept that was not written, a code to follow it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ronda.kernel import clock
from ronda.reports import selectors, services
from ronda.reports.domain import MoveRefused
from ronda.reports.forms import PublicReportForm
from ronda.reports.services import Sender
from ronda.reports.views.inbox import said_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Anybody tells what they saw."""
    open_here = selectors.regencies_open()
    area = _area(request, open_here)
    if not area:
        return render(request, "reports/public/choose.html", {"regencies": open_here.items()})
    form = PublicReportForm(request.POST or None, area=area, auto_id="lapor_%s")
    if request.method == "POST" and form.is_valid():
        try:
            code = _send(form, area)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(
                request, "reports/public/sent.html", {"code": code, "area": area, "at": clock.now()}
            )
    context = {
        "form": form,
        "area": area,
        "regency": open_here[area],
        "others": len(open_here) > 1,
        "is_official": selectors.is_official(area),
    }
    return render(request, "reports/public/report.html", context, status=422 if form.errors else 200)


def _area(request: HttpRequest, open_here: dict[str, str]) -> str:
    wanted = request.GET.get("wilayah", "")
    if wanted in open_here:
        return wanted
    return next(iter(open_here)) if len(open_here) == 1 else ""


def _send(form: PublicReportForm, area: str) -> str:
    """The contact first: when the gate has answered, nothing more can fail."""
    said = said_of(form, area)
    services.contact_add(message=said.message, area=area, at=clock.now(), **form.contact)
    return services.report_send(said=said, sender=Sender(area=area))

"""Pages for everybody: no account, nothing kept that was not written, nothing shown but states and times."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ronda.agencies.access import ScopedRequest
from ronda.elections import selectors as elections
from ronda.kernel import clock
from ronda.portal import selectors
from ronda.portal.forms import FollowForm, PublicReportForm
from ronda.reports import selectors as reports
from ronda.reports import services
from ronda.reports.domain import MoveRefused
from ronda.reports.services import Said, Sender
from ronda.web.localtime import local


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The door: tell, follow, sign in. Those who are signed in go to their desk."""
    if getattr(cast(ScopedRequest, request), "post", None) is not None:
        return redirect("desk:siaga")
    return render(request, "portal/home.html")


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The public form."""
    open_here = selectors.regencies_open()
    area = _area(request, open_here)
    if not area:
        return render(request, "portal/choose.html", {"regencies": open_here.items()})
    form = PublicReportForm(request.POST or None, area=area, auto_id="lapor_%s")
    if request.method == "POST" and form.is_valid():
        try:
            code = _send(form, area)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {"code": code, "area": area, "at": clock.now()}
            return render(request, "portal/sent.html", context)
    context = {
        "form": form,
        "area": area,
        "regency": open_here[area],
        "others": len(open_here) > 1,
        "is_official": selectors.is_official(area),
    }
    return render(request, "portal/report.html", context, status=422 if form.errors else 200)


def _area(request: HttpRequest, open_here: dict[str, str]) -> str:
    wanted = request.GET.get("wilayah", "")
    if wanted in open_here:
        return wanted
    return next(iter(open_here)) if len(open_here) == 1 else ""


def _send(form: PublicReportForm, area: str) -> str:
    given, at = form.cleaned_data, clock.now()
    election = elections.election_current(local(at, area).date())
    said = Said(
        message=given["message"],
        text=given["text"],
        election=election.code if election else "",
        place=given["place"] or area,
        station=given["station"],
        place_words=given["place_words"],
        kind=given["kind"],
        happened_at=given["happened_at"],
        is_danger=given["is_danger"],
    )
    services.contact_add(message=said.message, area=area, at=at, **form.contact)
    return services.report_send(said=said, sender=Sender(area=area))


@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """States and times under a receipt code. The code is posted, so it stands in no address and no log."""
    form = FollowForm(request.POST or None)
    code, steps = "", None
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        steps = reports.follow_steps(code)
        if not steps:
            form.add_error(
                "code",
                _("Kode ini belum dikenal. Bila baru saja mengirim, tunggu satu menit lalu coba lagi."),
            )
    context = {"form": form, "steps": steps, "area": reports.follow_area(code) if steps else ""}
    return render(request, "portal/follow.html", context)


@require_GET
def protection(request: HttpRequest) -> HttpResponse:
    """What protects a reporter, what does not, and what is kept."""
    return render(request, "portal/protection.html")

"""Pages for everybody: no account, nothing kept that was not written, nothing shown but states and times.

They set no cookie, so none against forged requests either: a receipt code is all that gives a right here.
"""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronda.agencies.access import ScopedRequest
from ronda.incidents import services as incidents
from ronda.kernel import clock
from ronda.law.reporter_protection import reporter_protection
from ronda.portal.forms import ContestForm, FollowForm
from ronda.reports import selectors as reports
from ronda.reports.domain import MoveRefused, may_contest


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The door: tell, follow, sign in. Those who are signed in go to their desk."""
    if getattr(cast(ScopedRequest, request), "post", None) is not None:
        return redirect("desk:siaga")
    return render(request, "portal/home.html")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
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
    is_open = bool(steps) and may_contest([step["state"] for step in steps or ()])
    context = {
        "form": form,
        "steps": steps,
        "area": reports.follow_area(code) if steps else "",
        "contest": ContestForm(initial={"code": code}) if is_open else None,
    }
    return render(request, "portal/follow.html", context)


@csrf_exempt
@never_cache
@require_POST
def contest(request: HttpRequest) -> HttpResponse:
    """Ask once to look again. The answer is the receipt code of the question."""
    form = ContestForm(request.POST)
    receipt = ""
    if form.is_valid():
        try:
            receipt = incidents.contest(
                code=form.cleaned_data["code"], text=form.cleaned_data["text"], at=clock.now()
            )
        except MoveRefused as refusal:
            form.add_error("text", str(refusal))
    context = {"form": FollowForm(), "contest": None if receipt else form, "receipt": receipt}
    return render(request, "portal/follow.html", context, status=200 if receipt else 422)


@require_safe
def protection(request: HttpRequest) -> HttpResponse:
    """What protects a reporter, what does not, and what is kept."""
    law = reporter_protection()
    context = {"law": law, "given": law.of("given"), "not_given": law.of("not_given")}
    return render(request, "portal/protection.html", context)

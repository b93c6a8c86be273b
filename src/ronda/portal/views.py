"""Pages for everybody: no account, nothing kept that was not written, nothing shown but states and times."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ronda.agencies.access import ScopedRequest
from ronda.portal.forms import FollowForm
from ronda.reports import selectors as reports


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The door: tell, follow, sign in. Those who are signed in go to their desk."""
    if getattr(cast(ScopedRequest, request), "post", None) is not None:
        return redirect("desk:siaga")
    return render(request, "portal/home.html")


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
    context = {"form": form, "steps": steps, "area": reports.follow_area(code) if steps else ""}
    return render(request, "portal/follow.html", context)


@require_safe
def protection(request: HttpRequest) -> HttpResponse:
    """What protects a reporter, what does not, and what is kept."""
    return render(request, "portal/protection.html")

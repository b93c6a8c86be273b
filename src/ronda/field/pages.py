"""The pages of events: those of the own agency, a new one, its code to scan and who came."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ronda.agencies.access import ScopedRequest, post_required
from ronda.field.forms import GatheringForm
from ronda.field.selectors import gathering_for, gathering_list
from ronda.field.services import gathering_open
from ronda.kernel import clock
from ronda.law.mandates import mandates
from ronda.web.qr import qr_picture

APP_PATH = "/lapangan/"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@post_required
def gathering_index(request: HttpRequest) -> HttpResponse:
    """Events of the own agency with how many came, and a form for a new one."""
    scope = cast(ScopedRequest, request).reach
    if scope.kind not in mandates().reach("gathering", "add"):
        raise Http404
    form = GatheringForm(request.POST if request.method == "POST" else None).on_clocks_of(scope.area)
    if request.method == "POST" and form.is_valid():
        row = gathering_open(**form.cleaned_data, by=scope, at=clock.now())
        return redirect("field:gathering-detail", row.pk)
    context = {"section": "account", "form": form, "gatherings": gathering_list(agency=scope.agency)}
    return render(request, "field/gathering_list.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@post_required
def gathering_detail(request: HttpRequest, gathering_id: UUID) -> HttpResponse:
    """The code of an event, as large as a room needs it, and who came."""
    gathering = gathering_for(gathering_id)
    if gathering is None:
        raise Http404
    link = f"{request.build_absolute_uri(APP_PATH)}#acara={gathering.code}"
    context = {"section": "account", "gathering": gathering, "picture": qr_picture(link)}
    return render(request, "field/gathering_detail.html", context)

"""The pages of phones and gateways: who sends in the name of which post, a new one, and the end of one."""

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ronda.agencies import selectors, services
from ronda.agencies.access import ScopedRequest, role_required, signed_in_required
from ronda.agencies.domain import NotAllowed, NumberTaken, PostState, legal_date, post_state
from ronda.agencies.stepup import step_up_required
from ronda.gate.device_forms import DeviceForm
from ronda.gate.devices import Enrolled, device_enrol
from ronda.kernel import clock
from ronda.web.qr import qr_picture

if TYPE_CHECKING:
    from ronda.agencies.models import Post

PAGE = 100
MESSAGES_PATH = "/gate/v1/messages"  # of the bare handler, which stands before Django
APP_PATH = "/lapangan/"  # of the field app, which stands above the gate


@require_GET
@never_cache
@role_required("admin")
def device_list(request: HttpRequest) -> HttpResponse:
    """All devices of my agency in my area, those in force first."""
    own, words = _own(request), request.GET.get("q", "").strip()
    devices = selectors.devices_in(agency=own.agency, area=own.area, words=words)
    page = Paginator(devices, PAGE).get_page(request.GET.get("page"))
    context = {"section": "people", "page": page, "q": words}
    return render(request, "gate/device_list.html", context)


@never_cache
@role_required("admin")
@step_up_required
def device_register(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """A device for any post of my agency in my area; its token is shown once."""
    post = selectors.post_for(post_id)
    if post is None or post_state(post.starts_on, post.ends_on, legal_date(clock.now())) != PostState.HELD:
        raise Http404
    return _register(request, post, by=_own(request), back=reverse("agencies:post-detail", args=[post.pk]))


@never_cache
@signed_in_required
@step_up_required
def device_register_own(request: HttpRequest) -> HttpResponse:
    """A device for the post I act in; its token is shown once."""
    asked = cast(ScopedRequest, request)
    if asked.is_viewing_as:
        return render(request, "agencies/read_only.html", status=403)
    if asked.real_post is None:
        raise Http404
    return _register(request, asked.real_post, by=asked.real_post, back=reverse("agencies:account"))


@require_POST
@role_required("admin")
def device_revoke(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Refuse a lost phone from its next message on. Needs no fresh proof: haste must not wait for a key."""
    device = selectors.device_by_id(device_id)
    if device is None:
        raise Http404
    try:
        services.device_revoke(device=device, by=_own(request), at=clock.now())
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("%(device)s tidak dapat mengirim lagi.") % {"device": device.label})
    return redirect("devices:device-list")


def _own(request: HttpRequest) -> "Post":
    post = cast(ScopedRequest, request).post
    assert post is not None  # `role_required` stands before
    return post


def _register(request: HttpRequest, post: "Post", *, by: "Post", back: str) -> HttpResponse:
    form = DeviceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            enrolled = device_enrol(
                post=post,
                label=form.cleaned_data["label"],
                days=form.cleaned_data["days"],
                by=by,
                at=clock.now(),
                phone=form.cleaned_data["phone"],
            )
        except NotAllowed:
            raise Http404 from None
        except NumberTaken:
            form.add_error("phone", _("Perangkat lain yang masih berlaku sudah memakai nomor ini."))
        else:
            return _registered(request, post, enrolled, back)
    if not services.may_equip(by=by, post=post):
        raise Http404
    context = {"section": "people", "form": form, "equipped": post, "back": back}
    return render(request, "gate/device_register.html", context, status=422 if form.errors else 200)


def _registered(request: HttpRequest, post: "Post", enrolled: Enrolled, back: str) -> HttpResponse:
    context = {
        "section": "people",
        "enrolled": enrolled,
        "equipped": post,
        "picture": qr_picture(_app_link(request, enrolled.token)),
        "gate": request.build_absolute_uri(MESSAGES_PATH),
        "back": back,
    }
    return render(request, "gate/device_registered.html", context)


def _app_link(request: HttpRequest, token: str) -> str:
    """Opens the field app with the token in the fragment, which no browser sends to a server."""
    return f"{request.build_absolute_uri(APP_PATH)}#kunci={token}"

"""People and posts of one's unit: who works where, inviting, ending, renewing a lost way in."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ronda.agencies import selectors, services
from ronda.agencies.access import ScopedRequest, role_required
from ronda.agencies.adapters import InviteeRow, invitations_csv, invitees_read
from ronda.agencies.domain import (
    COVERED_ROLES,
    InvitationState,
    NotAllowed,
    PostState,
    Role,
    legal_date,
    may_appoint,
    post_state,
)
from ronda.agencies.forms import (
    DutyNumberForm,
    InvitationFileForm,
    InvitationForm,
    RenewalForm,
    roles_for,
)
from ronda.agencies.models import Invitation, Post
from ronda.agencies.services.batches import Issued
from ronda.agencies.services.invitations import Invitee
from ronda.agencies.services.leaving import items_open
from ronda.agencies.services.sessions import may_view_as
from ronda.agencies.stepup import step_up_required
from ronda.kernel import clock
from ronda.kernel.imports import ImportRefused, RowError

PAGE, LEFT = 100, 30
STATE_MARKS = {PostState.HELD: "proc", PostState.COMING: "new", PostState.ENDED: "done"}
INVITATION_MARKS = {
    InvitationState.OPEN: "new",
    InvitationState.USED: "done",
    InvitationState.EXPIRED: "no",
    InvitationState.REVOKED: "no",
}


def _own(request: HttpRequest) -> Post:
    post = cast(ScopedRequest, request).post
    assert post is not None  # `role_required` stands before
    return post


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"section": "people", **context}, status=status)


@require_GET
@role_required("admin", "head")
def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody with a post in my area, and invitations on their way."""
    own, at = _own(request), clock.now()
    wanted, words = request.GET.get("unit", ""), request.GET.get("q", "").strip()
    posts = selectors.post_list(agency=own.agency, area=own.area)
    if words:
        posts = posts.filter(display_name__icontains=words)
    if _is_uuid(wanted):
        posts = posts.filter(unit_id=wanted)
    page = Paginator(posts, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_post_row(post, at) for post in page.object_list],
        "units": selectors.unit_list(agency=own.agency, area=own.area),
        "wanted_unit": wanted,
        "q": words,
        "left": _left(own, at),
        "invitations": [
            _invitation_row(row, at)
            for row in selectors.invitation_list(agency=own.agency, area=own.area)[:PAGE]
            if row.state_at(at) != InvitationState.USED
        ],
    }
    return _page(request, "agencies/people.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@role_required("admin", "head")
@step_up_required
def duty_numbers(request: HttpRequest) -> HttpResponse:
    """The numbers that people in the field call, unit by unit, and the form to set one."""
    own = _own(request)
    units = selectors.unit_list(agency=own.agency, area=own.area)
    form = DutyNumberForm(request.POST or None, units=units, initial={"unit": own.unit_id})
    if request.method == "POST" and form.is_valid():
        unit, number = form.cleaned_data["unit"], form.cleaned_data["number"]
        services.duty_number_set(unit=unit, number=number, by=own, at=clock.now())
        messages.success(request, _("Nomor piket %(unit)s disimpan.") % {"unit": unit.name})
        return redirect("agencies:duty-numbers")
    status = 422 if request.method == "POST" else 200
    return _page(request, "agencies/duty_numbers.html", {"form": form, "units": units}, status)


def _left(own: Post, at: Any) -> list[tuple[Post, int]]:
    """Posts that ended of late with something still open, and how much of it somebody must take over."""
    found = []
    for post in selectors.posts_ended(agency=own.agency, area=own.area, today=legal_date(at))[:LEFT]:
        items = [item for item in items_open(post, at=at) if not item.stays]
        if items:
            found.append((post, len(items)))
    return found


def _post_row(post: Post, at: Any) -> dict[str, Any]:
    state = post_state(post.starts_on, post.ends_on, legal_date(at))
    return {"post": post, "mark": STATE_MARKS[state], "word": state.label}


def _invitation_row(invitation: Invitation, at: Any) -> dict[str, Any]:
    state = InvitationState(invitation.state_at(at))
    return {
        "invitation": invitation,
        "mark": INVITATION_MARKS[state],
        "word": state.label,
        "is_open": state == InvitationState.OPEN,
    }


@never_cache
@role_required("admin", "head")
@step_up_required
def person_invite(request: HttpRequest) -> HttpResponse:
    """Invite one person; the link is shown once."""
    own = _own(request)
    units = selectors.unit_list(agency=own.agency, area=own.area)
    form = InvitationForm(request.POST or None, units=units, roles=roles_for(own.role))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        invitee = Invitee(name=given["name"], email=given["email"], ends_on=given["ends_on"])
        try:
            invitation, token = services.invitation_issue(
                unit=given["unit"], role=given["role"], invitee=invitee, by=own, at=clock.now()
            )
        except NotAllowed:
            raise Http404 from None
        context = {"invitation": invitation, "link": _link(request, token)}
        return _page(request, "agencies/invited.html", context)
    return _page(request, "agencies/invite.html", {"form": form})


@never_cache
@role_required("admin", "head")
@step_up_required
def people_import(request: HttpRequest) -> HttpResponse:
    """Invite everybody in a table, or nobody when a row is wrong."""
    form = InvitationFileForm(request.POST or None, request.FILES or None)
    errors: list[RowError] = []
    if request.method == "POST" and form.is_valid():
        own = _own(request)
        rows, errors = _read(form)
        issued: list[Issued] = []
        if not errors and form.is_valid():
            issued, errors = services.invitations_issue(rows=rows, agency=own.agency, by=own, at=clock.now())
        if issued:
            lines = [
                (
                    one.row.name,
                    one.row.email,
                    one.row.role,
                    one.invitation.unit.name,
                    _link(request, one.token),
                )
                for one in issued
            ]
            context = {"count": len(lines), "table": invitations_csv(lines)}
            return _page(request, "agencies/invited_many.html", context)
    return _page(
        request,
        "agencies/import.html",
        {"form": form, "errors": errors},
        status=422 if errors or form.errors else 200,
    )


def _read(form: InvitationFileForm) -> tuple[list[InviteeRow], list[RowError]]:
    """The rows of an uploaded table; what makes it no table at all stands at the field."""
    with NamedTemporaryFile(suffix=".upload") as kept:
        for part in form.cleaned_data["file"].chunks():
            kept.write(part)
        kept.flush()
        try:
            checked = invitees_read(Path(kept.name))
        except ImportRefused as refused:
            form.add_error("file", str(refused))
            return [], []
    if not checked.rows:
        form.add_error("file", _("Tabel ini tidak punya baris."))
    return checked.items, checked.errors


@require_POST
@role_required("admin", "head")
@step_up_required
def invitation_revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Make a link worthless."""
    invitation = selectors.invitation_for(invitation_id)
    if invitation is None:
        raise Http404
    try:
        services.invitation_revoke(invitation=invitation, by=_own(request), at=clock.now())
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("Undangan untuk %(name)s dibatalkan.") % {"name": invitation.name})
    return redirect("agencies:people-list")


@require_GET
@role_required("admin", "head")
def post_detail(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """One post: its term, and what may be done about it."""
    own, post = _own(request), _post(post_id)
    state = post_state(post.starts_on, post.ends_on, legal_date(clock.now()))
    is_held = state == PostState.HELD
    context = {
        "row": _post_row(post, clock.now()),
        "shown": post,
        "may_end": is_held and _may_appoint(own, post) and own.pk != post.pk,
        "may_equip": is_held and own.role == Role.ADMIN and services.may_equip(by=own, post=post),
        "devices": selectors.devices_of(post),
        "may_view_as": is_held and may_view_as(by=own, target=post),
        "renewal": RenewalForm(),
        "items": items_open(post, at=clock.now()),
        "takers": _takers(own, post),
        "may_hand": state == PostState.ENDED and _may_appoint(own, post),
    }
    return _page(request, "agencies/post.html", context)


@require_POST
@role_required("admin", "head")
@step_up_required
def post_end(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """End a post today; it has no effect from the next request on."""
    post = _post(post_id)
    try:
        services.post_end(post=post, by=_own(request), at=clock.now(), to=_taker(request, post))
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("Jabatan %(name)s diakhiri.") % {"name": post.display_name})
    return redirect("agencies:post-detail", post_id=post.pk)


@require_POST
@role_required("admin", "head")
@step_up_required
def post_hand(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Give what somebody left open, whose post ended by itself, to another."""
    post = _post(post_id)
    to = _taker(request, post)
    if to is None or post_state(post.starts_on, post.ends_on, legal_date(clock.now())) != PostState.ENDED:
        raise Http404
    try:
        handed = services.post_hand(post=post, to=to, by=_own(request), at=clock.now())
    except NotAllowed:
        raise Http404 from None
    words = {"count": handed, "name": to.display_name}
    messages.success(request, _("%(count)s hal diserahkan kepada %(name)s.") % words)
    return redirect("agencies:post-detail", post_id=post.pk)


def _takers(own: Post, post: Post) -> list[Post]:
    """Who may take over what a post leaves open: the same agency, in its unit first."""
    rows = selectors.posts_on_duty(agency=own.agency, area=own.area, today=legal_date(clock.now()))
    found = rows.filter(role__in=COVERED_ROLES).exclude(pk=post.pk).exclude(person=post.person_id)[:200]
    return sorted(found, key=lambda one: (one.unit_id != post.unit_id, one.display_name))


def _taker(request: HttpRequest, post: Post) -> Post | None:
    wanted = request.POST.get("to", "")
    return next((one for one in _takers(_own(request), post) if str(one.pk) == wanted), None)


@never_cache
@require_POST
@role_required("admin", "head")
@step_up_required
def post_renew(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """A link for somebody who lost passkey and password; using it signs out every browser of theirs."""
    own, post = _own(request), _post(post_id)
    form = RenewalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tuliskan surel akun orang ini."))
        return redirect("agencies:post-detail", post_id=post.pk)
    invitee = Invitee(name=post.display_name, email=form.cleaned_data["email"], renews=post.person_id)
    try:
        invitation, token = services.invitation_issue(
            unit=post.unit, role=post.role, invitee=invitee, by=own, at=clock.now()
        )
    except NotAllowed:
        raise Http404 from None
    return _page(request, "agencies/invited.html", {"invitation": invitation, "link": _link(request, token)})


def _post(post_id: UUID) -> Post:
    post = selectors.post_for(post_id)
    if post is None:
        raise Http404
    return post


def _may_appoint(own: Post, post: Post) -> bool:
    return may_appoint(
        role=own.role,
        agency=own.agency,
        area=own.area,
        to_role=post.role,
        to_agency=post.agency,
        to_area=post.area,
    )


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("agencies:invitation-accept", args=[token]))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

"""Leave and shifts: who acts in whose place, from when until when."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ronda.agencies import selectors, services
from ronda.agencies.access import ADMINISTER, ScopedRequest, post_required
from ronda.agencies.domain import COVERED_ROLES, CoverRefused, NotAllowed, cover_state, legal_date
from ronda.agencies.forms import CoverForm
from ronda.agencies.models import Post
from ronda.agencies.services import Span
from ronda.agencies.stepup import step_up_required
from ronda.kernel import clock

MARKS = {"coming": "new", "running": "proc", "over": "done"}


def _own(request: HttpRequest) -> Post:
    post = cast(ScopedRequest, request).post
    assert post is not None  # `post_required` stands before
    return post


@never_cache
@require_http_methods(["GET", "POST"])
@post_required
@step_up_required
def cover_list(request: HttpRequest) -> HttpResponse:
    """Who covers whom here now and soon, and the form for another cover."""
    own, at = _own(request), clock.now()
    form = _form(request, own)
    if request.method == "POST" and form.is_valid() and _set(request, own, form):
        return redirect("agencies:cover-list")
    rows = selectors.cover_list(agency=own.agency, area=own.area, at=at)
    context = {
        "section": "people",
        "form": form,
        "rows": [_row(cover, own, at) for cover in rows],
        "may_set": bool(form.fields["post"].choices and form.fields["by_post"].choices),  # type: ignore[attr-defined]
        "own": own,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "agencies/covers.html", context, status=status)


def _row(cover: Any, own: Post, at: Any) -> dict[str, Any]:
    state = cover_state(cover.starts_at, cover.ends_at, cover.ended_at, at)
    may_end = services.may_cover(by=own, post=cover.post)
    return {"cover": cover, "mark": MARKS[state], "word": state.label, "may_end": may_end}


def _form(request: HttpRequest, own: Post) -> CoverForm:
    posts = selectors.posts_on_duty(agency=own.agency, area=own.area, today=legal_date(clock.now()))
    here = list(posts.filter(role__in=COVERED_ROLES)[:500])
    covered = [post for post in here if services.may_cover(by=own, post=post)]
    if own.role not in ADMINISTER:
        covered = [post for post in covered if post.pk == own.pk]
    people = [post for post in here if own.role in ADMINISTER or post.person_id != own.person_id]
    return CoverForm(request.POST or None, posts=covered, people=people, area=own.area)


def _set(request: HttpRequest, own: Post, form: CoverForm) -> bool:
    given = form.cleaned_data
    try:
        cover = services.cover_set(
            post=given["post"],
            by_post=given["by_post"],
            span=Span(given["starts_at"], given["ends_at"], given["reason"]),
            by=own,
            at=clock.now(),
        )
    except CoverRefused as refused:
        form.add_error(None, str(refused))
        return False
    except NotAllowed:
        raise Http404 from None
    names = {"name": cover.by_name, "other": cover.post.display_name}
    messages.success(request, _("%(name)s menggantikan %(other)s pada waktu itu.") % names)
    return True


@require_POST
@post_required
@step_up_required
def cover_end(request: HttpRequest, cover_id: UUID) -> HttpResponse:
    """End a cover before its time."""
    cover = selectors.cover_for(cover_id)
    if cover is None:
        raise Http404
    try:
        services.cover_end(cover=cover, by=_own(request), at=clock.now())
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("%(name)s tidak lagi menggantikan.") % {"name": cover.by_name})
    return redirect("agencies:cover-list")

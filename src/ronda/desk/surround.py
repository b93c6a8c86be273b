"""The frame around every page of a signed-in person: rooms with counts, area, stage, clock, person."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronda.agencies import selectors as agencies
from ronda.agencies.access import ADMINISTER
from ronda.desk.links import desk_page, page
from ronda.desk.rights import may_read
from ronda.elections import selectors as elections
from ronda.elections.domain import days_to_vote_words
from ronda.incidents import selectors as incidents
from ronda.kernel import clock
from ronda.kernel.areas import within
from ronda.kernel.scope import Scope, scope_in_force, scoped
from ronda.places import selectors as places
from ronda.reports import selectors as reports
from ronda.web import frame
from ronda.web.frame import STRANGER, Choice, Frame, NavItem, Place, StageChip
from ronda.web.localtime import local


def install() -> None:
    """Hand the frame and the names of areas and agencies to the pages."""
    frame.provide(build=frame_for, areas=places.area_names_below, agencies=_agency_names)


def frame_for(request: HttpRequest) -> Frame:
    """The frame of this request; a stranger's unless a post acts."""
    post: Any = getattr(request, "post", None)
    scope: Scope | None = getattr(request, "reach", None)
    if post is None or scope is None:
        return STRANGER
    in_force = scope_in_force()
    if in_force is None:
        return STRANGER  # Django makes some error pages on a thread of their own, outside the request's transaction
    if in_force == scope:
        return _frame(request, post, scope)
    with scoped(scope):
        return _frame(request, post, scope)


def _frame(request: HttpRequest, post: Any, scope: Scope) -> Frame:
    area = area_of(request)
    now = clock.now()
    own = request.real_post or post  # type: ignore[attr-defined]  # set by the agencies' middleware
    is_other = bool(request.is_viewing_as)  # type: ignore[attr-defined]
    crumbs = _crumbs(area, scope)
    return Frame(
        signed_in=True,
        nav=tuple(_rooms(scope, area, post)),
        area=area,
        crumbs=crumbs,
        places=tuple(_below(area)),
        stage=_stage(area, local(now, area).date()),
        now=now,
        rate=clock.rate(),
        person=own.display_name,
        initials=_initials(own.display_name),
        post=str(post.get_role_display()),
        unit=post.unit.name,
        view_as=f"{post.get_role_display()} · {post.unit.name}" if is_other else "",
        view_choices=() if is_other else tuple(_views(own, scope)),
        view_begin=page("agencies:view-as-begin"),
        view_end=page("agencies:view-as-end"),
        sign_out=page("agencies:sign-out"),
        search=reverse("desk:search"),
        links=tuple(_own_links(request)),
        live=reverse("desk:live"),
    )


def area_of(request: HttpRequest) -> str:
    """The area a page is about, else the whole area of the post."""
    scope: Scope = request.reach  # type: ignore[attr-defined]
    chosen = getattr(request, "desk_area", scope.area)
    return str(chosen) if within(chosen, scope.area) else scope.area


def _rooms(scope: Scope, area: str, post: Any) -> list[NavItem]:
    rooms = [NavItem("desk", _("Siaga"), desk_page(""), "watch")]
    for key, label, record, name, picture, group in _ROOMS:
        href = page(name)
        if href and (record is None or may_read(scope, record)):
            rooms.append(NavItem(key, str(label), href, picture, _count(key, area), group))
    if post.role in ADMINISTER and (href := page("agencies:people-list")):
        rooms.append(NavItem("people", _("Orang"), href, "people", None, 2))
    return rooms


_ROOMS: tuple[tuple[str, Promise | str, str | None, str, str, int], ...] = (
    ("reports", _lazy("Laporan"), "report", "reports:report-list", "inbox", 1),
    ("incidents", _lazy("Kejadian"), "incident", "incidents:incident-list", "incident", 1),
    ("results", _lazy("Hasil"), "sheet", "results:result-list", "sheet", 1),
    ("situation", _lazy("Lapor cepat"), "incident", "situation:daily", "columns", 2),
    ("readiness", _lazy("Kesiapan"), "readiness_state", "readiness:coverage", "ready", 2),
    ("stages", _lazy("Tahapan"), None, "elections:stage-list", "calendar", 2),
)


def _count(key: str, area: str) -> int | None:
    if key == "reports":
        return reports.report_count_open(area)
    if key == "incidents":
        return incidents.incident_count_open(area)
    return None


def _crumbs(area: str, scope: Scope) -> tuple[Place, ...]:
    """The trail down to the area; what lies above the post's own area is a word, not a way."""
    trail = [Place("", _("Indonesia"), desk_page("") if not scope.area else "")] if not area else []
    for step in places.area_trail(area):
        trail.append(
            Place(step.code, step.name, desk_page(step.code) if within(step.code, scope.area) else "")
        )
    return tuple(trail[-3:]) or (Place(area, area, desk_page(area)),)


def _below(area: str) -> list[Place]:
    return [Place(child.code, child.name, desk_page(child.code)) for child in places.area_children(area)]


def _stage(area: str, on: Any) -> StageChip | None:
    election = elections.election_current(on)
    if election is None:
        return None
    leading = elections.stage_board(election, area=area, on=on).leading
    return StageChip(
        election=elections.in_language(election.name_id, election.name_en),
        stage=leading.name if leading else "",
        left=_days(days_to_vote_words(election.voting_on, on)),
        href=page("elections:stage-list") or "/",
    )


def _days(words: str) -> str:
    return _("hari H") if words == "H" else words


def _views(own: Any, scope: Scope) -> list[Choice]:
    """Posts that an administrator may look through: at most eight, the rest on the page of the people."""
    today = local(clock.now(), scope.area).date()
    others = agencies.posts_viewable(own=own, today=today)
    return [Choice(str(post.pk), post.display_name, post.unit.name) for post in others]


def _own_links(request: HttpRequest) -> list[NavItem]:
    links = [NavItem("account", _("Akun dan keamanan"), page("agencies:account"), "key")]
    if may_read(request.reach, "message_outcome"):  # type: ignore[attr-defined]
        links.append(NavItem("held", _("Kiriman tertahan"), page("held:outcome-list"), "inbox"))
    links.append(NavItem("cover", _("Pengganti dan cuti"), page("agencies:cover-list"), "people"))
    if len(getattr(request, "posts", [])) > 1:
        links.append(NavItem("post", _("Ganti jabatan"), page("agencies:account"), "person"))
    return [link for link in links if link.href]


def _agency_names() -> dict[str, str]:
    return {agency.code: agency.name for agency in agencies.agency_list()}


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0].upper() for word in (words[0], words[-1])[: len(words)]) if words else "?"

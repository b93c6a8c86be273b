"""What waits for my desk, as lines: what to do, where, which clock, how long is left."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from ronda.agencies import selectors as agencies
from ronda.desk.links import page
from ronda.desk.rights import may_read
from ronda.incidents import selectors as incidents
from ronda.incidents.selectors import Need
from ronda.kernel.scope import Scope, scoped
from ronda.web.frame import agency_name, area_name, place_name
from ronda.web.localtime import day_words, left_words, local, share_used

if TYPE_CHECKING:
    from ronda.agencies.models import Post

RECORDS = "incident report handover action"
MOST = 100


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One row of *Perlu Anda*."""

    title: str
    place: str
    word: str
    mark: str
    day: str
    due_at: datetime
    left: str
    used: float
    area: str
    href: str

    @property
    def is_late(self) -> bool:
        return self.mark == "late"


def needs_of(scope: Scope, *, area: str, at: datetime, limit: int = MOST) -> list[Need]:
    """What waits for this desk in an area, overdue first, at most `limit`."""
    if not (may_read(scope, "incident") or may_read(scope, "report")):
        return []
    return incidents.needs_me(scope, area="" if area == scope.area else area, limit=limit)


def need_lines(scope: Scope, needs: Iterable[Need], *, at: datetime) -> list[NeedLine]:
    """The same as lines to read."""
    return [_line(need, scope, at) for need in needs]


@dataclass(frozen=True, slots=True)
class Covered:
    """A post that this person covers now, and what waits there: to work on it they act in that post."""

    post: UUID
    name: str
    unit: str
    until: datetime
    area: str
    lines: list[NeedLine]

    @property
    def late(self) -> int:
        return sum(line.is_late for line in self.lines)


def covered_of(posts: "Iterable[Post]", acting: "Post", *, at: datetime) -> list[Covered]:
    """What waits in the place of others, each read with the rights of that post."""
    found = []
    for post in posts:
        if post.cover is None or post.pk == acting.pk:
            continue
        scope = agencies.scope_of(post)
        with scoped(scope):
            lines = need_lines(scope, needs_of(scope, area=scope.area, at=at), at=at)
        unit = f"{post.get_role_display()} · {post.unit.name}"
        found.append(Covered(post.pk, post.display_name, unit, post.cover.ends_at, post.area, lines))
    return found


def late_count(needs: Iterable[Need], *, at: datetime) -> int:
    return sum(at >= need.due_at for need in needs)


def late_incidents(needs: Iterable[Need], *, at: datetime) -> int:
    """Incidents that wait overdue for this desk; a report is none yet."""
    return len({need.url_id for need in needs if need.kind != "report" and at >= need.due_at})


def _line(need: Need, scope: Scope, at: datetime) -> NeedLine:
    where = need.area or scope.area
    late = at >= need.due_at
    return NeedLine(
        title=_TITLES[need.kind](need),
        place=" · ".join(part for part in (_place(need), need.label, _subject(need)) if part),
        word=_("Dinaikkan: %(what)s") % {"what": _word(need.kind)} if need.is_escalated else _word(need.kind),
        mark="late" if late else "new" if need.kind in ("handover", "asked", "report") else "proc",
        day=_day(local(need.due_at, where).date(), local(at, where).date()),
        due_at=need.due_at,
        left=left_words(need.due_at, at),
        used=share_used(need.since, need.due_at, at),
        area=where,
        href=page(need.url_name, need.url_id),
    )


def _answer(need: Need) -> str:
    return _("Jawab serah terima %(desk)s") % {"desk": _sender(need)}


def _asked(need: Need) -> str:
    return _("%(desk)s minta diserahi: %(why)s") % {"desk": _sender(need), "why": need.title}


def _sender(need: Need) -> str:
    desk = need.from_desk
    return f"{agency_name(desk.agency)} {area_name(desk.area)}".strip() if desk else ""


_TITLES: dict[str, Callable[[Need], str]] = {
    "handover": _answer,
    "asked": _asked,
    "action": lambda need: need.title,
    "incident": lambda need: need.title,
    "close": lambda need: _("Periksa bukti: %(title)s") % {"title": need.title},
    "report": lambda need: need.title or _("Laporan tanpa teks"),
}


def _subject(need: Need) -> str:
    return need.title if need.kind == "handover" else ""


def _place(need: Need) -> str:
    return place_name(need.station_code or need.area)


def _word(kind: str) -> str:
    return {
        "handover": _("Serah terima"),
        "asked": _("Permintaan"),
        "action": _("Tindakan"),
        "incident": _("Kejadian"),
        "close": _("Pemeriksaan bukti"),
        "report": _("Laporan baru"),
    }[kind]


def _day(due: date, today: date) -> str:
    if due < today:
        return _("Sebelum hari ini")
    return _("Hari ini") if due == today else day_words(due, year=due.year != today.year)

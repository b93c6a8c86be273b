"""Gaps in the watch before the day: stations that nobody watches, the most vulnerable first, and who is near."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from ronda.agencies import selectors as agencies
from ronda.elections import selectors as elections
from ronda.kernel.scope import Scope
from ronda.law.mandates import mandates
from ronda.readiness.domain import WATCH_OF, WATCHING_ROLES, WatchKind
from ronda.readiness.models import StationRisk, StationWatch

if TYPE_CHECKING:
    from ronda.elections.models import Election, PollingStation

PAGE = 50
NEAR = 4


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody of the own agency who has no station yet: in the village, else in its district."""

    post: UUID
    name: str
    unit: str
    is_in_village: bool


@dataclass(frozen=True, slots=True)
class Unwatched:
    """A station with what it lacks, why it is vulnerable, and who could take it."""

    code: str
    area: str
    name: str
    voters: int | None
    signs: tuple[str, ...]
    lacks: tuple[WatchKind, ...]
    near: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """How many stations lack one kind of watcher."""

    kind: WatchKind
    stations: int


@dataclass(frozen=True, slots=True)
class WatchPage:
    """The gaps of an area as one agency sees them; `own` is the kind that it can send, if any."""

    stations: int
    lacks: list[Lack]
    unwatched: int
    wanted: WatchKind | None
    rows: list[Unwatched]
    count: int
    next: int | None
    own: WatchKind | None
    has_risks: bool


def kinds_seen(by: Scope) -> tuple[WatchKind, ...]:
    """The supervisor sees all three; a party or an observer its own kind; the others none."""
    reach = mandates().reach("station_watch", "read").get(by.kind)
    if reach is None:
        return ()
    return tuple(WatchKind) if reach == "all" else (WATCH_OF[by.kind],)


def watch_page(
    *, election: "Election", area: str, by: Scope, wanted: WatchKind | None = None, start: int = 0
) -> WatchPage:
    """Stations that lack a watcher: of all kinds this agency sees, or of one. Under the scope in force."""
    kinds, day = kinds_seen(by), election.voting_on
    rows = _told(elections.station_list(election, area=area), election, kinds)
    lacks = [Lack(kind, rows.filter(**{kind.value: False}).order_by().count()) for kind in kinds]
    lacking = rows.filter(_lacking((wanted,) if wanted else kinds))
    ranked = lacking.order_by(F("risk").desc(), F("voters_all").desc(nulls_last=True), "code")
    found = list(ranked[start : start + PAGE + 1])
    shown = found[:PAGE]
    nobody = rows.filter(**{kind.value: False for kind in kinds}) if kinds else rows.none()
    signs = _signs(election.code, [row.code for row in shown])
    near = _near(by, {row.area for row in shown}, election.code, day)
    own = WATCH_OF.get(by.kind)
    return WatchPage(
        stations=rows.order_by().count(),
        lacks=lacks,
        unwatched=nobody.order_by().count(),
        wanted=wanted,
        rows=[_unwatched(row, kinds, signs, near) for row in shown],
        count=lacking.order_by().count(),
        next=start + PAGE if len(found) > PAGE else None,
        own=own,
        has_risks=StationRisk.objects.filter(election=election.code).exists(),
    )


def _told(
    rows: "QuerySet[PollingStation]", election: "Election", kinds: Iterable[WatchKind]
) -> "QuerySet[PollingStation]":
    standing = StationWatch.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=election.voting_on),
        election=election.code,
        station_code=OuterRef("code"),
        ended_at__isnull=True,
    )
    watched: dict[str, Any] = {kind.value: Exists(standing.filter(kind=kind)) for kind in kinds}
    risk = StationRisk.objects.filter(election=election.code, station_code=OuterRef("code")).annotate(
        many=Func(F("signs"), function="cardinality", output_field=IntegerField())
    )
    many = Coalesce(Subquery(risk.values("many")[:1]), Value(0))
    return rows.annotate(risk=many, voters_all=F("voters_m") + F("voters_f"), **watched)


def _lacking(kinds: Iterable[WatchKind]) -> Q:
    found = Q(pk__in=[])
    for kind in kinds:
        found |= Q(**{kind.value: False})
    return found


def _signs(election: str, codes: list[str]) -> dict[str, tuple[str, ...]]:
    rows = StationRisk.objects.filter(election=election, station_code__in=codes)
    return {code: tuple(signs) for code, signs in rows.values_list("station_code", "signs")}


def _near(by: Scope, villages: set[str], election: str, day: date) -> dict[str, list[Near]]:
    """People of the own agency without a station, by village: those of the village first, then of the district."""
    if by.kind not in WATCH_OF or not villages:
        return {}
    busy = StationWatch.objects.filter(election=election, ended_at__isnull=True, agency=by.agency)
    posts = agencies.posts_on_duty(agency=by.agency, area=by.area, today=day).filter(role__in=WATCHING_ROLES)
    free = posts.exclude(pk__in=busy.values("post"))
    places = {village[:8] for village in villages}
    inside = Q()
    for place in places:
        inside |= Q(area__startswith=place)
    near: dict[str, list[Near]] = {}
    people = list(free.filter(inside).values_list("pk", "display_name", "unit__name", "area"))
    for village in villages:
        there = [Near(pk, name, unit, True) for pk, name, unit, area in people if area == village]
        around = [
            Near(pk, name, unit, False)
            for pk, name, unit, area in people
            if area != village and area.startswith(village[:8])
        ]
        near[village] = [*there, *around][:NEAR]
    return near


def _unwatched(
    row: "PollingStation",
    kinds: Iterable[WatchKind],
    signs: dict[str, tuple[str, ...]],
    near: dict[str, list[Near]],
) -> Unwatched:
    return Unwatched(
        code=row.code,
        area=row.area,
        name=row.name,
        voters=row.voters,
        signs=signs.get(row.code, ()),
        lacks=tuple(kind for kind in kinds if not getattr(row, kind.value)),
        near=tuple(near.get(row.area, ())),
    )


def watch_for(watch: UUID, *, by: Scope) -> StationWatch | None:
    """Somebody of the own agency at a station."""
    return StationWatch.objects.filter(pk=watch, agency=by.agency, ended_at__isnull=True).first()


def watches_of(post: UUID) -> list[StationWatch]:
    """Stations that the holder of a post is sent to."""
    return list(StationWatch.objects.filter(post=post, ended_at__isnull=True).order_by("station_code"))

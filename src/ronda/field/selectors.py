"""What a phone may know: who holds its token, and what that post has to do today. All in its own scope."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Prefetch, QuerySet

from ronda.agencies import selectors as agencies
from ronda.agencies.domain import legal_date
from ronda.elections import selectors as elections
from ronda.field import adapters
from ronda.field.models import Attendance, Gathering
from ronda.gate.access import grant_in_force
from ronda.gate.domain import Grant
from ronda.incidents.selectors import needs_me
from ronda.kernel.areas import Level, level, station_area
from ronda.kernel.scope import Scope, scoped
from ronda.law.checkins import checkin_rules
from ronda.ledger import selectors as ledger
from ronda.places import selectors as places
from ronda.readiness import selectors as readiness
from ronda.reports.domain import CONTESTABLE
from ronda.reports.selectors.followed import became_of
from ronda.web.frame import agency_name, place_name
from ronda.web.localtime import zone_name, zone_of

if TYPE_CHECKING:
    from ronda.agencies.models import Post
    from ronda.elections.models import Election

Json = dict[str, object]
STATIONS_MOST = 600  # of a wide area the phone gets no list; there a village is searched at a desk
INCIDENTS_MOST = 40
GATHERINGS_MOST = 200
SENT_MOST = 40
PHONE_CLASS = 3


@dataclass(frozen=True, slots=True)
class Holder:
    """Who stands behind a token: the grant as the gate reads it, and the post of the device."""

    grant: Grant
    post: "Post"


def holder_of(authorization: str, *, at: datetime) -> Holder | None:
    """The post of the device whose token this is; None for a token that is not in force, or of no device."""
    grant = grant_in_force(authorization, at=at)
    if grant is None or grant.device is None:
        return None
    with scoped(Scope.signin()):
        post = agencies.post_of_device(grant.device, today=legal_date(at))
    return Holder(grant, post) if post else None


def election_now(*, at: datetime) -> "Election | None":
    """The election of these days."""
    return elections.election_current(legal_date(at))


def forms_told(*, area: str, may_send: Callable[[str], bool], at: datetime) -> Json:
    """The definition of all forms for an area, as other ways in than the app ask it too."""
    return adapters.definition(election_now(at=at), area=area, may_send=may_send)


def gathering_list(*, agency: str) -> QuerySet[Gathering]:
    """Events of an agency inside the scope in force, latest first, each with how many `came`."""
    rows = Gathering.objects.filter(agency=agency).annotate(came=Count("attendances"))
    return rows.order_by("-starts_at")[:GATHERINGS_MOST]


def gathering_for(gathering_id: UUID) -> Gathering | None:
    """An event inside the scope in force, with who `came`, first ones first."""
    rows = Gathering.objects.annotate(came=Count("attendances")).prefetch_related(
        Prefetch("attendances", Attendance.objects.order_by("captured_at"))
    )
    return rows.filter(pk=gathering_id).first()


def own_page(holder: Holder, *, at: datetime, sent: Sequence[UUID] = ()) -> Json:
    """All of the first page, and what became of the messages that this phone `sent`. Needs the scope of the post."""
    post, election = holder.post, election_now(at=at)
    stations = _stations(election, post.area)
    return {
        "now": at.isoformat(),
        "device": str(holder.grant.device),
        "person": _person(post),
        "drill": settings.DRILL or ("simulasi" if settings.DEMO else ""),
        "election": _election(election),
        "zone": {"name": zone_name(post.area), "key": zone_of(post.area).key},
        "places": _places(post.area, stations),
        "steps": _steps(election, post.area, set(stations)),
        "roll_calls": _roll_calls(election, post),
        "incidents": _incidents(post, at),
        "people": _people(post, at),
        "became": _became(sent),
        "node": {
            "name": settings.KEYS.node,
            "recipient": settings.KEYS.recipient,
            "log_key": ledger.log_key(),
        },
    }


def _became(sent: Sequence[UUID]) -> Json:
    """The latest state of each message that is a report: words and time, as its receipt code shows them to anybody."""
    told = became_of(sent[:SENT_MOST])
    return {
        str(message): {
            "words": line["words"],
            "at": line["at"].isoformat(),
            "is_over": line["state"] in CONTESTABLE,
        }
        for message, line in told.items()
    }


def _person(post: "Post") -> Json:
    return {
        "name": post.display_name,
        "role": str(post.get_role_display()),
        "unit": post.unit.name,
        "agency": agency_name(post.agency),
        "area": post.area,
        "area_name": place_name(post.area),
    }


def _election(election: "Election | None") -> Json | None:
    if election is None:
        return None
    names = {"id": election.name_id, "en": election.name_en}
    return {"code": election.code, "name": names, "voting_on": election.voting_on.isoformat()}


def _stations(election: "Election | None", area: str) -> list[str]:
    """Codes of the stations of an area, none of one that is too wide for a phone."""
    if election is None:
        return []
    rows = elections.station_list(election, area=area).values_list("code", flat=True)[: STATIONS_MOST + 1]
    codes = list(rows)
    return codes if len(codes) <= STATIONS_MOST else []


def _places(area: str, stations: list[str]) -> list[Json]:
    """The villages of the post with the numbers of their stations."""
    numbers: dict[str, list[int]] = {}
    for code in stations:
        numbers.setdefault(station_area(code), []).append(int(code[10:]))
    if not area or level(area) not in (Level.VILLAGE, Level.DISTRICT):
        names = places.area_names(numbers)
    else:
        names = {area: place_name(area)} if level(area) is Level.VILLAGE else places.area_names_below(area)
    villages = sorted(
        code for code in {*names, *numbers} if len(code) == len("51.01.02.2007") and code in names
    )
    return [{"code": code, "name": names[code], "stations": numbers.get(code, [])} for code in villages]


def _steps(election: "Election | None", area: str, stations: set[str]) -> list[Json]:
    """What every station must tell, by when, and which have not told of it yet."""
    if election is None or not stations:
        return []
    zone, heard = zone_of(area), readiness.states_by_station(election=election.code, within=area)
    steps = []
    for rank, step in enumerate(checkin_rules().steps, 1):
        open_ = sorted(code for code in stations if code not in heard or heard[code].rank < rank)
        steps.append(
            {
                "form": f"station:{step.id}",
                "by": step.expected_at(election.voting_on, zone).isoformat(),
                "late_from": step.late_from(election.voting_on, zone).isoformat(),
                "stations": len(stations),
                "open": open_,
            }
        )
    return steps


def _roll_calls(election: "Election | None", post: "Post") -> list[Json]:
    """Roll calls that the post's kind of agency answers, and whether this person did."""
    if election is None:
        return []
    zone = zone_of(post.area)
    answered = readiness.roll_calls_answered(election=election.code, person=post.person_id)
    return [
        {
            "form": f"roll_call:{call.id}",
            "by": call.expected_at(election.voting_on, zone).isoformat(),
            "late_from": call.late_from(election.voting_on, zone).isoformat(),
            "answered": call.id in answered,
        }
        for call in checkin_rules().roll_calls
        if post.unit.agency.kind in call.agencies
    ]


def _incidents(post: "Post", at: datetime) -> list[Json]:
    """What waits for the unit, earliest due first; reports to be checked are work of a desk and stay there."""
    found: dict[UUID, Json] = {}
    for need in needs_me(agencies.scope_of(post), limit=INCIDENTS_MOST):
        if need.kind != "report" and need.url_id not in found:
            found[need.url_id] = {
                "id": str(need.url_id),
                "label": need.label,
                "act": need.kind,
                "title": need.title,
                "place": place_name(need.station_code or need.area),
                "due_at": need.due_at.isoformat(),
            }
    return list(found.values())


def _people(post: "Post", at: datetime) -> list[Json]:
    """Heads and duty posts of the own unit and of the unit above, with the number of the unit's duty room; else with
    their own, which is of a class that not every role sees."""
    shows_phone = PHONE_CLASS in agencies.scope_of(post).classes
    with scoped(Scope.signin()):
        rows = list(agencies.call_tree(post, today=legal_date(at)))
        return [
            {
                "name": one.display_name,
                "role": str(one.get_role_display()),
                "unit": one.unit.name,
                "phone": one.unit.duty_phone or (one.person.phone if shows_phone else ""),
            }
            for one in rows
        ]

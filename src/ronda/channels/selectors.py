"""Who sends by a channel, and what the register says of what they sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ronda.agencies import selectors as agencies
from ronda.agencies.domain import legal_date
from ronda.elections import selectors as elections
from ronda.gate.domain import Grant, kinds_of
from ronda.kernel.areas import Level, at_level, level, station_code
from ronda.kernel.scope import Scope, scoped
from ronda.places import selectors as places

if TYPE_CHECKING:
    from ronda.agencies.models import Device
    from ronda.elections.models import Election


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the grant, the area of the post, and whether it is anybody we know."""

    grant: Grant
    area: str = ""

    @property
    def is_known(self) -> bool:
        return self.grant.device is not None


@dataclass(frozen=True, slots=True)
class Known:
    """What the register says of a place and a contest."""

    election: str
    place_name: str = ""
    is_station: bool = False
    choices: int = 0


def sender_of_number(number: str, *, at: datetime) -> Sender:
    """The post of the device that sends from a telephone number; anybody else is the public."""
    with scoped(Scope.signin()):
        device = agencies.device_of_phone(number, today=legal_date(at))
        return sender_of_device(device) if device else Sender(Grant.public())


def sender_of_device(device: "Device") -> Sender:
    """What a device may send is what its post may."""
    post = device.post
    kind = post.unit.agency.kind
    grant = Grant(post.agency, kind, post.area, device.pk, post.person_id, kinds_of(kind))
    return Sender(grant, post.area)


def grant_at(sender: Sender, place: str) -> Grant:
    """The public is counted by the regency it writes about."""
    if sender.is_known or not place or level(place) in (Level.NATION, Level.PROVINCE):
        return sender.grant
    return Grant.public(at_level(place, Level.REGENCY))


def election_now(*, at: datetime) -> "Election | None":
    """The election of these days, as anybody may know it."""
    with scoped(Scope.public()):
        return elections.election_current(legal_date(at))


def known_of(place: str, station: int | None, contest: str, *, at: datetime) -> Known:
    """Names and numbers of the register for what a message speaks of; nothing of a place that is not in it."""
    with scoped(Scope.public()):
        election = elections.election_current(legal_date(at))
        code = election.code if election else ""
        name = places.area_names([place]).get(place, "") if place else ""
        if election is None or not name or level(place) is not Level.VILLAGE:
            return Known(code, name)
        found = elections.contest_for(election, contest, area=place) if contest else None
        choices = elections.choice_list(found).count() if found else 0
        pair = {(code, station_code(place, station))} if station else set()
        return Known(code, name, bool(pair) and not elections.stations_unknown(pair), choices)

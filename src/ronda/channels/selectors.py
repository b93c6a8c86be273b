"""Who sends by a channel, and what the register says of what they sent."""

import hmac
import time
from base64 import b32encode, b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from ronda.agencies import selectors as agencies
from ronda.agencies.domain import legal_date
from ronda.channels.adapters.digest import is_proven, nonce_is_fresh, shown_read
from ronda.channels.adapters.questions import Form, forms_made
from ronda.channels.domain import is_same
from ronda.elections import selectors as elections
from ronda.field.selectors import forms_told
from ronda.gate.access import grant_in_force
from ronda.gate.domain import Grant, kinds_of
from ronda.kernel.areas import Level, at_level, level, station_code
from ronda.kernel.scope import Scope, scoped
from ronda.places import selectors as places

if TYPE_CHECKING:
    from ronda.agencies.models import Device
    from ronda.elections.models import Election


VILLAGES_MAX = 600


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


def form_password(device: UUID) -> str:
    """With what a form app signs in for a device: made from the node's key each time, kept nowhere."""
    digest = hmac.digest(settings.KEYS.gate, b"ronda form app v1|" + device.bytes, "sha256")
    return b32encode(digest).decode().lower()[:20]


def sender_of_digest(header: str, *, method: str, path: str, at: datetime) -> Sender | None:
    """Who shows a proof of a form app's password; None where it is none, too old, or the device is not in force."""
    shown = shown_read(header)
    if (
        shown is None
        or shown.uri != path
        or not nonce_is_fresh(shown.nonce, now_s=int(time.time()), key=settings.KEYS.gate)
    ):
        return None
    device = _uuid(shown.user)
    if device is None or not is_proven(shown, method=method, password=form_password(device)):
        return None
    return _sender_in_force(device, at)


def sender_of_token(header: str, *, at: datetime) -> Sender | None:
    """Who shows the bearer token of a device."""
    grant = grant_in_force(header, at=at)
    return Sender(grant, grant.area) if grant and grant.device else None


def sender_of_basic(header: str, *, at: datetime) -> Sender | None:
    """Who shows the password itself; for connections that nobody can read."""
    scheme, _, coded = header.partition(" ")
    try:
        user, _, password = b64decode(coded, validate=True).decode().partition(":")
    except ValueError:
        return None
    device = _uuid(user)
    if scheme.lower() != "basic" or device is None or not is_same(password, form_password(device)):
        return None
    return _sender_in_force(device, at)


def _sender_in_force(device_id: UUID, at: datetime) -> Sender | None:
    with scoped(Scope.signin()):
        device = agencies.device_held(device_id, today=legal_date(at))
        return sender_of_device(device) if device else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def forms_for(sender: Sender, *, at: datetime) -> list[Form]:
    """The forms that a sender may fill in, for their area."""
    return forms_in(sender.area, may_send=sender.grant.may_send, at=at)


def forms_in(area: str, *, may_send: Callable[[str], bool], at: datetime) -> list[Form]:
    """The forms of an area; with its villages to choose from where a phone can hold their list."""
    with scoped(Scope.public()):
        definition = forms_told(area=area, may_send=may_send, at=at)
        rows = places.area_list(area, Level.VILLAGE).values_list("code", "name")[: VILLAGES_MAX + 1]
        villages = dict(rows)
    return forms_made(definition, villages if len(villages) <= VILLAGES_MAX else {})


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

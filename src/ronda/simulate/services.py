"""The mark of a drill database, and the devices of everybody who sends in the simulation."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from ronda.agencies import selectors as agencies
from ronda.agencies import services as staff
from ronda.gate import selectors as gate
from ronda.gate.domain import Grant, kinds_of
from ronda.gate.tokens import token_key, token_make
from ronda.kernel.journal import journal
from ronda.kernel.keys import NodeKeys
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.simulate.cast import Player
from ronda.simulate.day import PUBLIC
from ronda.simulate.events import DrillMarked
from ronda.simulate.models import DrillMark

STARTS_ON = date(2018, 1, 1)
TOKEN_LIFE_S = 30 * 24 * 3600
LABEL = "Simulasi"


class DrillRefused(Exception):
    """No simulation here; the text says why and what to do."""


@transaction.atomic
def drill_mark(*, area: str, election: str, at: datetime) -> DrillMark:
    """Mark this database as one for drills. DrillRefused when it may hold real data; again changes nothing."""
    if not settings.DEMO:
        raise DrillRefused(_("Simulasi hanya berjalan dalam mode demo (RONDA_DEMO=1)."))
    known = DrillMark.objects.filter(area=area, election=election).first()
    if known is not None:
        return known
    if not _may_hold_drills():
        raise DrillRefused(
            _("Basis data ini sudah berisi data. Simulasi hanya berjalan di basis data kosong.")
        )
    mark = DrillMark(area=area, election=election, sensitivity=0, agency="system", created_at=at)
    mark.save(force_insert=True)
    journal(DrillMarked(subject=mark.pk, area=area, agency="system", sensitivity=0, election=election), at=at)
    return mark


def _may_hold_drills() -> bool:
    """Marked before, or untouched: no message came in and no service told of a change, an import neither."""
    return DrillMark.objects.exists() or not (gate.message_count() or EventRow.objects.exists())


def demo_refused() -> str | None:
    """Why demo mode must not run on this database: nothing in it was made up. None when it may."""
    if not settings.DEMO:
        return None
    with scoped(Scope.system()):
        if _may_hold_drills():
            return None
    return (
        "RONDA_DEMO is set, but this database holds real data. Unset it, or set RONDA_VAR to an empty folder."
    )


def drill_require(*, area: str, election: str) -> DrillMark:
    """The mark of this database; DrillRefused without it or outside demo mode."""
    if not settings.DEMO:
        raise DrillRefused(_("Simulasi hanya berjalan dalam mode demo (RONDA_DEMO=1)."))
    known = DrillMark.objects.filter(area=area, election=election).first()
    if known is None:
        raise DrillRefused(
            _(
                "Basis data ini tidak ditandai untuk latihan. Jalankan lewat `ronda demo`, di basis data kosong."
            )
        )
    return known


@dataclass(frozen=True, slots=True)
class _Held:
    """A post of the simulation with its device."""

    device: UUID
    person: UUID


def cast_open(*, cast: Sequence[Player], area: str, keys: NodeKeys, at: datetime) -> dict[str, str]:
    """Posts and devices for everybody who sends, and their tokens by key. Doing it again changes nothing."""
    held = _held({one.agency for one in cast}, area)
    tokens = {PUBLIC: _token(Grant.public(area), keys)}
    for one in cast:
        own = held.get((one.agency, one.area, one.name)) or _appoint(one, keys, at)
        grant = Grant(
            one.agency, one.kind, one.area, device=own.device, person=own.person, kinds=kinds_of(one.kind)
        )
        tokens[one.key] = _token(grant, keys)
    return tokens


def _held(codes: Iterable[str], area: str) -> dict[tuple[str, str, str], _Held]:
    held = {}
    for agency in codes:
        posts = agencies.post_list(agency=agency, area=area).filter(devices__label=LABEL)
        columns = ("area", "display_name", "devices__id", "person_id")
        for where, name, device, person in posts.values_list(*columns):
            held[agency, where, name] = _Held(device, person)
    return held


@transaction.atomic
def _appoint(one: Player, keys: NodeKeys, at: datetime) -> _Held:
    agency = staff.agency_open(code=one.agency, kind=one.kind, name=one.agency_name)
    unit = staff.unit_open(agency=agency, area=one.area, name=one.unit_name, kind=one.unit_kind)
    post = staff.post_open(
        unit=unit, role=one.role, name=one.name, phone=one.phone, starts_on=STARTS_ON, at=at
    )
    device = staff.device_register(post=post, label=LABEL, kid=keys.kid, at=at)
    return _Held(device.pk, post.person_id)


def _token(grant: Grant, keys: NodeKeys) -> str:
    expires_s = int(time.time()) + TOKEN_LIFE_S
    return token_make(grant, expires_s=expires_s, key=token_key(keys), key_id=keys.kid)

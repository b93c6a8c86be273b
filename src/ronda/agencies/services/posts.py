"""Agencies, units, and the posts people hold in them."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from ronda.agencies.domain import APPOINTS, NotAllowed, legal_date, may_appoint, phone_normal
from ronda.agencies.events import DutyNumberSet, ItemsHanded, PostEnded, PostOpened
from ronda.agencies.models import Account, Agency, Cover, Device, Person, Post, Unit
from ronda.agencies.services.covers import cover_stop
from ronda.agencies.services.devices import STAFF_CLASS, device_revoke
from ronda.agencies.services.leaving import items_hand
from ronda.kernel.areas import within
from ronda.kernel.journal import journal
from ronda.kernel.scope import Scope, current_scope, scoped

CONTACT_CLASS = 3


def agency_open(*, code: str, kind: str, name: str) -> Agency:
    """An agency by its code, made when it is new."""
    return Agency.objects.get_or_create(code=code, defaults={"kind": kind, "name": name})[0]


def unit_open(*, agency: Agency, area: str, name: str, kind: str) -> Unit:
    """A unit of an agency in an area, made when it is new."""
    return Unit.objects.get_or_create(agency=agency, area=area, kind=kind, defaults={"name": name})[0]


@transaction.atomic
def duty_number_set(*, unit: Unit, number: str, by: Post | None, at: datetime) -> Unit:
    """Say which number the field calls for a unit; empty takes it back. ValueError for what is no telephone number."""
    phone = phone_normal(number)
    if number.strip() and not phone:
        raise ValueError(f"wanted a telephone number or nothing, came {number[:20]!r}")
    is_own = by is None or (
        by.role in APPOINTS and by.agency == unit.agency_id and within(unit.area, by.area)
    )
    if not is_own:
        raise NotAllowed
    with scoped(Scope.system()):
        unit.duty_phone = phone
        unit.save(update_fields=["duty_phone"])
        event = DutyNumberSet(subject=unit.pk, area=unit.area, agency=unit.agency_id, sensitivity=STAFF_CLASS)
        journal(event, at=at)
    return unit


@transaction.atomic
def post_open(
    *,
    unit: Unit,
    role: str,
    name: str,
    at: datetime,
    account: Account | None = None,
    phone: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Post:
    """Put a person into a post. An account that already has a person keeps it; the same post twice is one post."""
    person = _person(unit, name, phone, account, at)
    starts = starts_on or legal_date(at)
    standing = Q(ends_on__isnull=True) | Q(ends_on__gt=legal_date(at))
    held = Post.objects.filter(standing, person=person, unit=unit, role=role).first()
    if held is not None:
        return held
    post = Post.objects.create(
        person=person,
        unit=unit,
        role=role,
        display_name=person.name,
        starts_on=starts,
        ends_on=ends_on,
        area=unit.area,
        agency=unit.agency_id,
        sensitivity=STAFF_CLASS,
        created_at=at,
    )
    journal(
        PostOpened(subject=post.pk, area=post.area, agency=post.agency, sensitivity=STAFF_CLASS, role=role),
        at=at,
    )
    return post


def _person(unit: Unit, name: str, phone: str, account: Account | None, at: datetime) -> Person:
    if account is not None:
        known = Person.objects.filter(account=account).first()
        if known is not None:
            return known
    return Person.objects.create(
        name=name.strip(),
        phone=phone.strip(),
        account=account,
        area=unit.area,
        agency=unit.agency_id,
        sensitivity=CONTACT_CLASS,
        created_at=at,
    )


@transaction.atomic
def post_end(
    *, post: Post, by: Post | None, at: datetime, on: date | None = None, to: Post | None = None
) -> Post:
    """End a post, by default today; its rights are gone from the next request on, its devices are revoked, and what it
    has open passes to another post, or is let go. Ending it again changes nothing.
    """
    if by is not None and not _may(by, post):
        raise NotAllowed
    day = on or legal_date(at)
    if post.ends_on is not None and post.ends_on <= day:
        return post
    post.ends_on = max(day, post.starts_on)
    post.save(update_fields=["ends_on"])
    event = PostEnded(
        subject=post.pk, area=post.area, agency=post.agency, sensitivity=STAFF_CLASS, role=post.role
    )
    journal(event, at=at, detail={"ends_on": post.ends_on.isoformat()})
    if post.ends_on <= legal_date(at):
        for device in Device.objects.filter(post=post, revoked_at__isnull=True):
            device_revoke(device=device, at=at)
        for cover in Cover.objects.filter(
            Q(post=post) | Q(by_post=post), ended_at__isnull=True, ends_at__gt=at
        ):
            cover_stop(cover=cover, at=at)
        _pass_on(post, to, at)
    return post


@transaction.atomic
def post_hand(*, post: Post, to: Post, by: Post, at: datetime) -> int:
    """Pass what a post has open, also one that ended by itself, to another post of the agency; returns how much."""
    if not _may(by, post):
        raise NotAllowed
    return _pass_on(post, to, at)


def _pass_on(post: Post, to: Post | None, at: datetime) -> int:
    scope = current_scope()
    if to is not None and (to.agency != post.agency or to.pk == post.pk):
        raise NotAllowed
    handed = items_hand(post, to, by=scope, at=at) if scope is not None else 0
    if handed:
        event = ItemsHanded(
            subject=post.pk, area=post.area, agency=post.agency, sensitivity=STAFF_CLASS, items=handed
        )
        journal(event, at=at, detail={"to": str(to.pk) if to else ""})
    return handed


def _may(by: Post, post: Post) -> bool:
    return by.pk != post.pk and may_appoint(
        role=by.role,
        agency=by.agency,
        area=by.area,
        to_role=post.role,
        to_agency=post.agency,
        to_area=post.area,
    )

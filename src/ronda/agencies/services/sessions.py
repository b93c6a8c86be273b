"""Devices, signed-in browsers, and seeing as another post."""

from datetime import datetime

from django.db import transaction

from ronda.agencies.domain import NotAllowed, Role
from ronda.agencies.events import DeviceRegistered, DeviceRevoked, ViewAsStarted, ViewAsStopped
from ronda.agencies.models import Account, Device, Post, Session
from ronda.agencies.services.posts import STAFF_CLASS
from ronda.kernel.areas import within
from ronda.kernel.journal import journal


@transaction.atomic
def device_register(*, post: Post, label: str, kid: int, at: datetime) -> Device:
    """A device that may send in the name of a post; the gate makes its token from the id."""
    device = Device.objects.create(
        post=post,
        label=label.strip()[:60],
        kid=kid,
        area=post.area,
        agency=post.agency,
        sensitivity=STAFF_CLASS,
        created_at=at,
    )
    event = DeviceRegistered(
        subject=device.pk, area=device.area, agency=device.agency, sensitivity=STAFF_CLASS
    )
    journal(event, at=at)
    return device


@transaction.atomic
def device_revoke(*, device: Device, at: datetime) -> Device:
    """From now on the gate refuses the device; doing it again changes nothing."""
    if device.revoked_at is not None:
        return device
    device.revoked_at = at
    device.save(update_fields=["revoked_at"])
    event = DeviceRevoked(subject=device.pk, area=device.area, agency=device.agency, sensitivity=STAFF_CLASS)
    journal(event, at=at)
    return device


@transaction.atomic
def sessions_end(*, account: Account, keep: str = "", only: str = "") -> int:
    """Sign browsers out: all but the one with digest `keep`, or just the one with digest `only`."""
    rows = Session.objects.filter(account=account).exclude(session_key=keep)
    if only:
        rows = rows.filter(session_key=only)
    return rows.delete()[0]


def may_view_as(*, by: Post, target: Post) -> bool:
    """An administrator may see as a post of the same agency in their own area; never as a holder of keys."""
    return (
        by.role == Role.ADMIN
        and target.agency == by.agency
        and within(target.area, by.area)
        and target.role != Role.CUSTODIAN
        and target.pk != by.pk
    )


@transaction.atomic
def view_as_start(*, by: Post, target: Post, at: datetime) -> None:
    """Book that an administrator begins to see as another post. NotAllowed when it is out of reach."""
    if not may_view_as(by=by, target=target):
        raise NotAllowed
    event = ViewAsStarted(subject=target.pk, area=target.area, agency=target.agency, sensitivity=STAFF_CLASS)
    journal(event, at=at, by=str(by.person_id))


@transaction.atomic
def view_as_stop(*, by: Post, target: Post, at: datetime) -> None:
    """Book that it ended."""
    event = ViewAsStopped(subject=target.pk, area=target.area, agency=target.agency, sensitivity=STAFF_CLASS)
    journal(event, at=at, by=str(by.person_id))

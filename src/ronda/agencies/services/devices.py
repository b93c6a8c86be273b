"""Phones and gateways that send in the name of a post."""

from datetime import datetime

from django.db import transaction

from ronda.agencies.domain import NotAllowed, Role
from ronda.agencies.events import DeviceRegistered, DeviceRevoked
from ronda.agencies.models import Device, Post
from ronda.kernel.areas import within
from ronda.kernel.journal import journal

STAFF_CLASS = 2


def may_equip(*, by: Post, post: Post) -> bool:
    """People register and revoke devices for their own posts, an administrator for all of the agency in the area."""
    if by.person_id == post.person_id:
        return True
    return by.role == Role.ADMIN and by.agency == post.agency and within(post.area, by.area)


@transaction.atomic
def device_register(*, post: Post, label: str, kid: int, by: Post | None = None, at: datetime) -> Device:
    """A device that may send in the name of a post; the gate makes its token from the id. `by` None is the operator."""
    if by is not None and not may_equip(by=by, post=post):
        raise NotAllowed
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
def device_revoke(*, device: Device, by: Post | None = None, at: datetime) -> Device:
    """From now on the gate refuses the device; doing it again changes nothing. `by` None: whoever ends its post."""
    if by is not None and not may_equip(by=by, post=device.post):
        raise NotAllowed
    if device.revoked_at is not None:
        return device
    device.revoked_at = at
    device.save(update_fields=["revoked_at"])
    event = DeviceRevoked(subject=device.pk, area=device.area, agency=device.agency, sensitivity=STAFF_CLASS)
    journal(event, at=at)
    return device

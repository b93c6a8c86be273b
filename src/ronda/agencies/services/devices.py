"""Phones and gateways that send in the name of a post."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from ronda.agencies.domain import NotAllowed, NumberTaken, Role
from ronda.agencies.events import DeviceRegistered, DeviceRevoked
from ronda.agencies.models import Device, Post
from ronda.agencies.selectors import phone_digest
from ronda.kernel.areas import within
from ronda.kernel.journal import journal

STAFF_CLASS = 2


def may_equip(*, by: Post, post: Post) -> bool:
    """People register and revoke devices for their own posts, an administrator for all of the agency in the area."""
    if by.person_id == post.person_id:
        return True
    return by.role == Role.ADMIN and by.agency == post.agency and within(post.area, by.area)


@transaction.atomic
def device_register(
    *, post: Post, label: str, kid: int, by: Post | None = None, at: datetime, phone: str = ""
) -> Device:
    """A device that may send in the name of a post; the gate makes its token from the id. `by` None is the operator.
    Text messages from `phone` are this device's; NumberTaken where another device in force has the number."""
    if by is not None and not may_equip(by=by, post=post):
        raise NotAllowed
    device = _kept(
        post=post,
        label=label.strip()[:60],
        kid=kid,
        phone_hash=phone_digest(phone),
        area=post.area,
        agency=post.agency,
        created_at=at,
    )
    event = DeviceRegistered(
        subject=device.pk, area=device.area, agency=device.agency, sensitivity=STAFF_CLASS
    )
    journal(event, at=at)
    return device


def _kept(**row: Any) -> Device:
    try:
        with transaction.atomic():
            return Device.objects.create(sensitivity=STAFF_CLASS, **row)
    except IntegrityError:
        raise NumberTaken from None


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

"""Phones and gateways that send in the name of a post."""

from datetime import datetime

from django.db import transaction

from ronda.agencies.events import DeviceRegistered, DeviceRevoked
from ronda.agencies.models import Device, Post
from ronda.kernel.journal import journal

STAFF_CLASS = 2


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

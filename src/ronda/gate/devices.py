"""Giving a phone or gateway its place: the row that the gate asks for, and the token that the device shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from ronda.agencies import services as agencies
from ronda.gate.services import device_token

if TYPE_CHECKING:
    from ronda.agencies.models import Device, Post


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A registered device, its token, which is not kept, and how long that is good."""

    device: "Device"
    token: str
    expires_at: datetime


def device_enrol(
    *, post: "Post", label: str, days: int, by: "Post | None", at: datetime, phone: str = ""
) -> Enrolled:
    """Register a device for a post and make its bearer token. NotAllowed when `by` may not; None is the operator.
    NumberTaken where another device in force has the telephone number."""
    expires_at = at + timedelta(days=days)
    kid = settings.KEYS.kid
    device = agencies.device_register(post=post, label=label, kid=kid, by=by, at=at, phone=phone)
    token = device_token(
        device=device.pk,
        agency=post.agency,
        kind=post.unit.agency.kind,
        area=post.area,
        person=post.person_id,
        expires_at=expires_at,
    )
    return Enrolled(device, token, expires_at)

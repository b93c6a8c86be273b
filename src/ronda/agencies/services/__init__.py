"""Writes. Each is one transaction, one change, one event, one audit line."""

from ronda.agencies.services.batches import invitations_issue
from ronda.agencies.services.covers import Span, cover_end, cover_set, may_cover
from ronda.agencies.services.demo import DemoPeople, demo_people
from ronda.agencies.services.devices import device_register, device_revoke, may_equip
from ronda.agencies.services.invitations import invitation_accept, invitation_issue, invitation_revoke
from ronda.agencies.services.posts import (
    agency_open,
    duty_number_set,
    post_end,
    post_hand,
    post_open,
    unit_open,
)
from ronda.agencies.services.sessions import sessions_end, view_as_start, view_as_stop

__all__ = [
    "DemoPeople",
    "Span",
    "agency_open",
    "cover_end",
    "cover_set",
    "demo_people",
    "device_register",
    "device_revoke",
    "duty_number_set",
    "invitation_accept",
    "invitation_issue",
    "invitation_revoke",
    "invitations_issue",
    "may_cover",
    "may_equip",
    "post_end",
    "post_hand",
    "post_open",
    "sessions_end",
    "unit_open",
    "view_as_start",
    "view_as_stop",
]

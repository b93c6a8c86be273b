"""Signed-in browsers, and seeing as another post."""

from datetime import datetime

from django.db import transaction

from ronda.agencies.domain import NotAllowed, Role
from ronda.agencies.events import ViewAsStarted, ViewAsStopped
from ronda.agencies.models import Account, Post, Session
from ronda.agencies.services.devices import STAFF_CLASS
from ronda.kernel.areas import within
from ronda.kernel.journal import journal


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

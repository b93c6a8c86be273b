"""The station somebody was to watch when they leave their post."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from ronda.agencies.services.leaving import Leaving, OpenItem, register
from ronda.elections import selectors as elections
from ronda.kernel.scope import Scope
from ronda.readiness.domain import WATCHING_ROLES, WatchRefused
from ronda.readiness.selectors.watch import watches_of
from ronda.readiness.services.watching import watch_end, watch_give
from ronda.web.frame import place_name

if TYPE_CHECKING:
    from ronda.agencies.models import Post


def connect() -> None:
    """Called once when the application is ready."""
    register("readiness", Leaving(_items, _hand))


def _items(post: "Post", at: datetime) -> list[OpenItem]:
    return [
        OpenItem(
            word=_("Mengawasi TPS"),
            title=place_name(watch.station_code),
            area=watch.area,
            href=reverse("desk:place", args=[watch.station_code]),
        )
        for watch in watches_of(post.pk)
    ]


def _hand(post: "Post", to: "Post | None", by: Scope, at: datetime) -> int:
    """To who has no station yet; else the station has its gap again, and stands on the page of gaps."""
    watches = watches_of(post.pk)
    for watch in watches:
        watch_end(watch=watch, at=at)
        election = elections.election_for(watch.election)
        if to is None or election is None or to.role not in WATCHING_ROLES or watches_of(to.pk):
            continue
        try:
            watch_give(election=election, station=watch.station_code, post=to.pk, by=by, at=at)
        except WatchRefused:
            continue
    return len(watches)

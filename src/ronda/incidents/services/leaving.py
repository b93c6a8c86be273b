"""What waits for a desk when the last of its people leaves: it stays with the desk, and the unit above sees it too."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from ronda.agencies import selectors as agencies
from ronda.agencies.domain import legal_date
from ronda.agencies.services.leaving import Leaving, OpenItem, register
from ronda.incidents.selectors.needs import needs_me

if TYPE_CHECKING:
    from ronda.agencies.models import Post


MOST = 30


def connect() -> None:
    """Called once when the application is ready."""
    register("incidents", Leaving(_items, lambda post, to, by, at: 0))


def _items(post: "Post", at: datetime) -> list[OpenItem]:
    on_duty = agencies.posts_on_duty(agency=post.agency, area=post.area, today=legal_date(at))
    others = on_duty.filter(unit=post.unit_id, role__in=("officer", "duty", "head")).exclude(pk=post.pk)
    if others.exists():
        return []
    needs = needs_me(agencies.scope_of(post), limit=MOST)
    return [
        OpenItem(
            word=_("Urusan satuan"),
            title=f"{need.label} {need.title}".strip(),
            area=need.area,
            due_at=need.due_at,
            href=reverse(need.url_name, args=[need.url_id]),
            stays=True,
        )
        for need in needs
        if need.kind != "report"
    ]

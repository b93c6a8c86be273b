"""Reports that somebody has in hand when they leave their post."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from ronda.agencies.services.leaving import Leaving, OpenItem, register
from ronda.kernel.scope import Scope
from ronda.reports.domain import DECIDING_ROLES
from ronda.reports.services.claiming import claims_hand, claims_open

if TYPE_CHECKING:
    from ronda.agencies.models import Post


def connect() -> None:
    """Called once when the application is ready."""
    register("reports", Leaving(_items, _hand))


def _items(post: "Post", at: datetime) -> list[OpenItem]:
    return [
        OpenItem(
            word=_("Laporan di tangan"),
            title=report.text[:120] or _("Laporan tanpa teks"),
            area=report.area,
            due_at=report.claimed_until,
            href=reverse("incidents:report-detail", args=[report.pk]),
        )
        for report in claims_open(post.person_id, at=at)
    ]


def _hand(post: "Post", to: "Post | None", by: Scope, at: datetime) -> int:
    taker = (to.person_id, to.display_name) if to is not None and to.role in DECIDING_ROLES else None
    return claims_hand(post.person_id, taker, by=by, at=at)

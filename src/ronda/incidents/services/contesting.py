"""A reporter is not content with how it ended, and asks once to look again: the question is a report like any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ronda.gate.domain import PUBLIC
from ronda.incidents.domain import EntryKind, IncidentState
from ronda.incidents.models import Incident, IncidentLink
from ronda.incidents.services.rows import entry_add, touch
from ronda.kernel.scope import Scope, scoped
from ronda.reports import selectors as reports
from ronda.reports.domain import FollowState, MoveRefused, finding_message, may_contest, receipt_digest
from ronda.reports.services import Said, Sender, follow_add, report_send

TEXT_MAX = 2_000


@dataclass(frozen=True, slots=True)
class _About:
    """What a receipt code stands for, for the node alone."""

    incident: Incident | None
    area: str


def contest(*, code: str, text: str, at: datetime) -> str:
    """Ask to look again at what became of a report; the receipt code of the question. It goes through the gate, stands
    in the inbox with the incident it is about, and who sent it stays unknown. MoveRefused when it was asked before, or
    is still being worked on. Sending the same twice asks once."""
    words = text.replace("\x00", "").strip()[:TEXT_MAX]
    if not words:
        raise MoveRefused(_("Tulis apa yang menurut Anda belum selesai."))
    steps = reports.follow_steps(code)
    if not may_contest([step["state"] for step in steps]):
        raise MoveRefused(
            _("Keberatan dapat diajukan satu kali, sesudah penanganan selesai atau laporan ditolak.")
        )
    about = _about(code)
    label = f" {about.incident.label}" if about.incident else ""
    said = Said(
        message=finding_message(f"contest {receipt_digest(code)}", steps[-1]["at"]),
        text=_("Keberatan pelapor%(label)s: %(text)s") % {"label": label, "text": words},
        place=about.area,
        station=int(about.incident.station_code[10:])
        if about.incident and about.incident.station_code
        else None,
        kind=about.incident.kind if about.incident else "",
        election=about.incident.election if about.incident else "",
    )
    receipt = report_send(said=said, sender=Sender(PUBLIC, PUBLIC, about.area[:5]))
    with scoped(Scope.system()), transaction.atomic():
        follow_add(digests=[receipt_digest(code)], state=FollowState.CONTESTED, area=about.area, at=at)
        if about.incident is not None:
            entry_add(
                about.incident,
                EntryKind.NOTE,
                Scope.system(),
                at,
                _("Pelapor meminta diperiksa sekali lagi."),
            )
            touch(about.incident, at)
    return receipt


def _about(code: str) -> _About:
    with scoped(Scope.system()):
        link = (
            IncidentLink.objects.filter(
                follow_digest=receipt_digest(code), end__isnull=True, incident__state=IncidentState.CLOSED
            )
            .select_related("incident")
            .order_by("-incident__changed_at")
            .first()
        )
    if link is not None:
        return _About(link.incident, link.incident.area)
    return _About(None, reports.follow_area(code))

"""What is kept for and about reporters: how to reach them, and what they may follow."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ronda.kernel.areas import Level, at_level
from ronda.kernel.bulk import rows_add
from ronda.kernel.journal import journal
from ronda.kernel.scope import Scope, scoped
from ronda.reports.adapters import storable
from ronda.reports.domain import FollowState, MoveRefused, receipt_code, receipt_digest
from ronda.reports.events import ContactAdded, ContactRevealed
from ronda.reports.models import FollowStep, Report, ReporterContact


def contact_add(*, message: UUID, name: str, phone: str, area: str, at: datetime) -> None:
    """Keep how to reach a reporter, apart from the report and filed under the regency. Repeating adds nothing."""
    if not (name.strip() or phone.strip()):
        return
    with scoped(Scope.system()):
        if ReporterContact.objects.filter(message=message).exists():
            return
        contact = ReporterContact(
            message=message,
            name=storable(name.strip(), "name", []),
            phone=storable(phone.strip(), "phone", []),
            area=_regency(area),
            sensitivity=3,
            agency="publik",
            created_at=at,
        )
        contact.save(force_insert=True)
        event = ContactAdded(
            subject=contact.id, area=contact.area, agency=contact.agency, sensitivity=contact.sensitivity
        )
        journal(event, at=at, by="")


def contact_reveal(*, report: UUID, reason: str, by: Scope, at: datetime) -> ReporterContact:
    """Read how to reach a reporter; the reading and its reason stand in the audit first."""
    if not reason.strip():
        raise MoveRefused(_("Tulis mengapa Anda perlu menghubungi pelapor."))
    with transaction.atomic():
        message = Report.objects.values_list("message", flat=True).get(pk=report)
        contact = ReporterContact.objects.get(message=message)
        event = ContactRevealed(
            subject=contact.id, area=contact.area, agency=by.agency, sensitivity=contact.sensitivity
        )
        journal(event, at=at, detail={"reason": reason})
        return contact


def follow_begin(reports: Iterable[Report]) -> None:
    """Let the reporters of new reports see that they came."""
    rows_add(
        FollowStep(
            digest=receipt_digest(receipt_code(report.message)),
            state=FollowState.RECEIVED,
            at=report.received_at,
            area=_regency(report.area),
            sensitivity=0,
            agency="publik",
            created_at=report.received_at,
        )
        for report in reports
    )


def follow_add(*, digests: Iterable[str], state: FollowState, area: str, at: datetime) -> None:
    """Let reporters see a state and a time under their receipt codes; filed under the regency, never nearer."""
    with scoped(Scope.system()):
        FollowStep.objects.bulk_create(
            FollowStep(
                digest=digest,
                state=state,
                at=at,
                area=_regency(area),
                sensitivity=0,
                agency="publik",
                created_at=at,
            )
            for digest in digests
        )


def _regency(area: str) -> str:
    return at_level(area, Level.REGENCY) if len(area) > 5 else area

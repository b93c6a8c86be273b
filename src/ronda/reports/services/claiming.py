"""Who has a report in hand. A claim belongs to the whole group, runs out by itself, and never stops a head."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ronda.agencies import selectors as agencies
from ronda.agencies.domain import Role, legal_date
from ronda.kernel.journal import journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.law.duty_desk import duty_desk_rules
from ronda.reports.domain import ClaimAct, MoveRefused, ReportState
from ronda.reports.events import ReportClaimed, ReportReleased
from ronda.reports.models import Report, ReportClaim
from ronda.reports.services.rows import decider, event_frame, locked, stamp
from ronda.web.localtime import local


def report_claim(*, report: UUID, by: Scope, at: datetime, note: str = "") -> ReportClaim:
    """Take a report and its group in hand for some minutes; again by the same person, the minutes begin anew.

    While somebody else has it, only a head may take over, and says why.
    """
    with transaction.atomic():
        lead = _lead(report)
        act = ClaimAct.CLAIMED
        if is_held_by_another(lead, by, at):
            _require_head(lead, by, at)
            if not note.strip():
                raise MoveRefused(_("Tulis mengapa Anda mengambil alih."))
            act = ClaimAct.TAKEN
        return _hold(lead, act, person_uuid(by.person), decider(by, at).get("by_name", ""), note, by, at)


def report_hand_on(*, report: UUID, to: UUID, by: Scope, at: datetime, note: str = "") -> ReportClaim:
    """Give what one has in hand to another post of the own agency on duty; its minutes begin anew."""
    with transaction.atomic():
        lead = _lead(report)
        _require_own(lead, by, at)
        posts = agencies.posts_on_duty(agency=by.agency, area=by.area, today=legal_date(at))
        post = posts.filter(pk=to).first()
        if post is None:
            raise MoveRefused(_("Pilih petugas yang sedang bertugas."))
        return _hold(lead, ClaimAct.HANDED, post.person_id, post.display_name, note, by, at)


def report_release(*, report: UUID, by: Scope, at: datetime) -> ReportClaim:
    """Let go of what one has in hand."""
    with transaction.atomic():
        lead = _lead(report)
        _require_own(lead, by, at)
        return _let_go(lead, by, at)


def claim_pass(report: Report, by: Scope, at: datetime) -> None:
    """Before a decision: refuses while somebody else has the report; a head decides all the same, and it is noted."""
    lead = Report.objects.filter(group=report.group, state=ReportState.NEW, is_lead=True).first()
    if lead is None or not is_held_by_another(lead, by, at):
        return
    _require_head(lead, by, at)
    note = str(_("Diputuskan langsung oleh pimpinan."))
    _hold(lead, ClaimAct.TAKEN, person_uuid(by.person), decider(by, at).get("by_name", ""), note, by, at)


def is_held_by_another(lead: Report, by: Scope, at: datetime) -> bool:
    """Whether a claim of somebody else still runs."""
    is_held = lead.claimed_by is not None and lead.claimed_until is not None and lead.claimed_until > at
    return is_held and lead.claimed_by != person_uuid(by.person)


def _lead(report: UUID) -> Report:
    """The report that stands for the group, locked."""
    row = locked(report)
    if row.state != ReportState.NEW:
        raise MoveRefused(_("Laporan ini sudah diputuskan."))
    return Report.objects.get(group=row.group, state=ReportState.NEW, is_lead=True)


def _require_own(lead: Report, by: Scope, at: datetime) -> None:
    person = person_uuid(by.person)
    if person is None or lead.claimed_by != person or lead.claimed_until is None or lead.claimed_until <= at:
        raise MoveRefused(_("Anda tidak sedang menangani laporan ini."))


def _require_head(lead: Report, by: Scope, at: datetime) -> None:
    if decider(by, at).get("by_role") == Role.HEAD:
        return
    assert lead.claimed_until is not None  # a claim that runs has an end
    until = local(lead.claimed_until, lead.area).strftime("%H.%M")
    words: Any = _("Sedang ditangani oleh %(name)s sampai %(until)s. Minta diserahkan, atau tunggu.")
    raise MoveRefused(words % {"name": lead.claimed_name or _("petugas lain"), "until": until})


def _hold(
    lead: Report, act: ClaimAct, holder: UUID | None, name: str, note: str, by: Scope, at: datetime
) -> ReportClaim:
    if holder is None:
        raise MoveRefused(_("Hanya orang yang masuk dengan namanya sendiri dapat mengambil laporan."))
    until = at + timedelta(minutes=duty_desk_rules().claim_minutes)
    claim = ReportClaim(
        act=act, holder=holder, holder_name=name, until=until, note=note, **stamp(lead, by, at)
    )
    claim.save(force_insert=True)
    lead.claimed_by, lead.claimed_name, lead.claimed_until = holder, name, until
    lead.save(update_fields=["claimed_by", "claimed_name", "claimed_until"])
    journal(ReportClaimed(act=act, **event_frame(lead)), at=at)
    return claim


def claims_open(person: UUID, *, at: datetime) -> list[Report]:
    """Reports that a person has in hand, each group once. Under the scope in force."""
    rows = Report.objects.filter(
        claimed_by=person, claimed_until__gt=at, state=ReportState.NEW, is_lead=True
    ).order_by("claimed_until")
    return list(rows)


def claims_hand(person: UUID, to: tuple[UUID, str] | None, *, by: Scope, at: datetime) -> int:
    """Pass everything that a leaver has in hand to another person, or let it go; returns how many groups."""
    with transaction.atomic():
        leads = [locked(row.pk) for row in claims_open(person, at=at)]
        for lead in leads:
            if to is None:
                _let_go(lead, by, at)
            else:
                note = str(_("Jabatan pemegang sebelumnya berakhir."))
                _hold(lead, ClaimAct.HANDED, to[0], to[1], note, by, at)
        return len(leads)


def _let_go(lead: Report, by: Scope, at: datetime) -> ReportClaim:
    claim = ReportClaim(act=ClaimAct.RELEASED, **stamp(lead, by, at))
    claim.save(force_insert=True)
    lead.claimed_by, lead.claimed_name, lead.claimed_until = None, "", None
    lead.save(update_fields=["claimed_by", "claimed_name", "claimed_until"])
    journal(ReportReleased(**event_frame(lead)), at=at)
    return claim

"""Ringing whoever should have answered: a line of the call list is taken by one clerk, who says what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ronda.agencies import selectors as agencies
from ronda.agencies.domain import legal_date
from ronda.kernel.journal import journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.law.checkins import checkin_rules
from ronda.readiness.domain import CallAct, CallRefused, CallState, call_state
from ronda.readiness.events import CallMarked
from ronda.readiness.models import SilenceCall
from ronda.web.localtime import local

STAFF_CLASS, CONTACT_CLASS = 2, 3


@dataclass(frozen=True, slots=True)
class CallOf:
    """A line of the call list: a village, or the post of an officer, and what was due."""

    election: str
    area: str
    subject: str
    occasion: str


def call_mark(*, call: CallOf, act: CallAct, by: Scope, at: datetime, note: str = "") -> SilenceCall:
    """Take a line, say what came of it, or let it go. CallRefused when another clerk has it, or the number may not be
    seen by this post. Marking the same twice leaves one mark."""
    person = person_uuid(by.person)
    if person is None or CONTACT_CLASS not in by.classes:
        raise CallRefused(_("Daftar telepon dikerjakan petugas piket atau pimpinan."))
    try:
        with transaction.atomic():
            last = last_mark(call, agency=by.agency)
            _refuse(last, act, person, at)
            if last is not None and _is_same(last, act, person, at):
                return last
            return _write(call, act, last, person, note, by, at)
    except IntegrityError:
        raise CallRefused(_("Rekan Anda baru saja mengambilnya. Pilih baris lain.")) from None


def last_mark(call: CallOf, *, agency: str) -> SilenceCall | None:
    """The mark that counts."""
    rows = SilenceCall.objects.filter(
        election=call.election, agency=agency, subject=call.subject, occasion=call.occasion
    )
    return rows.order_by("-number").first()


def _refuse(last: SilenceCall | None, act: CallAct, person: UUID, at: datetime) -> None:
    is_held = last is not None and state_of(last, at) == CallState.HELD
    if is_held and last is not None and last.by != person:
        until = local(last.until or at, last.area).strftime("%H.%M")
        raise CallRefused(
            _("%(name)s sedang menelepon, sampai %(until)s. Pilih baris lain.")
            % {"name": last.by_name or _("Petugas lain"), "until": until}
        )
    if act in (CallAct.ANSWERED, CallAct.UNANSWERED, CallAct.RELEASED) and last is None:
        raise CallRefused(_("Ambil dahulu baris ini, lalu catat hasilnya."))


def _is_same(last: SilenceCall, act: CallAct, person: UUID, at: datetime) -> bool:
    if last.act != act or last.by != person:
        return False
    return act != CallAct.TAKEN or state_of(last, at) == CallState.HELD


def state_of(mark: SilenceCall, at: datetime) -> CallState:
    """Where a line stands after this mark."""
    again = timedelta(minutes=checkin_rules().silence.again_minutes)
    return call_state(mark.act, until=mark.until, marked_at=mark.at, at=at, again=again)


def _write(
    call: CallOf, act: CallAct, last: SilenceCall | None, person: UUID, note: str, by: Scope, at: datetime
) -> SilenceCall:
    post = agencies.post_acting(by, today=legal_date(at))
    minutes = checkin_rules().silence.call_minutes
    mark = SilenceCall(
        area=call.area,
        sensitivity=STAFF_CLASS,
        agency=by.agency,
        created_at=at,
        election=call.election,
        subject=call.subject,
        occasion=call.occasion,
        number=last.number + 1 if last else 1,
        act=act,
        until=at + timedelta(minutes=minutes) if act == CallAct.TAKEN else None,
        note=note.strip()[:200],
        by=person,
        by_name=post.display_name if post else "",
        at=at,
    )
    mark.save(force_insert=True)
    event = CallMarked(
        subject=mark.pk,
        area=call.area,
        agency=by.agency,
        sensitivity=STAFF_CLASS,
        act=act,
        occasion=call.occasion,
    )
    journal(event, at=at, detail={"subject": call.subject})
    return mark

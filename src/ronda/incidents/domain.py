"""States and moves of incidents, hand-overs and actions, and who may make them. No queries, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ronda.kernel.areas import within
from ronda.reports.domain import MoveRefused


class IncidentState(TextChoices):
    OPEN = "open", _("Terverifikasi, menunggu penanganan")
    HANDED = "handed", _("Diserahkan, menunggu jawaban")
    HANDLING = "handling", _("Ditangani")
    DONE = "done", _("Selesai dikerjakan, menunggu pemeriksaan orang kedua")
    CLOSED = "closed", _("Ditutup dengan bukti")


class IncidentAct(StrEnum):
    HAND_OVER = "hand_over"
    ANSWER_YES = "answer_yes"
    ANSWER_NO = "answer_no"
    START = "start"
    GIVE_BACK = "give_back"
    FINISH = "finish"
    SEND_BACK = "send_back"
    CLOSE = "close"
    REOPEN = "reopen"


S, A = IncidentState, IncidentAct
INCIDENT_MOVES: Mapping[IncidentState, Mapping[IncidentAct, IncidentState]] = {
    S.OPEN: {A.START: S.HANDLING, A.HAND_OVER: S.HANDED, A.FINISH: S.DONE},
    S.HANDED: {A.ANSWER_YES: S.HANDLING, A.ANSWER_NO: S.OPEN},
    S.HANDLING: {A.HAND_OVER: S.HANDED, A.GIVE_BACK: S.OPEN, A.FINISH: S.DONE},
    S.DONE: {A.CLOSE: S.CLOSED, A.SEND_BACK: S.HANDLING},
    S.CLOSED: {A.REOPEN: S.HANDLING},
}
ACTIVE = (S.OPEN, S.HANDED, S.HANDLING, S.DONE)


class HandoverState(TextChoices):
    SENT = "sent", _("Terkirim, belum diterima")
    RECEIVED = "received", _("Sampai, belum dijawab")
    ACCEPTED = "accepted", _("Diterima")
    REFUSED = "refused", _("Ditolak dengan alasan")
    RETURNED = "returned", _("Dikembalikan")
    WITHDRAWN = "withdrawn", _("Ditarik pengirim")


H = HandoverState
HANDOVER_MOVES: Mapping[HandoverState, frozenset[HandoverState]] = {
    H.SENT: frozenset({H.RECEIVED, H.ACCEPTED, H.REFUSED, H.WITHDRAWN}),
    H.RECEIVED: frozenset({H.ACCEPTED, H.REFUSED, H.WITHDRAWN}),
    H.ACCEPTED: frozenset({H.RETURNED}),
    H.REFUSED: frozenset(),
    H.RETURNED: frozenset(),
    H.WITHDRAWN: frozenset(),
}
UNANSWERED = (H.SENT, H.RECEIVED)
NEEDS_REASON = frozenset({H.REFUSED, H.RETURNED, H.WITHDRAWN})


class ActionState(TextChoices):
    OPEN = "open", _("Harus dikerjakan")
    DONE = "done", _("Dikerjakan")
    CANCELLED = "cancelled", _("Dibatalkan dengan alasan")


ACTION_MOVES: Mapping[ActionState, frozenset[ActionState]] = {
    ActionState.OPEN: frozenset({ActionState.DONE, ActionState.CANCELLED}),
    ActionState.DONE: frozenset({ActionState.OPEN}),
    ActionState.CANCELLED: frozenset({ActionState.OPEN}),
}


class EntryKind(TextChoices):
    """Lines of the timeline that are neither a hand-over step nor an action step."""

    OPENED = "opened", _("Kejadian dibuka")
    NOTE = "note", _("Perkembangan")
    STARTED = "started", _("Mulai ditangani")
    FINISHED = "finished", _("Selesai dikerjakan, bukti diajukan")
    SENT_BACK = "sent_back", _("Bukti belum cukup, dikerjakan lagi")
    CLOSED = "closed", _("Ditutup oleh orang kedua")
    REOPENED = "reopened", _("Dibuka kembali")
    ASKED = "asked", _("Diminta diserahkan")
    ESCALATED = "escalated", _("Lewat waktu, dinaikkan")
    LINKED = "linked", _("Laporan disatukan ke kejadian ini")
    UNLINKED = "unlinked", _("Laporan dipisahkan dari kejadian ini")
    RELATED = "related", _("Dihubungkan dengan kejadian lain")
    UNRELATED = "unrelated", _("Hubungan dengan kejadian lain dilepas")


class EvidenceKind(TextChoices):
    FILE = "file", _("Foto atau PDF")
    REPORT = "report", _("Laporan yang sudah masuk")
    DOCUMENT = "document", _("Surat atau berita acara bernomor")


PROOF_CLASS = 3  # evidence: read by duty officers and heads, never without a line in the audit
MAX_PROOF_BYTES = 20 * 1024 * 1024
PROOF_TYPES: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
}
_BEGINNINGS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
HEAD_BYTES = 16


def proof_type(head: bytes, size: int) -> str:
    """The type of a file that may be proof, by its first bytes, never by its name; MoveRefused says what is wrong."""
    if size > MAX_PROOF_BYTES:
        limit, came = MAX_PROOF_BYTES // 2**20, -(-size // 2**20)
        raise MoveRefused(
            _("Berkas ini %(came)d MB, paling besar %(limit)d MB. Kirim foto yang lebih kecil.")
            % {"came": came, "limit": limit}
        )
    found = next((kind for start, kind in _BEGINNINGS.items() if head.startswith(start)), None)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        found = "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        found = "image/heic"
    if found is None:
        raise MoveRefused(
            _("Isi berkas ini bukan foto JPEG, PNG, WEBP, HEIC atau PDF. Pilih foto atau PDF yang asli.")
        )
    return found


def proof_is_open_to(evidence_kind: str, classes: Iterable[int]) -> bool:
    """Whether somebody with these data classes may look at a proof, and so judge it."""
    return evidence_kind != EvidenceKind.FILE or PROOF_CLASS in set(classes)


def incident_move(state: str, act: IncidentAct) -> IncidentState:
    """The state after an act; MoveRefused when the table does not know the move."""
    try:
        return INCIDENT_MOVES[IncidentState(state)][act]
    except KeyError:
        raise MoveRefused(
            _("Kejadian ini sekarang “%(state)s”, jadi langkah itu tidak mungkin.")
            % {"state": IncidentState(state).label}
        ) from None


def handover_move(state: str, to: HandoverState, *, reason: str = "") -> HandoverState:
    """The state after an answer; refusing, returning and withdrawing need a reason."""
    if to not in HANDOVER_MOVES[HandoverState(state)]:
        raise MoveRefused(
            _("Serah terima ini sudah “%(state)s” dan tidak dapat menjadi “%(to)s”.")
            % {"state": HandoverState(state).label, "to": to.label}
        )
    if to in NEEDS_REASON and not reason.strip():
        raise MoveRefused(_("Tulis alasannya, supaya pihak lain tahu apa yang harus dilakukan."))
    return to


def action_move(state: str, to: ActionState, *, note: str = "") -> ActionState:
    """The state after a step of an action; each step says in a note what was done or why."""
    if to not in ACTION_MOVES[ActionState(state)]:
        raise MoveRefused(
            _("Tindakan ini sudah “%(state)s” dan tidak dapat menjadi “%(to)s”.")
            % {"state": ActionState(state).label, "to": to.label}
        )
    if not note.strip():
        raise MoveRefused(_("Tulis apa yang dikerjakan atau alasannya."))
    return to


def require_second_person(person: str, doers: Iterable[str]) -> None:
    """Closing needs a known person who is not among those who did the work."""
    if not person:
        raise MoveRefused(_("Hanya orang yang masuk dengan namanya sendiri dapat menutup kejadian."))
    if person in set(doers):
        raise MoveRefused(
            _("Anda ikut mengerjakan ini. Orang lain yang harus memeriksa buktinya dan menutup.")
        )


class NotYourDesk(MoveRefused):
    """The act belongs to another desk; the text says whose."""


def due_after(at: datetime, hours: int) -> datetime:
    """When the next act is due once the matter lies with somebody: hours of the clock, as the kind states."""
    if hours < 1:
        raise ValueError(f"hours must be at least 1, got {hours}")
    return at + timedelta(hours=hours)


def escalations_due(due_at: datetime, at: datetime, hours: int) -> int:
    """How many levels an overdue matter has to have gone up by now: one as the time passes, one more each time as long
    again as the kind gives to an act."""
    if at < due_at:
        return 0
    return 1 + int((at - due_at) / timedelta(hours=hours))


@dataclass(frozen=True)
class Desk:
    """An agency's unit that holds, sends or receives: agency code and the area it answers for."""

    agency: str
    area: str

    def is_served_by(self, *, agency: str, area: str) -> bool:
        """Whether a post of `agency` over `area` may act for this desk: the unit itself or one above it."""
        return agency == self.agency and within(self.area, area)


def incident_label(number: int) -> str:
    """The number as people say it: K-0147."""
    return f"K-{number:04d}"


@dataclass(frozen=True)
class Likeness:
    """Why two things may be the same event: each reason can be checked by the reader. No author, no text."""

    same_station: bool
    apart: timedelta

    @property
    def rank(self) -> tuple[bool, float]:
        """Sorts the likeliest first."""
        return (not self.same_station, self.apart.total_seconds())

    @property
    def apart_minutes(self) -> int:
        return round(self.apart.total_seconds() / 60)


@dataclass(frozen=True)
class Happening:
    """Place and time of a report or an incident: village, polling station if known, instant."""

    village: str
    station: str
    at: datetime


def happening_of(area: str, station: str, happened_at: datetime | None, received_at: datetime) -> Happening:
    """Where and when something lies: its stated time, else when it was received; no village, no likeness."""
    return Happening(area if len(area) == 13 else "", station, happened_at or received_at)


SAME_WITHIN = timedelta(hours=6)


def likeness(one: Happening, other: Happening) -> Likeness | None:
    """How alike two happenings are; None unless they lie in one village and within six hours."""
    apart = abs(one.at - other.at)
    if not one.village or one.village != other.village or apart > SAME_WITHIN:
        return None
    return Likeness(same_station=bool(one.station) and one.station == other.station, apart=apart)


@dataclass(frozen=True)
class Standing:
    """How a person stands to an incident: the desks they act for, whether they did the work and may see its proof."""

    is_holder: bool
    is_receiver: bool
    is_sender: bool
    is_checker: bool
    is_doer: bool
    can_look: bool = True


def acts_open_to(
    standing: Standing, *, state: str, handover: str | None, can_return: bool, has_open_action: bool
) -> frozenset[str]:
    """The acts that this person may do now; `handover` is the state of the hand-over that waits, if any."""
    acts = {"note"} if state != S.CLOSED else set()
    if standing.is_receiver and handover in UNANSWERED:
        acts |= {"accept", "refuse"} | ({"receive"} if handover == H.SENT else set())
    if standing.is_sender and handover in UNANSWERED:
        acts.add("withdraw")
    if not standing.is_holder and not standing.is_receiver and state in (S.OPEN, S.HANDLING):
        acts.add("ask")
    if standing.is_holder:
        acts |= _holder_acts(state, can_return=can_return, has_open_action=has_open_action)
    if standing.is_checker and state == S.DONE and standing.can_look and not standing.is_doer:
        acts |= {"close", "send_back"}
    if standing.is_checker and state == S.CLOSED:
        acts.add("reopen")
    return frozenset(acts)


def _holder_acts(state: str, *, can_return: bool, has_open_action: bool) -> set[str]:
    if state not in (S.OPEN, S.HANDLING):
        return set()
    acts = {"hand_over", "assign"}
    if state == S.OPEN:
        acts.add("start")
    if state == S.HANDLING and can_return:
        acts.add("give_back")
    if not has_open_action:
        acts.add("finish")
    return acts

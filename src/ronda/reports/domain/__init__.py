"""States of a report, its order in the inbox, its receipt code. No queries, no clock."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportState(TextChoices):
    NEW = "new", _("Baru, menunggu diperiksa")
    VERIFIED = "verified", _("Terverifikasi, menjadi bagian kejadian")
    REJECTED = "rejected", _("Ditolak dengan alasan")


class ReportSource(TextChoices):
    OFFICER = "officer", _("Petugas")
    PUBLIC = "public", _("Warga")
    WITNESS = "witness", _("Saksi peserta")
    OBSERVER = "observer", _("Pemantau")
    MACHINE = "machine", _("Pemeriksaan otomatis")


class Verdict(TextChoices):
    VERIFIED = "verified", _("Dinyatakan terverifikasi")
    REJECTED = "rejected", _("Ditolak")
    RETURNED = "returned", _("Dikembalikan ke kotak masuk")


class SourceCheck(TextChoices):
    """How the duty officer made sure; the report page shows it in these words."""

    SEEN = "seen", _("Petugas melihat sendiri di tempat")
    TWO_SOURCES = "two_sources", _("Dua sumber yang tidak saling kenal")
    DOCUMENT = "document", _("Foto atau dokumen diperiksa")
    CALLED = (
        "called",
        _("Pelapor atau petugas setempat dihubungi"),
    )  # of earlier days: a call alone proves nothing


# What makes a report verified. Being visible is not, nor is a call to whoever wrote it.
VERIFIES = (SourceCheck.SEEN, SourceCheck.TWO_SOURCES, SourceCheck.DOCUMENT)


class Standing(TextChoices):
    """What a report is in law (law/report_standings.yaml)."""

    INFO = "info", _("Informasi awal")
    LAPORAN = "laporan", _("Laporan resmi")
    TEMUAN = "temuan", _("Temuan")


PHOTO_CLASS = 3  # faces stand on what people photograph


class GroupingAct(TextChoices):
    PROPOSED = "proposed", _("Diduga kejadian yang sama")
    MERGED = "merged", _("Disatukan")
    SPLIT = "split", _("Dipisahkan")


class ClaimAct(TextChoices):
    CLAIMED = "claimed", _("Diambil")
    HANDED = "handed", _("Diserahkan")
    RELEASED = "released", _("Dilepas")
    TAKEN = "taken", _("Diambil alih")


class RejectReason(TextChoices):
    NOT_ELECTION = "not_election", _("Bukan soal pemilihan")
    NOT_HAPPENED = "not_happened", _("Diperiksa dan tidak terjadi")
    NO_CONTENT = "no_content", _("Tidak cukup keterangan untuk diperiksa")
    DUPLICATE = "duplicate", _("Sama dengan laporan lain dari pengirim yang sama")
    TRIAL = "trial", _("Uji coba atau salah kirim")


class FollowState(TextChoices):
    """What a reporter sees with the receipt code: a state and a time, nothing else."""

    RECEIVED = "received", _("Laporan Anda diterima dan tersimpan")
    VERIFIED = "verified", _("Laporan Anda sudah diperiksa dan ditindaklanjuti")
    REJECTED = "rejected", _("Laporan Anda sudah diperiksa dan tidak ditindaklanjuti")
    RETURNED = "returned", _("Laporan Anda diperiksa kembali")
    HANDED = "handed", _("Diserahkan kepada lembaga yang berwenang")
    ACCEPTED = "accepted", _("Lembaga yang berwenang menerima penanganan")
    BACK = "back", _("Kembali ke pengawas untuk diteruskan ke lembaga lain")
    KEPT = "kept", _("Tetap ditangani lembaga sebelumnya")
    CLOSED = "closed", _("Penanganan selesai dengan bukti")
    REOPENED = "reopened", _("Penanganan dibuka kembali")
    CONTESTED = "contested", _("Anda meminta diperiksa sekali lagi")


CONTESTABLE = frozenset({FollowState.CLOSED, FollowState.REJECTED})


def may_contest(states: Sequence[str]) -> bool:
    """Whether a reporter may ask to look again: once, after it was closed or rejected. `states` are in order."""
    return bool(states) and states[-1] in CONTESTABLE and FollowState.CONTESTED not in states


# Roles of the supervisor whose posts decide about reports.
DECIDING_ROLES = frozenset({"duty", "head"})

REPORT_MOVES: Mapping[ReportState, Mapping[Verdict, ReportState]] = {
    ReportState.NEW: {
        Verdict.VERIFIED: ReportState.VERIFIED,
        Verdict.REJECTED: ReportState.REJECTED,
    },
    ReportState.VERIFIED: {Verdict.RETURNED: ReportState.NEW},
    ReportState.REJECTED: {Verdict.RETURNED: ReportState.NEW},
}


class MoveRefused(ValueError):
    """The change is not in the transition table, or its condition does not hold; the text is for people."""


class AlreadyDecided(MoveRefused):
    """Somebody has decided about the report in the meantime."""


def report_move(state: ReportState, verdict: Verdict) -> ReportState:
    """The state after a verdict; MoveRefused when the table does not know the move."""
    try:
        return REPORT_MOVES[state][verdict]
    except KeyError:
        refused = MoveRefused if verdict == Verdict.RETURNED else AlreadyDecided
        raise refused(
            _("Laporan ini sekarang “%(state)s”; langkah “%(act)s” tidak mungkin.")
            % {"state": ReportState(state).label, "act": Verdict(verdict).label}
        ) from None


FUTURE_TOLERANCE = timedelta(minutes=10)
ONGOING_WITHIN = timedelta(hours=1)
TEXT_MAX = 8000


def severity_of(act_within_hours: int | None) -> int:
    """1 to 3 by how soon the kind of incident must be acted on; 2 when the sender named no kind we know."""
    if act_within_hours is None:
        return 2
    return 3 if act_within_hours <= 2 else 2 if act_within_hours <= 12 else 1


# Duty practice, not law: how soon a person should have looked at a report.
CHECK_WITHIN_H = {3: 1, 2: 4, 1: 12}


def check_due(received_at: datetime, *, severity: int, is_danger: bool) -> datetime:
    """When a report should have been checked."""
    return received_at + timedelta(hours=1 if is_danger else CHECK_WITHIN_H[severity])


def is_ongoing(happened_at: datetime | None, received_at: datetime) -> bool:
    """Whether it was sent while it was going on or just after; unknown time counts as not."""
    return happened_at is not None and abs(received_at - happened_at) <= ONGOING_WITHIN


def is_future(at: datetime, received_at: datetime) -> bool:
    """Whether a stated time lies ahead of the node's clock by more than clocks usually differ."""
    return at > received_at + FUTURE_TOLERANCE


def finding_message(key: str, since: datetime) -> UUID:
    """The id of the machine's report of a finding: always the same for the same finding, in the form of a UUIDv7."""
    digest = int.from_bytes(hashlib.sha256(f"ronda finding\n{key}".encode()).digest()[:10])
    stamp = int(since.timestamp() * 1000)
    value = stamp << 80 | 0x7 << 76 | (digest >> 68 & 0xFFF) << 64 | 0b10 << 62 | digest & (1 << 62) - 1
    return UUID(int=value)


CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def receipt_code(message: UUID) -> str:
    """The 12-character code a reporter keeps, 60 bits made from the message's own id, as XXXX-XXXX-XXXX.

    A phone can show it before there is a connection, and sending twice gives the same code.
    """
    number = int.from_bytes(hashlib.sha256(b"ronda receipt code\n" + message.bytes).digest()[:8])
    letters = "".join(CODE_ALPHABET[number >> shift & 31] for shift in range(59, -1, -5))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def receipt_digest(code: str) -> str:
    """What is stored instead of the code; forgives case, blanks, dashes and letters that look alike."""
    plain = "".join(c for c in code.upper().translate(_READ_AS) if c in CODE_ALPHABET)
    return hashlib.sha256(b"ronda receipt\n" + plain.encode()).hexdigest()

"""Who may send, what a message is, and what can become of it. No queries, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MAX_MESSAGE_BYTES = 256 * 1024
MAX_BATCH_BYTES = 8 * 1024 * 1024
MAX_BATCH_LINES = 1_000
MAX_FILE_BYTES = 64 * 1024 * 1024
FILE_PATIENCE = timedelta(minutes=10)
CLOCK_TOLERANCE = timedelta(minutes=2)
PLACE_AGAIN = timedelta(minutes=10)  # so often the register is asked again about a place it did not know
PLACING_ROLES = ("duty", "head")
PUBLIC_PER_MINUTE = 30
MAX_TRIES = 5
PUBLIC = "publik"
ALL_KINDS = ("*",)

# Police and military do not record or hand in vote counts (STR/404/VI/OPS.1.3/2018 of 22 June 2018).
KINDS_OF = {
    "polri": ("report", "checkin", "custody", "followup", "attendance", "sealed"),
    "tni": ("report", "checkin", "custody", "followup", "attendance", "sealed"),
    PUBLIC: ("report",),
}


KIND_WORDS = {
    "report": _("Laporan lapangan"),
    "sheet": _("Salinan hasil TPS"),
    "recap": _("Rekapitulasi"),
    "reading": _("Bacaan mesin atas foto formulir"),
    "checkin": _("Kabar kesiapan"),
    "custody": _("Serah terima barang"),
    "import": _("Impor berkas hasil"),
    "followup": _("Tindak lanjut kejadian"),
    "attendance": _("Hadir di acara"),
    "sealed": _("Kiriman bersegel dari telepon"),
}


class OutcomeState(TextChoices):
    DONE = "done", _("Diteruskan ke bagian yang berwenang")
    HELD = "held", _("Ditahan, menunggu keputusan petugas")
    OPEN = "open", _("Dilepas, menunggu diteruskan")
    FAILED = "failed", _("Disisihkan karena galat")
    ASIDE = "aside", _("Disisihkan: tidak dapat ditempatkan")


class HeldReason(TextChoices):
    KIND = "kind", _("Jenis pesan belum dikenal di sini")
    QUOTA = "quota", _("Terlalu banyak kiriman publik dari wilayah ini dalam satu menit")
    PLACE = "place", _("Tempatnya tidak ada dalam daftar atau tidak terbaca")


class Verdict(TextChoices):
    PLACED = "placed", _("Ditempatkan")
    UNPLACEABLE = "unplaceable", _("Tidak dapat ditempatkan")


TRANSITIONS: dict[OutcomeState, tuple[OutcomeState, ...]] = {
    OutcomeState.HELD: (OutcomeState.OPEN, OutcomeState.DONE, OutcomeState.FAILED, OutcomeState.ASIDE),
    OutcomeState.OPEN: (OutcomeState.DONE, OutcomeState.FAILED, OutcomeState.HELD),
    OutcomeState.FAILED: (OutcomeState.OPEN,),
    OutcomeState.ASIDE: (OutcomeState.OPEN,),
    OutcomeState.DONE: (),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """Who sends: an agency in an area, through a device or as a person, and which kinds of message."""

    agency: str
    kind: str
    area: str = ""
    device: UUID | None = None
    person: UUID | None = None
    kinds: tuple[str, ...] = ALL_KINDS

    @classmethod
    def public(cls, area: str = "") -> "Grant":
        """Anyone, without an account."""
        return cls(PUBLIC, PUBLIC, area, kinds=KINDS_OF[PUBLIC])

    def may_send(self, kind: str) -> bool:
        """Both the grant and the law of its agency must allow the kind."""
        return all(kinds == ALL_KINDS or kind in kinds for kinds in (self.kinds, kinds_of(self.kind)))


def kind_words(kind: str) -> str:
    """A kind of message as people say it; one that is not known here, as it came."""
    return str(KIND_WORDS.get(kind, kind))


def kinds_of(agency_kind: str) -> tuple[str, ...]:
    """Kinds of message that an agency of this kind may send."""
    return KINDS_OF.get(agency_kind, ALL_KINDS)


@dataclass(frozen=True, slots=True)
class Message:
    """An accepted message as the context that owns its kind gets it."""

    id: UUID
    n: int
    kind: str
    election: str
    place: str
    station: int | str | None
    captured_at: datetime
    received_at: datetime
    is_ahead: bool
    body: dict[str, Any]
    files: tuple[dict[str, Any], ...]
    missing_files: tuple[str, ...]
    area: str
    agency: str
    sender_kind: str
    sender_area: str
    device: UUID | None
    person: UUID | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message belongs: an area of the register, and a polling station in it if it speaks of one."""

    area: str
    station: int | None = None


class MoveRefused(ValueError):
    """The step is not possible now; the sentence is for the person who asked."""

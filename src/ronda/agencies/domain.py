"""Words and pure decisions about agencies, posts, invitations and sessions."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ronda.kernel.areas import within

# Where a session keeps the post chosen and the post seen as.
POST_KEY, VIEW_AS_KEY = "post", "view_as"


class AgencyKind(TextChoices):
    """What an agency is in the election; the mandates are given by kind."""

    BAWASLU = "bawaslu", _("Pengawas pemilu")
    KPU = "kpu", _("Penyelenggara pemilu")
    POLRI = "polri", _("Kepolisian")
    TNI = "tni", _("TNI")
    KEJAKSAAN = "kejaksaan", _("Kejaksaan")
    KESBANGPOL = "kesbangpol", _("Kesatuan bangsa dan politik")
    SATPOLPP = "satpolpp", _("Satpol PP dan Linmas")
    BPBD = "bpbd", _("Penanggulangan bencana")
    KOMINFO = "kominfo", _("Komunikasi dan informatika")
    PARTAI = "partai", _("Peserta pemilu")
    PEMANTAU = "pemantau", _("Pemantau")
    PUBLIK = "publik", _("Publik")


class Role(TextChoices):
    """What a person does in a unit."""

    OFFICER = "officer", _("Petugas lapangan")
    DUTY = "duty", _("Piket")
    HEAD = "head", _("Pimpinan unit")
    ADMIN = "admin", _("Pengelola unit")
    CUSTODIAN = "custodian", _("Pemegang kunci")
    WITNESS = "witness", _("Saksi")
    OBSERVER = "observer", _("Pemantau")


# Who may invite, and end, whom. An empty set: nobody.
APPOINTS: dict[str, frozenset[str]] = {
    Role.ADMIN: frozenset(Role.values),
    Role.HEAD: frozenset({Role.OFFICER, Role.DUTY, Role.WITNESS, Role.OBSERVER}),
}

# Roles whose sessions are short because a stolen one does most harm.
GUARDED_ROLES = frozenset({Role.ADMIN, Role.CUSTODIAN})

# Posts begin and end on legal days; these are counted in the capital's time.
LEGAL_ZONE = ZoneInfo("Asia/Jakarta")

STEP_UP = timedelta(minutes=5)
INVITATION_LIFE = timedelta(days=7)


class InvitationState(TextChoices):
    OPEN = "open", _("Menunggu diterima")
    USED = "used", _("Sudah diterima")
    EXPIRED = "expired", _("Lewat waktu")
    REVOKED = "revoked", _("Dibatalkan")


class PostState(TextChoices):
    COMING = "coming", _("Belum mulai")
    HELD = "held", _("Menjabat")
    ENDED = "ended", _("Berakhir")


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lives without activity, and at all."""

    idle: timedelta
    absolute: timedelta


OFFICER_LIMITS = SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
GUARDED_LIMITS = SessionLimits(idle=timedelta(minutes=15), absolute=timedelta(hours=4))


def legal_date(at: datetime) -> date:
    """The legal day of an instant."""
    return at.astimezone(LEGAL_ZONE).date()


def session_limits(role: str | None) -> SessionLimits:
    """The limits of a session by the role it acts in."""
    return GUARDED_LIMITS if role in GUARDED_ROLES else OFFICER_LIMITS


def session_is_over(limits: SessionLimits, *, started_s: float, seen_s: float, now_s: float) -> bool:
    """Whether a session has ended, by its start and last activity in Unix seconds."""
    idle = now_s - seen_s > limits.idle.total_seconds()
    return idle or now_s - started_s > limits.absolute.total_seconds()


def post_state(starts_on: date, ends_on: date | None, today: date) -> PostState:
    """Where a post stands on a day; it is held on its last day only when that day lies ahead."""
    if ends_on is not None and today >= ends_on:
        return PostState.ENDED
    return PostState.COMING if today < starts_on else PostState.HELD


def invitation_state(
    *, used_at: datetime | None, revoked_at: datetime | None, expires_at: datetime, at: datetime
) -> InvitationState:
    """Where an invitation stands at an instant."""
    if used_at is not None:
        return InvitationState.USED
    if revoked_at is not None:
        return InvitationState.REVOKED
    return InvitationState.EXPIRED if at >= expires_at else InvitationState.OPEN


def may_appoint(*, role: str, agency: str, area: str, to_role: str, to_agency: str, to_area: str) -> bool:
    """Whether a post may give, or end, a post of another role: same agency, own area or below, a role it appoints."""
    allowed = APPOINTS.get(role, frozenset())
    return to_role in allowed and to_agency == agency and within(to_area, area)


# Posts that may be covered: keys and administration are given by an appointment or not at all.
COVERED_ROLES = frozenset({Role.OFFICER, Role.DUTY, Role.HEAD, Role.WITNESS, Role.OBSERVER})
COVER_LONGEST = timedelta(days=31)


class CoverState(TextChoices):
    COMING = "coming", _("Akan datang")
    RUNNING = "running", _("Sedang berjalan")
    OVER = "over", _("Selesai")


def cover_state(
    starts_at: datetime, ends_at: datetime, ended_at: datetime | None, at: datetime
) -> CoverState:
    """Where a cover stands at an instant."""
    if ended_at is not None or at >= ends_at:
        return CoverState.OVER
    return CoverState.COMING if at < starts_at else CoverState.RUNNING


class CoverRefused(Exception):
    """A cover that cannot be; the text is for people."""


class NotAllowed(Exception):
    """The acting post may not do this; unknown and forbidden look the same to it."""


class NumberTaken(Exception):
    """Another device in force sends text messages from this telephone number."""


def phone_normal(number: str) -> str:
    """A telephone number as +62...; empty where it is none. Numbers without a country are those of Indonesia."""
    plain = re.sub(r"[\s().-]", "", number.strip())
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    elif plain.startswith("0"):
        plain = f"+62{plain[1:]}"
    elif plain.startswith(("62", "8")):
        plain = f"+{plain}" if plain.startswith("62") else f"+62{plain}"
    return plain if re.fullmatch(r"\+[1-9]\d{6,14}", plain, re.ASCII) else ""


class InvitationRefused(Exception):
    """An invitation that cannot be accepted; the text is for the person who holds the link."""

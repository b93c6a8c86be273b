"""Local time of a place: WIB, WITA or WIT by province, in words a duty officer reads at a glance."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WIB, WITA, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")
_NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
# Keppres 41/1987, with the provinces founded since: those not named here keep western time.
_CENTRAL = frozenset(["51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"])
_EASTERN = frozenset(["81", "82", "91", "92", "93", "94", "95", "96"])

_DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def zone_of(area: str) -> ZoneInfo:
    """The zone of an area code (or of a 13-digit station code); western time where none is known."""
    province = (area or "")[:2]
    if province in _CENTRAL:
        return WITA
    return WIT if province in _EASTERN else WIB


def zone_name(area: str) -> str:
    return _NAMES[zone_of(area).key]


def local(at: datetime, area: str) -> datetime:
    """The instant on the clocks of that place."""
    return at.astimezone(zone_of(area))


def _language() -> str:
    return "en" if (translation.get_language() or "id").startswith("en") else "id"


def clock_words(at: datetime, area: str, *, zone: bool = True) -> str:
    """15.40 WITA."""
    mark = ":" if _language() == "en" else "."
    text = local(at, area).strftime(f"%H{mark}%M")
    return f"{text} {zone_name(area)}" if zone else text


def day_words(day: date, *, short: bool = False, year: bool = True) -> str:
    """Rabu, 14 Februari 2024; short: Rab 14 Feb 2024."""
    language = _language()
    name, month = _DAYS[language][day.weekday()], _MONTHS[language][day.month - 1]
    tail = f" {day.year}" if year else ""
    if short:
        return f"{name[:3]} {day.day} {month[:3]}{tail}"
    return f"{name}, {day.day} {month}{tail}"


def moment_words(at: datetime, area: str, now: datetime) -> str:
    """The clock alone today, the day before it otherwise: 15.40 WITA; Sel 13 Feb, 15.40 WITA."""
    here, today = local(at, area).date(), local(now, area).date()
    text = clock_words(at, area)
    if here == today:
        return text
    return f"{day_words(here, short=True, year=here.year != today.year)}, {text}"


def span_words(span: timedelta) -> str:
    """A length of time in at most two units: 48 menit; 1 jam 18 menit; 3 hari 4 jam."""
    minutes = int(abs(span).total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(n)d hari", "%(n)d hari", days) % {"n": days})
    if hours and days < 7:
        parts.append(ngettext("%(n)d jam", "%(n)d jam", hours) % {"n": hours})
    if not days and (minutes or not hours):
        parts.append(ngettext("%(n)d menit", "%(n)d menit", minutes) % {"n": minutes})
    return " ".join(parts[:2])


def relative_words(at: datetime, now: datetime) -> str:
    """2 jam lagi; 22 menit lalu; baru saja."""
    span = at - now
    if abs(span) < timedelta(minutes=1):
        return _("baru saja") if span <= timedelta(0) else _("sebentar lagi")
    template = _("%(span)s lagi") if span > timedelta(0) else _("%(span)s lalu")
    return template % {"span": span_words(_rounded(span))}


def left_words(due_at: datetime, now: datetime) -> str:
    """What is left of a clock: sisa 48 menit; lewat 22 menit."""
    span = due_at - now
    template = _("sisa %(span)s") if span > timedelta(0) else _("lewat %(span)s")
    return template % {"span": span_words(span)}


def share_used(started_at: datetime | None, due_at: datetime, now: datetime) -> float:
    """Share of the clock that is used up, 0 to 1; 1 when it has run out."""
    if now >= due_at:
        return 1.0
    if started_at is None or started_at >= due_at:
        return 0.0
    return min(1.0, max(0.0, (now - started_at) / (due_at - started_at)))


def aware(at: datetime) -> datetime:
    """The same instant; a naive time is taken as UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _rounded(span: timedelta) -> timedelta:
    """Past an hour, minutes say nothing in a relative time of more than six hours."""
    hours = abs(span).total_seconds() / 3600
    if hours < 6:
        return span
    whole = timedelta(hours=int(hours)) if hours < 48 else timedelta(days=int(hours // 24))
    return whole if span > timedelta(0) else -whole

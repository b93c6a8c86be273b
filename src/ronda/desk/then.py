"""A past moment in words: which one is asked for, and the counters of then, each a way to its list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import Http404
from django.utils.translation import gettext as _

from ronda.desk.domain import STEP, Figure, instant_of
from ronda.desk.links import list_page
from ronda.desk.rights import may_read
from ronda.desk.selectors import Picture, kinds_picked
from ronda.incidents.selectors.history import opened_between
from ronda.web.localtime import clock_words, day_words, local, zone_of
from ronda.web.numbers import number_words, percent_words

LAST_MINUTE = 24 * 60 - 1


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant of a legal day, and the ways to those around it."""

    area: str
    on: date
    minute: int
    at: datetime
    now: datetime

    @property
    def is_today(self) -> bool:
        return self.on == local(self.now, self.area).date()

    @property
    def is_now(self) -> bool:
        return self.at >= self.now

    @property
    def last_minute(self) -> int:
        """How far the scrubber reaches: to now today, to the end of an earlier day."""
        return _minute(self.now, self.area) if self.is_today else LAST_MINUTE

    @property
    def clock(self) -> str:
        return clock_words(self.at, self.area)

    @property
    def day(self) -> str:
        return day_words(self.on)

    @property
    def earlier(self) -> int:
        return max(self.minute - _STEP_MINUTES, 0)

    @property
    def later(self) -> int:
        return min(self.minute + _STEP_MINUTES, self.last_minute)

    @property
    def day_before(self) -> date:
        return self.on - timedelta(days=1)

    @property
    def day_after(self) -> date:
        return self.on + timedelta(days=1)


_STEP_MINUTES = int(STEP.total_seconds()) // 60


def moment_of(asked: Mapping[str, str], *, area: str, now: datetime) -> Moment:
    """The instant that an address asks for, by day and minute; an hour ago without one. Http404 for none."""
    today = local(now, area).date()
    try:
        on = date.fromisoformat(asked["hari"]) if asked.get("hari") else today
        minute = int(asked["menit"]) if asked.get("menit") else None
    except ValueError:
        raise Http404 from None
    if on > today or on.year < 2000 or (minute is not None and not 0 <= minute <= LAST_MINUTE):
        raise Http404
    if minute is None:
        minute = max(_minute(now, area) - 60, 0) if on == today else LAST_MINUTE
    at = instant_of(on, minute, zone=zone_of(area), now=now)
    return Moment(area, on, _minute(at, area), at, now)


def _minute(at: datetime, area: str) -> int:
    here = local(at, area)
    return here.hour * 60 + here.minute


def counters_of(seen: Picture) -> list[Figure]:
    """Figures of the moment, each with the list it counts."""
    figures, totals = [], seen.totals
    if may_read(seen.scope, "incident"):
        figures += [
            Figure("open", _("Kejadian terbuka"), totals.open, _("waktu itu"), _list(seen)),
            Figure(
                "late", _("Lewat waktu"), totals.late, _("waktu itu"), _list(seen, hal="lewat"), is_late=True
            ),
            Figure("opened", _("Dibuka"), _opened(seen), _("sejak pukul 00.00"), _list(seen, hal="dibuka")),
        ]
    if totals.heard is not None:
        share = percent_words(totals.heard_share, 0)
        note = _("dari %(all)s · %(share)s") % {"all": number_words(totals.stations), "share": share}
        figures.append(Figure("heard", _("TPS melapor"), totals.heard, note, _stations(seen, "kabar")))
        silent = _stations(seen, "sunyi")
        figures.append(Figure("silent", _("TPS tanpa kabar"), totals.silent, _("tahap waktu itu"), silent))
    return figures


def _stations(seen: Picture, state: str) -> str:
    return list_page("readiness:station-list", wilayah=seen.area, keadaan=state, pada=seen.at.isoformat())


def _opened(seen: Picture) -> int:
    start = local(seen.at, seen.area).replace(hour=0, minute=0, second=0, microsecond=0)
    opened = opened_between(seen.area, start=start, end=seen.at)
    kinds = kinds_picked(seen.pick)
    return sum(many for kind, many in opened.items() if kinds is None or kind in kinds)


def _list(seen: Picture, **wanted: str) -> str:
    picked = {"golongan": seen.pick.group or "", "bobot": str(seen.pick.severity or "")}
    return list_page(
        "situation:incident-list", wilayah=seen.area, pada=seen.at.isoformat(), **wanted, **picked
    )

"""News in words. An event says what changed; here it becomes a line that a duty officer reads in a second."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronda.desk.domain import FeedLine
from ronda.desk.links import page, place_page
from ronda.desk.rights import may_read
from ronda.incidents import selectors as incidents
from ronda.kernel.areas import area_range
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, current_scope
from ronda.law.incident_kinds import incident_kinds
from ronda.law.mandates import mandates
from ronda.reports.domain import ReportSource
from ronda.results.domain import source_name
from ronda.web.frame import agency_name, area_name, place_name
from ronda.web.numbers import number_words

PAGE = 40
LOOK_BACK = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=400))
Said = tuple[str, str]
Data = Mapping[str, Any]


def feed_lines(area: str, *, at: datetime, limit: int = PAGE) -> list[FeedLine]:
    """The latest news of an area that the scope may see, newest first."""
    return [line_of(row) for row in feed_rows(area, before=at, limit=limit)]


def feed_rows(area: str, *, before: datetime, limit: int = PAGE) -> list[EventRow]:
    """News up to an instant, newest first."""
    rows = EventRow.objects.filter(name__in=list(WORDS), created_at__lte=before)
    if area:
        low, high = area_range(area)
        rows = rows.filter(area__gte=low, area__lt=high)
    scope = current_scope()
    if scope is None or mandates().reach("event", "read").get(scope.kind) == "all":
        return _looking_back(rows, before, limit)
    return _own_and_shared(rows, scope, limit)


def _looking_back(rows: QuerySet[EventRow], before: datetime, limit: int) -> list[EventRow]:
    """Row policies hide from the planner how many rows an area has: a busy one must not sort all of its past for its
    last forty lines, so the window grows until there are enough."""
    found: list[EventRow] = []
    for back in LOOK_BACK:
        found = list(_latest(rows.filter(created_at__gt=before - back), limit))
        if len(found) == limit:
            break
    return found


def _own_and_shared(rows: QuerySet[EventRow], scope: Scope, limit: int) -> list[EventRow]:
    """For agencies that see only their own and shared events: the own ones, and those about incidents they see. Both
    are found through an index, which the policy's own terms are not."""
    seen = incidents.ids_changed_lately(limit=60) if may_read(scope, "incident") else []
    found = {row.position: row for row in _latest(rows.filter(agency=scope.agency), limit)}
    found |= {row.position: row for row in _latest(rows.filter(subject__in=seen), limit)}
    return sorted(found.values(), key=lambda row: (row.created_at, row.position), reverse=True)[:limit]


def _latest(rows: QuerySet[EventRow], limit: int) -> QuerySet[EventRow]:
    return rows.order_by("-created_at", "-position")[:limit]


def line_of(row: EventRow) -> FeedLine:
    about, text = WORDS[row.name](row.data, row.area)
    where = area_name(row.area)
    who = _("Warga") if row.agency == "publik" else agency_name(row.agency)
    who = _("Hitungan") if row.agency in _MACHINES else who
    return FeedLine(
        at=row.created_at,
        about=about,
        text=text,
        source=f"{where} · {who}" if where and where != about else who,
        href=_href(row),
        area=row.area,
    )


def _href(row: EventRow) -> str:
    if row.record == "incident" and row.subject:
        return page("incidents:incident-detail", row.subject)
    if row.record == "report" and row.subject:
        return page("incidents:report-detail", row.subject)
    if row.record == "sheet" and row.data.get("station"):
        return place_page(str(row.data["station"]))
    return place_page(row.area)


def _incident(words: Any) -> Callable[[Data, str], Said]:
    return lambda data, area: (str(data.get("number", "")), str(words))


def _opened(data: Data, area: str) -> Said:
    return str(data["number"]), _("dibuka: %(kind)s.") % {"kind": kind_name(str(data.get("kind", "")))}


def _to_desk(words: Any) -> Callable[[Data, str], Said]:
    return lambda data, area: (
        str(data.get("number", "")),
        str(words) % {"desk": agency_name(str(data.get("to", "")))},
    )


def _report(data: Data, area: str) -> Said:
    source = ReportSource(data["source"]).label if data.get("source") in ReportSource.values else ""
    kind = kind_name(str(data.get("kind", "")))
    return _("Laporan %(source)s") % {"source": str(source).lower()}, f"{kind}." if kind else _(
        "menunggu diperiksa."
    )


def _plain(about: Any, text: Any) -> Callable[[Data, str], Said]:
    return lambda data, area: (str(about), str(text))


def _sheet(data: Data, area: str) -> Said:
    station = str(data.get("station", ""))
    told = {"copy": source_name(str(data.get("source", ""))), "contest": str(data.get("contest", "")).upper()}
    return place_name(station) if station else area_name(area), _(
        "formulir %(contest)s masuk, %(copy)s."
    ) % told


def _many(words: Any) -> Callable[[Data, str], Said]:
    return lambda data, area: (
        str(words),
        _("%(rows)s baris masuk.") % {"rows": number_words(int(data["rows"]))},
    )


def _checks(data: Data, area: str) -> Said:
    return _("Uji formulir"), _("dihitung lagi: %(failed)s tanda.") % {
        "failed": number_words(int(data["failed"]))
    }


def _checkins(data: Data, area: str) -> Said:
    total = sum(int(many) for many in dict(data.get("steps", {})).values())
    again = int(data.get("heard_again", 0))
    text = _("%(total)s kabar TPS masuk.") % {"total": number_words(total)}
    if again:
        text += " " + _("%(again)s TPS memberi kabar lagi.") % {"again": number_words(again)}
    return area_name(area), text


def _finding(data: Data, area: str) -> Said:
    kind = kind_name(str(data.get("incident_kind", "")))
    return place_name(str(data.get("place", ""))) or area_name(area), _("%(kind)s, %(count)s titik.") % {
        "kind": kind or _("Celah kesiapan"),
        "count": number_words(int(data.get("count", 0))),
    }


def _answered(data: Data, area: str) -> Said:
    count = number_words(int(data.get("count", 0)))
    return area_name(area), _("memberi kabar lagi, %(count)s TPS.") % {"count": count}


def kind_name(code: str) -> str:
    """An incident kind in words; a code the law does not know stays a code."""
    kind = incident_kinds().get(code)
    return kind.name_in(get_language() or "id") if kind else code


_MACHINES = ("system", "gate", "signin")
WORDS: Mapping[str, Callable[[Data, str], Said]] = {
    "report.received": _report,
    "report.rejected": _plain(_lazy("Laporan"), _lazy("ditolak dengan alasan.")),
    "report.returned": _plain(_lazy("Laporan"), _lazy("dikembalikan ke kotak masuk.")),
    "incident.opened": _opened,
    "incident.started": _incident(_lazy("mulai ditangani.")),
    "incident.noted": _incident(_lazy("ada perkembangan.")),
    "incident.finished": _incident(_lazy("selesai dikerjakan, bukti menunggu pemeriksaan.")),
    "incident.sent_back": _incident(_lazy("bukti belum cukup, dikerjakan lagi.")),
    "incident.closed": _incident(_lazy("ditutup dengan bukti.")),
    "incident.reopened": _incident(_lazy("dibuka kembali.")),
    "incident.report_linked": _incident(_lazy("mendapat laporan lain.")),
    "incident.asked": _to_desk(_lazy("diminta oleh %(desk)s.")),
    "handover.sent": _to_desk(_lazy("diserahkan ke %(desk)s.")),
    "handover.accepted": _to_desk(_lazy("diterima %(desk)s.")),
    "handover.refused": _to_desk(_lazy("ditolak %(desk)s dengan alasan.")),
    "handover.returned": _to_desk(_lazy("dikembalikan %(desk)s.")),
    "handover.withdrawn": _to_desk(_lazy("ditarik dari %(desk)s.")),
    "action.assigned": _to_desk(_lazy("tindakan untuk %(desk)s.")),
    "action.done": _incident(_lazy("satu tindakan dikerjakan.")),
    "sheet.received": _sheet,
    "recap.received": _plain(_lazy("D.Hasil"), _lazy("rekapitulasi masuk.")),
    "sheets.imported": _many(_lazy("Formulir")),
    "recaps.imported": _many(_lazy("Rekapitulasi")),
    "checks.rebuilt": _checks,
    "checkins.recorded": _checkins,
    "finding.raised": _finding,
    "finding.answered": _answered,
}

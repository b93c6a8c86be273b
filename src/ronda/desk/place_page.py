"""A place page in words: title, what must be done now, rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronda.desk import drawing_svg as svg
from ronda.desk import siaga as board
from ronda.desk.drawing_of import map_of
from ronda.desk.feed import kind_name
from ronda.desk.links import desk_page, page
from ronda.desk.places_known import Known, step_words
from ronda.kernel.areas import Level
from ronda.law.forms import form_rules
from ronda.results.domain import source_name
from ronda.web.frame import agency_name, area_name, place_name
from ronda.web.numbers import number_words

_STATE_MARK = {"open": "new", "handed": "proc", "handling": "proc", "done": "proc", "closed": "done"}
MINI_W, MINI_H = 300, 150
_REPORT_MARK = {"new": "new", "verified": "done", "rejected": "no"}


def place_context(known: Known) -> dict[str, Any]:
    at = known.seen.at
    rows = [incident_line(row, at) for row in known.incidents]
    worst = next((row for row in rows if row["mark"] == "late"), None)
    context: dict[str, Any] = {
        "known": known,
        "here": known.area,
        "title": place_name(known.code),
        "kind": _kind(known),
        "counts": known.counts,
        "worst": worst,
        "incident_rows": rows,
        "report_rows": [report_line(row) for row in known.reports],
        "step": step_words(known.state.step) if known.state else "",
        "sheet_rows": [sheet_line(row) for row in known.sheets],
        "word_rows": [word_line(row) for row in known.words],
        "check_rows": [check_line(row) for row in known.checks],
        "trail": [(desk_page(step.code), step.name) for step in known.trail[1:-1]],
        "desk_href": desk_page(known.area),
        "results_href": _results(known),
        "minimap": minimap(known),
    }
    if known.level in (Level.NATION, Level.PROVINCE, Level.REGENCY, Level.DISTRICT):
        context |= board.rows_context(known.seen)
    return context


def _results(known: Known) -> str:
    """The count of the place, in the contest that has a failed check, else in the first."""
    if not known.counts.sheets or known.is_station:
        return ""
    first = known.checks[0] if known.checks else next(iter(known.counted), None)
    return page("results:area-show", first.election, first.contest, known.area) if first else ""


def _kind(known: Known) -> str:
    if known.is_station:
        return _("TPS")
    return str(known.trail[-1].get_kind_display()) if known.trail else ""


def incident_line(row: Any, at: datetime) -> dict[str, Any]:
    """An incident as a row: mark, title, kind, address."""
    is_late = row.due_at is not None and at >= row.due_at
    return {
        "mark": "late" if is_late else _STATE_MARK.get(row.state, "new"),
        "word": _("Lewat waktu") if is_late else row.get_state_display(),
        "title": row.title,
        "label": row.label,
        "kind": kind_name(row.kind),
        "due_at": row.due_at,
        "since": row.changed_at,
        "at": row.happened_at,
        "holder": f"{agency_name(row.holder_agency)} {area_name(row.holder_area)}".strip(),
        "href": page("incidents:incident-detail", row.id),
    }


def report_line(row: Any) -> dict[str, Any]:
    return {
        "mark": _REPORT_MARK.get(row.state, "new"),
        "title": row.excerpt or _("Laporan tanpa teks"),
        "kind": kind_name(row.kind),
        "source": row.get_source_display(),
        "at": row.received_at,
        "href": page("incidents:report-detail", row.id),
    }


def sheet_line(row: Any) -> dict[str, Any]:
    """One copy of a form as a row; empty is not zero."""
    return {
        "contest": row.contest.upper(),
        "source": source_name(row.source),
        "votes": row.votes,
        "valid": row.valid,
        "invalid": row.invalid,
        "users": row.users,
        "href": page("results:station-show", row.election, row.contest, row.station),
    }


def word_line(row: Any) -> dict[str, Any]:
    """A check-in as a line of the timeline."""
    where = place_name(row.station_code) if row.station_code else area_name(row.area)
    return {
        "at": row.at,
        "kind": "done",
        "text": step_words(row.step),
        "by": f"{where} · {agency_name(row.agency)}",
    }


def check_line(row: Any) -> dict[str, Any]:
    rule = form_rules().get(row.rule)
    copies = source_name(row.source)
    if row.against:
        copies = _("%(one)s dan %(other)s") % {"one": copies, "other": source_name(row.against)}
    return {
        "rule": row.rule,
        "title": rule.name.in_language(get_language() or "id") if rule else row.rule,
        "copies": copies,
        "contest": row.contest.upper(),
        "stake": number_words(row.stake),
        "place": place_name(row.station) if row.station else area_name(row.area),
        "href": page("results:station-show", row.election, row.contest, row.station) if row.station else "",
    }


def minimap(known: Known) -> Mapping[str, Any] | None:
    """Where the village lies in its regency, outlined; None without outlines."""
    around = map_of(known.area[:5]) if known.level is Level.VILLAGE else None
    shape = around.by_code.get(known.area) if around else None
    if around is None or shape is None:
        return None
    counts = known.counts
    kind = "late" if counts.late else "new" if counts.new else "proc" if counts.handled else "here"
    return {
        "box": f"{shape.x - MINI_W / 2:.0f} {shape.y - MINI_H / 2:.0f} {MINI_W} {MINI_H}",
        "areas": svg.paths_svg([one.path for one in around.shapes]),
        "here": shape.path,
        "mark": svg.mark_svg(kind, shape.x, shape.y),
        "label": _("Letak %(name)s") % {"name": area_name(known.area)},
    }

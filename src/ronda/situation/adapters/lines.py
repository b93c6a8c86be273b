"""Incidents of a moment as lines of a list, and the words of what was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronda.incidents.domain import ACTIVE, IncidentState
from ronda.incidents.selectors.history import Then
from ronda.kernel.scope import Scope
from ronda.law.incident_kinds import incident_kinds
from ronda.reports.selectors import district_choices
from ronda.situation.adapters.words import kind_name
from ronda.situation.selectors import Wanted
from ronda.web.frame import agency_name, area_name, place_name
from ronda.web.localtime import clock_words, day_words, left_words, local

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One incident as it stood then."""

    label: str
    title: str
    href: str
    mark: str
    state: str
    place: str
    kind: str
    holder: str
    left: str
    is_late: bool


def lines_of(rows: Sequence[Then], *, at: datetime) -> list[Line]:
    return [_line(one, at) for one in rows]


def _line(one: Then, at: datetime) -> Line:
    late = one.is_late(at)
    marks = {IncidentState.CLOSED: "done", IncidentState.OPEN: "new"}
    return Line(
        label=one.label,
        title=one.title,
        href=reverse("incidents:incident-detail", args=[one.id]),
        mark="late" if late else marks.get(IncidentState(one.state), "proc"),
        state=str(IncidentState(one.state).label),
        place=place_name(one.station_code or one.area),
        kind=kind_name(one.kind),
        holder=f"{agency_name(one.holder.agency)} {area_name(one.holder.area)}".strip(),
        left=left_words(one.due_at, at) if one.due_at else "",
        is_late=late,
    )


def title_of(wanted: Wanted) -> str:
    """Kejadian lewat waktu · Jembrana · keadaan 14.00 WITA, Rabu, 27 November 2024."""
    about = {"lewat": _("Kejadian lewat waktu"), "dibuka": _("Kejadian dibuka hari itu")}
    where = area_name(wanted.area) or _("Indonesia")
    when = f"{clock_words(wanted.at, wanted.area)}, {day_words(local(wanted.at, wanted.area).date())}"
    title = about.get(wanted.about, _("Kejadian terbuka"))
    return _("%(title)s %(where)s, keadaan %(when)s") % {"title": title, "where": where, "when": when}


def choices_of(scope: Scope, wanted: Wanted) -> dict[str, Choices]:
    """What the list can be narrowed to."""
    language = get_language() or "id"
    return {
        "kinds": [(kind.id, kind.name_in(language)) for kind in incident_kinds().values()],
        "states": [(state.value, str(state.label)) for state in ACTIVE],
        "severities": [
            ("3", _("Berat, bertindak dalam 2 jam")),
            ("2", _("Sedang, bertindak dalam 12 jam")),
            ("1", _("Ringan")),
        ],
        "places": district_choices(scope.area),
        "abouts": [("", _("Terbuka")), ("lewat", _("Lewat waktu")), ("dibuka", _("Dibuka hari itu"))],
    }

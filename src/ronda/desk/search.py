"""One box for places, polling stations, incident numbers and receipt codes."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ronda.desk.links import page, place_page
from ronda.desk.rights import may_read
from ronda.elections import selectors as elections
from ronda.incidents import selectors as incidents
from ronda.kernel.areas import STATION
from ronda.kernel.scope import Scope
from ronda.places import selectors as places
from ronda.reports import selectors as reports
from ronda.web.frame import area_name, place_name
from ronda.web.localtime import local

LIMIT = 8
_NUMBER = re.compile(
    r"^(?:tps\s*)?(?P<before>\d{1,3})?\s*(?P<name>[^\d]*?)\s*(?:tps\s*)?(?P<after>\d{1,3})?$", re.I
)
_RECEIPT = re.compile(r"^[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}$")


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: what kind of thing, its name, where it lies, its page."""

    group: str
    icon: str
    title: str
    note: str
    href: str


def found_for(scope: Scope, text: str, *, at: datetime) -> list[Found]:
    """Answers inside the scope, the most exact first."""
    words = " ".join("".join(letter for letter in text if letter.isprintable()).split())[:80]
    if not words:
        return []
    return [*_incidents(scope, words), *_receipt(words), *_stations(scope, words, at), *_areas(scope, words)]


def _incidents(scope: Scope, words: str) -> list[Found]:
    if not may_read(scope, "incident"):
        return []
    return [
        Found(
            _("Kejadian"),
            "incident",
            f"{row.label} {row.title}",
            place_name(row.station_code or row.area),
            page("incidents:incident-detail", row.id),
        )
        for row in incidents.incident_search(words, limit=LIMIT)
    ]


def _receipt(words: str) -> list[Found]:
    if not _RECEIPT.match(words):
        return []
    steps = reports.follow_steps(words)
    if not steps:
        return []
    href = page("portal:follow")
    return [Found(_("Tanda terima"), "seal", words.upper(), steps[-1]["words"], href)]


def _stations(scope: Scope, words: str, at: datetime) -> list[Found]:
    election = elections.election_current(local(at, scope.area).date())
    if election is None:
        return []
    digits = words.replace(".", "").replace(" ", "")
    if STATION.match(digits):
        station = elections.station_for(election, digits)
        return [_station(station.code, station.name)] if station and scope.covers(station.area) else []
    match = _NUMBER.match(words.replace("tps", " ").replace("TPS", " ").strip())
    number = match and (match["before"] or match["after"])
    name = match["name"].strip() if match else ""
    if not number or len(name) < 3:
        return []
    found = []
    for area in places.area_search(name, within=scope.area, limit=6):
        rows = elections.station_list(election, area=area.code).filter(number=int(number))[:LIMIT]
        found += [_station(row.code, row.name) for row in rows]
    return list(dict.fromkeys(found))[:LIMIT]


def _station(code: str, name: str) -> Found:
    return Found(_("TPS"), "station", place_name(code), name or area_name(code[:2]), place_page(code))


def _areas(scope: Scope, words: str) -> list[Found]:
    return [
        Found(
            _("Wilayah"),
            "pin",
            area.name,
            " · ".join(part for part in (area.get_kind_display(), area_name(area.parent)) if part),
            place_page(area.code),
        )
        for area in places.area_search(words, within=scope.area, limit=LIMIT)
    ]

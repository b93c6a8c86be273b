"""Incidents, stations and gaps as features: a point where one is known, plain properties, no person, no vote count."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronda.elections import selectors as elections
from ronda.incidents.domain import IncidentState
from ronda.incidents.selectors.history import Then
from ronda.kernel.areas import STATION
from ronda.kernel.scope import Scope
from ronda.law.incident_kinds import incident_kinds
from ronda.places import selectors as places
from ronda.readiness import selectors as readiness
from ronda.reports.domain import severity_of
from ronda.situation.adapters.words import kind_name
from ronda.situation.selectors import Wanted, incidents_wanted, may_read
from ronda.web.frame import area_name
from ronda.web.localtime import local

Point = tuple[float, float]
Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map. `at` is what it is sorted and asked by in time; without a known place no point."""

    id: str
    point: Point | None
    at: datetime | None
    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: by whom, where, at which moment; for incidents also which."""

    scope: Scope
    area: str
    at: datetime
    wanted: Wanted | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """A kind of feature: its name, who may read it, its columns with their HXL tags, and how it is read."""

    id: str
    title: Any
    about: Any
    record: str
    tags: Mapping[str, str]
    read: Callable[[Asked], list[Feature]]


_PLACE = {
    "desa_kode": "#adm4+code",
    "desa": "#adm4+name",
    "kecamatan": "#adm3+name",
    "tps": "#loc+code",
}
_POINT = {"bujur": "#geo+lon", "lintang": "#geo+lat", "titik": "#geo+precision"}


def incident_features(asked: Asked) -> list[Feature]:
    """Open incidents of the moment, or those that were asked for."""
    rows = incidents_wanted(asked.wanted or Wanted(asked.area, asked.at))
    points = _Points(
        [row.area for row in rows], [row.station_code for row in rows if row.station_code], asked
    )
    return [_incident(row, points, asked.at) for row in rows]


def _incident(row: Then, points: "_Points", at: datetime) -> Feature:
    kind = incident_kinds().get(row.kind)
    point, precision = points.of(row.area, row.station_code)
    return Feature(
        str(row.id),
        point,
        row.happened_at,
        {
            "nomor": row.label,
            "jenis": row.kind,
            "jenis_nama": kind_name(row.kind),
            "golongan": kind.group if kind else "",
            "bobot": severity_of(kind.due.hours if kind else None),
            "judul": row.title,
            "keadaan": row.state,
            "keadaan_nama": str(IncidentState(row.state).label),
            **_place(row.area, row.station_code),
            "lembaga": row.holder.agency,
            "lembaga_wilayah": row.holder.area,
            "terjadi": _time(row.happened_at, row.area),
            "dibuka": _time(row.opened_at, row.area),
            "batas": _time(row.due_at, row.area),
            "lewat": row.is_late(at),
            "titik": precision,
        },
    )


INCIDENT_TAGS = {
    "nomor": "#event+code",
    "jenis": "#event+type+code",
    "jenis_nama": "#event+type+name",
    "golongan": "#event+group+code",
    "bobot": "#severity+num",
    "judul": "#event+name",
    "keadaan": "#status+code",
    "keadaan_nama": "#status+name",
    **_PLACE,
    "lembaga": "#org+holder+code",
    "lembaga_wilayah": "#org+adm+code",
    "terjadi": "#date+occurred",
    "dibuka": "#date+reported",
    "batas": "#date+due",
    "lewat": "#indicator+overdue+bool",
    **_POINT,
}


def station_features(asked: Asked) -> list[Feature]:
    """Every registered station and how far it was heard."""
    election = elections.election_current(local(asked.at, asked.area).date())
    if election is None:
        return []
    states = readiness.states_by_station(election=election.code, within=asked.area)
    rows = list(
        elections.station_list(election, area=asked.area).values_list("code", "area", "name", "lon", "lat")
    )
    villages = places.points_of(area for _code, area, _name, lon, _lat in rows if lon is None)
    found = []
    for code, area, name, lon, lat in rows:
        state = states.get(code)
        point, precision = _precise(_point(lon, lat), villages.get(area))
        heard = state.heard_at if state else None
        about = {
            **_place(area, code),
            "nama": name,
            "langkah": state.step if state else "",
            "kabar_terakhir": _time(heard, area),
            "titik": precision,
        }
        found.append(Feature(code, point, heard, about))
    return found


STATION_TAGS = {
    **_PLACE,
    "nama": "#loc+name",
    "langkah": "#status+code",
    "kabar_terakhir": "#date+heard",
    **_POINT,
}


def gap_features(asked: Asked) -> list[Feature]:
    """Stations that should have been heard and were not."""
    election = elections.election_current(local(asked.at, asked.area).date())
    if election is None:
        return []
    rows = readiness.silent_stations(
        election=election.code, voting_on=election.voting_on, at=asked.at, within=asked.area
    )
    points = _Points([row.area for row in rows], [row.code for row in rows], asked)
    found = []
    for row in rows:
        point, precision = points.of(row.area, row.code)
        about = {
            **_place(row.area, row.code),
            "nama": row.name,
            "langkah": row.expected.id,
            "langkah_nama": row.expected.name.in_language(get_language() or "id"),
            "terlambat_sejak": _time(row.late_from, row.area),
            "terlambat_menit": int((asked.at - row.late_from).total_seconds()) // 60,
            "kabar_terakhir": _time(row.heard_at, row.area),
            "langkah_terakhir": row.step,
            "titik": precision,
        }
        found.append(Feature(row.code, point, row.late_from, about))
    return found


GAP_TAGS = {
    **_PLACE,
    "nama": "#loc+name",
    "langkah": "#activity+expected+code",
    "langkah_nama": "#activity+expected+name",
    "terlambat_sejak": "#date+due",
    "terlambat_menit": "#indicator+late+minutes+num",
    "kabar_terakhir": "#date+heard",
    "langkah_terakhir": "#status+code",
    **_POINT,
}


class _Points:
    """Where places lie: a station's own point, else one inside its village, else unknown."""

    def __init__(self, areas: Iterable[str], stations: Iterable[str], asked: Asked) -> None:
        self.villages = places.points_of(areas)
        election = elections.election_current(local(asked.at, asked.area).date())
        wanted = [code for code in set(stations) if STATION.match(code)]
        rows = elections.station_list(election, area=asked.area) if election and wanted else None
        known = rows.filter(code__in=wanted).values_list("code", "lon", "lat") if rows is not None else ()
        self.stations = {code: _point(lon, lat) for code, lon, lat in known}

    def of(self, area: str, station: str) -> tuple[Point | None, str]:
        return _precise(self.stations.get(station), self.villages.get(area))


def _point(lon: float | None, lat: float | None) -> Point | None:
    return None if lon is None or lat is None else (lon, lat)


def _precise(station: Point | None, village: Point | None) -> tuple[Point | None, str]:
    """The best known point, and what it is a point of."""
    if station is not None:
        return station, "tps"
    return (village, "wilayah") if village is not None else (None, "")


def _place(area: str, station: str) -> dict[str, Value]:
    is_village = len(area) == 13
    return {
        "desa_kode": area if is_village else "",
        "desa": area_name(area) if is_village else "",
        "kecamatan": area_name(area[:8]) if len(area) >= 8 else "",
        "tps": station,
    }


def _time(at: datetime | None, area: str) -> str | None:
    return local(at, area).isoformat(timespec="seconds") if at else None


COLLECTIONS: Mapping[str, Collection] = {
    one.id: one
    for one in (
        Collection(
            "kejadian",
            lambda: _("Kejadian terbuka"),
            lambda: _("Kejadian yang boleh Anda baca, seperti keadaannya sekarang."),
            "incident",
            INCIDENT_TAGS,
            incident_features,
        ),
        Collection(
            "tps",
            lambda: _("TPS dan kabarnya"),
            lambda: _("Setiap TPS dengan langkah terakhir yang dilaporkan. Tanpa angka suara."),
            "readiness_state",
            STATION_TAGS,
            station_features,
        ),
        Collection(
            "celah",
            lambda: _("TPS tanpa kabar"),
            lambda: _("TPS yang seharusnya sudah memberi kabar, dengan lama terlambatnya."),
            "readiness_state",
            GAP_TAGS,
            gap_features,
        ),
    )
}


def collections_of(scope: Scope) -> list[Collection]:
    """Those that the reader's mandate opens."""
    return [one for one in COLLECTIONS.values() if may_read(scope, one.record)]

"""The registry of polling stations and the register of areas, as results need them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import numpy as np

from ronda.elections.domain import station_kind
from ronda.elections.selectors import election_for, station_list
from ronda.elections.services import StationFile, StationRow, election_create, stations_import
from ronda.kernel.areas import Level, station_area
from ronda.kernel.imports import Checked
from ronda.methods.tally import Limits, with_reserve
from ronda.places.selectors import area_list, area_names, area_names_below
from ronda.results.adapters.checking import Ballots
from ronda.results.adapters.found import FoundSheet, Places, named_codes, names_by_key
from ronda.results.adapters.placing import Placing, place_districts, place_villages, regencies_named
from ronda.results.adapters.situng_rows import StationEntry
from ronda.results.domain import common_area


def villages_of_stations(election: str, villages: Collection[str]) -> dict[str, str]:
    """Station to village, for the registered stations of these villages."""
    stations = station_list(election, area="").filter(area__in=villages)
    return dict(stations.values_list("code", "area"))


def stations_of(election: str, area: str) -> list[str]:
    """The registered stations of an area in order of code."""
    return list(station_list(election, area=area).values_list("code", flat=True))


def stations_registered(election: str, stations: Collection[str]) -> dict[str, str]:
    """Station to village, for those of these stations that are registered."""
    rows = station_list(election, area="").filter(code__in=stations)
    return dict(rows.values_list("code", "area"))


def ballots_of(election: str, limits: Limits, **where: object) -> Ballots:
    """The most ballots of stations: registered voters and the reserve; where the register tells no voters, those of the
    largest station."""
    rows = station_list(election, area="").filter(voters_m__isnull=False, voters_f__isnull=False, **where)
    codes = [
        (code, (men or 0) + (women or 0))
        for code, men, women in rows.values_list("code", "voters_m", "voters_f")
    ]
    voters = np.array([limits.voters_max, *(number for _code, number in codes)], np.int64)
    most = with_reserve(voters, limits.reserve_share).tolist()
    return Ballots(dict(zip((code for code, _number in codes), most[1:], strict=True)), most[0])


def villages_of_regency(election: str, regency: str) -> set[str]:
    """Villages of a regency that have registered stations."""
    return set(station_list(election, area=regency).order_by().values_list("area", flat=True).distinct())


def placed(names: Mapping[int, tuple[str, ...]]) -> tuple[Placing, str]:
    """Official codes of the villages a file names, and the smallest area they lie in."""
    areas = _upper()
    for regency in set(regencies_named(names, areas).values()):
        areas |= area_names_below(regency)
    placing = place_villages(names, areas.items())
    return placing, common_area(placing.codes.values())


def placed_districts(names: Mapping[int, tuple[str, ...]]) -> tuple[Placing, str]:
    """The same for districts: names are (province, regency, district)."""
    areas = _upper()
    for regency in set(regencies_named(names, areas).values()):
        areas |= {code: name for code, name in area_names_below(regency).items() if len(code) <= 8}
    placing = place_districts(names, areas.items())
    return placing, common_area(placing.codes.values())


def places_of(found: Collection[FoundSheet]) -> tuple[Places, Placing]:
    """What the register knows of the places of a file that tells codes or names."""
    names = names_by_key(found)
    placing, area = placed(names) if names else (Placing(), "")
    villages = {station_area(one.station) for one in found if one.station}
    return Places(frozenset(area_names(villages)), named_codes(names, placing), area), placing


def areas_known(codes: Iterable[str]) -> frozenset[str]:
    """Those codes that the register holds."""
    return frozenset(area_names(codes))


def _upper() -> dict[str, str]:
    return {
        area.code: area.name for wanted in (Level.PROVINCE, Level.REGENCY) for area in area_list("", wanted)
    }


def stations_register(
    entries: Iterable[StationEntry], *, election: str, area: str, file_sha256: str, at: datetime
) -> int:
    """Enter the stations of a file in the registry of their election; how many were new or different."""
    found = election_for(election) or election_create(law=election, area=area, at=at)
    rows = [
        StationRow(
            code=entry.code,
            area=entry.area,
            number=entry.number,
            kind=station_kind(entry.number).value,
            name="",
            voters_m=entry.voters_m,
            voters_f=entry.voters_f,
            lon=None,
            lat=None,
        )
        for entry in entries
    ]
    if not rows:
        return 0
    tells_voters = any(row.voters_m is not None or row.voters_f is not None for row in rows)
    details = ("voters_m", "voters_f") if tells_voters else ()
    file = StationFile(Checked(items=[rows], rows=len(rows)), details=details)
    return stations_import(election=found, file=file, file_sha256=file_sha256, at=at).changed

"""Registries of polling stations as people have them: KPU's list, counts per village, our own simple table."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from ronda.elections.domain import SPECIAL_FROM, StationKind, station_kind
from ronda.kernel.areas import is_code, station_area, station_code
from ronda.kernel.imports import Checked, Column, Row, Table, check, open_table
from ronda.places.domain import EAST, NORTH, SOUTH, WEST

VOTERS_MAX = 9_999
_ONLY_NUMBER = re.compile(r"^TPS\s*0*\d+$", re.IGNORECASE)
_KINDS = {
    "regular": StationKind.REGULAR,
    "reguler": StationKind.REGULAR,
    "special": StationKind.SPECIAL,
    "khusus": StationKind.SPECIAL,
    "lokasi khusus": StationKind.SPECIAL,
}
COLUMNS = (
    Column("code", ("kode", "kode_tps", "tps_code"), required=False),
    Column("village", ("kode_desa", "kel_code", "kode_kel"), required=False),
    Column("number", ("nomor", "no_tps", "tps_no", "tps"), required=False),
    Column("name", ("nama", "nama_tempat", "tps_name", "tempat"), required=False),
    Column("voters_m", ("dpt_l", "pemilih_l", "laki_laki"), required=False),
    Column("voters_f", ("dpt_p", "pemilih_p", "perempuan"), required=False),
    Column("lon", ("lng", "longitude", "bujur"), required=False),
    Column("lat", ("latitude", "lintang"), required=False),
    Column("kind", ("jenis",), required=False),
    Column("regular", ("tps_reguler",), required=False),
    Column("special", ("tps_lokasi_khusus", "tps_khusus"), required=False),
)
DETAILS = ("name", "voters_m", "voters_f", "lon", "lat")


class StationRow(NamedTuple):
    code: str
    area: str
    number: int
    kind: str
    name: str
    voters_m: int | None
    voters_f: int | None
    lon: float | None
    lat: float | None


class StationFile(NamedTuple):
    """What a registry file holds, and which details it says anything about."""

    checked: Checked[list[StationRow]]
    details: tuple[str, ...]

    @property
    def stations(self) -> list[StationRow]:
        return [station for stations in self.checked.items for station in stations]


def stations_check(
    path: Path,
    known: frozenset[str],
    *,
    rejects: Path | None = None,
    progress: Callable[[int], None] = lambda position: None,
) -> StationFile:
    """All rows of a registry in any of the three forms; villages outside `known` are row errors."""
    with open_table(path, _columns(path)) as table:
        parse, column = _parser(table, known)
        checked = check(
            table,
            parse,
            key=lambda stations: stations[0].code[:10] if column == "village" else stations[0].code,
            key_column=column,
            rejects=rejects,
            progress=progress,
        )
        details = () if column == "village" else tuple(name for name in DETAILS if table.has(name))
        return StationFile(checked, details)


def _columns(path: Path) -> tuple[Column, ...]:
    """Which of the three forms it is: counts when it has them, else a list of stations by code."""
    with open_table(path, COLUMNS) as table:
        needed = ("village", "regular") if table.has("village", "regular") else ("code",)
    return tuple(Column(column.name, column.aliases, required=column.name in needed) for column in COLUMNS)


def _parser(table: Table, known: frozenset[str]) -> tuple[Callable[[Row], list[StationRow] | None], str]:
    if table.has("village", "regular"):
        return (lambda row: _counted(row, known)), "village"
    return (lambda row: _listed(row, known)), "code"


def _listed(row: Row, known: frozenset[str]) -> list[StationRow] | None:
    code = row.digits("code", 13)
    number = row.integer("number", 1, 999) if "number" in row.cells else None
    voters_m, voters_f = row.integer("voters_m", 0, VOTERS_MAX), row.integer("voters_f", 0, VOTERS_MAX)
    lon, lat = _point(row)
    name = row.text("name", required=False)
    kind = row.choice("kind", _KINDS, StationKind.REGULAR) if row.cells.get("kind") else None
    if not code:
        return None
    area, own = station_area(code), int(code[10:])
    _refuse_contradiction(row, own, number, kind)
    if area not in known:
        row.refuse(
            "code",
            _("TPS di desa/kelurahan yang terdaftar"),
            _("%(code)s (desa %(area)s)") % {"code": code, "area": area},
        )
    if _ONLY_NUMBER.match(name):
        name = ""
    return [StationRow(code, area, own, station_kind(own).value, name, voters_m, voters_f, lon, lat)]


def _refuse_contradiction(row: Row, own: int, number: int | None, kind: StationKind | None) -> None:
    if own == 0:
        row.refuse("code", _("nomor TPS 001 sampai 999 di tiga angka terakhir"))
    if number is not None and number != own:
        wanted = _("nomor %(number)s seperti tiga angka terakhir kode") % {"number": own}
        row.refuse("number", wanted)
    if kind is not None and own and kind != station_kind(own):
        wanted = _("%(kind)s: nomor 901 ke atas adalah lokasi khusus") % {"kind": station_kind(own).label}
        row.refuse("kind", wanted)


def _point(row: Row) -> tuple[float | None, float | None]:
    lon, lat = row.decimal("lon", WEST, EAST), row.decimal("lat", SOUTH, NORTH)
    if not row.errors and (lon is None) != (lat is None):
        row.refuse("lon" if lon is None else "lat", _("lon dan lat bersama, atau keduanya kosong"))
    return lon, lat


def _counted(row: Row, known: frozenset[str]) -> list[StationRow] | None:
    village = _village(row)
    regular = row.integer("regular", 0, SPECIAL_FROM - 1, required=True)
    special = row.integer("special", 0, 1000 - SPECIAL_FROM)
    if not village or regular is None:
        return None
    if village not in known:
        row.refuse("village", _("desa/kelurahan yang terdaftar"))
        return None
    stations = list(_numbered(village, regular, special or 0))
    return stations or None


def _village(row: Row) -> str:
    value = row.cells.get("village", "")
    if len(value) == 10 and value.isascii() and value.isdigit():
        value = f"{value[:2]}.{value[2:4]}.{value[4:6]}.{value[6:]}"
    if len(value) == 13 and is_code(value):
        return value
    row.refuse("village", _("kode desa seperti 51.01.01.1006"), value or _("kosong"))
    return ""


def _numbered(village: str, regular: int, special: int) -> Iterator[StationRow]:
    for number in (*range(1, regular + 1), *range(SPECIAL_FROM, SPECIAL_FROM + special)):
        code = station_code(village, number)
        yield StationRow(code, village, number, station_kind(number).value, "", None, None, None, None)

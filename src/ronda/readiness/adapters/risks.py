"""A table of stations that were mapped as vulnerable: one row for each station, its signs in one cell."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from ronda.kernel.areas import station_area
from ronda.kernel.imports import Checked, Column, Row, check, open_table

COLUMNS = (
    Column("tps", ("kode_tps", "station", "kode")),
    Column("tanda", ("indikator", "kerawanan", "signs")),
)
SIGN_MAX, SIGNS_MAX = 40, 40


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One station, the village it lies in, and its signs."""

    code: str
    village: str
    signs: tuple[str, ...]


def risks_check(
    path: Path,
    known: Collection[str],
    *,
    rejects: Path | None = None,
    progress: Callable[[int], None] = lambda position: None,
) -> Checked[RiskRow]:
    """Every row of a table; `known` are the station codes of the election. ImportRefused when it is no such table."""

    def read(row: Row) -> RiskRow | None:
        code = row.digits("tps", 13)
        if code and code not in known:
            row.refuse("tps", _("TPS yang terdaftar pada pemilihan ini"), code)
        signs = signs_of(row.text("tanda", most=800))
        if any(len(sign) > SIGN_MAX for sign in signs) or len(signs) > SIGNS_MAX:
            row.refuse("tanda", _("paling banyak 40 tanda, masing-masing paling panjang 40 huruf"))
        return RiskRow(code, station_area(code), signs) if code in known else None

    with open_table(path, COLUMNS) as table:
        return check(
            table, read, key=lambda row: row.code, key_column="tps", rejects=rejects, progress=progress
        )


def signs_of(text: str) -> tuple[str, ...]:
    """The signs of a cell, each once, in their order: HP-TMS; LG-LAMBAT.

    >>> signs_of("HP-TMS; LG-LAMBAT;HP-TMS")
    ('HP-TMS', 'LG-LAMBAT')
    """
    return tuple(dict.fromkeys(sign for part in re.split(r"[;|,]", text) if (sign := part.strip())))

"""The check sheet as PDF for paper: A4 lying, columns over as many pages as it takes. Our template, plain data in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronda.results.adapters.checksheet import CheckSheet, RowKind, StationColumn, Sum, VillageColumns, notes
from ronda.web.numbers import NOTHING, number_words
from ronda.web.paper import paper_images, paper_pdf

TEMPLATE = Path(__file__).resolve().parents[1] / "typst" / "checksheet.typ"
NARROW, WIDE = 18, 11  # columns on a page: stations, villages
WAITING, DIFFERENT = "○", "≠"
Column = dict[str, Any]


def sheet_pdf(sheet: CheckSheet) -> bytes:
    """PDF/A-2b. Texts go in as data and are never read as markup."""
    return paper_pdf(TEMPLATE, _data(sheet))


def sheet_images(sheet: CheckSheet) -> list[bytes]:
    """The pages as PNG, to look at."""
    return paper_images(TEMPLATE, _data(sheet))


def _data(sheet: CheckSheet) -> dict[str, Any]:
    stations = list(_station_columns(sheet))
    villages = [_sum_column(village.name, village.sums) for village in sheet.villages]
    villages.append(_sum_column(_("Kecamatan"), sheet.sums, kind="total"))
    return {
        "lang": "en" if (get_language() or "id").startswith("en") else "id",
        "title": _("Lembar periksa rekapitulasi"),
        "place": f"{sheet.district}, {sheet.regency}",
        "contest": f"{sheet.contest} · {sheet.election}",
        "warning": sheet.warning,
        "made": _("Dibuat %(time)s") % {"time": sheet.made},
        "page": _("Halaman"),
        "of": _("dari"),
        "row": _("Uraian"),
        "notes": notes(sheet),
        "rows": [{"label": row.label, "kind": row.kind.value} for row in sheet.rows],
        "tables": [
            *({"width": 11.9, "columns": part} for part in _pages(stations, NARROW)),
            *({"width": 19.0, "columns": part} for part in _pages(villages, WIDE)),
        ],
    }


def _pages(columns: Sequence[Column], size: int) -> Iterator[Sequence[Column]]:
    for start in range(0, len(columns), size):
        yield columns[start : start + size]


def _station_columns(sheet: CheckSheet) -> Iterator[Column]:
    for village in sheet.villages:
        yield from (_station_column(village, one, sheet) for one in village.stations)
        yield _sum_column(_("Jumlah"), village.sums, village=village.name)


def _station_column(village: VillageColumns, one: StationColumn, sheet: CheckSheet) -> Column:
    mark = WAITING if not one.source else DIFFERENT if one.differs else ""
    nothing = NOTHING if one.source else ""
    cells = [
        "" if row.kind is RowKind.PART else nothing if number is None else number_words(number)
        for row, number in zip(sheet.rows, one.figures, strict=True)
    ]
    kind = "station" if one.source else "missing"
    return {
        "kind": kind,
        "village": village.name,
        "head": f"{one.number:02d}",
        "mark": mark,
        "source": one.source,
        "cells": cells,
    }


def _sum_column(head: str, sums: Sequence[Sum], *, village: str = "", kind: str = "sum") -> Column:
    cells = [_sum_words(one) for one in sums]
    return {"kind": kind, "village": village, "head": head, "mark": "", "source": "", "cells": cells}


def _sum_words(one: Sum) -> str:
    if one.value is None:
        return ""
    return number_words(one.value) if one.is_whole else f"({number_words(one.value)})"

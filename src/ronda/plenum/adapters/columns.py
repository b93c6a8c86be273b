"""D.Hasil as a table: one row per box of the form, one column per station, village or area. To fill in, and to read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from ronda.kernel.imports import Column, ImportRefused, RowError, Table, open_table
from ronda.plenum.domain import ASIDE
from ronda.results.papers import typed_figure

if TYPE_CHECKING:
    from ronda.plenum.selectors import Heard

BOX, ROW = "kotak", "baris"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (Column(BOX, ("box",)), Column(ROW, ("row", "uraian"), required=False))


@dataclass(frozen=True, slots=True)
class ColumnsIn:
    """The figures of a file by column and box, and the cells that hold something else."""

    read: Mapping[str, Mapping[str, int]]
    errors: tuple[RowError, ...]


def file_kind(content: BinaryIO) -> str:
    """What a table is, by its first bytes."""
    content.seek(0)
    return XLSX if content.read(4) == b"PK\x03\x04" else "text/csv"


def codes_of(heard: Heard) -> list[str]:
    """The columns of D.Hasil in order: those of a village with its total after them, the unit's own total last."""
    table, made = heard.table, list[str]()
    for code in table.codes:
        whole = table.villages.get(code, heard.plenum.area)
        if made and table.villages.get(made[-1], whole) != whole:
            made.append(table.villages[made[-1]])
        made.append(code)
    if made and table.villages.get(made[-1], heard.plenum.area) != heard.plenum.area:
        made.append(table.villages[made[-1]])
    return [*made, heard.plenum.area]


def rows_of(heard: Heard) -> list[tuple[str, str]]:
    """(box, name) of every row that the plenum's page has."""
    found = []
    for part, lines in heard.paper.parts:
        for line in lines:
            box = line.boxes[-1].id
            if part == "choices" or box in ASIDE:
                name = line.name or _("Jumlah suara partai")
                found.append((box, f"{line.ref} {name}".strip()))
    return found


def columns_read(path: Path, heard: Heard) -> ColumnsIn:
    """What a file says. ImportRefused where it is no such table at all."""
    with open_table(path, COLUMNS) as table:
        places = _places(table, heard)
        return _cells(table, places, heard)


def _places(table: Table, heard: Heard) -> dict[int, str]:
    """Where in the file each column of the plenum stands."""
    known = {_plain(code): code for code in codes_of(heard)}
    found = {at: known[_plain(cell)] for at, cell in enumerate(table.header) if _plain(cell) in known}
    if not found:
        wanted = next(iter(known.values()), "")
        raise ImportRefused(
            _("Tidak ada kolom pleno ini di baris judul: diminta kode TPS atau wilayah seperti %(code)s.")
            % {"code": wanted}
        )
    twice = sorted({code for code in found.values() if list(found.values()).count(code) > 1})
    if twice:
        raise ImportRefused(_("Kolom %(code)s ada dua kali di baris judul.") % {"code": twice[0]})
    return found


def _plain(code: str) -> str:
    return code.replace(".", "").strip()


def _cells(table: Table, places: Mapping[int, str], heard: Heard) -> ColumnsIn:
    rows = rows_of(heard)
    boxes = {box for box, _name in rows}
    named = {name.casefold(): box for box, name in rows}
    read: dict[str, dict[str, int]] = {}
    errors: list[RowError] = []
    for number, cells in table.rows:
        box, name = _cell(cells, table.columns[BOX]), _cell(cells, table.columns.get(ROW))
        key = box if box in boxes else named.get(name.casefold()) if not box else None
        if key is None:
            if box:
                errors.append(RowError(number, BOX, _("kotak formulir ini, seperti v0 atau sah"), box[:40]))
            continue
        for at, code in places.items():
            try:
                figure = typed_figure(_cell(cells, at))
            except ValueError as problem:
                errors.append(RowError(number, code, str(problem), _cell(cells, at)[:40]))
                continue
            if figure is not None:
                read.setdefault(code, {})[key] = figure
    return ColumnsIn(read, tuple(errors))


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at].strip() if at is not None and at < len(cells) else ""


def columns_sheet(heard: Heard, words: Mapping[str, str]) -> bytes:
    """A workbook to fill in: what was read out already stands in it. `words` names each column."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet("D.Hasil")
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        note = book.add_format({"font_color": "#606060", "text_wrap": True, "valign": "top"})
        number = book.add_format({"num_format": "#,##0"})
        codes = codes_of(heard)
        _line(page, 0, [BOX, ROW, *codes], head)
        _line(page, 1, ["", "", *(words.get(code, "") for code in codes)], note)
        figures = {**heard.table.read, **heard.totals}
        for at, (box, name) in enumerate(rows_of(heard), 2):
            _line(page, at, [box, name], None)
            for column, code in enumerate(codes, 2):
                if (known := figures.get(code, {}).get(box)) is not None:
                    page.write_number(at, column, known, number)
        page.set_column(1, 1, 38)
        page.set_column(2, len(codes) + 1, 15)
        page.freeze_panes(2, 2)
    return out.getvalue()


def _line(page: xlsxwriter.worksheet.Worksheet, row: int, cells: Iterable[str], look: object) -> None:
    for column, text in enumerate(cells):
        page.write_string(row, column, text, look)

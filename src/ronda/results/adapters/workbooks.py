"""Results as workbooks: the check sheet of a district, and an area with all its stations. Texts are never formulas."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from ronda.kernel.areas import Level, level
from ronda.results.adapters.area_results import AreaResults, StationResult
from ronda.results.adapters.checksheet import CheckSheet, RowKind, StationColumn, Sum, VillageColumns, notes
from ronda.results.domain import source_name
from ronda.web.context import drill

Place = Callable[..., Any]
BORDER = {"border": 1, "border_color": "#B5B5B5"}
LABELS = 42  # width of the first column, in characters
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@contextmanager
def workbook() -> Iterator[tuple[Any, io.BytesIO]]:
    """An open workbook and the bytes it becomes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        yield book, out


def sheet_xlsx(sheet: CheckSheet) -> bytes:
    """The check sheet on one worksheet that prints like the PDF: A4 lying, row labels and heads on every page."""
    with workbook() as (book, out):
        page = _page(book, sheet)
        _heads(book, page, sheet)
        at = 1
        for village in sheet.villages:
            at = _village(book, page, sheet, village, at)
        _sums(book, page, sheet, sheet.sums, at)
    return out.getvalue()


FIRST = 5  # rows above the figures: title, contest, village, number, copy


def _page(book: Any, sheet: CheckSheet) -> Any:
    page = book.add_worksheet(_("Lembar periksa"))
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    page.repeat_rows(0, FIRST - 1)
    page.repeat_columns(0, 0)
    page.freeze_panes(FIRST, 1)
    page.hide_gridlines(2)
    page.set_column(0, 0, LABELS)
    page.set_footer(f"&L{_plain(notes(sheet)[0])}&R{_('Halaman')} &P {_('dari')} &N")
    page.write_string(
        0,
        0,
        f"{_('Lembar periksa rekapitulasi')} {sheet.district}, {sheet.regency}",
        book.add_format({"bold": True, "font_size": 14}),
    )
    page.write_string(0, 5, sheet.warning, book.add_format({"bold": True}))
    page.write_string(
        1,
        0,
        f"{sheet.contest} · {sheet.election} · {_('Dibuat %(time)s') % {'time': sheet.made}}",
        book.add_format({"font_color": "#606060"}),
    )
    return page


def _plain(text: str) -> str:
    """For a header or footer: there & begins a command, and 255 characters is the end."""
    return text.replace("&", "&&")[:200]


def _heads(book: Any, page: Any, sheet: CheckSheet) -> None:
    part = book.add_format({"bold": True, "bg_color": "#E8E8E8", **BORDER})
    bold, plain = book.add_format({"bold": True, **BORDER}), book.add_format(BORDER)
    inside = book.add_format({"indent": 1, **BORDER})
    shapes = {RowKind.PART: part, RowKind.PARTY: bold, RowKind.TOTAL: bold, RowKind.CANDIDATE: inside}
    page.write_string(FIRST - 2, 0, _("Uraian"), bold)
    page.write_string(FIRST - 1, 0, _("Salinan"), plain)
    for row, line in enumerate(sheet.rows, FIRST):
        page.write_string(row, 0, line.label, shapes.get(line.kind, plain))
    below = FIRST + len(sheet.rows) + 1
    for number, text in enumerate(notes(sheet)):
        page.write_string(below + number, 0, text)


def _village(book: Any, page: Any, sheet: CheckSheet, village: VillageColumns, at: int) -> int:
    """The stations of a village and what they add up to; the column after them."""
    end = at + len(village.stations)
    head = book.add_format({"bold": True, "align": "left", **BORDER})
    page.merge_range(FIRST - 3, at, FIRST - 3, end, "", head)
    page.write_string(FIRST - 3, at, village.name, head)
    for column, station in enumerate(village.stations, at):
        _station(book, page, sheet, station, column)
    _sums(book, page, sheet, village.sums, end)
    return end + 1


def _station(book: Any, page: Any, sheet: CheckSheet, station: StationColumn, column: int) -> None:
    mark = " ○" if not station.source else " ≠" if station.differs else ""
    head = book.add_format({"bold": True, "align": "right", **BORDER})
    page.write_string(FIRST - 2, column, f"{station.number:02d}{mark}", head)
    page.write_string(
        FIRST - 1, column, station.source, book.add_format({"font_size": 8, "align": "right", **BORDER})
    )
    waiting = {"pattern": 14, "fg_color": "#D0D0D0"} if not station.source else {}
    cells = [Sum(number) for number in station.figures]
    _column(book, page, sheet, cells, column, waiting)


def _sums(book: Any, page: Any, sheet: CheckSheet, sums: Sequence[Sum], column: int) -> None:
    head = book.add_format({"bold": True, "align": "right", "bg_color": "#F3F3F3", **BORDER})
    is_last = column == sheet.stations + len(sheet.villages) + 1
    page.write_string(FIRST - 2, column, _("Kecamatan") if is_last else _("Jumlah"), head)
    page.write_blank(FIRST - 1, column, None, head)
    _column(book, page, sheet, sums, column, {"bold": True, "bg_color": "#F3F3F3"})


def _column(
    book: Any, page: Any, sheet: CheckSheet, cells: Sequence[Sum], column: int, look: dict[str, Any]
) -> None:
    """Figures downwards; a number from which something is missing stands in brackets."""
    whole = book.add_format({"num_format": "#,##0", **BORDER, **look})
    partial = book.add_format({"num_format": "(#,##0)", **BORDER, **look})
    part = book.add_format({"bg_color": "#E8E8E8", **BORDER})
    for row, (line, cell) in enumerate(zip(sheet.rows, cells, strict=True), FIRST):
        if cell.value is None or line.kind is RowKind.PART:
            page.write_blank(row, column, None, part if line.kind is RowKind.PART else whole)
        else:
            page.write_number(row, column, cell.value, whole if cell.is_whole else partial)


BELOW = {
    Level.NATION: Level.PROVINCE,
    Level.PROVINCE: Level.REGENCY,
    Level.REGENCY: Level.DISTRICT,
    Level.DISTRICT: Level.VILLAGE,
    Level.VILLAGE: Level.VILLAGE,
}


def area_xlsx(results: AreaResults) -> bytes:
    """The areas one level down, and every station with the copy that is read first: a worksheet for each list."""
    with workbook() as (book, out):
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        _areas_page(book, results, head)
        for part in results.parts:
            _stations_page(book, part, head)
    return out.getvalue()


def _started(book: Any, name: str, results: AreaResults, heads: Sequence[str], head: Any) -> Any:
    """A worksheet with its title, the warning and the heads of its columns."""
    page = book.add_worksheet(name)
    titles = results.titles
    named = titles.contest_name, titles.election_name, results.name_of(results.area)
    words = " · ".join(filter(None, (drill().upper(), *named)))
    page.write_string(0, 0, words, book.add_format({"bold": True, "font_size": 14}))
    counts = {"there": results.reported, "stations": len(results.stations)}
    page.write_string(
        1, 0, _("Bukan hasil resmi. %(there)s dari %(stations)s TPS sudah ada lembarnya.") % counts
    )
    for column, text in enumerate(heads):
        page.write_string(3, column, text, head)
    page.freeze_panes(4, 2)
    page.set_column(0, 1, 22)
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(3)
    page.set_footer("&P / &N")
    return page


def _areas_page(book: Any, results: AreaResults, head: Any) -> None:
    heads = [_("Kode"), _("Wilayah"), _("TPS"), _("TPS masuk"), *_figure_heads(results)]
    page = _started(book, _("Wilayah"), results, heads, head)
    number = book.add_format({"num_format": "#,##0"})
    below = results.by_area(BELOW[level(results.area)])
    for row, (code, stations) in enumerate(below.items(), 4):
        page.write_string(row, 0, code)
        page.write_string(row, 1, results.name_of(code))
        cells = [len(stations), sum(bool(one.copies) for one in stations), *_added(results, stations)]
        _numbers(page, row, 2, cells, number)


def _stations_page(book: Any, results: AreaResults, head: Any) -> None:
    heads = [_("Kode TPS"), _("Desa atau kelurahan"), _("TPS"), _("Salinan"), *_figure_heads(results)]
    page = _started(book, _page_name(f"TPS {results.district}"), results, heads, head)
    number = book.add_format({"num_format": "#,##0"})
    for row, one in enumerate(results.stations, 4):
        page.write_string(row, 0, one.code)
        page.write_string(row, 1, results.name_of(one.village))
        page.write_number(row, 2, one.number)
        if one.first:
            page.write_string(row, 3, source_name(one.first.source))
            _numbers(page, row, 4, _figures(results, one), number)


def _page_name(words: str) -> str:
    """What a workbook takes as the name of a worksheet."""
    return re.sub(r"[\[\]:*?/\\]", " ", words).strip()[:31]


def _figure_heads(results: AreaResults) -> list[str]:
    choices = [results.titles.choice(at) for at in range(len(results.choices))]
    return [_("Pemilih dalam DPT"), _("Pengguna hak pilih"), *choices, _("Suara sah"), _("Suara tidak sah")]


def _figures(results: AreaResults, one: StationResult) -> list[int | None]:
    """The figures of the copy that is read first; nothing where none has come in."""
    sheet, votes = one.first, results.votes_of(one)
    if sheet is None:
        return [None, None, *votes, None, None]
    return [sheet.registered, sheet.users, *votes, sheet.valid, sheet.invalid]


def _added(results: AreaResults, stations: Sequence[StationResult]) -> list[int | None]:
    """Sums of what is there; nothing where no station has the figure."""
    columns = zip(*(_figures(results, one) for one in stations), strict=True)
    there = [[cell for cell in cells if cell is not None] for cells in columns]
    return [sum(cells) if cells else None for cells in there]


def _numbers(page: Any, row: int, column: int, cells: Sequence[int | None], look: Any) -> None:
    for at, cell in enumerate(cells, column):
        if cell is not None:
            page.write_number(row, at, cell, look)

"""The check sheet of a district: what the recapitulation should say, on paper and as a workbook."""

import io
import re

import pytest
import typst
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from ronda.results.adapters.checksheet import RowKind, Sum, laid_out
from ronda.results.adapters.checksheet_pdf import sheet_images, sheet_pdf
from ronda.results.adapters.shown import Heading
from ronda.results.adapters.workbooks import sheet_xlsx
from ronda.results.models import FailedCheck, Sheet
from ronda.results.selectors import StationLine

CHOICES = ("12 Partai Dua Belas", "12.1 =1+1", '12.2 #panic("dibaca")', "14 Partai Empat Belas")
NAMES = Heading("pemilu-2024", "DPRD_KABKO", "Pemilu 2024", "DPRD", CHOICES, {12: (0, 1, 2), 14: (3,)})


def station(number, votes=None, *, source="ptps", failed=()):
    line = StationLine(f"510102200100{number}", number)
    if votes is not None:
        total = sum(vote or 0 for vote in votes)
        other = {"pengguna_dptb_j": 2}
        figures = {"valid": total, "invalid": 3, "users": total + 3, "registered": 280, "other": other}
        line.copies[source] = Sheet(
            station=line.station, number=number, source=source, votes=votes, **figures
        )
    line.failed = [FailedCheck(rule=rule, station=line.station, stake=1) for rule in failed]
    return line


@pytest.fixture
def sheet():
    lines = {
        "Pengambengan": [station(1, [30, 12, 9, 40]), station(2, [20, 1, None, 10], failed=["X02"])],
        "Cupel": [station(1), station(2, [5, 5, 5, 5], source="plano")],
    }
    lines["Cupel"][1].copies["kpu"] = Sheet(station="x", number=2, source="kpu", votes=[9, 9, 9, 9], other={})
    with override("id"):
        yield laid_out(NAMES, lines, place=("Negara", "Jembrana"), made="Jumat, 27 November 2026 22.30 WITA")


def row(sheet, label):
    return [line.label for line in sheet.rows].index(label)


def test_a_station_is_read_from_its_first_copy_in_reading_order(sheet):
    cupel = sheet.villages[1]
    assert cupel.stations[1].source == "plano"
    assert cupel.stations[1].figures[row(sheet, "12.1 =1+1")] == 5


def test_a_party_has_its_own_row_its_candidates_and_what_they_are_together(sheet):
    kinds = [(line.label, line.kind) for line in sheet.rows if "12" in line.label]
    assert [kind for _label, kind in kinds] == [
        RowKind.PARTY,
        RowKind.CANDIDATE,
        RowKind.CANDIDATE,
        RowKind.TOTAL,
    ]
    at = row(sheet, "Jumlah suara partai 12")
    assert [one.figures[at] for one in sheet.villages[0].stations] == [51, None]


def test_sums_say_when_something_is_missing_from_them(sheet):
    at = row(sheet, '12.2 #panic("dibaca")')
    assert sheet.villages[0].sums[at] == Sum(9, is_whole=False)
    assert sheet.villages[0].sums[row(sheet, "12 Partai Dua Belas")] == Sum(50)
    assert sheet.villages[1].sums[at] == Sum(5, is_whole=False)
    assert sheet.sums[at] == Sum(14, is_whole=False)


def test_a_station_without_a_sheet_is_empty_and_counted(sheet):
    waiting = sheet.villages[1].stations[0]
    assert waiting.source == ""
    assert set(waiting.figures) == {None}
    assert (sheet.stations, sheet.missing) == (4, 1)


def test_only_rows_that_a_copy_has_stand_beside_those_that_always_do(sheet):
    labels = [line.label for line in sheet.rows]
    assert "Pengguna hak pilih dalam DPTb" in labels
    assert "Surat suara diterima" not in labels
    assert {"Pemilih dalam DPT", "Pengguna hak pilih", "Suara sah", "Suara tidak sah"} <= set(labels)


def test_the_paper_is_pdf_a_and_no_name_is_read_as_markup(sheet):
    paper = sheet_pdf(sheet)
    assert paper.startswith(b"%PDF-1.")
    assert b"pdfaid" in paper


def test_the_name_would_stop_the_making_if_it_were_read_as_markup():
    """The control of the test above."""
    with pytest.raises(typst.TypstError, match="dibaca"):
        typst.compile(CHOICES[2].encode())


def test_a_short_form_puts_stations_and_villages_on_one_page(sheet):
    assert len(sheet_images(sheet)) == 1


def test_many_stations_take_more_pages():
    lines = {f"Desa {name}": [station(number, [1, 2, 3, 4]) for number in range(1, 10)] for name in "ABCDEFG"}
    with override("id"):
        wide = laid_out(NAMES, lines, place=("Negara", "Jembrana"), made="kini")
        assert len(sheet_images(wide)) == 3  # 70 columns of 18 and the villages: five tables, two on a page


def test_the_workbook_has_the_same_figures_and_no_formula(sheet):
    with override("id"):
        content = sheet_xlsx(sheet)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    by_label = {str(cells[0]): cells[1:] for cells in rows}
    assert by_label["12 Partai Dua Belas"] == [30, 20, 50, "", 5, 5, 55]
    assert by_label["12.1 =1+1"] == [12, 1, 13, "", 5, 5, 18]
    assert by_label["Uraian"] == ["01", "02 ≠", "Jumlah", "01 ○", "02", "Jumlah", "Kecamatan"]
    assert "Bukan dokumen resmi".upper() in rows[0]


def test_the_sheet_is_english_in_english():
    with override("en"):
        english = laid_out(NAMES, {"Cupel": [station(1, [1, 2, 3, 4])]}, place=("N", "J"), made="now")
        assert "Valid votes" in [line.label for line in english.rows]
        assert re.match(rb"%PDF", sheet_pdf(english))


def test_a_sheet_of_a_simulation_says_so_first(settings):
    settings.DEMO = True
    with override("id"):
        made = laid_out(NAMES, {"Cupel": [station(1, [1, 2, 3, 4])]}, place=("N", "J"), made="kini")
    assert made.warning == "SIMULASI · BUKAN DOKUMEN RESMI"

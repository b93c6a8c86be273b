"""Files as people send them: any usual dress is read, anything else is refused with what to do."""

import csv
import gzip
import io
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.counts import count

from ronda.kernel.imports import Column, ImportRefused, Row, check, open_table
from ronda.kernel.imports import tables as tables_module

COLUMNS = (
    Column("code", ("kode_tps", "tps_code")),
    Column("name", ("nama",)),
    Column("voters", (), required=False),
)
LINES = "kode_tps,nama,voters\n5101011006001,Balai Désa,150\n5101011006002,Sekolah,\n"


def parse(row: Row) -> tuple[str, str, int | None]:
    return row.digits("code", 13), row.text("name"), row.integer("voters", 0, 1000)


def read(path: Path):
    with open_table(path, COLUMNS) as table:
        return check(table, parse, key=lambda item: item[0], key_column="code")


def refusal(path: Path) -> str:
    with pytest.raises(ImportRefused) as caught:
        read(path)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_reads_usual_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "tps.csv"
    path.write_bytes(LINES.replace(",", separator).encode(encoding))
    result = read(path)
    assert result.items == [("5101011006001", "Balai Désa", 150), ("5101011006002", "Sekolah", None)]
    assert result.is_clean
    assert bool(result.notes) == (encoding == "cp1252")


def test_reads_gzip(tmp_path: Path) -> None:
    path = tmp_path / "tps.csv.gz"
    path.write_bytes(gzip.compress(LINES.encode()))
    assert len(read(path).items) == 2


def test_reads_a_workbook_with_codes_stored_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "tps.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    workbook.add_worksheet("Petunjuk").write(0, 0, "Isi lembar kedua")
    sheet = workbook.add_worksheet("TPS")
    for at, cells in enumerate(
        [["Kode TPS", "Nama"], [5101011006001, "Balai"], ["5101011006002", "Sekolah"]]
    ):
        sheet.write_row(at + 2, 1, cells)
    workbook.close()
    assert [item[0] for item in read(path).items] == ["5101011006001", "5101011006002"]


def test_empty_is_not_zero_and_blank_rows_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "tps.csv"
    path.write_text("\n\nkode_tps,nama,voters\n\n5101011006001,Balai,\n,,\n", encoding="utf-8")
    result = read(path)
    assert result.items == [("5101011006001", "Balai", None)]
    assert result.rows == 1


def test_error_names_row_column_wanted_and_came(tmp_path: Path) -> None:
    path = tmp_path / "tps.csv"
    path.write_text("\nkode_tps,nama,voters\n5101011006001,Balai,-3\n", encoding="utf-8")
    (error,) = read(path).errors
    assert (error.row, error.column, error.wanted, error.came) == (
        3,
        "voters",
        "bilangan bulat 0 sampai 1000",
        "-3",
    )


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("5,10101E+12", "Excel"),
        ("5.10101E+12", "Excel"),
        ("510101100601", "kurang 1 angka"),
        ("51010110061", "kurang 2 angka"),
        ("", "kosong"),
        ("TPS 1", "TPS 1"),
        ("٥١٠١٠١١٠٠٦٠٠١", "٥"),
    ],
)
def test_code_spoilt_by_a_spreadsheet_is_explained(tmp_path: Path, code: str, why: str) -> None:
    path = tmp_path / "tps.csv"
    path.write_text(f'kode_tps;nama\n"{code}";Balai\n', encoding="utf-8")
    (error,) = read(path).errors
    assert error.wanted == "13 angka"
    assert why in error.came


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("<b>Balai</b>", "HTML"),
        ("<script>alert(1)</script>", "HTML"),
        ("Balai\u202egnuled", "pembalik"),
        ("Balai\x00", "kendali"),
        ("Balai\x1b[31m", "kendali"),
        ("B" * 201, "200"),
        ("", "isi"),
    ],
)
def test_name_that_could_deceive_is_refused_and_shown_harmless(
    tmp_path: Path, name: str, wanted: str
) -> None:
    path = tmp_path / "tps.csv"
    path.write_text(f"kode_tps,nama\n5101011006001,{name}\n", encoding="utf-8")
    (error,) = read(path).errors
    assert wanted in error.wanted
    assert not any(ord(char) < 32 or char == "\u202e" for char in error.came)


@pytest.mark.parametrize("name", ["Balai 🏠 Désa", "مدرسة", "Jl. < 5 km", "TPS «A» – O'Neil & Co"])
def test_name_in_any_script_is_welcome(tmp_path: Path, name: str) -> None:
    path = tmp_path / "tps.csv"
    path.write_text(f"kode_tps,nama\n5101011006001,{name}\n", encoding="utf-8")
    assert read(path).items[0][1] == name


def test_code_given_twice_names_the_first_row(tmp_path: Path) -> None:
    path = tmp_path / "tps.csv"
    path.write_text("kode_tps,nama\n5101011006001,A\n5101011006001,B\n", encoding="utf-8")
    result = read(path)
    assert result.rows_refused == 1
    assert result.errors[0].came == "sama dengan baris 2"


def test_row_with_too_many_cells_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "tps.csv"
    path.write_text("kode_tps,nama\n5101011006001,A,B,C\n", encoding="utf-8")
    assert read(path).errors[0].came == "4 kolom"


def test_rejects_file_holds_the_rows_as_they_came(tmp_path: Path) -> None:
    path, rejects = tmp_path / "tps.csv", tmp_path / "ditolak.csv"
    path.write_text("kode_tps,nama\n5101011006001,A\nsalah,B\n", encoding="utf-8")
    with open_table(path, COLUMNS) as table:
        result = check(table, parse, rejects=rejects)
    assert len(result.items) == 1
    rows = list(csv.reader(io.StringIO(rejects.read_text(encoding="utf-8"))))
    assert rows[0] == ["kode_tps", "nama", "_error"]
    assert rows[1][:2] == ["salah", "B"]


def test_rejects_file_disarms_formulas_and_leaves_numbers(tmp_path: Path) -> None:
    path, rejects = tmp_path / "tps.csv", tmp_path / "ditolak.csv"
    path.write_text('kode_tps,nama,voters\nsalah,"=HYPERLINK(""x"")",-3\n', encoding="utf-8")
    with open_table(path, COLUMNS) as table:
        check(table, parse, rejects=rejects)
    row = list(csv.reader(io.StringIO(rejects.read_text(encoding="utf-8"))))[1]
    assert row[1:3] == ['\'=HYPERLINK("x")', "-3"]


def test_clean_file_leaves_no_rejects_file(tmp_path: Path) -> None:
    path, rejects = tmp_path / "tps.csv", tmp_path / "ditolak.csv"
    path.write_text(LINES, encoding="utf-8")
    with open_table(path, COLUMNS) as table:
        check(table, parse, rejects=rejects)
    assert not rejects.exists()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "kosong"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "97-2003"),
        (b"<html><table>", "HTML"),
        (b"PK\x03\x04rusak", "rusak"),
        (b"\x1f\x8b\x08rusak", "gzip"),
        (b"a,b\n1,2\n", "code, name"),
        (b"\n\n", "tidak ada"),
        (b'kode_tps,nama\n"5101011006001,Balai\n', "tanda kutip"),
        (b"kode_tps,nama\n" + b"x" * 300_000, "bukan tabel"),
        (b"kode_tps,nama\n\x81\x8d", "tidak dikenali"),
        ("kode_tps,nama".encode("utf-16")[:-1], "rusak"),
    ],
)
def test_file_that_is_no_table_is_refused_with_what_to_do(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "berkas.csv"
    path.write_bytes(content)
    assert word in refusal(path)


def test_truncated_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tps.csv.gz"
    path.write_bytes(gzip.compress((LINES * 5000).encode())[:-20])
    assert "gzip" in refusal(path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    assert "tidak ada" in refusal(tmp_path / "hilang.csv")


def test_big_file_is_refused_clearly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_module, "TEXT_BYTES_MAX", 3 * 1024**2)
    path = tmp_path / "besar.csv.gz"
    path.write_bytes(gzip.compress(LINES.encode() + b"5101011006003,A,1\n" * 400_000))
    assert "MB" in refusal(path)
    monkeypatch.setattr(tables_module, "ROWS_MAX", 1)
    (tmp_path / "panjang.csv").write_text(LINES, encoding="utf-8")
    assert "baris" in refusal(tmp_path / "panjang.csv")


def test_workbook_that_unpacks_too_far_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_module, "XLSX_UNPACKED_MAX", 10)
    path = tmp_path / "besar.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    workbook.add_worksheet()
    workbook.close()
    assert "terlalu besar" in refusal(path)


def test_a_large_file_streams_through_without_filling_memory(tmp_path: Path) -> None:
    import tracemalloc

    megabytes = count("import_megabytes")

    path = tmp_path / "besar.csv"
    with path.open("wb") as file:
        file.write(b"kode_tps,nama\n")
        block = b"salah," + b"B" * 990 + b"\n"
        for _ in range(megabytes):
            file.write(block * 1000)
    tracemalloc.start()
    with open_table(path, COLUMNS) as table:
        result = check(table, lambda row: row.refuse("code", "13 angka"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result.rows == result.rows_refused == megabytes * 1000
    assert len(result.errors) == 500
    assert peak < 40 * 1024**2


@settings(
    max_examples=count("import_inputs"),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "acak"
    for start in (b"", b"kode_tps,nama\n", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"\xff\xfe"):
        path.write_bytes(start + content)
        try:
            result = read(path)
        except ImportRefused:
            continue
        assert len(result.items) + result.rows_refused == result.rows


@settings(
    max_examples=count("import_inputs"),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(rows=st.lists(st.lists(st.text(max_size=20), min_size=3, max_size=3), max_size=8))
def test_any_text_in_cells_is_read_or_refused(tmp_path: Path, rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["kode_tps", "nama", "voters"], *rows])
    path = tmp_path / "acak.csv"
    path.write_bytes(buffer.getvalue().encode("utf-8", "surrogatepass"))
    try:
        result = read(path)
    except ImportRefused:
        return
    assert len(result.items) + result.rows_refused == result.rows <= len(rows)
    assert all(error.wanted for error in result.errors)

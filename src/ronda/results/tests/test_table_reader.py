"""Bad input gives a sentence or a row error, never a traceback; the fast and the slow way agree."""

import csv
import gzip
import io

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from ronda.config.cli.tally import tally
from ronda.results.adapters.situng2019 import SHEETS, read_sheets
from ronda.results.adapters.source import FileError

HEADER = ",".join((*SHEETS.names, *SHEETS.numbers))
GOOD = "BALI,JEMBRANA,NEGARA,BALER BALE AGUNG,53244,53243,1,137,160,190,42,232,5,237,190,42,232,5,237"


def cells(**changes):
    names = HEADER.split(",")
    row = dict(zip(names, GOOD.split(","), strict=True)) | changes
    return ",".join(row[name] for name in names)


def made(tmp_path, *rows, header=HEADER, encoding="utf-8", end="\n"):
    path = tmp_path / "sheets.csv"
    path.write_bytes((end.join([header, *rows]) + end).encode(encoding))
    return path


def run(path, *options):
    return CliRunner().invoke(tally, [str(path), "--format", "situng-2019", *options])


def test_reads_the_plain_file(tmp_path):
    stations = read_sheets(made(tmp_path, GOOD, cells(tps="2", kp_pas1="")))
    assert stations.registered.value.tolist() == [297, 297]
    assert stations.copies["kp"].votes.complete().tolist() == [True, False]
    assert stations.table.names == {53244: ("BALI", "JEMBRANA", "NEGARA", "BALER BALE AGUNG")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_reads_bom_windows_lines_and_other_separators(tmp_path, encoding, end, separator):
    rows = [GOOD.replace(",", separator), "", cells(tps="2").replace(",", separator)]
    path = made(tmp_path, *rows, header=HEADER.replace(",", separator), encoding=encoding, end=end)
    stations = read_sheets(path)
    assert len(stations) == 2
    assert not stations.table.errors


def test_reads_a_file_without_a_last_newline_and_gzip_under_any_name(tmp_path):
    path = tmp_path / "sheets.csv"
    path.write_bytes(gzip.compress(f"{HEADER}\n{GOOD}".encode()))
    assert len(read_sheets(path)) == 1


def test_a_quoted_name_with_comma_and_newline_is_one_cell(tmp_path):
    stations = read_sheets(made(tmp_path, GOOD, cells(kel='"A, B\nC"', kel_id="9"), cells(tps="3")))
    assert len(stations) == 3
    assert stations.table.names[9][3] == "A, B\nC"


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("-5", "'-5'"),
        ("12.0", "'12.0'"),
        ("1.234", "'1.234'"),
        ("duabelas", "'duabelas'"),
        ("1e3", "'1e3'"),
        ("٣", "'٣'"),
        ("1234567890", "'1234567890'"),
        ("🙂", "'🙂'"),
        ("<b>1</b>", "'<b>1</b>'"),
    ],
)
def test_a_cell_that_is_no_count_is_a_row_error_and_nothing_is_counted(tmp_path, came, shown):
    path = made(tmp_path, GOOD, cells(tps="2", kpu_sah=came))
    found = run(path, "--json")
    assert found.exit_code == 1
    assert f"row 3, column kpu_sah: wanted a whole number from 0 to 999999999, came {shown}" in found.stderr
    assert found.stdout == ""
    skipped = run(path, "--json", "--skip-bad")
    assert skipped.exit_code == 0
    assert '"stations": 1' in skipped.stdout


def test_minus_one_registered_voters_is_not_known_and_other_negatives_are_errors(tmp_path):
    assert not read_sheets(made(tmp_path, cells(dpt_l="-1"))).registered.present.any()
    assert read_sheets(made(tmp_path, cells(dpt_l="-2"))).table.errors[0].column == "dpt_l"
    assert read_sheets(made(tmp_path, cells(kpu_pas1="-1"))).table.errors[0].column == "kpu_pas1"


def test_a_four_digit_figure_is_kept_as_it_came_and_named(tmp_path):
    found = run(made(tmp_path, cells(kpu_pengguna="1750")))
    assert found.exit_code == 0
    assert "RANGE_DIGITS (above 999): 1 stations" in found.stdout
    assert "TURNOUT_MISMATCH 1" in found.stdout


def test_spaces_around_a_figure_do_no_harm(tmp_path):
    assert read_sheets(made(tmp_path, cells(kpu_sah=" 232 "))).copies["kpu"].valid.value.tolist() == [232]


def test_a_station_without_number_is_an_error(tmp_path):
    (error,) = read_sheets(made(tmp_path, cells(tps=""))).table.errors
    assert (error.row, error.column, error.came) == (2, "tps", "empty")


def test_a_row_with_too_few_cells_names_its_row(tmp_path):
    (error,) = read_sheets(made(tmp_path, GOOD, "BALI,JEMBRANA", GOOD)).table.errors
    assert str(error) == "row 3, column all: wanted 19 columns, came 2 columns"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "column names"),
        (b"\n\n", "column names"),
        (b"PK\x03\x04rest", "XLSX"),
        (HEADER.encode("utf-16"), "UTF-16"),
        (f"{HEADER}\n{GOOD.replace('NEGARA', 'NÉGARA')}\n".encode("latin-1"), "row 2 holds the byte 0xc9"),
        (f"{HEADER}\n\0\n".encode(), "zero byte"),
        (b"a,b,c\n1,2,3\n", "columns missing: prov, kab"),
        (f"{HEADER},tps\n{GOOD},1\n".encode(), "there twice: tps"),
        (gzip.compress(f"{HEADER}\n{GOOD}".encode())[:-9], "whole gzip"),
        (b"\x1f\x8bnot gzip at all", "whole gzip"),
        (f'{HEADER}\n"{"x" * 200_000}\n'.encode(), "whole CSV"),
    ],
)
def test_a_file_of_no_use_is_refused_with_a_sentence(tmp_path, content, said):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    found = run(path, "--json")
    assert (found.exit_code, found.stdout) == (1, "")
    assert said in found.stderr
    assert "Traceback" not in found.stderr


def test_a_file_of_another_kind_stops_early(tmp_path):
    rows = [GOOD.replace("190", "x")] * 2_000
    with pytest.raises(FileError, match="reading was stopped"):
        read_sheets(made(tmp_path, *rows))


cell = st.none() | st.integers(0, 999)
numbers = st.lists(st.tuples(*[cell] * 12), max_size=12)


@settings(max_examples=60)
@given(numbers, st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12))
def test_the_fast_and_the_slow_way_read_the_same(tmp_path_factory, data, name):
    tmp_path = tmp_path_factory.mktemp("same")
    plain, quoted = io.StringIO(), io.StringIO()
    name = name.replace('"', "").replace(",", "") or "X"
    for stream, quoting in ((plain, csv.QUOTE_MINIMAL), (quoted, csv.QUOTE_ALL)):
        writer = csv.writer(stream, quoting=quoting)
        writer.writerow(HEADER.split(","))
        for at, row in enumerate(data):
            writer.writerow(
                ["BALI", "J", "N", name, 1 + at % 3, 7, at, *("" if c is None else c for c in row)]
            )
    tables = []
    for stem, stream in (("plain", plain), ("quoted", quoted)):
        path = tmp_path / f"{stem}.csv"
        path.write_text(stream.getvalue(), encoding="utf-8", newline="")
        tables.append(read_sheets(path).table)
    assert tables[0].rows.tolist() == tables[1].rows.tolist()
    assert tables[0].names == tables[1].names
    for column in SHEETS.numbers:
        assert tables[0].value[column].tolist() == tables[1].value[column].tolist()
        assert tables[0].present[column].tolist() == tables[1].present[column].tolist()


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_no_bytes_at_all_bring_a_traceback(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(f"{HEADER}\n{GOOD}\n".encode() + content)
    found = run(path, "--json")
    assert found.exit_code in (0, 1)
    assert found.exception is None or isinstance(found.exception, SystemExit)

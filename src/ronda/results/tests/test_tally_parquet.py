"""`ronda tally --format situng-2019`: CSV, CSV.gz and Parquet, one file or a folder, tell the same to the byte."""

import gzip

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from tests.shared_data import shared

from ronda.config.cli.tally import tally
from ronda.results.adapters.situng2019 import SHEETS

RECAP = "results/pemilu2019_ppwp_rekap_kecamatan.csv"


def told(path, *more):
    words = [str(path), "--format", "situng-2019", "--recap", str(shared(RECAP)), *more]
    done = CliRunner().invoke(tally, words)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def sheets(regency):
    return shared(f"results/pemilu2019_ppwp_tps_{regency}.csv")


@pytest.mark.parametrize("more", [("--json",), ()])
@pytest.mark.parametrize("regency", ["jembrana", "jombang"])
def test_the_same_sheets_as_parquet_tell_the_same_to_the_byte(tmp_path, regency, more):
    target = tmp_path / "sheets.parquet"
    pq.write_table(pa_csv.read_csv(sheets(regency)), target, compression="zstd")
    assert told(target, *more) == told(sheets(regency), *more)


def test_a_folder_of_csv_gzip_and_parquet_tells_the_same_as_one_file(tmp_path):
    header, *rows = sheets("jombang").read_bytes().splitlines(keepends=True)
    third = len(rows) // 3
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.csv").write_bytes(header + b"".join(rows[:third]))
    (tmp_path / "2.csv.gz").write_bytes(gzip.compress(header + b"".join(rows[third : 2 * third])))
    (tmp_path / "rest.csv").write_bytes(header + b"".join(rows[2 * third :]))
    pq.write_table(pa_csv.read_csv(tmp_path / "rest.csv"), tmp_path / "3.parquet")
    (tmp_path / "rest.csv").unlink()
    assert told(tmp_path, "--json") == told(sheets("jombang"), "--json")


def made(tmp_path, **columns):
    cells = {name: pa.array([1, 1], pa.int64()) for name in SHEETS.numbers}
    cells |= {name: pa.array(["A", "A"]) for name in SHEETS.names}
    target = tmp_path / "sheets.parquet"
    pq.write_table(pa.table({**cells, **columns}), target)
    return target


def refused(path, *more):
    done = CliRunner().invoke(tally, [str(path), "--format", "situng-2019", *more])
    assert done.exit_code == 1
    return done.stderr


@pytest.mark.parametrize(
    ("column", "cells", "sentence"),
    [
        ("kpu_sah", [1, -5], "row 2, column kpu_sah: wanted a whole number from 0 to 999999999, came '-5'"),
        ("tps", [None, 2], "row 1, column tps: wanted a whole number from 0 to 999999999, came empty"),
        ("kp_pas1", [10**9, 1], "row 1, column kp_pas1: wanted a whole number from 0 to 999999999"),
    ],
)
def test_a_cell_that_a_csv_may_not_have_is_refused_in_parquet_too(tmp_path, column, cells, sentence):
    path = made(tmp_path, **{column: pa.array(cells, pa.int64())})
    assert sentence in refused(path)
    done = CliRunner().invoke(tally, [str(path), "--format", "situng-2019", "--skip-bad", "--json"])
    assert '"stations": 1' in done.stdout


def test_text_where_numbers_belong_is_refused_with_the_column(tmp_path):
    assert "column kpu_sah: wanted whole numbers" in refused(made(tmp_path, kpu_sah=pa.array(["x", "1"])))


def test_a_parquet_file_without_a_column_is_refused_with_its_name(tmp_path):
    target = tmp_path / "sheets.parquet"
    pq.write_table(pq.read_table(made(tmp_path)).drop_columns(["kp_sah"]), target)
    assert "columns missing: kp_sah" in refused(target)


def test_half_a_parquet_file_is_refused(tmp_path):
    path = made(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    assert "wanted a whole Parquet file" in refused(path)


def test_a_folder_without_files_is_refused(tmp_path):
    assert "there is none" in refused(tmp_path)

"""`ronda index`: from a table to a score that says what it is made of, without a database."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ronda.law.instruments import instruments
from ronda.risk.adapters import Setting, ValuesRefused, index_of, values_read

IKP = instruments()["ikp-2024"]
CODES = [one.code for one in IKP.established]


def table(folder: Path, rows: list[list[object]], header: list[str] | None = None) -> Path:
    path = folder / "nilai.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header or ["kode", "nama", *CODES], *rows])
    return path


def areas(folder: Path, n: int = 40) -> Path:
    """Areas whose every value grows with their number; the last was asked nothing."""
    rows: list[list[object]] = [
        [f"51.01.01.{2000 + at}", f"Desa {at}", *[at * (1 + place % 3) for place in range(len(CODES))]]
        for at in range(n)
    ]
    return table(folder, [*rows, ["51.01.01.2999", "Desa sunyi", *[""] * len(CODES)]])


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ronda.config.cli", "index", *words],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_table_becomes_scores_with_parts_intervals_and_categories(tmp_path: Path) -> None:
    out = tmp_path / "indeks.csv"
    words = ("--instrument", "ikp-2024", "--unit", "regency", "--runs", "40", "--json", "--out", str(out))

    told = json.loads(run(str(areas(tmp_path)), *words).stdout)

    highest, lowest, silent = told["areas"][39], told["areas"][0], told["areas"][40]
    assert (highest["index"], highest["category"], highest["place"][1]) == (100.0, "high", 1)
    assert (lowest["index"], lowest["category"]) == (0.0, "low")
    assert (silent["index"], silent["category"], silent["known_share"]) == (None, None, 0.0)
    assert any("equal weights" in name for name in told["weights"])
    assert any("47 of 61" in point for point in told["not_established"])
    assert told["digest"] == IKP.digest
    with out.open(encoding="utf-8") as file:
        assert next(row for row in csv.DictReader(file) if row["name"] == "Desa 39")["index"] == "100.0"


def test_the_parts_that_are_told_sum_to_the_index(tmp_path: Path) -> None:
    made = index_of(values_read(areas(tmp_path), CODES), IKP, Setting("regency", n_runs=20))
    for parts, index in zip(made.parts[:40], made.scores.index[:40], strict=True):
        assert parts.sum() == pytest.approx(index)


def test_fixed_cut_offs_put_33_and_66_where_their_source_does(tmp_path: Path) -> None:
    from ronda.risk.adapters.indexing import cutoffs_of

    rule = cutoffs_of(instruments()["ikp-2019"], "regency")
    assert rule is not None
    cutoffs = rule([])  # type: ignore[arg-type]
    assert cutoffs.middle_from == pytest.approx(33.005)
    assert cutoffs.high_from == pytest.approx(66.005)


def test_a_map_of_stations_has_no_category_because_no_source_gives_one(tmp_path: Path) -> None:
    codes = [one.code for one in instruments()["tps-rawan-pemilu-2024"].established]
    rows: list[list[object]] = [
        [f"5101010001{at:03}", f"TPS {at}", *[at % 2] * len(codes)] for at in range(1, 9)
    ]
    path = table(tmp_path, rows, ["kode", "nama", *codes])

    done = run(
        str(path), "--instrument", "tps-rawan-pemilu-2024", "--unit", "station", "--runs", "20", "--json"
    )

    assert {area["category"] for area in json.loads(done.stdout)["areas"]} == {None}


@pytest.mark.parametrize(
    ("header", "row", "wanted"),
    [
        (["kode", "salah"], ["51", 1], "column 'salah': wanted kode, nama or one of"),
        (["kode", "nama"], ["51", "x"], "at least one indicator"),
        (["kode", CODES[0]], ["51", "banyak"], "line 2, " + CODES[0] + ": wanted a number from 0 up"),
        (["kode", CODES[0]], ["51", "-3"], "wanted a number from 0 up"),
        (["kode", CODES[0]], ["51", "inf"], "wanted a number from 0 up"),
        (["kode", CODES[0]], ["51"], "line 2: wanted 2 cells, came 1"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, header: list[str], row: list[object], wanted: str
) -> None:
    with pytest.raises(ValuesRefused, match=wanted.replace("'", ".")):
        values_read(table(tmp_path, [row], header), CODES)


def test_a_code_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValuesRefused, match="came again: 51"):
        values_read(table(tmp_path, [["51", 1], ["51", 2]], ["kode", CODES[0]]), CODES)


def test_an_instrument_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    done = run(str(areas(tmp_path)), "--instrument", "ikp-1999")
    assert done.returncode == 1
    assert "ikp-2024" in done.stderr


def test_an_instrument_without_established_indicators_scores_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, [["51", 1]], ["kode", "P1"])
    assert run(str(path), "--instrument", "ipkp-polri").returncode == 1

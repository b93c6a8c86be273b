"""`ronda tally` counts every row; a station that stands twice in a file is said beside the figures, never in them."""

import json

import pytest
from click.testing import CliRunner
from tests.shared_data import shared

from ronda.config.cli.tally import tally
from ronda.results.adapters.situng2019 import SHEETS, read_sheets, repeated_rows

HEADER = ",".join((*SHEETS.names, *SHEETS.numbers))
KEY = ("kel_id", "tps")


def made(tmp_path, *keys):
    names = HEADER.split(",")
    rows = [HEADER]
    for kel, tps in keys:
        row = dict.fromkeys(names, "1") | {"kel_id": str(kel), "tps": str(tps), "kpu_sah": "2"}
        rows.append(",".join(row[name] for name in names))
    path = tmp_path / "sheets.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def run(path):
    return CliRunner().invoke(tally, [str(path), "--format", "situng-2019", "--json"])


def test_a_station_that_stands_twice_is_noted_and_the_figures_stay_as_they_are(tmp_path):
    found = run(made(tmp_path, (7, 1), (7, 1), (7, 2), (8, 1), (7, 1)))
    assert found.exit_code == 0
    assert "2 rows name a station that an earlier row names too (same kel_id and tps)" in found.stderr
    figures = json.loads(found.stdout)
    assert figures["stations"] == 5
    assert figures["sources"]["kpu"]["votes"] == [5, 5]


def test_stations_that_stand_once_are_not_noted(tmp_path):
    # As written side by side, village 7 with station 11 and village 71 with station 1 would be the same.
    found = run(made(tmp_path, (7, 11), (71, 1), (7, 1), (1, 7)))
    assert found.exit_code == 0
    assert found.stderr == ""


def test_the_largest_numbers_do_not_run_into_each_other(tmp_path):
    most = 10**9 - 1
    stations = read_sheets(made(tmp_path, (most, most), (most, 0), (most - 1, most), (most, most)))
    assert repeated_rows(stations) == 1


@pytest.mark.parametrize("regency", ["jembrana", "kota-malang", "jombang", "jember", "malang"])
def test_counts_repeats_of_the_real_files_as_a_plain_count_does(regency):
    stations = read_sheets(shared(f"results/pemilu2019_ppwp_tps_{regency}.csv"))
    keys = set(zip(*(stations.ids(name).tolist() for name in KEY), strict=True))
    assert repeated_rows(stations) == len(stations) - len(keys)

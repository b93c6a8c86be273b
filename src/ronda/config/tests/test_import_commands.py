"""The import commands as an operator runs them: dry run, row errors, all or nothing, skipping, repeating."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.shared_data import shared

HEADER = "code,number,name,voters_m,voters_f,lon,lat,kind\n"
GOOD = "5101011006001,1,Balai,120,131,114.62,-8.36,reguler\n"
BAD = "510101100600,1,<b>x</b>,-1,,,,\n"


@pytest.fixture
def ronda(live_database):
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ronda.config.cli", *words]
        environment = {**live_database.environment, "COLUMNS": "200", "PYTHONPATH": "src"}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    run.database = live_database  # type: ignore[attr-defined]
    return run


def stations_in(ronda) -> str:
    return ronda.database.psql("SELECT count(*) FROM elections_station").strip()


def test_a_regency_is_set_up_with_four_commands(ronda) -> None:
    loaded = ronda("places", "load", "51.01")
    assert loaded.returncode == 0, loaded.stderr
    assert "58 areas, 58 new" in loaded.stderr
    created = ronda("elections", "create", "pemilu-2024", "--area", "51.01")
    assert created.returncode == 0, created.stderr
    registry = str(shared("results/pemilu2024_tps_registry_jembrana.csv"))
    first = ronda("import", "stations", registry, "--election", "pemilu-2024")
    assert "898 stations, 898 new" in first.stderr
    again = ronda("import", "stations", registry, "--election", "pemilu-2024")
    assert "898 stations, 0 new" in again.stderr
    assert stations_in(ronda) == "898"
    outlines = ronda("import", "boundaries", str(shared("areas/raw_sql/wilayah_boundaries_kel_51.01.sql")))
    assert "51 boundaries, 51 new" in outlines.stderr


def test_bad_rows_stop_the_import_unless_they_are_skipped(ronda, tmp_path: Path) -> None:
    ronda("places", "load", "51.01")
    ronda("elections", "create", "pemilu-2024", "--area", "51.01")
    file = tmp_path / "tps.csv"
    file.write_text(HEADER + GOOD + BAD, encoding="utf-8")
    words = ("import", "stations", str(file), "--election", "pemilu-2024")

    dry = ronda(*words, "--dry-run")
    assert dry.returncode == 2
    assert "Dry run" in dry.stderr
    stopped = ronda(*words)
    assert stopped.returncode == 2
    assert "Nothing was written" in stopped.stderr
    for word in ("code", "13 angka", "kurang 1 angka", "voters_m", "HTML"):
        assert word in stopped.stderr
    assert stations_in(ronda) == "0"

    skipped = ronda(*words, "--skip-bad")
    assert skipped.returncode == 0, skipped.stderr
    assert stations_in(ronda) == "1"
    rejects = (tmp_path / "tps.csv.ditolak.csv").read_text(encoding="utf-8")
    assert rejects.startswith("code,number,name,voters_m,voters_f,lon,lat,kind,_error\n")
    assert "510101100600" in rejects
    assert "5101011006001" not in rejects


def test_choices_come_in_ballot_order(ronda, tmp_path: Path) -> None:
    ronda("places", "load", "51.01")
    ronda("elections", "create", "pilkada-2024", "--area", "51.01")
    file = tmp_path / "paslon.csv"
    file.write_text("contest,area,number,name\nBUP,51.01,2,B - C\nBUP,51.01,1,A - D\n", encoding="utf-8")
    done = ronda("import", "choices", str(file), "--election", "pilkada-2024")
    assert "2 choices, 2 new" in done.stderr
    file.write_text("contest,area,number,name\nWALI,51.01,1,A\n", encoding="utf-8")
    refused = ronda("import", "choices", str(file), "--election", "pilkada-2024")
    assert refused.returncode == 2
    assert "BUP 51.01, GUB 51" in refused.stderr


def test_what_the_operator_can_mend_is_said_in_a_sentence(ronda) -> None:
    for words, sentence in (
        (("places", "load", "99.99"), "no area of the official register"),
        (("places", "load"), "name one area"),
        (("elections", "create", "pemilu-1999", "--area", "51.01"), "There is no election pemilu-1999"),
        (("elections", "create", "pemilu-2024", "--area", "bali"), "51.01"),
        (("import", "stations", "tidak-ada.csv", "--election", "pemilu-2024"), "There is no election"),
        (("import", "boundaries", "tidak-ada.sql"), "There is no file"),
    ):
        done = ronda(*words)
        assert done.returncode == 2, words
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr

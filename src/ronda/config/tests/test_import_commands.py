"""The import commands as an operator runs them: dry run, row errors, all or nothing, skipping, repeating."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.shared_data import shared

from ronda.config.manual import commands

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
    assert dry.returncode == 1
    assert "Dry run" in dry.stderr
    stopped = ronda(*words)
    assert stopped.returncode == 1
    assert "Nothing was written" in stopped.stderr
    for word in ("code", "13 digits", "1 digits short", "voters_m", "HTML"):
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
    assert refused.returncode == 1
    assert "BUP 51.01, GUB 51" in refused.stderr


def test_what_the_operator_can_mend_is_said_in_a_sentence(ronda) -> None:
    for code, words, sentence in (
        (1, ("places", "load", "99.99"), "no area of the official register"),
        (2, ("places", "load"), "name one area"),
        (1, ("elections", "create", "pemilu-1999", "--area", "51.01"), "There is no election pemilu-1999"),
        (2, ("elections", "create", "pemilu-2024", "--area", "bali"), "51.01"),
        (1, ("import", "stations", "tidak-ada.csv", "--election", "pemilu-2024"), "There is no election"),
        (1, ("import", "boundaries", "tidak-ada.sql"), "There is no file"),
        (2, ("import", "stations", "tps.csv"), "--election"),
    ):
        done = ronda(*words)
        assert done.returncode == code, words
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr


SITUNG = "prov,kab,kec,kel,kel_id,kec_id,tps,dpt_l,dpt_p," + ",".join(
    f"{source}_{figure}"
    for source in ("kpu", "kp")
    for figure in ("pas1", "pas2", "sah", "tidak_sah", "pengguna")
)
RECAP = "prov,kab,kec,kec_id,n_tps,rekap_pas1,rekap_pas2\n"
EMPTY = {
    ("import", "stations"): (HEADER, ("--election", "pemilu-2024")),
    ("import", "boundaries"): ('{"type": "FeatureCollection", "features": []}', ()),
    ("import", "choices"): ("contest,area,number,name\n", ("--election", "pemilu-2024")),
    ("import", "sheets"): (SITUNG + "\n", ()),
    ("import", "recap"): (RECAP, ()),
    ("import", "vulnerable"): ("tps,tanda\n", ("--election", "pemilu-2024")),
    ("reports", "import"): ("kunci,teks\n", ("--area", "51.01")),
    ("people", "invite"): ("nama,surel,peran,wilayah\n", ("--agency", "bawaslu")),
    ("tally",): (SITUNG + "\n", ("--format", "situng-2019")),
}


def test_a_file_without_rows_is_refused_by_every_importer(ronda, tmp_path: Path) -> None:
    ronda("places", "load", "51.01")
    ronda("elections", "create", "pemilu-2024", "--area", "51.01")
    for words, (text, options) in EMPTY.items():
        file = tmp_path / "empty.csv"
        file.write_text(text, encoding="utf-8")
        for more in ((), ("--skip-bad",)):
            done = ronda(*words, str(file), *options, *more)
            assert done.returncode == 1, (words, done.stderr)
            assert "holds no " in " ".join(done.stderr.split()), (words, done.stderr)
            assert done.stdout == ""
        assert [path.name for path in tmp_path.iterdir()] == ["empty.csv"]


def test_every_importer_is_among_those_that_refuse_a_file_without_rows() -> None:
    importers = {
        tuple(words.split()[1:])
        for words, command in commands()
        if any(option.name == "skip_bad" for option in command.params)
    }
    assert importers == set(EMPTY)


def test_a_file_that_cannot_be_written_is_one_sentence_and_nothing_is_imported(ronda, tmp_path: Path) -> None:
    ronda("places", "load", "51.01")
    ronda("elections", "create", "pemilu-2024", "--area", "51.01")
    tps, paslon, orang = tmp_path / "tps.csv", tmp_path / "paslon.csv", tmp_path / "orang.csv"
    tps.write_text(HEADER + GOOD + BAD, encoding="utf-8")
    paslon.write_text("contest,area,number,name\nPPWP,,1,A\nPPWP,,x,B\n", encoding="utf-8")
    orang.write_text("nama,surel,peran,wilayah\nAyu,ayu@contoh.id,petugas,51.01\nB,tidak,petugas,51.01\n")
    skip = ("--skip-bad", "--rejects", "/nonexistent/x.csv")
    for words in (
        ("import", "stations", str(tps), "--election", "pemilu-2024", *skip),
        ("import", "choices", str(paslon), "--election", "pemilu-2024", *skip),
        ("people", "invite", str(orang), "--agency", "bawaslu", *skip),
        ("export", "sheets", "/nonexistent/x.csv", "--election", "pemilu-2024", "--contest", "PPWP"),
    ):
        done = ronda(*words)
        assert done.returncode == 1, (words, done.stderr)
        assert "/nonexistent/x.csv: there is no such file or folder" in done.stderr
        assert "Traceback" not in done.stderr
    assert stations_in(ronda) == "0"
    assert ronda.database.psql("SELECT count(*) FROM agencies_invitation").strip() == "0"
    assert ronda.database.psql("SELECT count(*) FROM elections_choice WHERE name = 'A'").strip() == "0"

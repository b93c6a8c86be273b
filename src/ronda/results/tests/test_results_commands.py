"""`ronda import sheets|recap` and `ronda export sheets`, run as an operator runs them."""

import csv
import subprocess
import sys

import pytest
from tests.shared_data import shared

pytestmark = pytest.mark.serial
SHEETS = "results/pemilu2019_ppwp_tps_jembrana.csv"
SIREKAP = "results/pemilu2024_sirekap_ppwp_sample.json"


@pytest.fixture
def ronda(live_database):
    def run(*words, fails=False):
        call = [sys.executable, "-m", "ronda.config.cli", *map(str, words)]
        done = subprocess.run(
            call, env=live_database.environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode != 0) == fails, done.stderr
        assert "Traceback" not in done.stderr
        return done

    run("places", "load", "51.01")
    run.count = lambda table: int(live_database.psql(f"SELECT count(*) FROM {table}"))
    return run


def test_sheets_go_in_once_and_come_out_again(ronda, tmp_path):
    first = ronda("import", "sheets", shared(SHEETS), "--format", "situng-2019")
    assert "1745 copies, 1745 new" in " ".join(first.stderr.split())
    assert "DELODBRAWAH was read as Delodberawah" in " ".join(first.stderr.split())
    again = ronda("import", "sheets", shared(SHEETS))
    assert "1745 copies, 0 new" in " ".join(again.stderr.split())
    assert ronda.count("gate_message WHERE kind = 'import'") == ronda.count("ledger_leaf") == 1
    assert ronda.count("gate_file f JOIN gate_message m ON f.sha256 = ANY (m.files)") == 1
    ronda("import", "recap", shared("results/pemilu2019_ppwp_rekap_kecamatan.csv"))
    assert ronda.count("results_failed_check WHERE rule = 'X05'") == 4
    assert ronda.count("ledger_leaf") == 2
    out = tmp_path / "out.csv"
    ronda("export", "sheets", out, "--election", "pemilu-2019", "--contest", "PPWP", "--area", "51.01")
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1745
    with shared(SHEETS).open(encoding="utf-8") as file:
        came = [(row["kpu_pas1"], row["kpu_pas2"], row["kpu_sah"]) for row in csv.DictReader(file)]
    kept = [(row["votes_1"], row["votes_2"], row["valid"]) for row in rows if row["source"] == "kpu"]
    assert sorted(kept) == sorted(came)


def test_bad_rows_stop_everything_or_go_to_the_rejects_file(ronda, tmp_path):
    lines = shared(SHEETS).read_text(encoding="utf-8").splitlines()
    lines[5] = lines[5].replace("BALER BALE AGUNG,53243,53244,5,", "BALER BALE AGUNG,53243,53244,5x,")
    path = tmp_path / "bad.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    refused = ronda("import", "sheets", path, fails=True)
    assert "5x" in refused.stderr
    assert ronda.count("results_sheet") == 0
    ronda("import", "sheets", path, "--dry-run", fails=True)
    ronda("import", "sheets", path, "--skip-bad")
    assert ronda.count("results_sheet") == 1743
    rejects = (tmp_path / "bad.csv.ditolak.csv").read_text(encoding="utf-8").splitlines()
    assert len(rejects) == 2
    assert "tps: a whole number" in rejects[1]


def test_a_file_of_another_kind_is_refused_with_a_sentence(ronda, tmp_path):
    path = tmp_path / "book.csv"
    path.write_bytes(b"PK\x03\x04 not a table")
    assert "XLSX" in ronda("import", "sheets", path, fails=True).stderr
    assert "columns missing" in ronda(
        "import", "recap", shared("results/pemilu2019_ppwp_provinsi.csv"), fails=True
    ).stderr.replace("\n", " ")


def test_a_table_needs_its_mapping_once_and_sirekap_none(ronda, tmp_path):
    ronda("places", "load", "31.73")
    done = ronda("import", "sheets", shared(SIREKAP), "--format", "sirekap")
    assert "12 stations, 4 copies, 4 new" in " ".join(done.stderr.split())
    table, columns = tmp_path / "ptps.csv", tmp_path / "map.yaml"
    table.write_text("kode,a,b,c\n3173011005116,53,118,36\n", encoding="utf-8")
    columns.write_text("kode: station\na: suara_1\nb: suara_2\nc: suara_3\n", encoding="utf-8")
    call = ("import", "sheets", table, "--format", "table", "--election", "pemilu-2024", "--contest", "PPWP")
    assert "--map FILE" in ronda(*call, "--source", "ptps", fails=True).stderr
    assert "Give --source" in ronda(*call, "--map", columns, fails=True).stderr
    first = ronda(*call, "--source", "ptps", "--map", columns, "--name", "panwas")
    assert "remembered as panwas" in first.stderr
    table.write_text("kode,a,b,c\n3173011005116,53,119,36\n", encoding="utf-8")
    assert "1 copies, 1 new" in " ".join(ronda(*call, "--source", "ptps").stderr.split())
    assert ronda.count("results_sheet WHERE source = 'ptps'") == 2


def test_votes_per_district_of_the_regional_elections_go_in(ronda):
    path = shared("results/pilkada2024_sirekap_kecamatan.csv")
    done = ronda("import", "recap", path, "--format", "pilkada-2024")
    assert "recaps are held until their area is loaded" in " ".join(done.stderr.split())
    assert ronda.count("results_recap WHERE NOT is_held") == 10


def test_results_and_check_sheets_are_written_as_files(ronda, tmp_path):
    ronda("import", "sheets", shared(SHEETS))
    target = ("--election", "pemilu-2019", "--contest", "PPWP")
    starts = {"tidy": b"PK", "nist": b'{"@type":"ElectionResults.ElectionReport"', "xlsx": b"PK"}
    for form, start in starts.items():
        out = tmp_path / f"hasil.{form}"
        ronda("export", "results", out, "--format", form, *target, "--area", "51.01")
        assert out.read_bytes().startswith(start)
    for name, start in (("periksa.pdf", b"%PDF"), ("periksa.xlsx", b"PK")):
        ronda("checksheet", *target, "--district", "51.01.02", "--out", tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    unknown = ronda("checksheet", *target, "--district", "35.09.01", "--out", tmp_path / "x.pdf", fails=True)
    assert "Nothing is known" in unknown.stderr
    assert "wanted the code of a district" in ronda(
        "checksheet", *target, "--district", "51.01", "--out", tmp_path / "x.pdf", fails=True
    ).stderr.replace("\n", " ")

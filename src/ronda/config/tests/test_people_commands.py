"""People from the operator's console: the first administrator, tables, posts that end."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def ronda(live_database):
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ronda.config.cli", *words]
        environment = {**live_database.environment, "COLUMNS": "200", "PYTHONPATH": "src"}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    run.database = live_database  # type: ignore[attr-defined]
    return run


def count(ronda, sql: str) -> str:
    return ronda.database.psql(sql).strip()


def test_the_first_administrator_and_a_table_of_people(ronda, tmp_path: Path) -> None:
    made = ronda("people", "unit", "bawaslu", "Bawaslu Jembrana", "--area", "51.01")
    assert made.returncode == 1
    assert "There is no agency" in made.stderr
    kind = ("--kind", "bawaslu", "--agency-name", "Bawaslu")
    made = ronda("people", "unit", "bawaslu", "Bawaslu Jembrana", "--area", "51.01", *kind)
    assert made.returncode == 0, made.stderr

    post = ("--agency", "bawaslu", "--area", "51.01", "--role", "admin", "--base", "https://ronda.example/")
    first = ronda("people", "appoint", "Nyoman", "nyoman@contoh.id", *post)
    assert first.stdout.startswith("https://ronda.example/masuk/undangan/"), first.stderr

    table = tmp_path / "orang.csv"
    table.write_text("nama;surel;peran;wilayah\nAyu;ayu@contoh.id;petugas;51.01\nX;tanpa surel;raja;51.99\n")
    refused = ronda("people", "invite", str(table), "--agency", "bawaslu")
    assert refused.returncode == 1
    assert "surel" in refused.stderr
    assert "peran" in refused.stderr
    assert count(ronda, "SELECT count(*) FROM agencies_invitation") == "1"

    rejects = tmp_path / "ditolak.csv"
    skip = ("--skip-bad", "--rejects", str(rejects))
    done = ronda("people", "invite", str(table), "--agency", "bawaslu", *skip)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["nama"], row["surel"]) for row in rows] == [("Ayu", "ayu@contoh.id")]
    assert "tanpa surel" in rejects.read_text()
    assert count(ronda, "SELECT count(*) FROM agencies_invitation") == "2"


def test_a_row_without_a_unit_invites_nobody(ronda, tmp_path: Path) -> None:
    table = tmp_path / "orang.csv"
    table.write_text("nama,surel,peran,wilayah\nAyu,ayu@contoh.id,petugas,51.01\n")

    refused = ronda("people", "invite", str(table), "--agency", "bawaslu")

    assert refused.returncode == 1
    assert "Nobody was invited" in refused.stderr
    assert count(ronda, "SELECT count(*) FROM agencies_invitation") == "0"


def test_what_does_not_exist_is_said_in_a_sentence(ronda) -> None:
    nobody = "00000000-0000-7000-8000-000000000000"
    assert "There is no post" in ronda("people", "end", nobody).stderr
    assert "There is no post" in ronda("people", "renew", nobody, "a@b.id").stderr
    assert "has 0 units" in ronda("people", "appoint", "A", "a@b.id", "--agency", "polri").stderr
    assert ronda("people", "list", "--agency", "polri").stdout == ""


def test_a_link_is_made_only_for_an_address(ronda) -> None:
    kind = ("--area", "51.01", "--kind", "bawaslu", "--agency-name", "Bawaslu")
    ronda("people", "unit", "bawaslu", "Bawaslu Jembrana", *kind)
    nobody = "00000000-0000-7000-8000-000000000000"
    post = ("--agency", "bawaslu", "--area", "51.01")
    for words in (("appoint", "Citra", "notanemail", *post), ("renew", nobody, "citra@")):
        refused = ronda("people", *words)
        assert refused.returncode == 2, words
        assert "wanted an e-mail address, came" in refused.stderr
        assert refused.stdout == ""
    assert count(ronda, "SELECT count(*) FROM agencies_invitation") == "0"
    good = ronda("people", "appoint", "Citra", " Citra@Contoh.id ", *post)
    assert good.returncode == 0, good.stderr
    assert count(ronda, "SELECT count(*) FROM agencies_invitation") == "1"

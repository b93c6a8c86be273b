"""A database opens to the keys it was made with; others are noticed by doctor, serve and every command."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from ronda.config.postgres import nodekeys
from ronda.config.postgres.nodekeys import KeysExpected, keys_expected, keys_problem
from ronda.config.testing import LiveDatabase
from ronda.kernel.keys import NodeKeys, node_keys

RONDA = [sys.executable, "-m", "ronda.config.cli"]
WAYS_OUT = "back from its own backup, or run `ronda migrate`"


def expected_by(database: LiveDatabase) -> KeysExpected | None:
    with psycopg.connect(database.dsn("postgres")) as connection:
        return keys_expected(connection)


def own_keys(database: LiveDatabase) -> tuple[Path, NodeKeys]:
    folder = Path(database.environment["RONDA_VAR"]) / "keys"
    return folder, node_keys(folder)


def test_keys_that_fit_are_told_from_none_and_from_others(
    live_database: LiveDatabase, tmp_path: Path
) -> None:
    expected = expected_by(live_database)
    folder, _ = own_keys(live_database)
    assert expected is not None
    assert keys_problem(folder, expected) == ""
    assert f"{tmp_path / 'none'} holds none" in keys_problem(tmp_path / "none", expected)
    assert not (tmp_path / "none").exists()
    other = node_keys(tmp_path / "others")
    said = keys_problem(tmp_path / "others", expected)
    assert f"holds others ({other.node}+" in said
    assert WAYS_OUT in said


def test_a_fingerprint_that_is_always_the_same_would_let_foreign_keys_pass(
    live_database: LiveDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node_keys(tmp_path)
    monkeypatch.setattr(nodekeys, "_fingerprint", lambda key: "0")
    assert keys_problem(tmp_path, expected_by(live_database)) == ""


def test_what_is_noted_gives_nothing_of_the_key_away(live_database: LiveDatabase) -> None:
    expected = expected_by(live_database)
    _, keys = own_keys(live_database)
    assert expected is not None
    assert len(expected.scope) == 16
    assert expected.scope not in keys.scope.hex()
    inner = live_database.psql("SELECT encode(ik, 'hex') FROM guard.key")
    assert expected.scope not in inner


def test_a_database_that_was_never_migrated_expects_no_keys(postgres, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with psycopg.connect(postgres.dsn("postgres", "postgres")) as connection:
        assert keys_expected(connection) is None
    assert keys_problem(tmp_path, None) == ""


def test_foreign_keys_are_said_by_doctor_serve_and_commands(live_database: LiveDatabase) -> None:
    def run(*words: str) -> tuple[int, str]:
        environment = {**live_database.environment, "RONDA_METRICS_PORT": "0"}
        done = subprocess.run([*RONDA, *words], env=environment, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr
        return done.returncode, " ".join((done.stdout + done.stderr).split())

    assert "ok keys the keys of this node are those the database expects" in run("doctor")[1]
    live_database.psql("UPDATE guard.key SET ik = sha256(ik) || sha256(ok)")
    for words in (("doctor",), ("serve", "--port", "18473"), ("places", "load", "51.01")):
        code, said = run(*words)
        assert code == 1, words
        assert "The database was made with other keys than those in" in said
        assert WAYS_OUT in said

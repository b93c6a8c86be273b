"""A backup counts when it was brought up once; one that was changed or is short is refused."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from ronda.config.postgres import PostgresError, PostgresServer
from ronda.config.postgres.backup import Backup, backup_create, backup_restore, keys_foreign_to
from ronda.kernel.keys import NodeKeys, node_keys
from ronda.kernel.policies import guard_key_set
from ronda.methods.merkle import Frontier, key_id, leaf_hash, note_join

pytestmark = pytest.mark.serial
ENTRIES = [n.to_bytes(32) for n in range(300)]
LOG = """
CREATE TABLE public.ledger_leaf (n bigint PRIMARY KEY, entry bytea);
CREATE TABLE public.ledger_entry (position bigint PRIMARY KEY, leaf bigint);
CREATE TABLE public.ledger_checkpoint (size bigint PRIMARY KEY, root bytea, note text);
CREATE SCHEMA guard;
CREATE TABLE guard.key (kid integer PRIMARY KEY, ik bytea NOT NULL, ok bytea NOT NULL);
CREATE TABLE public.report (id int PRIMARY KEY, body text);
INSERT INTO public.report SELECT n, 'laporan ' || n FROM generate_series(1, 1000) n;
"""


@contextmanager
def quiet(what: str) -> Iterator[None]:
    yield


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NodeKeys]:
    """The folder of the node's keys, and the keys."""
    folder = tmp_path_factory.mktemp("node") / "keys"
    return folder, node_keys(folder)


@pytest.fixture(scope="module")
def filled(server: PostgresServer, keys: tuple[Path, NodeKeys]) -> PostgresServer:
    """Reports and a log of 300 entries, whose leaves were numbered in another order than they were placed."""
    server.psql(LOG)
    frontier = Frontier().extended(leaf_hash(entry) for entry in ENTRIES[:257])
    with psycopg.connect(server.dsn("postgres")) as connection:
        for position, entry in enumerate(ENTRIES):
            connection.execute("INSERT INTO ledger_leaf VALUES (%s, %s)", [9000 - position, entry])
            connection.execute("INSERT INTO ledger_entry VALUES (%s, %s)", [position, 9000 - position])
        own = keys[1]
        note = note_join("ronda\n257\n", own.node, own.public, b"s" * 64)
        row = [frontier.size, frontier.root, note]
        connection.execute("INSERT INTO ledger_checkpoint VALUES (%s, %s, %s)", row)
        guard_key_set(connection, key_id=1, key=own.scope)
    return server


@pytest.fixture(scope="module")
def backup(filled: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Backup:
    return backup_create(filled, tmp_path_factory.mktemp("backups"), say=quiet)


@pytest.fixture
def copy(backup: Backup, tmp_path: Path) -> Path:
    return Path(shutil.copytree(backup.folder, tmp_path / "copy"))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[PostgresServer]:
    other = PostgresServer(tmp_path / "elsewhere" / "pg")
    other.data_dir.parent.mkdir()
    yield other
    other.destroy()


def test_notes_rows_and_log_root(backup: Backup) -> None:
    note = json.loads((backup.folder / "backup.json").read_text())
    assert note["rows"]["public.report"] == 1000
    assert (backup.log_size, note["log_size"]) == (257, 257)
    assert note["log_root"] == Frontier().extended(leaf_hash(e) for e in ENTRIES[:257]).root.hex()


def test_notes_whose_keys_the_database_expects_and_never_a_key(
    backup: Backup, filled: PostgresServer, keys: tuple[Path, NodeKeys]
) -> None:
    text = (backup.folder / "backup.json").read_text()
    own = keys[1]
    assert json.loads(text)["keys"]["log"] == f"{own.node}+{key_id(own.node, own.public).hex()}"
    secrets = filled.psql("SELECT encode(ik, 'hex'), encode(ok, 'hex') FROM guard.key").split()
    for secret in (*secrets, own.scope.hex(), own.gate.hex(), own.signing.private_bytes_raw().hex()):
        assert not any(secret[at : at + 16] in text for at in range(0, len(secret), 16))


def test_after_a_restore_the_keys_are_compared_with_those_the_database_expects(
    backup: Backup, elsewhere: PostgresServer, keys: tuple[Path, NodeKeys], tmp_path: Path
) -> None:
    backup_restore(elsewhere, backup.folder, replace=False, say=quiet)
    assert keys_foreign_to(elsewhere, keys[0]) == ""
    lost = tmp_path / "lost"
    said = keys_foreign_to(elsewhere, lost)
    assert f"expects the keys it was made with ({keys[1].node}+" in said
    assert f"{lost} holds none: bring that folder back" in said
    assert not lost.exists()
    node_keys(tmp_path / "others")
    assert "holds others" in keys_foreign_to(elsewhere, tmp_path / "others")


def test_leaves_nothing_beside_the_backup(backup: Backup) -> None:
    assert [path.name for path in backup.folder.parent.iterdir()] == [backup.folder.name]
    assert sorted(path.name for path in backup.folder.iterdir()) == ["backup.json", "data"]


def test_comes_back_on_another_place_with_every_row(backup: Backup, elsewhere: PostgresServer) -> None:
    assert backup_restore(elsewhere, backup.folder, replace=False, say=quiet) is None
    assert elsewhere.psql("SELECT count(*), max(body) FROM report") == "1000\tlaporan 999"
    with psycopg.connect(elsewhere.dsn("ronda_web")) as web, pytest.raises(psycopg.Error):
        web.execute("SELECT * FROM pg_stat_activity")


def test_takes_what_was_written_before_it_and_leaves_what_came_after(
    filled: PostgresServer, elsewhere: PostgresServer, tmp_path: Path
) -> None:
    made = backup_create(filled, tmp_path / "b", say=quiet)
    filled.psql("INSERT INTO report VALUES (5000, 'later')")
    backup_restore(elsewhere, made.folder, replace=False, say=quiet)
    assert elsewhere.psql("SELECT count(*) FROM report WHERE id = 5000") == "0"
    filled.psql("DELETE FROM report WHERE id = 5000")


def test_never_overwrites_and_keeps_aside_what_it_replaces(backup: Backup, elsewhere: PostgresServer) -> None:
    elsewhere.start()
    with pytest.raises(PostgresError, match="--replace"):
        backup_restore(elsewhere, backup.folder, replace=False, say=quiet)
    aside = backup_restore(elsewhere, backup.folder, replace=True, say=quiet)
    assert aside is not None
    assert (aside / "PG_VERSION").exists()
    assert elsewhere.psql("SELECT count(*) FROM report") == "1000"


def _flip_a_byte(folder: Path) -> None:
    largest = max((folder / "data" / "base").rglob("*"), key=lambda p: p.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)


def _lose_the_wal(folder: Path) -> None:
    for segment in (folder / "data" / "pg_wal").glob("0*"):
        segment.unlink()


def _lose_a_file(folder: Path) -> None:
    max((folder / "data" / "base").rglob("*"), key=lambda p: p.stat().st_size).unlink()


def _note_other(folder: Path, **changed: object) -> None:
    note = json.loads((folder / "backup.json").read_text())
    (folder / "backup.json").write_text(json.dumps(note | changed))


@pytest.mark.parametrize(
    ("harm", "word"),
    [
        (_flip_a_byte, "checksum mismatch"),
        (_lose_the_wal, "WAL"),
        (_lose_a_file, "present in the manifest but not on disk"),
        (lambda f: _note_other(f, log_root="00" * 32), "log: root"),
        (lambda f: _note_other(f, manifest_sha256="00"), "manifest"),
        (lambda f: _note_other(f, rows={"public.report": 1001}), "1001 rows noted, 1000 found"),
        (
            lambda f: _note_other(f, keys={"scope": "00", "log": "ronda/a"}),
            "keys: ronda/a noted, others found",
        ),
        (lambda f: (f / "backup.json").unlink(), "is not a backup"),
    ],
    ids=["byte", "wal", "file", "log", "manifest", "rows", "keys", "note"],
)
def test_refuses_a_harmed_backup_and_leaves_the_place_as_it_was(
    harm: object, word: str, copy: Path, elsewhere: PostgresServer
) -> None:
    harm(copy)  # type: ignore[operator]
    with pytest.raises(PostgresError, match=word):
        backup_restore(elsewhere, copy, replace=False, say=quiet)
    assert not elsewhere.data_dir.exists()


def test_a_log_that_does_not_lead_to_its_checkpoint_makes_no_backup(
    backup: Backup, elsewhere: PostgresServer, tmp_path: Path
) -> None:
    backup_restore(elsewhere, backup.folder, replace=False, say=quiet)
    elsewhere.psql("UPDATE ledger_leaf SET entry = 'x' WHERE n = 8900")
    with pytest.raises(PostgresError, match="newest checkpoint says 257"):
        backup_create(elsewhere, tmp_path / "b", say=quiet)
    assert list((tmp_path / "b").iterdir()) == []

"""Backups that are proven: each is brought up once and measured before it counts as one.

A backup is a folder with `data` (a base backup with the write-ahead log it needs and a manifest of SHA-256 sums)
and `backup.json` (rows of every table, size and root of the log, the fingerprint of the node's key that the database
expects; never a key). Bringing it back measures again and compares.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from ronda.config.postgres.binaries import PostgresError
from ronda.config.postgres.nodekeys import KeysExpected, keys_expected, keys_problem
from ronda.config.postgres.server import DATABASE, PORT, PostgresServer
from ronda.methods.merkle import Frontier, leaf_hash

Say = Callable[[str], AbstractContextManager[None]]
NOTE, DATA, MANIFEST = "backup.json", "data", "backup_manifest"


@dataclass(frozen=True)
class Contents:
    """What a database holds, in figures that tell any loss."""

    rows: dict[str, int]
    log_size: int
    log_root: str
    keys: KeysExpected | None = None


@dataclass(frozen=True)
class Backup:
    """A finished backup."""

    folder: Path
    rows: int
    tables: int
    log_size: int
    size_mb: float


def backup_create(server: PostgresServer, into: Path, *, say: Say) -> Backup:
    """Save the running server into a new folder below `into`, and prove that it can be brought back."""
    made_at = datetime.now(UTC)
    folder = into.absolute() / made_at.strftime("%Y%m%dT%H%M%S_%fZ")
    draft = folder.with_name(folder.name + ".part")
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft.mkdir(mode=0o700)
    try:
        with say("Copying the database"):
            _copy_running(server, draft / DATA)
        with say("Checking every file against its sum"):
            _verify(server, draft / DATA)
        with say("Bringing the copy up once and measuring it"):
            contents = _tried(server, draft / DATA, draft / "trial")
        _write_note(draft, contents, made_at, server.binaries.major)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    rows = contents.rows
    return Backup(folder, sum(rows.values()), len(rows), contents.log_size, size / 1e6)


def backup_restore(server: PostgresServer, folder: Path, *, replace: bool, say: Say) -> Path | None:
    """Put a backup in the server's place and start it; where the former data went, if there were any."""
    folder = folder.absolute()
    if server.is_created and not replace:
        raise PostgresError(
            f"There is a database in {server.data_dir} already: restore with --replace keeps it aside "
            "and puts the backup in its place."
        )
    wanted = _read_note(folder)
    with say("Checking every file against its sum"):
        _verify(server, folder / DATA)
    copy = PostgresServer(server.data_dir.with_name(server.data_dir.name + ".restored"))
    copy.destroy()
    with say("Bringing the copy up and comparing it"):
        _bring_up(copy, folder / DATA)
        try:
            _compare(wanted, measure(copy))
        except PostgresError:
            copy.destroy()
            raise
        copy.stop()
    aside = _put_in_place(server, copy)
    with say("Starting the restored database"):
        server.start()
    return aside


def measure(server: PostgresServer) -> Contents:
    """Rows of every table, and the log's root computed anew from its entries and checked with its checkpoint."""
    with psycopg.connect(server.dsn("postgres", DATABASE)) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        rows = {name: _count(connection, name) for name in _tables(connection)}
        frontier = _log(connection) if "public.ledger_entry" in rows else Frontier()
        keys = keys_expected(connection)
    return Contents(rows, frontier.size, frontier.root.hex(), keys)


def keys_foreign_to(server: PostgresServer, folder: Path) -> str:
    """Why the node's keys in a folder do not serve the running database, as one sentence; nothing when they do."""
    with psycopg.connect(server.dsn("postgres", DATABASE)) as connection:
        return keys_problem(folder, keys_expected(connection))


def _tables(connection: psycopg.Connection) -> list[str]:
    found = connection.execute(
        "SELECT schemaname || '.' || tablename FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
    )
    return [name for (name,) in found]


def _count(connection: psycopg.Connection, name: str) -> int:
    table = sql.Identifier(*name.split(".", 1))
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
    return int(row[0]) if row else 0


def _log(connection: psycopg.Connection) -> Frontier:
    """The tree at its newest checkpoint; an entry that does not lead to the signed root is an error."""
    newest = connection.execute(
        "SELECT size, root FROM ledger_checkpoint ORDER BY size DESC LIMIT 1"
    ).fetchone()
    if newest is None:
        return Frontier()
    size, root = newest
    with connection.cursor("entries") as entries:
        entries.execute(
            "SELECT l.entry FROM ledger_entry e JOIN ledger_leaf l ON l.n = e.leaf"
            " WHERE e.position < %s ORDER BY e.position",
            [size],
        )
        frontier = Frontier().extended(leaf_hash(entry) for (entry,) in entries)
    if (frontier.size, frontier.root) != (size, root):
        raise PostgresError(
            f"The log has {frontier.size} entries with root {frontier.root.hex()}, "
            f"but its newest checkpoint says {size} with {root.hex()}."
        )
    return frontier


def _copy_running(server: PostgresServer, into: Path) -> None:
    where = ["-h", str(server.socket_dir), "-p", str(PORT), "-U", "postgres"]
    how = ["-X", "stream", "-c", "fast", "--manifest-checksums=SHA256", "--no-password"]
    server.client("pg_basebackup", "-D", str(into), *where, *how)


def _verify(server: PostgresServer, data: Path) -> None:
    server.client("pg_verifybackup", "-e", str(data))


def _tried(server: PostgresServer, data: Path, place: Path) -> Contents:
    trial = PostgresServer(place)
    try:
        _bring_up(trial, data)
        return measure(trial)
    finally:
        trial.destroy()


def _bring_up(copy: PostgresServer, data: Path) -> None:
    shutil.copytree(data, copy.data_dir)
    copy.adopt()
    copy.start(timeout_s=600)


def _put_in_place(server: PostgresServer, copy: PostgresServer) -> Path | None:
    aside = None
    if server.data_dir.exists():
        server.stop()
        aside = server.data_dir.with_name(f"{server.data_dir.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        server.data_dir.rename(aside)
    copy.data_dir.rename(server.data_dir)
    copy.destroy()
    return aside


def _write_note(folder: Path, contents: Contents, made_at: datetime, major: int) -> None:
    manifest = hashlib.sha256((folder / DATA / MANIFEST).read_bytes()).hexdigest()
    note = {
        "made_at": made_at.isoformat(),
        "postgres": major,
        "manifest_sha256": manifest,
        **asdict(contents),
    }
    (folder / NOTE).write_text(json.dumps(note, indent=1) + "\n")


def _read_note(folder: Path) -> Contents:
    try:
        note = json.loads((folder / NOTE).read_text())
        manifest = hashlib.sha256((folder / DATA / MANIFEST).read_bytes()).hexdigest()
        keys = KeysExpected(**note["keys"]) if note.get("keys") else None
        contents = Contents(note["rows"], note["log_size"], note["log_root"], keys)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise PostgresError(f"{folder} is not a backup made by `ronda db backup`: {problem}") from None
    if note["manifest_sha256"] != manifest:
        raise PostgresError(f"The manifest in {folder} is not the one noted when the backup was made.")
    return contents


def _compare(wanted: Contents, found: Contents) -> None:
    names = wanted.rows.keys() | found.rows.keys()
    differ = [
        f"{name}: {wanted.rows.get(name)} rows noted, {found.rows.get(name)} found"
        for name in sorted(names)
        if wanted.rows.get(name) != found.rows.get(name)
    ]
    if (wanted.log_size, wanted.log_root) != (found.log_size, found.log_root):
        differ.append(f"log: root {wanted.log_root} noted, {found.log_root} found")
    if wanted.keys is not None and wanted.keys != found.keys:
        differ.append(f"keys: {wanted.keys.log or wanted.keys.scope} noted, others found")
    if differ:
        raise PostgresError("The backup does not hold what was noted when it was made: " + "; ".join(differ))

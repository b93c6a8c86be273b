"""The embedded server starts by itself, hides from everybody else, and holds its roles short."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from ronda.config.postgres import PostgresError, PostgresServer, locate

FOREIGN_USER = 54321
IS_ROOT = os.geteuid() == 0  # only root can become or name another user; others check what they can


def rows(server: PostgresServer, statement: str, role: str = "ronda_web") -> list[tuple[object, ...]]:
    with psycopg.connect(server.dsn(role)) as connection:
        return connection.execute(statement).fetchall()


def test_starting_again_changes_nothing(server: PostgresServer) -> None:
    before = server.pid()
    server.start()
    assert server.pid() == before


def test_data_and_socket_folders_are_private(server: PostgresServer) -> None:
    for folder in (server.data_dir, server.socket_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_listens_on_no_port(server: PostgresServer) -> None:
    assert server.psql("SHOW listen_addresses") == ""
    inodes = {os.readlink(fd) for fd in Path(f"/proc/{server.pid()}/fd").iterdir()}
    tables = (
        Path(f"/proc/{server.pid()}/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")
    )
    assert not [line for table in tables for line in table if f"socket:[{line.split()[9]}]" in inodes]


def test_writes_through_to_the_disk(server: PostgresServer) -> None:
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert server.psql(f"SHOW {setting}") == "on"


@pytest.mark.parametrize("role", ["postgres", "ronda_own", "ronda_web"])
def test_the_owner_of_the_socket_needs_no_password(server: PostgresServer, role: str) -> None:
    assert rows(server, "SELECT current_user", role) == [(role,)]


def test_another_user_is_refused_even_when_the_folders_are_open(server: PostgresServer) -> None:
    """Peer login holds by itself, without the folder's mode."""
    logins = (server.data_dir / "pg_ident.conf").read_text().split()[1::3]
    assert set(logins) == {server.identity.peer}
    if IS_ROOT:
        assert b"Peer authentication failed" in _answer_to_a_foreign_user(server)


def _answer_to_a_foreign_user(server: PostgresServer) -> bytes:
    """What the server says to another user of the machine after all folders were opened to everybody."""
    try:
        opened = [server.socket_dir, *server.socket_dir.parents]
        modes = {folder: stat.S_IMODE(folder.stat().st_mode) for folder in opened}
        for folder in opened:
            folder.chmod(modes[folder] | 0o055)
        door = next(server.socket_dir.glob(".s.PGSQL.*[0-9]"))
        door.chmod(0o777)
        script = (
            "import os, socket, struct, sys\n"
            f"os.setgid({FOREIGN_USER}); os.setuid({FOREIGN_USER})\n"
            f"s = socket.socket(socket.AF_UNIX); s.connect({str(door)!r})\n"
            "body = struct.pack('!I', 196608) + b'user\\0postgres\\0database\\0ronda\\0\\0'\n"
            "s.sendall(struct.pack('!I', len(body) + 4) + body)\n"
            "sys.stdout.buffer.write(s.recv(4096))\n"
        )
        said = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    finally:
        for folder, mode in modes.items():
            folder.chmod(mode)
        door.chmod(0o700)
    return said.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT query FROM pg_stat_activity",
        "SELECT * FROM pg_stat_get_activity(NULL)",
        "SELECT reltuples FROM pg_class",
        "SELECT * FROM pg_locks",
        "SELECT pg_terminate_backend(1)",
        "SELECT pg_cancel_backend(1)",
        "SELECT pg_sleep(1)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_notify('a', 'b')",
        "SELECT lo_create(0)",
        "SELECT pg_relation_size('pg_class')",
        "SELECT query_to_xml('select 1', true, true, '')",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT pg_logical_emit_message(true, 'a', 'b')",
        "CREATE TEMP TABLE t (i int)",
        "CREATE TABLE public.t (i int)",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE EXTENSION dblink",
        "DO $$ BEGIN END $$",
        "SET temp_file_limit = -1",
        "SET ROLE ronda_own",
        "SET ROLE ronda_guard",
        "SET SESSION AUTHORIZATION postgres",
        "COPY (SELECT 1) TO '/tmp/ronda-copy'",
        "ALTER SYSTEM SET fsync = off",
    ],
)
def test_the_web_role_is_refused(server: PostgresServer, statement: str) -> None:
    with (
        psycopg.connect(server.dsn(), autocommit=True) as connection,
        pytest.raises(psycopg.Error) as refusal,
    ):
        connection.execute(statement)
    assert refusal.value.sqlstate == "42501", refusal.value


def test_a_database_made_later_is_born_closed(server: PostgresServer) -> None:
    with psycopg.connect(server.dsn("ronda_own"), autocommit=True) as owner:
        owner.execute("CREATE DATABASE later")
    with psycopg.connect(server.dsn(dbname="later")) as web, pytest.raises(psycopg.Error, match="pg_stat"):
        web.execute("SELECT * FROM pg_stat_activity")


def test_a_deep_folder_gets_a_short_private_socket(tmp_path: Path) -> None:
    deep = PostgresServer(tmp_path / ("d" * 100) / "pg")
    assert len(str(deep.socket_dir)) < 80
    deep.data_dir.parent.mkdir()
    try:
        deep.start()
        assert stat.S_IMODE(deep.socket_dir.stat().st_mode) == 0o700
        assert deep.psql("SELECT 1") == "1"
    finally:
        deep.destroy()


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "pg"
    folder.mkdir()
    (folder / "letter.txt").write_text("dear Ayu")
    with pytest.raises(PostgresError, match="nothing was changed"):
        PostgresServer(folder).start()
    assert (folder / "letter.txt").read_text() == "dear Ayu"


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    taken = Path("/usr")
    if IS_ROOT:
        taken = tmp_path / "socket"
        taken.mkdir()
        os.chown(taken, FOREIGN_USER, FOREIGN_USER)
    with pytest.raises(PostgresError, match="belongs to somebody else"):
        PostgresServer(tmp_path / "pg", taken).start()


@pytest.mark.parametrize("way", ["unshare", "setpriv"] if IS_ROOT else ["direct"])
def test_runs_in_every_way_this_user_has(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_PG_RUN_AS", way)
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    server = PostgresServer(private / "pg")
    try:
        assert server.start().identity.way == way
        assert rows(server, "SELECT 1") == [(1,)]
    finally:
        server.destroy()


def test_the_wheel_comes_before_the_system() -> None:
    assert locate().source == "wheel"
    assert locate().major >= 15


def test_an_interrupted_first_start_leaves_no_half_cluster(tmp_path: Path) -> None:
    half = tmp_path / "pg.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("17\n")
    server = PostgresServer(tmp_path / "pg")
    try:
        assert server.start().psql("SELECT 1") == "1"
        assert not half.exists()
    finally:
        server.destroy()


def test_a_lock_file_whose_number_is_anothers_by_now_does_not_stop_it(server: PostgresServer) -> None:
    server.stop()
    (server.data_dir / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data_dir}\n")
    assert server.pid() is None
    assert server.start().psql("SELECT 1") == "1"


def test_control_an_open_port_would_be_noticed() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        inode = os.readlink(f"/proc/self/fd/{listener.fileno()}")
        lines = Path("/proc/self/net/tcp").read_text().splitlines()[1:]
        assert [line for line in lines if f"socket:[{line.split()[9]}]" == inode]


def test_the_programs_it_needs_are_all_there() -> None:
    for tool in ("pg_basebackup", "pg_verifybackup", "pg_waldump", "psql"):
        assert shutil.which(locate().tool(tool))


@pytest.mark.parametrize("way", ["setpriv"] if IS_ROOT else ["direct"])
def test_runs_it_from_a_folder_that_nobody_else_enters(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout below /root where user namespaces are forbidden, as in many containers."""
    monkeypatch.setenv("RONDA_PG_RUN_AS", way)
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    hidden = shutil.copytree(locate().folder.parent, private / "programs", symlinks=True)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as cache:
        Path(cache).chmod(0o755)
        monkeypatch.setattr("ronda.config.postgres.identity.CACHE", Path(cache))
        server = PostgresServer(private / "pg", binaries=replace(locate(), folder=Path(hidden) / "bin"))
        try:
            assert server.start().psql("SELECT 1") == "1"
            copies = [path.name for path in Path(cache).iterdir()]
            assert len(copies) == (way == "setpriv"), copies
        finally:
            server.destroy()

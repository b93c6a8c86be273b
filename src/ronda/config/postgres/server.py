"""One embedded PostgreSQL server: created, started, stopped and asked by its owner."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

from ronda.config.postgres.binaries import Binaries, PostgresError, locate
from ronda.config.postgres.identity import Identity, identity, reachable

SQL = Path(__file__).parent
PORT = 5432
LONGEST_SOCKET = 100
LOGINS = ("postgres", "ronda_own", "ronda_web")
DATABASE = "ronda"


class PostgresServer:
    """A PostgreSQL server in `data_dir`, reachable only through a socket in a private folder."""

    def __init__(
        self, data_dir: Path | str, socket_dir: Path | str | None = None, *, binaries: Binaries | None = None
    ) -> None:
        self.data_dir = Path(data_dir).absolute()
        self.socket_dir = Path(socket_dir).absolute() if socket_dir else _socket_dir(self.data_dir)
        self.log_file = self.data_dir.with_name(self.data_dir.name + ".log")
        self._lock_file = self.data_dir.with_name(f".{self.data_dir.name}.lock")
        self._binaries = binaries

    @property
    def binaries(self) -> Binaries:
        """The programs this server runs with."""
        if self._binaries is None:
            self._binaries = locate()
        return self._binaries

    @property
    def identity(self) -> Identity:
        """As whom the server's programs are started."""
        return identity((self.data_dir.parent,))

    # --- life -----------------------------------------------------------------------------------------

    @property
    def is_created(self) -> bool:
        """Whether the data folder holds a finished cluster."""
        return (self.data_dir / "ronda.ready").is_file()

    def start(self, *, timeout_s: int = 60) -> PostgresServer:
        """Create the cluster if it is not there, start it if it does not run; repeating is harmless."""
        with self._locked():
            if not self.is_created:
                self._create()
            if not self.is_running():
                self._boot(timeout_s)
        return self

    def stop(self, mode: str = "fast", *, timeout_s: int = 60) -> bool:
        """Stop the server ("smart", "fast", "immediate"); False if it did not run."""
        if not self.is_running():
            return False
        self._run("pg_ctl", "-D", str(self.data_dir), "-m", mode, "-t", str(timeout_s), "-w", "stop")
        return True

    def kill(self) -> None:
        """End all its processes at once, as a crash would (kill -9), and wait until they are gone."""
        pids = self.pids()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while any(_alive(pid) for pid in pids):
            if time.monotonic() > deadline:
                raise PostgresError("PostgreSQL's processes did not end within 20 s of kill -9.")
            time.sleep(0.01)

    def pid(self) -> int | None:
        """Process id of the running postmaster."""
        try:
            pid = int((self.data_dir / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if _alive(pid) and _works_in(pid, self.data_dir) else None

    def pids(self) -> list[int]:
        """Every living process of this server, also children whose postmaster is dead."""
        return [pid for pid in _processes() if _alive(pid) and _works_in(pid, self.data_dir)]

    def is_running(self) -> bool:
        """Whether the server accepts connections."""
        return self.pid() is not None and self._ready()

    # --- asking ---------------------------------------------------------------------------------------

    def dsn(self, role: str = "ronda_web", dbname: str = DATABASE) -> str:
        """A connection address for libpq, psycopg and asyncpg."""
        query = urlencode({"host": str(self.socket_dir), "port": PORT}, quote_via=quote)
        return f"postgresql://{role}@/{dbname}?{query}"

    def parameters(self, role: str = "ronda_web", dbname: str = DATABASE) -> dict[str, str]:
        """The same as separate words, as Django's settings want them."""
        return {"host": str(self.socket_dir), "port": str(PORT), "user": role, "dbname": dbname}

    def psql(self, sql: str, *, role: str = "postgres", dbname: str = DATABASE) -> str:
        """Run SQL (several statements allowed) and return its rows as text, fields separated by tabs."""
        command = [*self._psql_command(role, dbname), "-AtqX", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
        done = subprocess.run(
            command, input=sql, capture_output=True, text=True, check=False, env=self._environment()
        )
        if done.returncode != 0:
            raise PostgresError(f"The database refused: {done.stderr.strip()}")
        return done.stdout.rstrip("\n")

    def psql_command(self, *, role: str = "ronda_own", dbname: str = DATABASE) -> list[str]:
        """The command that opens an interactive session."""
        return self._psql_command(role, dbname)

    def harden(self, dbname: str) -> None:
        """Apply the roles and the hardening to one database."""
        self.psql((SQL / "roles.sql").read_text() + (SQL / "harden.sql").read_text(), dbname=dbname)

    # --- inside ---------------------------------------------------------------------------------------

    def _psql_command(self, role: str, dbname: str) -> list[str]:
        where = ["-h", str(self.socket_dir), "-p", str(PORT)]
        return [self.binaries.tool("psql"), *where, "-U", role, "-d", dbname]

    def _create(self) -> None:
        """Build the cluster beside its place and move it there when it is whole."""
        if self.data_dir.exists() and any(self.data_dir.iterdir()):
            if (self.data_dir / "PG_VERSION").exists():
                raise PostgresError(f"{self.data_dir} holds a database that Ronda did not create.")
            raise PostgresError(f"{self.data_dir} is not empty and holds no database; nothing was changed.")
        draft = PostgresServer(self.data_dir.with_name(self.data_dir.name + ".new"), binaries=self._binaries)
        draft.destroy()
        draft._initialise()
        if self.data_dir.exists():
            self.data_dir.rmdir()
        draft.data_dir.rename(self.data_dir)
        draft.destroy()

    def _initialise(self) -> None:
        _private_folder(self.data_dir, self.identity.owner)
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.binaries.major < 17:
            locale = ["--locale=C.UTF-8"]
        self._run(
            "initdb", "-D", str(self.data_dir), "-U", "postgres", "-E", "UTF8", "-A", "peer", "-k", *locale
        )
        self.configure()
        self._boot(60)
        try:
            self.harden("template1")
            self.psql(f"CREATE DATABASE {DATABASE} OWNER ronda_own", dbname="postgres")
            self.harden(DATABASE)
            self.harden("postgres")
        finally:
            self.stop()
        self._write("ronda.ready", "")

    def configure(self) -> None:
        """Write who may enter and what the server runs with; also after a restore on another machine."""
        peer = self.identity.peer
        hba = "local all all peer map=ronda\nlocal replication postgres peer map=ronda\n"
        self._write("pg_hba.conf", hba)
        self._write("pg_ident.conf", "".join(f"ronda {peer} {login}\n" for login in LOGINS))
        self._write("ronda.conf", (SQL / "server.conf").read_text())
        conf = self.data_dir / "postgresql.conf"
        if "include 'ronda.conf'" not in conf.read_text():
            self._write("postgresql.conf", conf.read_text() + "\ninclude 'ronda.conf'\n")

    def adopt(self) -> None:
        """Make files that came from elsewhere belong to the server."""
        self.data_dir.chmod(0o700)
        if self.identity.owner:
            for path in (self.data_dir, *self.data_dir.rglob("*")):
                os.chown(path, *self.identity.owner, follow_symlinks=False)

    def _write(self, name: str, content: str) -> None:
        target = self.data_dir / name
        target.write_text(content)
        target.chmod(0o600)
        if self.identity.owner:
            os.chown(target, *self.identity.owner)

    def _boot(self, timeout_s: int) -> None:
        self.configure()
        _private_folder(self.socket_dir, self.identity.owner)
        self.log_file.touch(mode=0o600)
        if self.identity.owner:
            os.chown(self.log_file, *self.identity.owner)
        options = f"-c unix_socket_directories='{self.socket_dir}' -c port={PORT}"
        self._clear_after_crash()
        self._run(
            "pg_ctl", "-D", str(self.data_dir), "-l", str(self.log_file), "-o", options,
            "-t", str(timeout_s), "-w", "start",
        )  # fmt: skip

    def _clear_after_crash(self) -> None:
        """End what a dead postmaster left, and its lock files: their number may be another's by now."""
        if self.pid() is None:
            self.kill()
            (self.data_dir / "postmaster.pid").unlink(missing_ok=True)
            for left in self.socket_dir.glob(".s.PGSQL.*"):
                left.unlink()

    def _ready(self) -> bool:
        probe = [self.binaries.tool("psql"), "-h", str(self.socket_dir), "-p", str(PORT), "-U", "postgres"]
        command = [*probe, "-d", "postgres", "-AtqXc", "select 1"]
        done = subprocess.run(command, capture_output=True, check=False, env=self._environment())
        return done.returncode == 0

    def _run(self, tool: str, *arguments: str) -> str:
        who = self.identity
        command = [*who.prefix, reachable(self.binaries, who).tool(tool), *arguments]
        # The server keeps what pg_ctl gave it: a file, because a pipe would never close.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False,
                env=self._environment(), cwd="/",
            )  # fmt: skip
            said.seek(0)
            words = said.read().strip()
        if done.returncode != 0:
            raise PostgresError(f"{tool} failed: {words}\n{self._last_words()}".strip())
        return words

    def client(self, tool: str, *arguments: str) -> None:
        """Run one of PostgreSQL's client programs as the caller."""
        command = [self.binaries.tool(tool), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self._environment())
        if done.returncode != 0:
            raise PostgresError(f"{tool} failed: {(done.stderr or done.stdout).strip()}")

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG") and k != "LD_LIBRARY_PATH"}
        return {**kept, "LC_ALL": "C.UTF-8", "PGCONNECT_TIMEOUT": "10"}

    def _last_words(self) -> str:
        try:
            return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-6:])
        except OSError:
            return ""

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Two commands that start the same server at once take turns."""
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        with self._lock_file.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def destroy(self) -> None:
        """Stop the server and delete its data; for drafts and tests."""
        if self.pid() is not None:
            self.stop("immediate")
        for folder in (self.data_dir, self.socket_dir):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.log_file, self._lock_file):
            file.unlink(missing_ok=True)


def _socket_dir(data_dir: Path) -> Path:
    """Beside the data, or in the temporary folder when that path is too long for a socket."""
    beside = data_dir.with_name(data_dir.name + "-socket")
    if len(str(beside / f".s.PGSQL.{PORT}")) < LONGEST_SOCKET:
        return beside
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"ronda-{os.geteuid()}-{digest}"


def _private_folder(folder: Path, owner: tuple[int, int] | None) -> None:
    """A folder with mode 0700 that belongs to us; one that somebody else made in our place is refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    ours = {os.geteuid(), owner[0] if owner else os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
        raise PostgresError(f"{folder} belongs to somebody else; remove it or choose another place.")
    folder.chmod(0o700)
    if owner:
        os.chown(folder, *owner)


def _alive(pid: int) -> bool:
    """Whether the process exists and is not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def _works_in(pid: int, folder: Path) -> bool:
    """Whether the process is PostgreSQL's: its working folder is the data folder."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:
        return False


def _processes() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())

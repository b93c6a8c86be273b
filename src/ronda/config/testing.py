"""Pytest plugin: tests run on a real embedded PostgreSQL of their own, as the weak role, with the real policies.

One server per test run in a temporary folder, one database per worker, cloned from a template that the owner
migrated once. Fixtures: `db` (pytest-django; rolled back), `committed_db` (commits, emptied after the test),
`live_database` (a database of its own for child processes), `as_scope` (rights for a block).
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_RUN = "RONDA_TEST_RUN"
_IS_OWNER_OF_RUN = _RUN not in os.environ
if _IS_OWNER_OF_RUN:
    os.environ[_RUN] = tempfile.mkdtemp(prefix="ronda-test-")
RUN = Path(os.environ[_RUN])
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
TEMPLATE = "ronda_template"
os.environ.update(
    RONDA_VAR=str(RUN), RONDA_DB_NAME=f"ronda_{WORKER}", DJANGO_SETTINGS_MODULE="ronda.config.settings"
)
os.environ.setdefault("RONDA_TRANSACTION_TIMEOUT_MS", "600000")
os.environ.pop("DATABASE_URL", None)


@dataclass(frozen=True)
class LiveDatabase:
    """A migrated database of its own; `environment` points child processes at it."""

    name: str
    server: Any
    environment: dict[str, str]

    def dsn(self, role: str = "ronda_web") -> str:
        return str(self.server.dsn(role, self.name))

    def psql(self, sql: str) -> str:
        """Rows as text, asked by the superuser, for what a test must see past all policies."""
        return str(self.server.psql(sql, dbname=self.name))


def pytest_unconfigure(config: pytest.Config) -> None:
    if _IS_OWNER_OF_RUN:
        server = _server()
        if server.pid() is not None:
            server.stop("immediate")
        shutil.rmtree(RUN, ignore_errors=True)
        shutil.rmtree(server.socket_dir, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Any:
    """The running server with a migrated template database."""
    with (RUN / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = _server().start()
        if not (RUN / "template.ready").exists():
            _create(server, TEMPLATE)
            _migrate(TEMPLATE)
            (RUN / "template.ready").touch()
    return server


@pytest.fixture(scope="session")
def django_db_setup(postgres: Any, django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's own: the worker's database is a clone of the template."""
    from django.db import connections

    _clone(postgres, f"ronda_{WORKER}")
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        connections["default"].close_pool()  # type: ignore[attr-defined]


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any, postgres: Any) -> Iterator[None]:
    """For tests that must commit: all rows are removed afterwards."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()
            _empty(postgres, f"ronda_{WORKER}")


@pytest.fixture
def live_database(postgres: Any, request: pytest.FixtureRequest) -> Iterator[LiveDatabase]:
    """A database of its own for servers and workers that a test starts as child processes."""
    with _own_database(postgres, request.node.nodeid) as database:
        yield database


@pytest.fixture(scope="module")
def module_database(postgres: Any, request: pytest.FixtureRequest) -> Iterator[LiveDatabase]:
    """The same, shared by the tests of one file."""
    with _own_database(postgres, request.node.nodeid) as database:
        yield database


@pytest.fixture(scope="session")
def session_database(postgres: Any) -> Iterator[LiveDatabase]:
    """The same, shared by all browser tests of a worker."""
    with _own_database(postgres, "session") as database:
        yield database


@contextmanager
def _own_database(server: Any, purpose: str) -> Iterator[LiveDatabase]:
    name = f"ronda_live_{WORKER}_{hashlib.sha256(purpose.encode()).hexdigest()[:8]}"
    _clone(server, name)
    yield LiveDatabase(name, server, {**os.environ, "RONDA_DB_NAME": name, "RONDA_VAR": str(RUN)})
    server.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', dbname="postgres")


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """What a process keeps (figures of a minute, names of places) ends with its test."""
    yield
    if desk := sys.modules.get("ronda.desk.selectors"):
        desk.trends_kept.cache_clear()
    if situation := sys.modules.get("ronda.situation.selectors"):
        situation.facts_kept.cache_clear()
    if frame := sys.modules.get("ronda.web.frame"):
        frame.names_forget()


@pytest.fixture
def as_scope(db: None) -> Any:
    """`with as_scope(kind, area, classes=...)`: rights of an agency for a block."""
    from ronda.kernel.scope import Scope, scoped

    @contextmanager
    def _as(
        kind: str = "system", area: str = "", *, agency: str = "", classes: Any = (0, 1, 2, 3)
    ) -> Iterator[Scope]:
        wanted = Scope.system() if kind == "system" else Scope(agency or kind, kind, area, tuple(classes))
        with scoped(wanted) as scope:
            yield scope

    return _as


def _server() -> Any:
    from ronda.config.postgres import PostgresServer

    return PostgresServer(RUN / "pg")


def _create(server: Any, name: str, template: str = "template1") -> None:
    server.psql(f'CREATE DATABASE "{name}" OWNER ronda_own TEMPLATE "{template}"', dbname="postgres")
    server.psql(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC', dbname="postgres")
    # A test may hold its transaction for as long as a busy machine needs.
    server.psql(f'ALTER ROLE ronda_web IN DATABASE "{name}" SET transaction_timeout = 0', dbname="postgres")
    server.psql(
        f'ALTER ROLE ronda_web IN DATABASE "{name}" SET idle_in_transaction_session_timeout = 0',
        dbname="postgres",
    )
    server.psql(f'GRANT CONNECT ON DATABASE "{name}" TO ronda_web, ronda_own', dbname="postgres")


def _clone(server: Any, name: str) -> None:
    with (RUN / "clone.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', dbname="postgres")
        _create(server, name, TEMPLATE)


def _migrate(name: str) -> None:
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    environment = {**os.environ, "RONDA_DB_NAME": name}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"migrations failed:\n{done.stdout}\n{done.stderr}")


def _empty(server: Any, name: str) -> None:
    tables = server.psql(
        "SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables"
        " WHERE schemaname = 'public' AND tablename NOT IN ('django_migrations', 'django_content_type')",
        dbname=name,
    )
    if tables:
        server.psql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE", dbname=name)

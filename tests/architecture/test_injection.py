"""S9: whatever statement gets injected under one agency's scope, it reads, changes and disturbs nothing foreign.

Every entry of the corpus runs twice: through Ronda's own cursor, as an injected string would, and, unless marked, on
the bare connection of the weak role, where PostgreSQL alone must hold. The control plants a hole and must find it.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from django.db import DatabaseError, connections

from ronda.kernel.keys import node_keys
from ronda.kernel.postgresql.base import ExtendedCursor, StatementRefused
from ronda.kernel.scope import Scope, mint, scoped

SECRET = "RAHASIA"
SCOPE = Scope("polri", "polri", "51.01.02", (0, 1))
FOREIGN = [
    ("51.02", "polri", [], 1), ("51.01.01.2001", "polri", [], 1), ("51", "polri", ["polri"], 1),
    ("51.01.02.2003", "bawaslu", [], 1), ("51.01.02.2003", "polri", [], 3), ("35.09.01", "bawaslu", ["polri"], 0),
]  # fmt: skip


class Entry(NamedTuple):
    statements: list[str]
    server_alone: bool


def corpus() -> list[Entry]:
    lines = Path(__file__).with_name("injection_corpus.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    return [Entry(line.removeprefix("~").split(" ;; "), not line.startswith("~")) for line in wanted]


class Scene(NamedTuple):
    """The foreign rows, the superuser who watches them, and a bystander of another agency at work."""

    database: Any
    watcher: psycopg.Connection[Any]
    bystander: psycopg.Connection[Any]

    def state(self) -> Any:
        """Everything a statement could have changed: rows, objects, roles, settings, policies, large objects."""
        return self.watcher.execute(
            "SELECT (SELECT string_agg(e::text, '' ORDER BY id) FROM kernel_event e WHERE name LIKE %s),"
            " (SELECT count(*) FROM kernel_event), (SELECT count(*) FROM kernel_audit), (SELECT count(*) FROM pg_class"
            " WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg_t%%')),"
            " (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_policy),"
            " (SELECT count(*) FROM pg_database WHERE datname NOT LIKE 'ronda%%'),"
            " (SELECT string_agg(a::text, '' ORDER BY rolname) FROM pg_authid a),"
            " (SELECT string_agg(s::text, '') FROM pg_db_role_setting s WHERE setdatabase = 0),"
            " (SELECT count(*) FROM pg_largeobject_metadata), (SELECT count(*) FROM pg_extension),"
            " (SELECT count(*) FROM pg_rewrite), (SELECT count(*) FROM pg_trigger),"
            " (SELECT last_value FROM kernel_event_position) >= %s",
            [f"{SECRET}%", len(FOREIGN)],
        ).fetchone()

    def bystander_works(self) -> bool:
        with self.bystander.transaction():
            _set(self.bystander, Scope("bawaslu", "bawaslu", "51", (0, 1, 2, 3)))
            found = self.bystander.execute(
                f"SELECT count(*) FROM kernel_event WHERE '{SECRET}-query' <> ''"
            ).fetchone()
        return bool(found and found[0])


@pytest.fixture(scope="module")
def scene(postgres: Any, module_database: Any) -> Iterator[Scene]:
    watcher = psycopg.connect(module_database.dsn("postgres"), autocommit=True)
    for number, (area, agency, audience, data_class) in enumerate(FOREIGN):
        watcher.execute(
            "INSERT INTO kernel_event (id, area, agency, audience, sensitivity, name, record, data, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, 'event', '{}', now())",
            [uuid.uuid4(), area, agency, audience, data_class, f"{SECRET}-{number}"],
        )
    bystander = psycopg.connect(module_database.dsn(), autocommit=True)
    yield Scene(module_database, watcher, bystander)
    watcher.close()
    bystander.close()


@pytest.fixture
def product_cursor(scene: Scene, django_db_blocker: Any, django_db_setup: None) -> Iterator[Any]:
    """Ronda's own connection, pointed at the scene."""
    connection = connections["default"]
    with django_db_blocker.unblock():
        name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], scene.database.name
        connection.close()
        connection.close_pool()
        try:
            yield connection
        finally:
            connection.close()
            connection.close_pool()
            connection.settings_dict["NAME"] = name


def test_the_corpus_holds_at_least_a_hundred_statements():
    assert len(corpus()) >= 100
    assert sum(entry.server_alone for entry in corpus()) >= 100


def test_nothing_foreign_is_read_changed_or_disturbed_through_the_product(scene, product_cursor):
    assert _holes(scene, corpus(), lambda e: _through_product(product_cursor, e)) == []


def test_nothing_foreign_is_read_changed_or_disturbed_on_the_bare_connection(scene):
    entries = [entry for entry in corpus() if entry.server_alone]
    assert _holes(scene, entries, lambda entry: _bare(scene, entry)) == []


def test_a_planted_hole_is_found(scene):
    scene.watcher.execute("CREATE POLICY hole ON kernel_event FOR SELECT TO ronda_web USING (true)")
    try:
        entries = [entry for entry in corpus() if entry.server_alone]
        assert len(_holes(scene, entries, lambda entry: _bare(scene, entry))) >= 10
    finally:
        scene.watcher.execute("DROP POLICY hole ON kernel_event")


def test_own_rows_are_still_read(scene):
    with psycopg.connect(scene.database.dsn()) as connection, connection.transaction(force_rollback=True):
        _set(connection, Scope("bawaslu", "bawaslu", "51.01.02", (0, 1)))
        assert connection.execute("SELECT count(*) FROM kernel_event").fetchone() == (1,)


def _holes(scene: Scene, entries: list[Entry], run: Any) -> list[tuple[str, str]]:
    holes, before = [], scene.state()
    for entry in entries:
        said = run(entry)
        if SECRET in said:
            holes.append(("read", entry.statements[-1]))
        if (after := scene.state()) != before:
            holes.append(("changed", entry.statements[-1]))
            before = after
        if not scene.bystander_works():
            holes.append(("disturbed", entry.statements[-1]))
    return holes


def _through_product(connection: Any, entry: Entry) -> str:
    said = []
    try:
        with scoped(SCOPE):
            for statement in entry.statements:
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                    said.append(str(cursor.fetchall() if cursor.description else ""))
    except (DatabaseError, StatementRefused, psycopg.Error) as error:
        said.append(str(error))
    return " ".join(said)


def _bare(scene: Scene, entry: Entry) -> str:
    """On one connection of the weak role that commits, each statement by itself inside the transaction."""
    said: list[str] = []
    with psycopg.connect(scene.database.dsn(), cursor_factory=ExtendedCursor) as connection:
        connection.add_notice_handler(lambda notice: said.append(str(notice.message_primary)))
        try:
            _set(connection, SCOPE)
            for statement in entry.statements:
                answer = connection.execute(statement)
                said.append(str(answer.fetchall() if answer.description else ""))
            connection.commit()
        except psycopg.Error as error:
            said.append(str(error))
            connection.rollback()
    return " ".join(said)


def _set(connection: psycopg.Connection[Any], scope: Scope) -> None:
    token = mint(scope, backend_pid=connection.info.backend_pid, key=node_keys().scope)
    connection.execute(
        "SELECT set_config('ronda.scope', %s, true), set_config('lock_timeout', '500', true)", [token]
    )

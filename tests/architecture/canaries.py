"""A database with nothing but canaries: one row per table, place, owner and data class, so that each term of each
policy has a row that only this term hides.

The clone loses every constraint but the primary keys, so that rows can be made from column types alone.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal, NamedTuple

import psycopg
from psycopg import sql

from ronda.kernel.keys import node_keys
from ronda.kernel.policies import GuardedTable, guarded_tables
from ronda.kernel.scope import Scope, mint
from ronda.law.mandates import INTERNAL_KINDS, Mandates, mandates

Place = Literal["parent", "before", "own", "child", "after"]
Owner = Literal["mine", "shared", "foreign"]
ACTOR_AREA = "51.01.02"
PLACES: dict[Place, str] = {
    "parent": "51.01",
    "before": "51.01.01.2001",
    "own": "51.01.02",
    "child": "51.01.02.2003",
    "after": "51.01.03",
}
OWNERS: tuple[Owner, ...] = ("mine", "shared", "foreign")
CLASSES = (1, 3)
ACTOR_CLASSES = (0, 1, 2)
FOREIGN = "asing"
ACTOR = "uji-a"
INSIDE: tuple[Place, ...] = ("own", "child")


class Canary(NamedTuple):
    """What distinguishes one planted row; `actor` is the agency it was planted for."""

    actor: str
    place: Place
    owner: Owner
    data_class: int


@dataclass(frozen=True)
class Aviary:
    """The connection of the superuser and what was planted: table to key to canary, key to row version."""

    connection: psycopg.Connection[Any]
    keys: dict[str, str]
    planted: dict[str, dict[str, Canary]]
    versions: dict[str, dict[str, str]]

    @contextmanager
    def acting(self, kind: str) -> Iterator[psycopg.Cursor[Any]]:
        """A cursor with the rights of ACTOR as an agency of this kind, as the weak role; all it does is undone."""
        with self.connection.transaction(force_rollback=True), self.connection.cursor() as cursor:
            act_as(cursor, kind)
            yield cursor


def kinds() -> list[str]:
    """Every kind of actor, the internal ones too."""
    return [*mandates().kinds, *INTERNAL_KINDS]


def area_tables() -> list[GuardedTable]:
    law = mandates()
    return [table for table in guarded_tables() if law.records[table.record].scope == "area"]


def placeless_tables() -> list[GuardedTable]:
    """Tables whose rows have no area: who reaches one of them reaches all of its rows."""
    law = mandates()
    return [table for table in guarded_tables() if law.records[table.record].scope == "none"]


def actor(kind: str) -> Scope:
    return Scope(agency=ACTOR, kind=kind, area=ACTOR_AREA, classes=ACTOR_CLASSES)


def act_as(cursor: psycopg.Cursor[Any], kind: str) -> None:
    token = mint(actor(kind), backend_pid=cursor.connection.info.backend_pid, key=node_keys().scope)
    cursor.execute("SELECT set_config('ronda.scope', %s, true)", [token])
    cursor.execute("SET LOCAL ROLE ronda_web")


def all_canaries(actor: str = ACTOR) -> Iterator[Canary]:
    for place, owner, data_class in product(PLACES, OWNERS, CLASSES):
        yield Canary(actor, place, owner, data_class)


def expected(
    law: Mandates, record: str, action: Any, kind: str, canary: Canary, *, actor: str = ACTOR
) -> bool:
    """Whether the mandate lets `actor`, of `kind` and at ACTOR_AREA, reach the canary. The oracle: no SQL of ours."""
    rows = law.reach(record, action).get(kind)
    if rows is None or canary.place not in INSIDE or canary.data_class not in ACTOR_CLASSES:
        return False
    is_mine, is_shared = (canary.owner == wanted and canary.actor == actor for wanted in ("mine", "shared"))
    return {"all": True, "own": is_mine, "shared": is_mine or is_shared}[rows]


def open_aviary(dsn: str, actors: tuple[str, ...] = (ACTOR,)) -> Aviary:
    """Plant canaries for each of these agencies in the database."""
    connection = psycopg.connect(dsn, autocommit=True)
    connection.execute("SET session_replication_role = replica")
    _drop_constraints(connection)
    keys, planted, versions = {}, {}, {}
    for table in area_tables():
        columns = column_defaults(connection, table.name)
        keys[table.name] = primary_key(connection, table.name)
        planted[table.name] = _plant(connection, table.name, columns, keys[table.name], actors)
        versions[table.name] = row_versions(connection, table.name, keys[table.name])
    return Aviary(connection, keys, planted, versions)


def row_versions(connection: Any, table: str, key: str) -> dict[str, str]:
    """Key to the place of the row in the table, which changes when the row is written."""
    return dict(connection.execute(f'SELECT "{key}"::text, ctid::text FROM public."{table}"').fetchall())


def row_values(canary: Canary) -> dict[str, Any]:
    agency = canary.actor if canary.owner == "mine" else FOREIGN
    audience = [canary.actor] if canary.owner == "shared" else []
    place = PLACES[canary.place]
    return {"area": place, "agency": agency, "audience": audience, "sensitivity": canary.data_class}


def insert(cursor: psycopg.Cursor[Any], table: str, values: dict[str, Any]) -> None:
    cursor.execute(_insertion(table, values), list(values.values()))


def _insertion(table: str, values: dict[str, Any]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, values))
    places = sql.SQL(", ").join([sql.Placeholder()] * len(values))
    return sql.SQL("INSERT INTO public.{} ({}) VALUES ({})").format(sql.Identifier(table), names, places)


def column_defaults(connection: psycopg.Connection[Any], table: str) -> dict[str, Any]:
    """A value for each column that must have one, made from its type."""
    found = connection.execute(
        "SELECT column_name, udt_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
        [table],
    ).fetchall()
    return {name: _blank(kind) for name, kind in found}


def _blank(kind: str) -> Any:
    if kind.startswith("_"):
        return []
    return {
        "uuid": uuid.UUID(int=0), "text": "", "varchar": "", "bool": False, "int2": 0, "int4": 0, "int8": 0,
        "float8": 0.0, "numeric": 0, "jsonb": "{}", "bytea": b"", "date": "2024-02-14", "time": "12:00",
        "timestamptz": "2024-02-14T12:00:00+00:00",
    }[kind]  # fmt: skip


def _plant(
    connection: psycopg.Connection[Any],
    table: str,
    columns: dict[str, Any],
    key: str,
    actors: tuple[str, ...],
) -> dict[str, Canary]:
    planted, rows = {}, []
    for number, canary in enumerate(c for actor in actors for c in all_canaries(actor)):
        name = identity(columns.get(key), number + 1)
        rows.append({**columns, **row_values(canary), key: name})
        planted[str(name)] = canary
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(_insertion(table, rows[0]), [list(row.values()) for row in rows])
    return planted


def identity(blank: Any, number: int) -> Any:
    if isinstance(blank, uuid.UUID):
        return uuid.UUID(int=number)
    return str(number) if isinstance(blank, str) else number


def primary_key(connection: psycopg.Connection[Any], table: str) -> str:
    found = connection.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
        " WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [f'public."{table}"'],
    ).fetchall()
    assert len(found) == 1, f"{table} needs one primary key column, found {found}"
    return str(found[0][0])


def _drop_constraints(connection: psycopg.Connection[Any]) -> None:
    for table, name in connection.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint WHERE contype IN ('f', 'c', 'u', 'x')"
        " AND connamespace = 'public'::regnamespace ORDER BY contype DESC"
    ).fetchall():
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE")
    for (name,) in connection.execute(
        "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " WHERE i.indisunique AND NOT i.indisprimary AND c.relnamespace = 'public'::regnamespace"
    ).fetchall():
        connection.execute(f"DROP INDEX {name} CASCADE")

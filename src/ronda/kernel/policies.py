"""Row policies and grants, made from law/mandates.yaml for every table of every installed model.

`policies_apply` runs after each migration as the owner: it enables and forces row security on each table, drops all
policies and grants and makes them anew in one transaction, so that the database always says what the file says.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from ronda.law.mandates import Action, Mandates, Rows, mandates

GUARD_SQL = Path(__file__).with_name("guard.sql")
OWNER, WEB = "ronda_own", "ronda_web"
_CLAIM = "(SELECT (guard.claims())[{}])"
AGENCY, KIND, LOW, HIGH = (_CLAIM.format(number) for number in (3, 4, 5, 6))
CLASSES = "((SELECT (guard.claims())[7]::smallint[])::smallint[])"
_COMMANDS: dict[Action, str] = {"read": "SELECT", "add": "INSERT", "change": "UPDATE", "remove": "DELETE"}


class MandateMissing(RuntimeError):
    """A table has no class of record in law/mandates.yaml."""


@dataclass(frozen=True)
class GuardedTable:
    """A table, its class of record and the columns that may be changed in place (None: all of them)."""

    name: str
    record: str
    updatable: tuple[str, ...] | None = ()


def guarded_tables() -> list[GuardedTable]:
    """Every managed table of the installed apps with its class of record. MandateMissing names one without."""
    law = mandates()
    tables = [_guarded(model, law) for model in _managed_models()]
    return sorted(tables, key=lambda table: table.name)


def _managed_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def _guarded(model: type[models.Model], law: Mandates) -> GuardedTable:
    table = model._meta.db_table
    info: Any = getattr(model, "Ronda", None)
    record = law.tables.get(table) if info is None else info.record
    if record not in law.records:
        raise MandateMissing(f"table {table} needs a class of record in law/mandates.yaml, found {record!r}")
    if info is None:
        return GuardedTable(table, record, None)
    columns = (getattr(model._meta.get_field(name), "column", name) for name in info.updatable)
    return GuardedTable(table, record, tuple(str(column) for column in columns))


def policies_apply(connection: Any) -> int:
    """Make the guard, the policies and the grants anew; returns how many tables are guarded. Run as the owner."""
    tables = guarded_tables()
    with connection.cursor() as cursor:
        for statement in statements(tables):
            cursor.execute(statement)
    return len(tables)


def statements(tables: Iterable[GuardedTable]) -> Iterator[str]:
    """All statements, in order, that bring a database from any earlier state to the mandates in force."""
    law = mandates()
    yield GUARD_SQL.read_text(encoding="utf-8")
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {WEB}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {WEB}"
    yield f"GRANT USAGE ON SCHEMA public TO {WEB}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WEB}"
    for table in tables:
        yield from _table_statements(table, law)


def _table_statements(table: GuardedTable, law: Mandates) -> Iterator[str]:
    name = f'public."{table.name}"'
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    yield f"SELECT guard.drop_policies('{table.name}')"
    yield f"CREATE POLICY owner ON {name} TO {OWNER} USING (true) WITH CHECK (true)"
    for action in _COMMANDS:
        yield from action_statements(table, action, law)


def action_statements(table: GuardedTable, action: Action, law: Mandates) -> Iterator[str]:
    """The policy and the grant of one action on one table; nothing when nobody may."""
    condition = policy_condition(table.record, action, law)
    if condition is None or (action == "change" and table.updatable == ()):
        return
    command, name = _COMMANDS[action], f'public."{table.name}"'
    clause = {"add": f"WITH CHECK ({condition})", "change": f"USING ({condition}) WITH CHECK ({condition})"}
    yield (
        f"CREATE POLICY mandate_{action} ON {name} FOR {command} TO {WEB} "
        f"{clause.get(action, f'USING ({condition})')}"
    )
    columns = ""
    if action == "change" and table.updatable is not None:
        columns = "(" + ", ".join(f'"{column}"' for column in table.updatable) + ")"
    yield f"GRANT {command}{columns} ON {name} TO {WEB}"


def policy_condition(record: str, action: Action, law: Mandates) -> str | None:
    """The SQL condition under which a row may be reached; None when no agency may.

    The upper bound is written `area || ''` so that the planner does not guess a tiny range (docs/adr/0003).
    """
    reach = law.reach(record, action)
    if not reach:
        return None
    if law.records[record].scope == "none":
        return f"{KIND} = ANY ({_words(reach)})"
    terms = [_rows_term(reach, rows) for rows in ("all", "shared", "own")]
    rows = " OR ".join(term for term in terms if term)
    return f"area >= {LOW} AND (area || '') < {HIGH} AND sensitivity = ANY ({CLASSES}) AND ({rows})"


def _rows_term(reach: dict[str, Rows], wanted: Rows) -> str:
    kinds = [kind for kind, rows in reach.items() if rows == wanted]
    if not kinds:
        return ""
    who = f"{KIND} = ANY ({_words(kinds)})"
    whose = {
        "own": f" AND agency = {AGENCY}",
        "shared": f" AND (agency = {AGENCY} OR {AGENCY} = ANY (audience))",
    }
    return f"({who}{whose.get(wanted, '')})"


def _words(kinds: Iterable[str]) -> str:
    return "'{" + ",".join(sorted(kinds)) + "}'::text[]"


def guard_key_set(connection: Any, *, key_id: int, key: bytes) -> None:
    """Give the guard the key that scope tokens are signed with (at most 64 bytes). Run as the owner."""
    block = key.ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guard.key (kid, ik, ok) VALUES (%s, %s, %s)"
            " ON CONFLICT (kid) DO UPDATE SET ik = excluded.ik, ok = excluded.ok",
            [key_id, inner, outer],
        )

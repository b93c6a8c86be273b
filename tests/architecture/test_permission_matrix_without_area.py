"""S8 for the tables whose rows have no area (accounts, sessions, agencies, places, elections, the log …): every table
x agency kind x action, in the database itself, then the same with each policy removed and with a hole beside each.

Besides the kinds of the mandates there are two actors who may do nothing: an agency of a kind that no mandate names,
and a statement without a scope token.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql

from ronda.kernel.policies import GuardedTable
from ronda.law.mandates import ACTIONS, Action, mandates
from tests.architecture.canaries import (
    Aviary,
    act_as,
    column_defaults,
    identity,
    insert,
    kinds,
    open_aviary,
    placeless_tables,
    primary_key,
)

UNLISTED, NOBODY = "tak-dikenal", ""
ACTORS = (*kinds(), UNLISTED, NOBODY)
TABLES = placeless_tables()
COMMANDS: dict[Action, tuple[str, str]] = {
    "read": ("SELECT", "USING (true)"),
    "add": ("INSERT", "WITH CHECK (true)"),
    "change": ("UPDATE", "USING (true) WITH CHECK (true)"),
    "remove": ("DELETE", "USING (true)"),
}
Cell = tuple[str, Action, str]


class Plot:
    """One table with a planted row: the statement of each action, and whether it does anything."""

    def __init__(self, connection: psycopg.Connection[Any], table: GuardedTable) -> None:
        self.name, self.key = table.name, primary_key(connection, table.name)
        self.defaults = column_defaults(connection, table.name)
        self.change = (table.updatable or tuple(name for name in self.defaults if name != self.key))[0]
        insert(connection.cursor(), self.name, self._row(1_000_001))

    def succeeds(self, cursor: psycopg.Cursor[Any], action: Action) -> bool:
        """Whether the actor of the cursor reaches a row by this action. Without WHERE: no other policy is asked."""
        table = sql.Identifier(self.name)
        try:
            if action == "add":
                insert(cursor, self.name, self._row(1_000_002))
            elif action == "read":
                cursor.execute(sql.SQL("SELECT FROM public.{} LIMIT 1").format(table))
            elif action == "remove":
                cursor.execute(sql.SQL("DELETE FROM public.{}").format(table))
            else:
                column = sql.Identifier(self.change)
                query = sql.SQL("UPDATE public.{} SET {} = %s").format(table, column)
                cursor.execute(query, [self.defaults.get(self.change)])
        except psycopg.errors.InsufficientPrivilege:
            return False
        return cursor.rowcount > 0

    def _row(self, number: int) -> dict[str, Any]:
        return {**self.defaults, self.key: identity(self.defaults.get(self.key), number)}


@pytest.fixture(scope="module")
def aviary(postgres: Any, module_database: Any) -> Iterator[Aviary]:
    opened = open_aviary(postgres.dsn("postgres", module_database.name))
    yield opened
    opened.connection.close()


@pytest.fixture(scope="module")
def plots(aviary: Aviary) -> dict[str, Plot]:
    return {table.name: Plot(aviary.connection, table) for table in TABLES}


def test_every_cell_is_as_the_mandate_says(aviary, plots):
    cells = {cell for actor in ACTORS for cell in _differing(aviary, plots, actor)}

    assert not cells, f"{len(cells)} cells differ from the mandate, as in {sorted(cells)[:5]}"
    assert len(TABLES) * len(ACTORS) * len(ACTIONS) > 1_800, "the matrix shrank"


def test_each_removed_policy_turns_the_matrix_red(aviary, plots):
    removed, unnoticed = 0, []
    for table in TABLES:
        for action in (action for action in ACTIONS if _lawful(table, action)):
            removed += 1
            with aviary.connection.transaction(force_rollback=True):
                aviary.connection.execute(f'DROP POLICY mandate_{action} ON public."{table.name}"')
                if not _is_red(aviary, plots, table, action):
                    unnoticed.append((table.name, action))
    assert not unnoticed
    assert removed > 60


def test_a_policy_that_lets_everything_through_turns_the_matrix_red(aviary, plots):
    unnoticed = []
    for table in TABLES:
        for action in ACTIONS:
            with aviary.connection.transaction(force_rollback=True):
                _hole(aviary.connection, table, action)
                if not _is_red(aviary, plots, table, action):
                    unnoticed.append((table.name, action))
    assert not unnoticed


def _hole(connection: psycopg.Connection[Any], table: GuardedTable, action: Action) -> None:
    """A policy without a condition, and the grant if the mandate gives none."""
    command, condition = COMMANDS[action]
    connection.execute(f'CREATE POLICY hole ON public."{table.name}" FOR {command} TO ronda_web {condition}')
    connection.execute(f'GRANT {command} ON public."{table.name}" TO ronda_web')


def _lawful(table: GuardedTable, action: Action) -> set[str]:
    """The kinds that may do this, as the law file says; a table without columns to change is changed by nobody."""
    if action == "change" and table.updatable == ():
        return set()
    return set(mandates().reach(table.record, action))


def _differing(aviary: Aviary, plots: dict[str, Plot], actor: str) -> Iterator[Cell]:
    for table in TABLES:
        for action in ACTIONS:
            if _may(aviary, plots[table.name], actor, action) != (actor in _lawful(table, action)):
                yield table.name, action, actor


def _is_red(aviary: Aviary, plots: dict[str, Plot], table: GuardedTable, action: Action) -> bool:
    """Whether any cell of this table and action differs. Those who may do nothing are asked first: they notice most."""
    plot, lawful = plots[table.name], _lawful(table, action)
    return any(_may(aviary, plot, actor, action) != (actor in lawful) for actor in reversed(ACTORS))


def _may(aviary: Aviary, plot: Plot, actor: str, action: Action) -> bool:
    with _acting(aviary, actor) as cursor:
        return plot.succeeds(cursor, action)


@contextmanager
def _acting(aviary: Aviary, actor: str) -> Iterator[psycopg.Cursor[Any]]:
    with aviary.connection.transaction(force_rollback=True), aviary.connection.cursor() as cursor:
        if actor == NOBODY:
            cursor.execute("SET LOCAL ROLE ronda_web")
        else:
            act_as(cursor, actor)
        yield cursor

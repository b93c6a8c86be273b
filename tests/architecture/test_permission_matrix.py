"""S8: every class of record x agency x action x place x ownership x data class, in the database itself.

The expected answer comes from law/mandates.yaml through an oracle that shares no SQL with the policies. Then the
suite proves itself: each policy is removed, and each term of each policy is dropped, and every time it must turn red.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from ronda.config.diagnosis import UNGUARDED
from ronda.kernel import policies
from ronda.kernel.policies import GuardedTable, action_statements, policy_condition
from ronda.law.mandates import ACTIONS, Action, mandates
from tests.architecture.canaries import (
    ACTOR,
    ACTOR_AREA,
    Aviary,
    all_canaries,
    area_tables,
    column_defaults,
    expected,
    insert,
    kinds,
    open_aviary,
    row_values,
    row_versions,
)

HARMLESS = {"audience": [ACTOR], "area": ACTOR_AREA}  # values that leave a row within reach
Red = tuple[str, Action, str, Any]


@pytest.fixture(scope="module")
def aviary(postgres: Any, module_database: Any) -> Iterator[Aviary]:
    opened = open_aviary(postgres.dsn("postgres", module_database.name))
    yield opened
    opened.connection.close()


def test_every_cell_of_the_matrix_is_as_the_mandate_says(aviary):
    cells, red = 0, []
    for table in area_tables():
        for kind in kinds():
            count, wrong = _check(aviary, table, kind, ACTIONS)
            cells += count
            red += wrong
    assert not red, f"{len(red)} of {cells} cells differ from the mandate, as in {red[:5]}"
    assert cells > 18_000, f"the matrix shrank to {cells} cells"


def test_each_removed_policy_turns_the_matrix_red(aviary):
    unnoticed = []
    for table in area_tables():
        for action in _policed(table):
            with aviary.connection.transaction(force_rollback=True):
                aviary.connection.execute(f'DROP POLICY mandate_{action} ON public."{table.name}"')
                if not _any_red(aviary, table, action):
                    unnoticed.append((table.name, action))
    assert not unnoticed


def test_each_dropped_term_of_each_policy_turns_the_matrix_red(aviary):
    dropped, unnoticed, policed = 0, [], 0
    for table in area_tables():
        for action in _policed(table):
            policed += 1
            for term in _terms(table.record, action):
                dropped += 1
                with aviary.connection.transaction(force_rollback=True):
                    _weaken(aviary.connection, table, action, term)
                    if not _any_red(aviary, table, action):
                        unnoticed.append((table.name, action, term))
    assert not unnoticed
    assert dropped >= 4 * policed > 0


def test_a_policy_that_lets_everything_through_turns_the_matrix_red(aviary):
    table = area_tables()[0]
    with aviary.connection.transaction(force_rollback=True):
        aviary.connection.execute(
            f'CREATE POLICY hole ON public."{table.name}" FOR SELECT TO ronda_web USING (true)'
        )
        assert _any_red(aviary, table, "read")


def test_every_table_is_guarded(aviary):
    unguarded = aviary.connection.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND NOT (c.relrowsecurity AND c.relforcerowsecurity) AND c.relname <> 'django_migrations'"
    ).fetchall()
    assert not unguarded, f"tables without forced row security: {unguarded}"


def test_nothing_leads_past_the_row_policies(aviary):
    assert not _ways_past(aviary.connection)


@pytest.mark.parametrize(
    ("made", "is_found"),
    [
        ("CREATE TABLE way AS SELECT * FROM kernel_event", True),
        ("CREATE VIEW way AS SELECT * FROM kernel_event", True),
        ("CREATE VIEW way WITH (security_invoker = false) AS SELECT * FROM kernel_event", True),
        ("CREATE MATERIALIZED VIEW way AS SELECT * FROM kernel_event", True),
        (
            "CREATE FOREIGN DATA WRAPPER away; CREATE SERVER away FOREIGN DATA WRAPPER away;"
            "CREATE FOREIGN TABLE way (id int) SERVER away",
            True,
        ),
        ("CREATE VIEW way WITH (security_invoker = true) AS SELECT * FROM kernel_event", False),
    ],
)
def test_control_a_view_or_table_past_the_row_policies_is_found(aviary, made, is_found):
    with aviary.connection.transaction(force_rollback=True):
        aviary.connection.execute(f"{made}; GRANT SELECT ON way TO ronda_web")
        assert _ways_past(aviary.connection) == (["way"] if is_found else [])


@pytest.mark.parametrize(
    "given", ["GRANT SELECT ON way TO PUBLIC", "GRANT SELECT (area) ON way TO ronda_web"]
)
def test_control_a_grant_to_everybody_or_of_one_column_is_found_too(aviary, given):
    with aviary.connection.transaction(force_rollback=True):
        aviary.connection.execute(f"CREATE VIEW way AS SELECT * FROM kernel_event; {given}")
        assert _ways_past(aviary.connection) == ["way"]


def _ways_past(connection: Any) -> list[str]:
    return [name for _is_table, name in connection.execute(UNGUARDED, ["ronda_web"]).fetchall()]


def test_the_weak_role_owns_nothing_and_bypasses_nothing(aviary):
    answer = aviary.connection.execute(
        "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication OR rolinherit,"
        " (SELECT count(*) FROM pg_auth_members m WHERE m.member = r.oid),"
        " (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid) FROM pg_roles r WHERE rolname = 'ronda_web'"
    ).fetchone()
    assert answer == (False, 0, 0)


def _policed(table: GuardedTable) -> list[Action]:
    return [action for action in ACTIONS if list(action_statements(table, action, mandates()))]


def _any_red(aviary: Aviary, table: GuardedTable, action: Action) -> bool:
    return any(_check(aviary, table, kind, (action,))[1] for kind in kinds())


def _check(
    aviary: Aviary, table: GuardedTable, kind: str, actions: tuple[Action, ...]
) -> tuple[int, list[Red]]:
    """Cells looked at and those that differ, for one table and one kind of actor."""
    law, cells, red = mandates(), 0, []
    for action in actions:
        reached = _reached(aviary, table, kind, action)
        allowed = _policed(table)
        candidates = (
            aviary.planted[table.name].items() if action != "add" else ((c, c) for c in all_canaries())
        )
        for key, canary in candidates:
            cells += 1
            may = action in allowed and expected(law, table.record, action, kind, canary)
            if (key in reached) != may:
                red.append((table.name, action, kind, canary))
    return cells, red


def _reached(aviary: Aviary, table: GuardedTable, kind: str, action: Action) -> set[Any]:
    if action == "add":
        return {canary for canary in all_canaries() if _can_add(aviary, table.name, kind, canary)}
    name, key = sql.Identifier(table.name), sql.Identifier(aviary.keys[table.name])
    with aviary.acting(kind) as cursor:
        try:
            if action == "read":
                query = sql.SQL("SELECT {}::text FROM public.{}").format(key, name)
                return {row[0] for row in cursor.execute(query).fetchall()}
            return _written(aviary, cursor, table, action)
        except psycopg.errors.InsufficientPrivilege:
            return set()


def _written(aviary: Aviary, cursor: Any, table: GuardedTable, action: Action) -> set[str]:
    """Keys of the rows that a statement without WHERE wrote: it asks the policy of this action and no other."""
    name = sql.Identifier(table.name)
    if action == "remove":
        cursor.execute(sql.SQL("DELETE FROM public.{}").format(name))
    else:
        column = (table.updatable or (aviary.keys[table.name],))[0]
        value = {**column_defaults_of(aviary, table.name), **HARMLESS}.get(column)
        query = sql.SQL("UPDATE public.{} SET {} = %s").format(name, sql.Identifier(column))
        cursor.execute(query, [value])
    cursor.execute("RESET ROLE")
    versions = row_versions(cursor, table.name, aviary.keys[table.name])
    before = aviary.versions[table.name]
    return {key for key in before if versions.get(key) != before[key]}


def _can_add(aviary: Aviary, table: str, kind: str, canary: Any) -> bool:
    columns = column_defaults_of(aviary, table)
    with aviary.acting(kind) as cursor:
        try:
            insert(cursor, table, {**columns, **row_values(canary)})
        except psycopg.errors.InsufficientPrivilege:
            return False
    return True


_columns: dict[str, dict[str, Any]] = {}


def column_defaults_of(aviary: Aviary, table: str) -> dict[str, Any]:
    if table not in _columns:
        _columns[table] = column_defaults(aviary.connection, table)
    return _columns[table]


def _terms(record: str, action: Action) -> list[str]:
    """The parts of a condition that each hide some row."""
    condition = policy_condition(record, action, mandates())
    assert condition is not None
    terms = [
        f"area >= {policies.LOW}",
        f"(area || '') < {policies.HIGH}",
        f"sensitivity = ANY ({policies.CLASSES})",
        f"agency = {policies.AGENCY}",
        f"{policies.AGENCY} = ANY (audience)",
    ]
    return [term for term in terms if term in condition] + _kind_terms(record, action)


def _kind_terms(record: str, action: Action) -> list[str]:
    reach = mandates().reach(record, action)
    by_rows = {rows: [kind for kind, found in reach.items() if found == rows] for rows in set(reach.values())}
    return [f"{policies.KIND} = ANY ({policies._words(found)})" for found in by_rows.values()]


def _weaken(connection: Any, table: GuardedTable, action: Action, term: str) -> None:
    """The same policy with one term replaced by true; for the hand-over term, by false."""
    always = "false" if "audience" in term else "true"
    connection.execute(f'DROP POLICY mandate_{action} ON public."{table.name}"')
    for statement in action_statements(table, action, mandates()):
        if statement.startswith("CREATE POLICY"):
            connection.execute(statement.replace(term, always))

"""The database wrapper of the running system (the weak role). Migrations use Django's own backend as the owner.

Three protections live here: the scope token is set for every transaction, a statement without a scope is refused
before it is sent, and every statement goes through the extended protocol, so that two statements in one string
are refused by the server.
"""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

from ronda.kernel.scope import Scope, ScopeMissing, current_scope, mint

LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "transaction_timeout")
UNLIMITED_KINDS = ("system",)
ALLOWED_VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "SET TRANSACTION READ ONLY")


class StatementRefused(RuntimeError):
    """A statement that does not read or write rows was about to run with the web's role."""


class ExtendedCursor(base.Cursor):
    """Never the simple protocol: the server then refuses more than one statement in a string."""

    def _execute_send(self, query: Any, *, force_extended: bool = False, binary: bool | None = None) -> None:
        super()._execute_send(query, force_extended=True, binary=binary)  # type: ignore[misc]  # psycopg's own


class _ScopeGuard:
    db: "DatabaseWrapper"

    def _require(self, sql: Any) -> None:
        """A scope, and a statement that reads or writes rows: settings, roles and plans are not the web's business."""
        if not self.db.has_scope:
            raise ScopeMissing("a statement needs a scope: run it inside `with scoped(...)`")
        text = sql if isinstance(sql, str) else sql.as_string(None)
        if not text.lstrip(" (\n").upper().startswith(ALLOWED_VERBS):
            raise StatementRefused(
                f"only rows may be read and written here, got {text.split(maxsplit=1)[0]!r}"
            )

    def execute(self, sql: Any, params: Any = None) -> Any:
        self._require(sql)
        return super().execute(sql, params)  # type: ignore[misc]

    def executemany(self, sql: Any, param_list: Any) -> Any:
        self._require(sql)
        return super().executemany(sql, param_list)  # type: ignore[misc]


class ScopedCursor(_ScopeGuard, CursorWrapper):
    pass


class ScopedDebugCursor(_ScopeGuard, CursorDebugWrapper):
    pass


class DatabaseWrapper(base.DatabaseWrapper):
    has_scope = False

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params["cursor_factory"] = ExtendedCursor
        return params

    def make_cursor(self, cursor: Any) -> ScopedCursor:
        return ScopedCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> ScopedDebugCursor:
        return ScopedDebugCursor(cursor, self)

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # not in the stubs
        self.has_scope = False
        scope = current_scope()
        if not autocommit and scope is not None:
            self.set_scope(scope)

    def set_scope(self, scope: Scope | None) -> None:
        """Put the token of `scope` on the open transaction; None takes it away."""
        values = {"ronda.scope": "" if scope is None else self._token(scope)}
        if scope is not None:
            values |= self._limits(scope)
        calls = ", ".join(["set_config(%s, %s, true)"] * len(values))
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(f"SELECT {calls}", [part for pair in values.items() for part in pair])
        self.has_scope = scope is not None

    def _limits(self, scope: Scope) -> dict[str, str]:
        """Time limits of the transaction, set anew each time because a session may have changed them."""
        known = LIMITS if self.connection.info.server_version >= 170000 else LIMITS[:3]
        if scope.kind in UNLIMITED_KINDS:
            return dict.fromkeys(known, "0")
        whole = settings.RONDA_TRANSACTION_TIMEOUT_MS
        limits = settings.RONDA_STATEMENT_TIMEOUT_MS, settings.RONDA_LOCK_TIMEOUT_MS, whole, whole
        return dict(zip(known, map(str, limits), strict=False))

    def check_constraints(self, table_names: Any = None) -> None:
        """As Django's, on the bare connection: constraints are checked in any scope."""
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def _token(self, scope: Scope) -> str:
        return mint(scope, backend_pid=self.connection.info.backend_pid, key=settings.RONDA_SCOPE_KEY)

    def _savepoint(self, sid: str) -> None:
        self._control(self.ops.savepoint_create_sql(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        self._control(self.ops.savepoint_rollback_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        self._control(self.ops.savepoint_commit_sql(sid))

    def _control(self, statement: str) -> None:
        """Transaction control needs no scope."""
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(statement)

    def _close(self) -> None:
        self.has_scope = False
        super()._close()  # type: ignore[misc]  # not in the stubs


def reset_connection(connection: Any) -> None:
    """What the pool does when a connection comes back: nothing of the last user stays."""
    connection.autocommit = True
    connection.execute("DISCARD ALL")
    connection.autocommit = False

"""What is wrong with this installation, each finding in one sentence that says what to do."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ronda.config.catalogues import catalogues
from ronda.config.installation import ROOT, embedded_server, external_database, var_folder
from ronda.config.postgres import locate

LEAST_FREE_MB = 1_000
NEEDED = ("settings", "programs")
BACKUP_AGE = timedelta(hours=24)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `ok`, `warn` or `fail`."""

    level: str
    what: str
    told: str


def diagnose() -> Iterator[Finding]:
    """Look at everything; what rests on a failed settings or programs check is not tried."""
    for what, look in CHECKS.items():
        found = list(_looked(what, look))
        yield from found
        if what in NEEDED and any(finding.level == "fail" for finding in found):
            return


def _looked(what: str, look: Callable[[], Told]) -> Iterator[Finding]:
    try:
        for level, told in look():
            yield Finding(level, what, told)
    except Exception as problem:  # whatever it is, it is what the operator has to know
        yield Finding("fail", what, f"{type(problem).__name__}: {str(problem).splitlines()[0]}")


Told = Iterator[tuple[str, str]]


def _machine() -> Told:
    version = platform.python_version()
    yield ("ok" if sys.version_info >= (3, 11) else "fail"), f"Python {version} (3.11 or newer is needed)"
    free = shutil.disk_usage(_existing(var_folder())).free // 1_000_000
    yield (
        ("ok" if free >= LEAST_FREE_MB else "fail"),
        f"{free:,} MB free for the data ({LEAST_FREE_MB:,} needed)",
    )


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def _settings() -> Told:
    from ronda.config.cli import setup_django

    setup_django()
    from django.core.checks import run_checks

    from ronda.config.declared import unknown_settings

    for told in unknown_settings():
        yield "warn", told
    problems = [problem for problem in run_checks() if problem.is_serious()]
    for problem in problems:
        yield "fail", problem.msg
    if not problems:
        yield "ok", "every setting can be used"


def _folders() -> Told:
    var = var_folder()
    if var.exists() and not os.access(var, os.W_OK):
        yield "fail", f"{var} cannot be written: give it to the user that runs Ronda."
    keys = var / "keys"
    open_ = [
        path
        for path in (keys, *keys.glob("*"))
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    for path in open_:
        yield "fail", f"{path} can be read by others: chmod go= {path}"
    if not open_:
        yield (
            "ok",
            "keys are readable by nobody else" if keys.exists() else "keys are made at the first start",
        )


def _pages() -> Told:
    bundle = ROOT / "src/ronda/web/static/web/build"
    yield (
        ("ok", "style sheets and scripts are built")
        if bundle.exists()
        else (
            "fail",
            "style sheets and scripts are not built: run `ronda build`.",
        )
    )
    stale = [po for po in catalogues() if _older(po.with_suffix(".mo"), po)]
    yield (
        ("fail", "translations are not compiled: run `ronda build`.")
        if stale
        else ("ok", "translations are compiled")
    )


def _older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def _programs() -> Told:
    if external_database():
        yield "ok", "external database (DATABASE_URL)"
        return
    found = locate()
    yield "ok", f"PostgreSQL {found.major} from the {found.source}"
    server = embedded_server()
    yield "ok", f"run as: {server.identity.way}"
    if not server.is_running():
        yield "fail", "the database does not run: `ronda db start`."


def _database() -> Told:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        version = cursor.connection.info.server_version // 10000
        yield (
            ("ok" if version >= 15 else "fail"),
            f"the server is PostgreSQL {version} (15 or newer is needed)",
        )
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute("SELECT current_setting(%s)", [setting])
            if cursor.fetchone()[0] == "off":
                yield "fail", f"{setting} is off: what was acknowledged can be lost; turn it on."
        cursor.execute(
            "SELECT abs(extract(epoch FROM clock_timestamp()) - %s)", [datetime.now(UTC).timestamp()]
        )
        apart = float(cursor.fetchone()[0])
        yield ("ok" if apart < 2 else "warn"), f"clocks of server and database are {apart:.1f} s apart"
    yield from _migrations(connections["owner"])


def _migrations(connection: Any) -> Told:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield (
        ("fail", f"{len(waiting)} migrations are not applied: `ronda migrate`.")
        if waiting
        else (
            "ok",
            "every migration is applied",
        )
    )


def _keys() -> Told:
    from ronda.config.health import keys_refused

    foreign = keys_refused()
    yield ("fail", foreign) if foreign else ("ok", "the keys of this node are those the database expects")


def _rights() -> Told:
    """The weak role as the running system uses it."""
    from django.db import DatabaseError, connection

    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.public()), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('is_superuser')")
        role, is_superuser = cursor.fetchone()
    if is_superuser == "on":
        yield "fail", f"the pages run as the superuser {role}: DATABASE_URL must name ronda_web."
        return
    yield "ok", f"the pages run as {role}, which owns nothing"
    try:
        with scoped(Scope.public()), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_stat_activity LIMIT 1")
        yield (
            "fail",
            "the database is not hardened: run src/ronda/config/postgres/harden.sql in it as superuser.",
        )
    except DatabaseError:
        yield "ok", "the database is hardened"
    yield from _open_tables(role)


# Names of what a role can reach past the row policies, tables apart from the rest. A view with security_invoker asks as
# its reader and so falls under the policies of its tables; a materialized view or a foreign table can have none.
UNGUARDED = (
    "SELECT c.relkind IN ('r', 'p'), c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%%'"
    " AND has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE') AND CASE"
    " WHEN c.relkind IN ('r', 'p') THEN NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    " WHEN c.relkind = 'v' THEN NOT coalesce((SELECT option_value::boolean FROM pg_options_to_table(c.reloptions)"
    " WHERE option_name = 'security_invoker'), false)"
    " ELSE c.relkind IN ('m', 'f') END ORDER BY c.relname"
)


def _open_tables(role: str) -> Told:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(UNGUARDED, [role])
        found = cursor.fetchall()
    tables = ", ".join(name for is_table, name in found if is_table)
    views = ", ".join(name for is_table, name in found if not is_table)
    if tables:
        yield "fail", f"tables without row policies: {tables}; run `ronda migrate`."
    if views:
        yield "fail", f"views past the row policies: {views}; take the grant away or set security_invoker."
    if not found:
        yield "ok", "every table the pages can reach has row policies, and every view asks them"


def _backups() -> Told:
    if external_database():
        yield "warn", "backups of an external database are not seen from here"
        return
    kept = sorted((var_folder() / "backups").glob("*/backup.json"))
    if not kept:
        yield "warn", "no backup was made yet: `ronda db backup`."
        return
    age = datetime.now(UTC) - datetime.fromtimestamp(kept[-1].stat().st_mtime, UTC)
    told = f"the newest proven backup is {age.total_seconds() / 3600:.0f} h old"
    yield ("ok", told) if age <= BACKUP_AGE else ("warn", told + ": `ronda db backup`.")


def _files() -> Told:
    from ronda.gate.selectors import files_unnamed
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        unnamed = files_unnamed()
    yield "ok", f"{unnamed:,} whole files that no message names; they are kept"


def _site() -> Told:
    from django.conf import settings

    if settings.DEMO:
        yield "warn", "demo mode: anyone who reaches the site signs in with one click"
    elif not settings.HTTPS:
        yield "warn", "RONDA_HTTPS is off: fine on this machine, wrong for people on a network"
    else:
        yield "ok", "secure cookies and HSTS are on"


CHECKS: dict[str, Callable[[], Told]] = {
    "machine": _machine,
    "settings": _settings,
    "folders": _folders,
    "pages": _pages,
    "programs": _programs,
    "database": _database,
    "keys": _keys,
    "rights": _rights,
    "backups": _backups,
    "files": _files,
    "site": _site,
}

"""The fixtures of every test; they take precedence here over those of pytest-django."""

from ronda.config.testing import (
    as_scope,
    committed_db,
    django_db_setup,
    live_database,
    module_database,
    nothing_kept,
    postgres,
    session_database,
)

__all__ = [
    "as_scope",
    "committed_db",
    "django_db_setup",
    "live_database",
    "module_database",
    "nothing_kept",
    "postgres",
    "session_database",
]

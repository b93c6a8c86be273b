"""Where this installation keeps its things: read without Django, used by the commands."""

from __future__ import annotations

from pathlib import Path

from ronda.config import env
from ronda.config.postgres import PostgresError, PostgresServer
from ronda.config.postgres.external import Address

ROOT = Path(__file__).resolve().parents[3]


def var_folder() -> Path:
    """The folder of the database, keys, files and logs of this node."""
    return env.folder(
        "RONDA_VAR", ROOT / "var", about="folder of the database, keys, files and logs of this node"
    )


def clock_file() -> Path | None:
    """The file of the drill clock, when this is a drill."""
    return env.file("RONDA_CLOCK_FILE", about="file of the drill clock, for `ronda demo` and drills only")


def database_name() -> str:
    """The database in the embedded PostgreSQL."""
    return env.text("RONDA_DB_NAME", "ronda", about="name of the database in the embedded PostgreSQL")


def external_database() -> str:
    """The address of a database that is not ours to start, or nothing."""
    return env.text(
        "DATABASE_URL", secret=True, about="an external PostgreSQL 15 or newer, as role ronda_web"
    )


def embedded_server() -> PostgresServer:
    """The database server of this installation; refused when DATABASE_URL points elsewhere."""
    if external_database():
        raise PostgresError(
            "DATABASE_URL is set, so the database is not Ronda's to manage: use its own tools, or unset it."
        )
    return PostgresServer(var_folder() / "pg")


def start_database() -> None:
    """Make sure the database runs, when it is ours to run; one that is not has to answer."""
    if url := external_database():
        Address.read("DATABASE_URL", url).require_answer()
    else:
        embedded_server().start()

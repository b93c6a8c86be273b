"""`ronda db ...`: the embedded database from the command line."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ronda.config.cli.say import note, step
from ronda.config.installation import embedded_server, external_database, var_folder
from ronda.config.postgres import PostgresError
from ronda.config.postgres.server import LOGINS


@click.command()
def start() -> None:
    """Start the database; make it first if there is none."""
    server = embedded_server()
    if server.is_running():
        note(f"already running, socket in {server.socket_dir}")
        return
    with step("Starting the database" if server.is_created else "Making and starting the database"):
        server.start()
    note(f"PostgreSQL {server.binaries.major} ({server.binaries.source}), socket in {server.socket_dir}")


@click.command()
@click.option(
    "--mode",
    type=click.Choice(["smart", "fast", "immediate"]),
    default="fast",
    show_default=True,
    help="smart waits for clients, fast ends their sessions, immediate leaves recovery to the next start.",
)
def stop(mode: str) -> None:
    """Stop the database."""
    server = embedded_server()
    note("stopped" if server.stop(mode) else "was not running")


@click.command()
def status() -> None:
    """Say where the database is and whether it answers (exit code 1 if not)."""
    if external_database():
        note("external database (DATABASE_URL); `ronda doctor` checks it")
        return
    server = embedded_server()
    running = server.is_running()
    note(f"{'running' if running else 'not running'}: {server.data_dir}")
    note(f"programs: PostgreSQL {server.binaries.major} from the {server.binaries.source}")
    if running:
        note(f"socket: {server.socket_dir}, process {server.pid()}, run as: {server.identity.way}")
        note("size: " + server.psql("SELECT pg_size_pretty(pg_database_size(current_database()))"))
    raise SystemExit(0 if running else 1)


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--role", type=click.Choice(LOGINS), default="ronda_own", show_default=True, help="Who asks.")
@click.option("--dbname", default="ronda", show_default=True, help="Which database.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(role: str, dbname: str, arguments: tuple[str, ...]) -> None:
    """Open an SQL session; further ARGUMENTS go to psql."""
    server = embedded_server()
    if not server.is_running():
        raise PostgresError("The database does not run: `ronda db start` first.")
    command = [*server.psql_command(role=role, dbname=dbname), *arguments]
    os.execv(command[0], command)


@click.command()
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that holds the backups  [default: var/backups].",
)
def backup(to: Path | None) -> None:
    """Save the whole database and prove that the copy can be brought back."""
    from ronda.config.postgres.backup import backup_create

    server = embedded_server()
    if not server.is_running():
        raise PostgresError("The database does not run: `ronda db start` first.")
    made = backup_create(server, to or var_folder() / "backups", say=step)
    note(f"{made.folder}")
    note(f"{made.rows} rows in {made.tables} tables, log of {made.log_size} leaves, {made.size_mb:.0f} MB")
    note(f"Keep {var_folder() / 'keys'} too, apart from the backup: receipts are signed with it.")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of the present data, which is kept aside.")
def restore(folder: Path, replace: bool) -> None:
    """Bring a backup back and check its rows and its log against what was noted when it was made.

    Ends with 1, the data in place, when the keys in var/keys are not those of the database: they have a backup of
    their own.
    """
    from ronda.config.postgres.backup import backup_restore, keys_foreign_to

    server = embedded_server()
    aside = backup_restore(server, folder, replace=replace, say=step)
    if aside:
        note(f"the data that was here before is kept in {aside}")
    if foreign := keys_foreign_to(server, var_folder() / "keys"):
        raise PostgresError(f"The data are back, but no command and no page can use them yet. {foreign}")
    note("restored, checked and started")

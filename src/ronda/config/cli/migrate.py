"""`ronda migrate`: tables, policies and rights brought up to this version."""

from __future__ import annotations

import click

from ronda.config.cli import setup_django
from ronda.config.installation import start_database


@click.command()
@click.option("--check", is_flag=True, help="Only say whether something is to be done (exit code 1 if so).")
@click.option("-v", "--verbosity", type=click.IntRange(0, 3), default=1, help="How much is printed.")
def migrate(check: bool, verbosity: int) -> None:
    """Bring tables, row policies and rights up to this version."""
    start_database()
    setup_django()
    from django.core.management import call_command

    call_command("migrate", check_unapplied=check, verbosity=verbosity)

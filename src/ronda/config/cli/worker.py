"""`ronda worker`: what happens behind the pages, in a process of its own."""

from __future__ import annotations

import click

from ronda.config.cli import setup_django
from ronda.config.installation import start_database


@click.command()
@click.option("--once", is_flag=True, help="Work off what is waiting, then stop.")
def worker(once: bool) -> None:
    """Bring accepted messages to their records, keep the log growing, remind of due times."""
    start_database()
    setup_django()
    from ronda.config.logs import configure
    from ronda.config.working import run

    configure("worker")
    run(once=once)

"""`ronda log ...`: the node's log for the outside."""

from __future__ import annotations

from pathlib import Path

import click

from ronda.config.cli import setup_django
from ronda.config.installation import start_database


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path) -> None:
    """Write the log as files that anyone can check with `ronda verify FOLDER`."""
    start_database()
    setup_django()
    from ronda.kernel.scope import Scope, scoped
    from ronda.ledger.services import log_export

    with click.progressbar(length=1, label="Log", width=30) as bar:

        def shown(done: int, total: int) -> None:
            bar.length = total
            bar.update(1)

        try:
            with scoped(Scope.system()):
                size = log_export(folder, progress=shown)
        except ValueError as problem:
            raise click.ClickException(str(problem)) from None
    click.echo(f"{size} entries in {folder}")


@click.command()
def key() -> None:
    """Print the public key of this node's log, to be published and handed to verifiers."""
    setup_django()
    from ronda.ledger.selectors import log_key

    click.echo(log_key())

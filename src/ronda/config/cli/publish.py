"""`ronda publish`: the public results site as a folder of plain files."""

from __future__ import annotations

from pathlib import Path

import click

from ronda.config.cli import setup_django
from ronda.config.installation import start_database, var_folder


@click.command()
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site stands; else the folder `situs` of the installation.",
)
def publish(folder: Path | None) -> None:
    """Write every version of the results that two people let out; those that stand already are left alone."""
    start_database()
    setup_django(in_english=False)
    from ronda.kernel.scope import Scope, scoped
    from ronda.publishing.services import site_write

    root = folder or var_folder() / "situs"
    with scoped(Scope.system()):
        new = site_write(root)
    for made in new:
        click.echo(str(made))
    click.echo(f"{len(new)} new versions in {root}")

"""`ronda reference`: write the reference pages that are made from the code."""

import click

from ronda.config.cli import setup_django


@click.command()
def reference() -> None:
    """Write the pages in docs/reference that are made from the code."""
    setup_django()
    from ronda.config.reference import FOLDER, pages

    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        click.echo(f"docs/reference/{name}")

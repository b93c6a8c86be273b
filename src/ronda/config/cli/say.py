"""What commands print: steps with their time, and one sentence when something is wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def step(what: str) -> Iterator[None]:
    """Announce a step, then say how long it took."""
    click.echo(f"  {what} … ", nl=False)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        click.secho("failed", fg="red")
        raise
    click.secho(f"{time.monotonic() - began:.1f} s", fg="green")


def note(text: str) -> None:
    """A line of information."""
    click.echo(f"  {text}")

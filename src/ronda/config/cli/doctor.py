"""`ronda doctor`: says what is wrong with an installation."""

from __future__ import annotations

import os

import click

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
def doctor() -> None:
    """Say what is wrong with this installation and what to do (exit code 1 if something is)."""
    os.environ.setdefault("RONDA_LOG_LEVEL", "ERROR")
    from ronda.config.diagnosis import diagnose

    failed = 0
    for finding in diagnose():
        failed += finding.level == "fail"
        click.secho(f"  {finding.level:5}", fg=COLOURS[finding.level], nl=False)
        click.echo(f"{finding.what:10} {finding.told}")
    if failed:
        raise click.ClickException(f"{failed} to mend.")

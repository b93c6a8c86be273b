"""`ronda serve`: the site, its interface and the gate."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import socket as sockets
from pathlib import Path

import click
import structlog

from ronda.config import env
from ronda.config.installation import start_database, var_folder
from ronda.config.metrics import metrics_port, serve_figures, share_figures
from ronda.config.postgres import PostgresError
from ronda.config.stopping import SIGNAL

STOP_WAIT_S = 20


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on."
)
@click.option(
    "--socket", type=click.Path(path_type=Path), help="Listen on this unix socket instead of a port."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes  [default: one for each core, at most 4]."
)
def serve(host: str, port: int, socket: Path | None, workers: int | None) -> None:
    """Serve the site, its interface and the gate; ends gracefully on SIGTERM and Ctrl-C."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronda.config.settings")
    if socket is None:
        _refuse_taken(host, port)
    start_database()
    share_figures(var_folder(), fresh=True)
    _check_ready()
    _figures()
    _granian(host, port, socket, workers or min(4, os.cpu_count() or 1))


def _refuse_taken(host: str, port: int) -> None:
    """The server's workers share their port; without this look a second node would share it too, unheard."""
    family = sockets.AF_INET6 if ":" in host else sockets.AF_INET
    try:
        sockets.create_server((host, port), family=family).close()
    except OSError as problem:
        raise env.SettingError(
            f"Ronda cannot listen on {host}, port {port}: {problem.strerror}. Choose another with --port."
        ) from None


def _check_ready() -> None:
    """Load everything once; settings that do not hold and missing tables are said before anything listens."""
    from ronda.config.cli import setup_django

    setup_django(in_english=False)
    from django.core.checks import run_checks
    from django.db import connection

    from ronda.config.declared import unknown_settings
    from ronda.config.health import keys_refused, missing_tables
    from ronda.config.warming import warm
    from ronda.simulate.services import demo_refused

    for told in unknown_settings():
        structlog.get_logger("ronda.serve").warning(told)
    problems = [check for check in run_checks() if check.is_serious()]
    if problems:
        raise env.SettingError("\n".join(str(problem) for problem in problems))
    if missing_tables():
        raise PostgresError("The database lacks tables of this version: run `ronda migrate` first.")
    if foreign := keys_refused():
        raise PostgresError(foreign)
    if why := demo_refused():
        raise env.SettingError(why)
    importlib.import_module("ronda.config.server")
    importlib.import_module("ronda.config.urls")
    warm()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of Django's PostgreSQL backend


def _figures() -> None:
    port = metrics_port()
    if port:
        try:
            serve_figures(port)
        except OSError:
            raise env.SettingError(
                f"RONDA_METRICS_PORT is {port}, and something else listens there."
            ) from None


def _granian(host: str, port: int, socket: Path | None, workers: int) -> None:
    from granian.constants import Interfaces, Loops, RuntimeModes
    from granian.server.mp import MPServer

    class Server(MPServer):
        def shutdown(self, exit_code: int = 0) -> None:
            """Live lines end first: a worker waits for every open answer."""
            for worker in self.wrks:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker.inner.pid, SIGNAL)
            super().shutdown(exit_code)  # type: ignore[no-untyped-call]  # the library leaves it untyped

    if socket is not None:
        socket.unlink(missing_ok=True)
    # Workers share what is loaded already; connections were closed before, and each makes its own.
    multiprocessing.set_start_method("fork")
    server = Server(
        "ronda.config.server:application",
        address=host,
        port=port,
        uds=socket,
        uds_permissions=0o660 if socket else None,
        interface=Interfaces.RSGI,
        loop=Loops.uvloop,
        runtime_mode=RuntimeModes.st,
        workers=workers,
        websockets=False,
        backlog=2048,
        log_enabled=False,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WAIT_S,
    )
    server.serve()

"""`ronda worker`: what happens behind the pages, in a process of its own."""

from __future__ import annotations

import signal
import threading

import click
import structlog

from ronda.config.cli import setup_django
from ronda.config.installation import start_database, var_folder
from ronda.config.metrics import share_figures


@click.command()
@click.option("--once", is_flag=True, help="Work off what is waiting, then stop.")
def worker(once: bool) -> None:
    """Bring accepted messages to their records and keep the log growing; ends gracefully on SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _set_apart(stop))
    start_database()
    share_figures(var_folder(), fresh=False)
    setup_django(in_english=False)
    from ronda.config.figures import keep_fresh
    from ronda.gate.worker import rounds_due, run, work_once
    from ronda.readiness.tasks import watch

    def work_off() -> None:
        while not stop.is_set() and work_once():
            pass

    if once:
        work_off()
        rounds_due({}, 0.0)
        work_off()  # what the rounds found is a message too
        return
    threading.Thread(target=keep_fresh, args=(stop,), name="figures", daemon=True).start()
    threading.Thread(target=watch, args=(stop,), name="gaps", daemon=True).start()
    structlog.get_logger("ronda.worker").info("started")
    run(stop)


def _set_apart(stop: threading.Event) -> None:
    """Set from a thread of its own: a handler runs inside the main thread, which may hold the event's lock."""
    threading.Thread(target=stop.set, name="stop", daemon=True).start()

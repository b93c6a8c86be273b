"""What happens behind the gate, over and over: put leaves in order, sign, hand batches on, do the rounds."""

import threading
import time
from collections.abc import Callable, Mapping

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

from ronda.gate.consumers import Round, rounds
from ronda.gate.inbox import messages_consume
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.ledger.services import leaves_sequence

log = structlog.get_logger("ronda.gate")
PAUSE_S = 0.25


def work_once() -> int:
    """Put in order and hand on what waits, each step in its own transaction; returns how much there was."""
    return _step(_consume) + _step(_sequence)


def run(stop: threading.Event) -> None:
    """Work until told to stop; pauses only when there was nothing to do."""
    due: dict[str, float] = {}
    near = {name: one for name, one in rounds().items() if not one.is_apart}
    for name in rounds().keys() - near.keys():
        threading.Thread(target=run_apart, args=(name, stop), name=name, daemon=True).start()
    while not stop.is_set():
        try:
            done = work_once()
        except (DatabaseError, InterfaceError):
            log.exception("the worker's step failed; trying again")
            close_old_connections()
            stop.wait(1.0)
            continue
        rounds_due(due, time.monotonic(), among=near)
        if not done:
            stop.wait(PAUSE_S)


def run_apart(name: str, stop: threading.Event) -> None:
    """Do one round again and again until told to stop."""
    one = rounds()[name]
    while not stop.wait(one.every_s):
        _round(name, one)


def rounds_due(due: dict[str, float], now_s: float, *, among: Mapping[str, Round] | None = None) -> None:
    """Do the rounds whose time has come; one that fails is tried again at its next time and stops no other."""
    for name, one in (rounds() if among is None else among).items():
        if now_s < due.get(name, now_s):
            continue
        _round(name, one)
        due[name] = now_s + one.every_s


def _round(name: str, one: Round) -> None:
    try:
        one.task()
    except Exception:
        log.exception("a round failed", task=name)
        close_old_connections()


def _step(step: Callable[[], int]) -> int:
    with scoped(Scope.system()):
        return step()


def _consume() -> int:
    return messages_consume(at=clock.now())


def _sequence() -> int:
    return leaves_sequence(keys=settings.KEYS, at=clock.now())

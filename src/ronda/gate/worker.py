"""What happens behind the gate, over and over: put leaves in order, sign, hand batches to their contexts."""

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

from ronda.gate.inbox import messages_consume
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.ledger.services import leaves_sequence

log = logging.getLogger("ronda.gate")
PAUSE_S = 0.25


def work_once() -> int:
    """One round, each step in its own transaction; returns how much there was to do."""
    return _step(_consume) + _step(_sequence)


def run(stop: threading.Event) -> None:
    """Rounds until told to stop; pauses only when there was nothing to do."""
    while not stop.is_set():
        try:
            done = work_once()
        except (DatabaseError, InterfaceError):
            log.exception("the worker's round failed; trying again")
            close_old_connections()
            stop.wait(1.0)
            continue
        if not done:
            stop.wait(PAUSE_S)


def _step(step: Callable[[], int]) -> int:
    with scoped(Scope.system()):
        return step()


def _consume() -> int:
    return messages_consume(at=clock.now())


def _sequence() -> int:
    return leaves_sequence(keys=settings.KEYS, at=clock.now())

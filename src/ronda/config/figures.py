"""How far the node is behind, as gauges that the worker keeps fresh for Prometheus."""

from __future__ import annotations

import threading

import structlog
from django.db import DatabaseError, connection
from prometheus_client import Gauge

from ronda.gate.selectors import consumed_until, outcome_counts, received_last
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.ledger.selectors import checkpoint_latest

log = structlog.get_logger("ronda.figures")
EVERY_S = 15.0

RECEIVED = Gauge(
    "ronda_last_received_timestamp_seconds", "When the newest message came.", multiprocess_mode="mostrecent"
)
BEHIND = Gauge(
    "ronda_consumed_behind_seconds",
    "Age of the oldest message that has not reached its context.",
    multiprocess_mode="mostrecent",
)
LOG_SIZE = Gauge("ronda_log_size", "Entries under the newest checkpoint.", multiprocess_mode="mostrecent")
LOGGED = Gauge(
    "ronda_log_checkpoint_timestamp_seconds",
    "When the newest checkpoint was signed.",
    multiprocess_mode="mostrecent",
)
MESSAGES = Gauge(
    "ronda_messages", "Messages by what became of them.", ["state"], multiprocess_mode="mostrecent"
)


def refresh() -> None:
    """Ask the database once."""
    now = clock.now()
    with scoped(Scope.system()):
        received, consumed, checkpoint = received_last(), consumed_until(now=now), checkpoint_latest()
        counts = outcome_counts()
    if received is not None:
        RECEIVED.set(received.timestamp())
        BEHIND.set(max(0.0, (now - consumed).total_seconds()))
    if checkpoint is not None:
        LOG_SIZE.set(checkpoint.size)
        LOGGED.set(checkpoint.at.timestamp())
    for state, count in counts.items():
        MESSAGES.labels(state).set(count)


def keep_fresh(stop: threading.Event) -> None:
    """Refresh until told to stop, in a thread of the worker."""
    while not stop.wait(EVERY_S):
        try:
            refresh()
        except DatabaseError as problem:
            log.warning("figures not refreshed", exc_info=problem)
        finally:
            connection.close()

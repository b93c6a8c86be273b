"""Prometheus figures of all processes, given out on loopback only."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ronda.config import env

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def metrics_port() -> int:
    """Where the figures are; 0 gives none."""
    return env.integer(
        "RONDA_METRICS_PORT", 9464, 0, 65535, about="port of the Prometheus figures on 127.0.0.1, 0 for none"
    )


def share_figures(var: Path, *, fresh: bool) -> None:
    """Let the processes of this node put their figures together; call before prometheus_client is loaded."""
    folder = var / "metrics"
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[VARIABLE] = str(folder)


def serve_figures(port: int) -> None:
    """Answer on 127.0.0.1 in a thread of this process."""
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library leaves it untyped
    start_http_server(port, addr="127.0.0.1", registry=registry)

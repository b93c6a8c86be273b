"""The gate and its workers as processes of their own, to be loaded and killed."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

APPLICATION = "ronda.config.server:application"
WORKER = """
import django, threading
django.setup()
from ronda.gate.worker import run
run(threading.Event())
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A child with its own process group, so that a kill takes everything it started."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._command, self._environment = command, environment
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._child = subprocess.Popen(
            self._command,
            env=self._environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """kill -9 of the group, then wait until the child is gone."""
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait(20)
            self._child = None


def gate_process(database: Any, port: int, *, application: str = APPLICATION, workers: int = 1) -> Process:
    words = ["--interface", "rsgi", "--port", str(port), "--workers", str(workers), "--log-level", "critical"]
    command = [sys.executable, "-m", "granian", *words, application]
    return Process(command, environment_of(database))


def worker_process(database: Any) -> Process:
    return Process([sys.executable, "-c", WORKER], environment_of(database))


def environment_of(database: Any) -> dict[str, str]:
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(__file__)))))
    return {**database.environment, "PYTHONPATH": f"{root}/src:{root}", "RONDA_METRICS_PORT": "0"}


@dataclass
class Sender:
    """Sends messages one after the other on one connection, each until it is accepted; remembers the receipts."""

    port: int
    token: str
    messages: Iterator[bytes]
    acknowledged: dict[bytes, bytes] = field(default_factory=dict)
    refused: list[tuple[int, bytes]] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(30)

    def _run(self) -> None:
        for raw in self.messages:
            while not self._stop.is_set():
                status, answer = post(self.port, self.token, raw)
                if status == 201:
                    self.acknowledged[raw] = answer
                    break
                if status not in (0, 503):
                    self.refused.append((status, answer))
                    break
                time.sleep(0.02)
            if self._stop.is_set():
                return


def post(port: int, token: str, raw: bytes) -> tuple[int, bytes]:
    """Status and answer; 0 when there was none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request("POST", "/gate/v1/messages", raw, headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


@contextmanager
def senders(number: int, port: int, token: str, messages: Iterator[bytes]) -> Iterator[list[Sender]]:
    """Some senders that share one row of messages."""
    lock = threading.Lock()

    def shared() -> Iterator[bytes]:
        while True:
            with lock:
                raw = next(messages, None)
            if raw is None:
                return
            yield raw

    made = [Sender(port, token, shared()) for _ in range(number)]
    for sender in made:
        sender.start()
    try:
        yield made
    finally:
        for sender in made:
            sender.stop()


def wait_until(condition: Any, *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False

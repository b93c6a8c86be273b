"""Child processes that live and end together: started in order, watched, and all stopped with the parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PARENT_DEATH = 1  # PR_SET_PDEATHSIG, linux/prctl.h
LAST_LINES = 12
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ChildEndedError(Exception):
    """A child that should run has ended; the text holds its last words."""


@dataclass
class Children:
    """Commands of `ronda` that run in the background with their output in files."""

    folder: Path
    environment: Mapping[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *words: str) -> None:
        """Start `ronda WORDS` in a session of its own, so that Ctrl-C reaches the parent alone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "ronda.config.cli", *words]
        with self.log(name).open("wb") as output:
            self.running[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def log(self, name: str) -> Path:
        """Where a child's output goes."""
        return self.folder / f"{name}.log"

    def check(self, may_end: frozenset[str] = frozenset()) -> None:
        """Raise when a child has ended that should not, or has failed."""
        for name, child in list(self.running.items()):
            code = child.poll()
            if code is None:
                continue
            if code == 0 and name in may_end:
                del self.running[name]
                continue
            raise ChildEndedError(f"{name} ended with code {code}:\n{self.last_words(name)}")

    def last_words(self, name: str) -> str:
        """The end of a child's output."""
        return "\n".join(self.log(name).read_text(errors="replace").splitlines()[-LAST_LINES:])

    def stop(self, wait_s: float = 30) -> None:
        """Ask all to end, the last started first; those that do not are killed."""
        for child in reversed(self.running.values()):
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
        until = time.monotonic() + wait_s
        for child in self.running.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self.running.clear()


def _end_with_parent() -> None:
    """Even a parent that is killed leaves nothing behind (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PARENT_DEATH, signal.SIGTERM)


class StopAskedError(Exception):
    """Somebody asked this process to end."""


def stop_on_signals() -> None:
    """Turn Ctrl-C, a closed terminal and SIGTERM into StopAskedError."""

    def ask(number: int, frame: FrameType | None) -> None:
        raise StopAskedError(signal.Signals(number).name)

    for number in STOPS:
        signal.signal(number, ask)


def ignore_signals() -> None:
    """While everything is being stopped: a second Ctrl-C must not leave half of it running."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)

"""A Chromium as a process of its own with its own folder, to be killed like a phone whose battery is taken out."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--remote-debugging-port=0",
)


class Killable:
    """`open()` starts it on a folder that outlives it and connects; `kill()` is SIGKILL to all of its processes."""

    def __init__(self, playwright: Any, program: str, folder: Path) -> None:
        self._playwright, self._program, self._folder = playwright, program, folder
        self._child: subprocess.Popen[bytes] | None = None

    def open(self, address: str) -> Any:
        told = self._folder / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        self._child = subprocess.Popen(
            [self._program, *FLAGS, f"--user-data-dir={self._folder}", "about:blank"],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port = _first_line(told)
        self._browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        page = self._browser.contexts[0].pages[0]
        page.goto(address)
        return page

    def kill(self) -> None:
        child = self._child
        assert child is not None
        os.killpg(child.pid, signal.SIGKILL)
        child.wait(20)
        deadline = time.monotonic() + 20
        while _alive_in(child.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        self._child = None
        with suppress(Exception):  # its connection is broken already
            self._browser.close()


def _first_line(path: Path) -> str:
    for _attempt in range(300):
        if path.exists() and (lines := path.read_text().splitlines()):
            return lines[0]
        time.sleep(0.1)
    raise RuntimeError("Chromium did not start within 30 s")


def _alive_in(group: int) -> bool:
    """Whether a process of the group still runs; one that only waits to be buried does not count."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, pgrp = stat.read_text().rpartition(")")[2].split()[:3]
            if int(pgrp) == group and state != "Z":
                return True
    return False

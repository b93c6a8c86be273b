"""The field app: how soon it stands on the screen without a network, what a PIN and a photo cost, how large it is.

A served node, a Chromium with a folder of its own. The first start has the network and enrols one person; every start
after it is a new browser without one. The figures marked "slow" are taken with the processor slowed down four times, as
a stand-in for a cheap phone.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from _report import Figure, arguments, report
from night import running, served

from ronda.config.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "src/ronda/field/static/field/build"
PIN = "271828"
OPEN_MS, KB = 1_000, 120
SLOWER = 4
PHOTO_BYTES = 3_000_000


def main() -> int:
    options = arguments(__doc__ or "")
    with tempfile.TemporaryDirectory(prefix="ronda-field-") as folder:
        os.environ |= {"RONDA_VAR": folder, "RONDA_METRICS_PORT": "0"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "ronda.config.settings"
        server = PostgresServer(Path(folder) / "pg").start()
        try:
            figures = measured(Path(folder), starts=3 if options.quick else 15)
        finally:
            server.stop("immediate")
    return report("The field app", figures, options.json)


def measured(folder: Path, *, starts: int) -> list[Figure]:
    with running("migrate") as process:
        process.wait()
    filled = subprocess.run(
        [sys.executable, "-m", "tests.field.fill"],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    token = json.loads(filled.stdout)["people"]["ayu"]["token"]
    with running("worker"), served() as port:
        origin = f"http://127.0.0.1:{port}"
        with phone(folder) as page:
            enrol(page, origin, token)
        plain = [started(folder, origin, slower=1) for _start in range(starts)]
        slow = [started(folder, origin, slower=SLOWER) for _start in range(starts)]
        with phone(folder) as page:
            pin_ms, save_ms = used(page, origin)
    return [
        Figure("open_ms", "start without a network: median", statistics.median(plain), "ms", limit=OPEN_MS),
        Figure("open_worst_ms", "  … slowest", max(plain), "ms", limit=OPEN_MS),
        Figure("open_slow_ms", "  … slow: median", statistics.median(slow), "ms", limit=OPEN_MS),
        Figure("pin_slow_ms", "PIN to first screen, slow", pin_ms, "ms"),
        Figure("photo_slow_ms", "photo of 3 MB hashed, sealed and on disk, slow", save_ms, "ms"),
        Figure("gzip_kb", "all scripts and styles, gzip", compressed_kb(), "KB", limit=KB),
    ]


@contextmanager
def phone(folder: Path) -> Iterator[Any]:
    """A browser that was not running before, on the phone's folder."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder / "phone",
            executable_path=os.environ.get("CHROMIUM_PATH"),
            args=["--no-sandbox"],
            viewport={"width": 360, "height": 740},
        )
        yield context.pages[0]
        context.close()


def enrol(page: Any, origin: str, token: str) -> None:
    page.goto(f"{origin}/lapangan/#kunci={token}")
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_label("Ulangi PIN").fill(PIN)
    page.get_by_role("button", name="Pakai HP ini").click()
    page.locator(".deliv").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(1_000)


def slow_down(page: Any, times: int) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def started(folder: Path, origin: str, *, slower: int) -> float:
    """Milliseconds from the address to the list of people on the screen."""
    with phone(folder) as page:
        page.context.set_offline(True)
        slow_down(page, slower)
        page.goto(f"{origin}/lapangan/", wait_until="commit")
        page.locator(".who button").wait_for()
        return float(page.evaluate("new Promise((go) => requestAnimationFrame(() => go(performance.now())))"))


def used(page: Any, origin: str) -> tuple[float, float]:
    """Milliseconds of a PIN, and of a photo until its sealed bytes are on disk."""
    slow_down(page, SLOWER)
    page.goto(f"{origin}/lapangan/")
    page.locator(".who button").click()
    page.get_by_label("PIN Ayu").fill(PIN)
    began = time.perf_counter()
    page.get_by_role("button", name="Buka", exact=True).click()
    page.locator(".deliv").wait_for()
    pin_ms = (time.perf_counter() - began) * 1_000
    page.get_by_role("button", name="Laporkan kejadian").click()
    page.locator(".fact-bar button").click()
    page.locator("input[capture]").wait_for(state="attached")
    photo = {
        "name": "foto.jpg",
        "mimeType": "image/jpeg",
        "buffer": b"\xff\xd8\xff\xe0" + os.urandom(PHOTO_BYTES),
    }
    began = time.perf_counter()
    page.locator("input[capture]").set_input_files(photo)
    page.locator(".taken").wait_for()
    return pin_ms, (time.perf_counter() - began) * 1_000


def compressed_kb() -> float:
    files = [path for path in BUILT.iterdir() if path.suffix in (".js", ".css")]
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) / 1_024


if __name__ == "__main__":
    raise SystemExit(main())

"""Triage of clear reports with the keyboard alone, in a real browser, at a trained person's pace.

A clear report: two officers of different agencies tell of one event, which the desk shows as one line. The script
reads (2.5 s for the text and what the form proposes), then presses a key every 0.3 s: it takes the report in hand,
opens the form, confirms what is proposed, and the next one opens by itself.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from _report import Figure, arguments, report
from gate import wait_for

from ronda.config.postgres import PostgresServer

AREA, VILLAGE = "51.01", "51.01.02.2003"
READ_S, KEY_S = 2.5, 0.3
CLEAR = 10
LIMIT_S = 8.0


def main() -> int:
    options = arguments(__doc__ or "")
    with tempfile.TemporaryDirectory(prefix="ronda-triage-") as folder:
        from pages_fill import clock_stop

        os.environ |= {"RONDA_VAR": folder, "RONDA_DEMO": "1", "RONDA_METRICS_PORT": "0"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "ronda.config.settings"
        clock_stop(Path(folder))
        server = PostgresServer(Path(folder) / "pg").start()
        try:
            scene()
            spent, keys = worked(*((0.2, 0.02) if options.quick else (READ_S, KEY_S)))
        finally:
            server.stop("immediate")
    own = [one - keys * KEY_S - READ_S for one in spent] if not options.quick else spent
    figures = [
        Figure(
            "triage_s",
            "a clear report, read and verified, median",
            statistics.median(spent),
            "s",
            limit=None if options.quick else LIMIT_S,
        ),
        Figure("triage_max_s", "the slowest", max(spent), "s"),
        Figure("own_s", "what the node and its page take of it, median", statistics.median(own), "s"),
        Figure("keys", "keys pressed for one", float(keys), ""),
        Figure("reports", "reports verified", float(len(spent)), ""),
    ]
    return report("Triage by keyboard", figures, options.json)


def scene() -> None:
    """People of the demo, and events that an officer of the supervisor and one of the police tell of."""
    subprocess.run(
        [sys.executable, "-m", "ronda.config.cli", "migrate"], check=True, stdout=subprocess.DEVNULL
    )
    import django

    django.setup()
    from django.db import connection

    from ronda.agencies.services import demo_people
    from ronda.kernel import clock
    from ronda.kernel.ids import uuid7
    from ronda.kernel.scope import Scope, scoped
    from ronda.places.services import areas_load
    from ronda.reports.adapters import IncomingReport, Sender
    from ronda.reports.services import reports_receive

    at = clock.now() - timedelta(minutes=20)
    with scoped(Scope.system()):
        areas_load(area=AREA, at=at)
        demo_people(area=AREA, at=at)
    for number in range(1, CLEAR + 2):
        for agency in ("bawaslu", "polri"):
            text = f"Surat suara di TPS {number} kurang dua puluh lembar, KPPS menunggu kiriman dari kantor desa."
            body = {
                "text": text,
                "kind": "logistics_shortage",
                "happened_at": (at - timedelta(minutes=5)).isoformat(),
            }
            sender = Sender(agency, agency, VILLAGE, uuid7())
            reports_receive(
                incoming=[
                    IncomingReport(
                        uuid7(), at, body, place=VILLAGE, station=number, captured_at=at, sender=sender
                    )
                ]
            )
    connection.close()


def worked(read_s: float, key_s: float) -> tuple[list[float], int]:
    """(seconds for each report, keys pressed for one)."""
    from playwright.sync_api import sync_playwright

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = ["--interface", "rsgi", "--port", str(port), "--no-ws", "ronda.config.server:application"]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port, process)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM_PATH"), args=["--no-sandbox"]
            )
            page = browser.new_page(base_url=f"http://127.0.0.1:{port}", locale="id-ID")
            page.goto("/masuk/")
            page.locator(".cast-list button", has=page.get_by_text("Citra", exact=True)).first.click()
            return through(page, read_s, key_s)
    finally:
        process.terminate()
        process.wait(30)


def through(page: Any, read_s: float, key_s: float) -> tuple[list[float], int]:
    """From the inbox from report to report; each is timed from the moment it is on the screen until the next is."""
    page.goto("/laporan")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    spent, keys = [], ("a", "v", "Control+Enter")
    for _ in range(CLEAR):
        page.wait_for_selector(".triage-pane .verify form")
        here = subject(page)
        start = time.perf_counter()
        time.sleep(read_s)
        for key in keys:
            time.sleep(key_s)
            page.keyboard.press(key)
            if key == "a":
                page.wait_for_selector(".triage-pane .hand-now")
        page.wait_for_function(
            "here => { const now = document.querySelector('.triage-pane .rec');"
            " return now && now.dataset.subject !== here && document.querySelector('.verify form') }",
            arg=here,
        )
        spent.append(time.perf_counter() - start)
    return spent, len(keys)


def subject(page: Any) -> str:
    return str(page.locator(".triage-pane .rec").get_attribute("data-subject"))


if __name__ == "__main__":
    sys.exit(main())

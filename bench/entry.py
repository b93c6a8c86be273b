"""Entry of a legislative form with the keyboard alone, in a real browser, at a trained person's pace.

Five parties with eight candidates each: 45 rows of votes, five party totals, voters and sums, as on the paper. The
script types at 12,000 keys an hour (a key every 0.3 s), Enter included, and looks at nothing.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from _report import Figure, arguments, report
from gate import wait_for

from ronda.config.postgres import PostgresServer

ELECTION, AREA, VILLAGE = "pemilu-2024", "51.01", "51.01.02.2007"
STATION = "5101022007001"
PARTIES, CANDIDATES = 5, 8
KEY_S = 0.3
ROWS = [
    [13, 16, 9, 7, 5, 4, 3, 1, 1],
    [8, 10, 6, 4, 2, 2, 1, 1, 0],
    [6, 8, 4, 3, 1, 1, 1, 0, 0],
    [4, 6, 3, 2, 1, 1, 0, 0, 0],
    [3, 5, 2, 1, 1, 0, 0, 0, 0],
]
AT = datetime(2024, 2, 14, 12, 0, tzinfo=UTC)


def main() -> int:
    options = arguments(__doc__ or "")
    with tempfile.TemporaryDirectory(prefix="ronda-entry-") as folder:
        from pages_fill import clock_stop

        os.environ |= {"RONDA_VAR": folder, "RONDA_DEMO": "1", "RONDA_METRICS_PORT": "0"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "ronda.config.settings"
        clock_stop(Path(folder))
        server = PostgresServer(Path(folder) / "pg").start()
        try:
            scene()
            page_s, seconds, keys, boxes = typed(KEY_S if not options.quick else 0.02)
        finally:
            server.stop("immediate")
    limit = None if options.quick else 40.0
    figures = [
        Figure("entry_s", "the page of five parties, read and typed", page_s, "s", limit=limit),
        Figure("form_s", "the whole form, with voters and totals, sent", seconds, "s"),
        Figure("boxes", "boxes filled", float(boxes), ""),
        Figure("keys", "keys pressed", float(keys), ""),
        Figure(
            "own_ms_per_box",
            "what the page itself takes for a box",
            (seconds - keys * KEY_S) / boxes * 1000,
            "ms",
        ),
    ]
    return report("Entry by hand", figures if not options.quick else figures[:4], options.json)


def scene() -> None:
    """A village with its stations, and lists of five parties."""
    subprocess.run(
        [sys.executable, "-m", "ronda.config.cli", "migrate"], check=True, stdout=subprocess.DEVNULL
    )
    import django

    django.setup()
    from django.db import connection

    from ronda.agencies.services import demo_people
    from ronda.elections.adapters.choices import ChoiceRow
    from ronda.elections.services import choices_import, election_create, stations_generate
    from ronda.kernel.scope import Scope, scoped
    from ronda.places.services import areas_load

    with scoped(Scope.system()):
        areas_load(area=AREA, at=AT)
        election = election_create(law=ELECTION, area=AREA, at=AT)
        stations_generate(election=election, area=VILLAGE, seed=7, at=AT)
        rows = [
            ChoiceRow("DPRD_KABKO", AREA, number, f"Baris {party}.{number}", party)
            for party in range(1, PARTIES + 1)
            for number in range(CANDIDATES + 1)
        ]
        choices_import(election=election, choices=rows, at=AT)
        demo_people(area=AREA, at=AT)
    connection.close()


def typed(key_s: float) -> tuple[float, float, int, int]:
    """(seconds of the page of parties, of the whole form until it says it was kept, keys, boxes)."""
    from playwright.sync_api import sync_playwright

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = ["--interface", "rsgi", "--port", str(port), "--no-ws", "ronda.config.server:application"]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM_PATH"), args=["--no-sandbox"]
            )
            page = browser.new_page(base_url=f"http://127.0.0.1:{port}")
            opened(page)
            return _type(page, key_s)
    finally:
        process.terminate()
        process.wait(30)


def opened(page: Any) -> None:
    """Citra opens the form of a station."""
    page.goto("/masuk/")
    page.locator(".cast-list button", has=page.get_by_text("Citra", exact=True)).first.click()
    page.goto("/entri/")
    page.select_option("#ent-contest", f"{ELECTION}/DPRD_KABKO")
    page.fill("#ent-station", STATION)
    page.get_by_role("button", name="Buka formulir").click()
    page.wait_for_selector("[data-entry]")


def _type(page: Any, key_s: float) -> tuple[float, float, int, int]:
    figures = form()
    names = page.evaluate("[...document.querySelectorAll('.ent-boxes input')].map(box => box.name)")
    names = names[: 1 + max(at for at, name in enumerate(names) if name in figures)]  # then the form ends
    page.locator(f'input[name="{names[0]}"]').focus()
    start, keys = time.perf_counter(), 0
    began: dict[str, float] = {}
    for name in names:
        began[name] = time.perf_counter()
        for key in keys_of(figures.get(name)):
            time.sleep(key_s if name in figures else key_s / 3)  # a run of empty boxes is passed quickly
            page.keyboard.press(key)
            keys += 1
    parties = list(began)[list(began).index("v0") :]
    after = next(name for name in parties if not name.startswith(("v", "jumlah_partai")))
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/entri/")
    return began[after] - began["v0"], time.perf_counter() - start, keys, len(figures)


def keys_of(figure: int | None) -> list[str]:
    """What a trained person presses for a box: a point is a zero, a box without a figure is passed."""
    if figure == 0:
        return ["."]
    return [*("" if figure is None else str(figure)), "Enter"]


def form() -> dict[str, int]:
    """The five largest parties of the median station of Banyumas in 2024 (59, 34, 24, 17 and 12 votes: DPRD Provinsi,
    `../shared/data/results/pemilu2024_sirekap_dprdprov_tps_banyumas.csv`, 2,573 stations), spread over their rows as
    lists are: a few candidates have most of the votes, the last ones none."""
    votes = [number for rows in ROWS for number in rows]
    figures = {f"v{at}": number for at, number in enumerate(votes)}
    for party, rows in enumerate(ROWS, start=1):
        figures[f"jumlah_partai_{party:02d}"] = sum(rows)
    valid = sum(votes)
    return figures | {
        "dpt_j": 236,
        "pengguna_j": valid + 7,
        "sah": valid,
        "tidak_sah": 7,
        "sah_tidak_sah": valid + 7,
    }


if __name__ == "__main__":
    sys.exit(main())

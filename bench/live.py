"""One new form on an open page: from sending it to the total of the regency standing changed in a browser.

100,000 reports, 8,000 stations and 40,000 sheets are in the database; server, worker and browser are as in operation.
Each form is a correction of one station's copy, sent when the page is at rest; the page is not asked to reload.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import pages_fill
from _report import Figure, arguments, report
from gate import device_tokens
from night import running, served

from ronda.config.postgres import PostgresServer

FORMS, REST_S = 20, 1.6
CONTEST = pages_fill.CONTESTS[0]


def main() -> int:
    options = arguments(__doc__ or "")
    with tempfile.TemporaryDirectory(prefix="ronda-live-") as folder:
        os.environ |= {"RONDA_VAR": folder, "RONDA_DEMO": "1", "RONDA_METRICS_PORT": "0"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "ronda.config.settings"
        pages_fill.clock_stop(Path(folder))
        server = PostgresServer(Path(folder) / "pg").start()
        try:
            waits = measured(server, is_quick=options.quick)
        finally:
            server.stop("immediate")
    return report(
        "A form on an open page",
        [
            Figure("forms", "forms sent", float(len(waits)), ""),
            Figure(
                "live_ms", "sent, checked, total changed on screen: median", statistics.median(waits), "ms"
            ),
            Figure("live_worst_ms", "  … slowest", max(waits), "ms", limit=1_000),
        ],
        options.json,
    )


def measured(server: PostgresServer, *, is_quick: bool) -> list[float]:
    """Milliseconds of each form."""
    with running("migrate") as process:
        process.wait()
    import django

    django.setup()
    _mark()
    pages_fill.fill(server.psql, pages_fill.QUICK if is_quick else pages_fill.FULL)
    token = device_tokens(server, 1)[0]
    copies = _copies()
    with running("worker"), served() as port:
        return _seen(port, token, copies[: 5 if is_quick else FORMS])


def _mark() -> None:
    """The signing-in with one press exists in a database for drills only."""
    from ronda.kernel.scope import Scope, scoped
    from ronda.simulate.services import drill_mark

    with scoped(Scope.system()):
        drill_mark(area=pages_fill.AREA, election=pages_fill.ELECTION, at=pages_fill.NOW)


def _copies() -> list[dict[str, Any]]:
    """The supervisors' copies of some stations, each with one vote more."""
    from django.db import connection

    from ronda.kernel.scope import Scope, scoped
    from ronda.results.models import Sheet

    with scoped(Scope.system()):
        rows = Sheet.objects.filter(contest=CONTEST, source="ptps", votes__0__isnull=False)
        found = [
            {
                "station": row.station,
                "place": row.area,
                "votes": [(row.votes[0] or 0) + 1, *row.votes[1:]],
                "valid": (row.valid or 0) + 1,
                "users": (row.users or 0) + 1,
                "invalid": row.invalid,
                "registered": row.registered,
            }
            for row in rows.order_by("station")[: FORMS * 40 : 40]
        ]
    connection.close()
    return found


def _seen(port: int, token: str, copies: list[dict[str, Any]]) -> list[float]:
    from playwright.sync_api import sync_playwright

    waits = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM_PATH"), args=["--no-sandbox"]
        )
        page = browser.new_page(base_url=f"http://127.0.0.1:{port}")
        page.goto("/masuk/")
        page.locator(".cast-list button", has=page.get_by_text("Citra", exact=True)).first.click()
        page.goto(f"/hasil/{pages_fill.ELECTION}/{CONTEST}/{pages_fill.AREA}/")
        page.wait_for_selector('[data-conn][data-state="on"]')
        for copy in copies:
            time.sleep(REST_S)
            before = page.inner_text("#res-live")
            began = time.perf_counter()
            _send(port, token, copy)
            page.wait_for_function(
                "before => document.querySelector('#res-live').innerText !== before",
                arg=before,
                polling="raf",
                timeout=10_000,
            )
            waits.append((time.perf_counter() - began) * 1000)
        browser.close()
    return waits


def _send(port: int, token: str, copy: dict[str, Any]) -> None:
    figures = {name: copy[name] for name in ("votes", "valid", "users", "invalid", "registered")}
    message = {
        "id": str(uuid.uuid4()),
        "kind": "sheet",
        "election": pages_fill.ELECTION,
        "place": copy["place"],
        "station": copy["station"],
        "captured_at": pages_fill.NOW.isoformat(),
        "body": {"contest": CONTEST, "source": "ptps", **figures},
    }
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/gate/v1/messages",
        data=json.dumps(message).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        if answer.status != 201:
            raise SystemExit(f"the gate answered {answer.status}")


if __name__ == "__main__":
    sys.exit(main())

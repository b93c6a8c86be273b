"""Server time of every page of the desk, with 1,000,000 reports, 8,000 stations and 40,000 sheets in the database.

The whole stack answers in this process (middleware, row policies, templates), for posts of several agencies. Each
round asks every page once, so that a slow minute of the machine falls on all of them; the median of the rounds counts.
The first request of a process, prepared as a served one is, stands apart.
"""

from __future__ import annotations

import logging
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pages_fill
from _report import Figure, arguments, report

from ronda.config.postgres import PostgresServer

LIMIT_MS = 150.0
FIRST_LIMIT_MS = 300.0


@dataclass(frozen=True)
class Page:
    """A page, its address, and who asks for it (a name of the demo's cast)."""

    name: str
    path: str
    person: str = "Citra"


def main() -> int:
    options = arguments(__doc__ or "")
    with tempfile.TemporaryDirectory(prefix="ronda-pages-") as folder:
        os.environ.update(RONDA_VAR=folder, DJANGO_SETTINGS_MODULE="ronda.config.settings", RONDA_DEMO="1")
        pages_fill.clock_stop(Path(folder))
        server = PostgresServer(Path(folder) / "pg").start()
        try:
            return report(
                "Pages of the desk", measured(server, is_quick=options.quick, say=print), options.json
            )
        finally:
            server.stop("immediate")
            shutil.rmtree(server.socket_dir, ignore_errors=True)


def measured(server: PostgresServer, *, is_quick: bool, say: Any) -> list[Figure]:
    """Fill, then ask every page in turn."""
    command = [sys.executable, "-m", "ronda.config.cli", "migrate"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    pages_fill.fill(server.psql, pages_fill.QUICK if is_quick else pages_fill.FULL, say=say)
    browsers = {name: browser(name) for name in ("Citra", "Ayu", "Oka", "Eka")}
    figures = list(first_request(browsers["Citra"]))
    worst, asked = 0.0, list(pages())
    rounds = [
        [once(browsers[page.person], page.path) for page in asked] for _round in range(5 if is_quick else 15)
    ]
    for page, times in zip(asked, zip(*rounds[2:], strict=True), strict=True):
        middle = statistics.median(times)
        worst = max(worst, middle)
        key = page.name.lower().replace(" ", "_").replace(",", "") + "_ms"
        figures.append(Figure(key, page.name, middle, "ms", limit=LIMIT_MS))
    return [*figures, Figure("worst_ms", "slowest page", worst, "ms", limit=LIMIT_MS)]


def first_request(client: Any) -> Iterator[Figure]:
    """Prepare the process as `ronda serve` does before it listens, then ask for the first page once."""
    from ronda.config.warming import settle, warm

    started = time.perf_counter()
    warm()
    settle()
    yield Figure("warm_ms", "preparing before it listens", (time.perf_counter() - started) * 1000, "ms")
    first = once(client, "/siaga/")
    yield Figure("first_ms", "Siaga, first request of a process", first, "ms", limit=FIRST_LIMIT_MS)


def browser(name: str) -> Any:
    """A signed-in browser of one of the demo's people."""
    from django.test import Client

    from ronda.agencies.selectors import account_of, demo_posts
    from ronda.kernel.scope import Scope, scoped

    client = Client(headers={"host": "localhost"})
    with scoped(Scope.signin()):
        post = demo_posts().filter(display_name=name).first()
        account = account_of(post) if post else None
        if post is None or account is None:
            raise SystemExit(f"nobody called {name} in the demo's cast")
        client.force_login(account)
        session = client.session
        session["post"] = str(post.pk)
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
        session["account_authentication_methods_user"] = str(account.pk)
        session.save()
    return client


def once(client: Any, path: str) -> float:
    """Milliseconds of one answer; anything but 200 ends the run."""
    started = time.perf_counter()
    response = client.get(path)
    spent = (time.perf_counter() - started) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")
    return spent


def pages() -> Iterator[Page]:
    """The pages of the desk, for the widest and the narrowest post, and for other agencies."""
    from ronda.elections.selectors import station_list
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        station = station_list(pages_fill.ELECTION, area=pages_fill.AREA)[200]
    village, district = station.area, station.area[:8]
    yield Page("Siaga", "/siaga/")
    yield Page("Siaga, figures", "/siaga/?bagian=angka")
    yield Page("Siaga, map", "/siaga/?bagian=peta")
    yield Page("Siaga, district", f"/siaga/{district}/")
    yield Page("Siaga, village officer", "/siaga/", "Ayu")
    yield Page("Siaga, police", "/siaga/", "Oka")
    yield Page("Siaga, party", "/siaga/", "Eka")
    yield Page("All needs", "/siaga/urusan/")
    yield Page("All news", "/siaga/kabar/")
    yield Page("Place, regency", f"/tempat/{pages_fill.AREA}/")
    yield Page("Place, district", f"/tempat/{district}/")
    yield Page("Place, village", f"/tempat/{village}/")
    yield Page("Place, station", f"/tempat/{station.code}/")
    yield Page("Search, village", "/cari/?q=sumber")
    yield Page("Search, station", "/cari/?q=sumber+7")
    yield Page("Search, incident", "/cari/?q=K-0147")
    for name, path in _others():
        yield Page(name, path)
    yield from _situation(district)
    yield from _triage()


def _others() -> Iterator[tuple[str, str]]:
    """Lists and records of the contexts that the desk leads to."""
    from ronda.desk.links import page
    from ronda.incidents.selectors import IncidentFilter, incident_list
    from ronda.kernel.scope import Scope, scoped

    named = {
        "Reports": "reports:report-list",
        "Incidents": "incidents:incident-list",
        "Readiness": "readiness:coverage",
        "Stages": "elections:stage-list",
    }
    for word, name in named.items():
        if address := page(name):
            yield word, address
    where = (pages_fill.ELECTION, pages_fill.CONTESTS[0], pages_fill.AREA)
    yield "Results", page("results:area-show", *where)
    yield "Failed checks", page("results:check-list", *where)
    yield "Screens", page("results:screen-show", *where)
    with scoped(Scope.system()):
        incident = incident_list(IncidentFilter(), at=pages_fill.NOW, limit=1)[0]
    if address := page("incidents:incident-detail", incident.id):
        yield "Incident", address


def _situation(district: str) -> Iterator[Page]:
    """The day in figures, and what was known at noon."""
    noon = "2024-02-14T12:00:00+07:00"
    yield Page("Daily report", "/situasi/")
    yield Page("Daily report, day before", "/situasi/?hari=2024-02-13")
    yield Page("Daily report, district", f"/situasi/{district}/")
    yield Page("Daily report, police", "/situasi/", "Oka")
    yield Page("Incidents at noon", f"/situasi/kejadian/?pada={quote(noon)}")
    yield Page("Timeline, noon", "/siaga/lini-masa/?menit=720")
    yield Page("Timeline, district", f"/siaga/lini-masa/{district}/?menit=720")
    yield Page("Silence, district", f"/kesiapan/{district}/")
    yield Page("Silence, stations", "/kesiapan/tps/?keadaan=sunyi")
    yield Page("Call list", "/kesiapan/telepon/")
    yield Page("Gaps in the watch", "/kesiapan/pengawalan/")
    yield Page("Gaps in the watch, district", f"/kesiapan/pengawalan/?wilayah={district}")
    yield Page("Covers", "/pengganti/")


def _triage() -> Iterator[Page]:
    """The inbox by its tabs, and a report that stands for a group, beside one that stands alone."""
    from ronda.kernel.scope import Scope, scoped
    from ronda.reports.models import Report

    with scoped(Scope.system()):
        leads = Report.objects.filter(state="new", is_lead=True).order_by("order_at")
        group, alone = leads.filter(group_size__gt=1)[0], leads.filter(group_size=1)[0]
    yield Page("Inbox, checked", "/laporan?tab=terverifikasi")
    yield Page("Inbox, one kind", "/laporan?jenis=violence")
    yield Page("Inbox, district", f"/laporan?wilayah={alone.area[:8]}")
    yield Page("Report", f"/laporan/{alone.id}")
    yield Page("Report, group", f"/laporan/{group.id}")


if __name__ == "__main__":
    sys.exit(main())

"""Reports as they pour in: 200 a second for 5 minutes into a regency of 8,000 stations with 500,000 earlier reports.

Server, worker, database and an officer's open page as in operation. Measured: how long a sender waits for the receipt,
how long until the report is told on the officer's page, how long a message lies in the inbox, and whether memory grows.
`--quick` sends for 30 seconds into 20,000 reports.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pages_fill
from _report import Figure, arguments, report
from gate import device_tokens, priority_raised
from night import running, served
from pages_fill import Size

from ronda.config.postgres import PostgresServer

RATE, SECONDS, CONNECTIONS, SEED = 200.0, 300.0, 64, 11
FULL = Size(reports=500_000, active=900, closed=4_000, sheet_contests=0)
QUICK = Size(reports=20_000, active=200, closed=300, sheet_contests=0)
LOOK_S = 2.0
BEHIND = """
SELECT coalesce(extract(epoch FROM timestamptz '%s' - min(m.created_at)), 0)
FROM gate_message m LEFT JOIN gate_outcome o ON o.n = m.n WHERE o.n IS NULL
"""
# What the page hears of the live line, with the time by the clock of this machine.
HEARD = """
const Plain = window.EventSource; window.__heard = [];
window.EventSource = class extends Plain {
  constructor(url) {
    super(url);
    this.addEventListener("news", (event) => {
      const news = JSON.parse(event.data);
      if (news.name === "report.received") window.__heard.push([news.subject, Date.now() / 1000]);
    });
  }
};
"""
WHAT = ("saksi berselisih soal surat suara", "antrean panjang di luar", "listrik padam", "amplop dibagikan",
        "kotak suara belum datang", "orang tak dikenal memotret pemilih", "kunci kotak hilang", "hujan masuk ke tenda",
        "pemilih ditolak tanpa alasan", "massa berkumpul di depan balai desa")  # fmt: skip
MORE = ("petugas kewalahan", "warga mulai marah", "tolong dicek", "sudah satu jam", "belum ada yang datang",
        "banyak yang menonton", "ada anak kecil", "polisi sudah di sana", "KPPS menunggu arahan")  # fmt: skip


@dataclass
class Flow:
    """One run: when each message was due, acknowledged and told; what lay behind; how much memory was used."""

    port: int
    tokens: list[str]
    stations: list[tuple[str, str]]
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    waits: list[float] = field(default_factory=list)
    acknowledged: dict[str, float] = field(default_factory=dict)
    behind: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    took_s: float = 0.0

    async def sent(self, number: int) -> None:
        queue: asyncio.Queue[tuple[float, str, bytes] | None] = asyncio.Queue()
        senders = [asyncio.create_task(self._send(token, queue)) for token in self.tokens]
        start = time.perf_counter()
        for n in range(number):
            due = start + n / RATE
            if (left := due - time.perf_counter()) > 0:
                await asyncio.sleep(left)
            id_, body = self._message()
            queue.put_nowait((due, id_, body))
        for _token in self.tokens:
            queue.put_nowait(None)
        await asyncio.gather(*senders)
        self.took_s = time.perf_counter() - start

    async def _send(self, token: str, queue: asyncio.Queue[tuple[float, str, bytes] | None]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (
            f"POST /gate/v1/messages HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nContent-Length: "
        )
        while (one := await queue.get()) is not None:
            due, id_, body = one
            writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = next(row for row in answer.lower().split(b"\r\n") if row.startswith(b"content-length"))
            await reader.readexactly(int(length.split(b":")[1]))
            if not answer.startswith(b"HTTP/1.1 201"):
                raise SystemExit(f"a report was refused: {answer[:80]!r}")
            self.waits.append(time.perf_counter() - due)
            self.acknowledged[id_] = time.time()
        writer.close()

    def _message(self) -> tuple[str, bytes]:
        """A report of its own, or one more about something that happens at a few places."""
        chance = self.chance
        crowd = chance.random() < 0.2
        station, village = self.stations[
            chance.randrange(40) if crowd else chance.randrange(len(self.stations))
        ]
        text = f"TPS {int(station[10:])}: {chance.choice(WHAT)}, {chance.choice(MORE)} {chance.randrange(10_000)}"
        id_ = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        message = {
            "id": id_,
            "kind": "report",
            "election": pages_fill.ELECTION,
            "place": village,
            "station": station,
            "captured_at": pages_fill.NOW.isoformat(),
            "body": {"text": text, "kind": chance.choice(pages_fill.KINDS)},
        }
        return id_, json.dumps(message).encode()


def main() -> int:
    options = arguments(__doc__ or "")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}; priority raised: {priority_raised()}")
    with tempfile.TemporaryDirectory(prefix="ronda-flow-") as folder:
        os.environ |= {"RONDA_VAR": folder, "RONDA_DEMO": "1", "RONDA_METRICS_PORT": "0"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "ronda.config.settings"
        clock_run(Path(folder))
        server = PostgresServer(Path(folder) / "pg").start()
        try:
            figures = measured(server, QUICK if options.quick else FULL, 30.0 if options.quick else SECONDS)
        finally:
            server.stop("immediate")
    return report("Reports as they pour in", figures, options.json)


def clock_run(folder: Path) -> None:
    """The node's clock goes on from the afternoon of voting day."""
    from ronda.kernel.clock import set_drill

    target = folder / "clock.json"
    set_drill(target, simulated=pages_fill.NOW, speed=1.0)
    os.environ["RONDA_CLOCK_FILE"] = str(target)


def measured(server: PostgresServer, size: Size, seconds: float) -> list[Figure]:
    """Fill, start everything, send, and look at all of it meanwhile."""
    with running("migrate") as process:
        process.wait()
    import django

    django.setup()
    mark()
    pages_fill.fill(server.psql, size)
    stations = stations_of()
    tokens = device_tokens(server, CONNECTIONS)
    with running("worker") as worker, served() as port:
        flow = Flow(port, tokens, stations)
        heard = looked(flow, server, worker.pid, port, round(RATE * seconds))
    waits, told = sorted(flow.waits), sorted(screens(server, flow, heard))
    return [
        Figure("messages", "reports sent and acknowledged", float(len(waits)), ""),
        Figure("rate_per_s", "reports/s", len(waits) / flow.took_s, "/s", least=RATE * 0.99),
        Figure("receipt_p50_ms", "median receipt", statistics.median(waits) * 1000, "ms"),
        Figure(
            "receipt_p99_ms",
            "99 of 100 receipts within",
            waits[int(len(waits) * 0.99)] * 1000,
            "ms",
            limit=250,
        ),
        Figure("told", "of those told on the officer's page", len(told) / len(waits), "", least=1.0),
        Figure("screen_p50_ms", "told on the page, median", statistics.median(told) * 1000, "ms"),
        Figure(
            "screen_p99_ms", "99 of 100 told within", told[int(len(told) * 0.99)] * 1000, "ms", limit=2_000
        ),
        Figure("inbox_wait_max_s", "longest wait in the inbox", max(flow.behind), "s", limit=10),
        Figure(
            "rss_growth_mb",
            "memory of all processes, last third over the first",
            growth(flow.memory),
            "MB",
            limit=100,
        ),
        Figure("rss_mb", "memory of all processes at the end", flow.memory[-1], "MB"),
    ]


def mark() -> None:
    """The signing-in with one press exists in a database for drills only."""
    from ronda.kernel.scope import Scope, scoped
    from ronda.simulate.services import drill_mark

    with scoped(Scope.system()):
        drill_mark(area=pages_fill.AREA, election=pages_fill.ELECTION, at=pages_fill.NOW)


def stations_of() -> list[tuple[str, str]]:
    from django.db import connection

    from ronda.elections.selectors import station_list
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        rows = list(station_list(pages_fill.ELECTION, area=pages_fill.AREA).values_list("code", "area"))
    connection.close()
    return rows


def looked(flow: Flow, server: PostgresServer, worker: int, port: int, number: int) -> list[list[Any]]:
    """Send with an officer's page open; what that page heard, as [id of the report, when]."""
    from playwright.sync_api import sync_playwright

    stop = threading.Event()
    watching = threading.Thread(target=watch, args=(flow, server, worker, stop), daemon=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM_PATH"), args=["--no-sandbox"]
        )
        page = browser.new_page(base_url=f"http://127.0.0.1:{port}")
        page.add_init_script(HEARD)
        page.goto("/masuk/")
        page.locator(".cast-list button", has=page.get_by_text("Citra", exact=True)).first.click()
        page.goto("/laporan")
        page.wait_for_selector('[data-conn][data-state="on"]')
        watching.start()
        sending = threading.Thread(target=lambda: asyncio.run(flow.sent(number)))
        sending.start()
        while sending.is_alive():
            page.wait_for_timeout(500)
        ended = time.monotonic()
        while time.monotonic() - ended < 30 and page.evaluate("window.__heard.length") < number:
            page.wait_for_timeout(200)
        heard: list[list[Any]] = page.evaluate("window.__heard")
        stop.set()
        watching.join()
        browser.close()
    return heard


def watch(flow: Flow, server: PostgresServer, worker: int, stop: threading.Event) -> None:
    """The age of the oldest message without an outcome, and the memory of server, worker and their children."""
    from ronda.kernel import clock

    while not stop.wait(LOOK_S):
        flow.behind.append(max(0.0, float(server.psql(BEHIND % clock.now().isoformat(), dbname="ronda"))))
        flow.memory.append(memory_mb(os.getpid()))


def memory_mb(root: int) -> float:
    """Resident memory of all processes of ours below this one, without the browser and the database."""
    found = subprocess.run(
        ["ps", "-eo", "pid,ppid,rss,args"], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 3) for line in found.splitlines()[1:]]
    below, grew = {root}, True
    while grew:
        more = {int(row[0]) for row in rows if int(row[1]) in below} - below
        below |= more
        grew = bool(more)
    return (
        sum(int(row[2]) for row in rows if int(row[0]) in below - {root} and "ronda.config.cli" in row[3])
        / 1024
    )


def growth(memory: list[float]) -> float:
    """How much more the last third used than the first, after the start."""
    third = max(1, len(memory) // 3)
    return statistics.median(memory[-third:]) - statistics.median(memory[:third])


def screens(server: PostgresServer, flow: Flow, heard: list[list[Any]]) -> list[float]:
    """Seconds from the receipt of each message until the page heard of its report."""
    latest = len(flow.acknowledged) + 1000
    rows = server.psql(
        f"SELECT id || ' ' || message FROM reports_report ORDER BY created_at DESC LIMIT {latest}",
        dbname="ronda",
    )
    message = dict(line.split() for line in rows.splitlines())
    first: dict[str, float] = {}
    for subject, at in heard:
        first.setdefault(subject, at)
    return [
        max(0.0, at - flow.acknowledged[message[subject]])
        for subject, at in first.items()
        if message.get(subject) in flow.acknowledged
    ]


if __name__ == "__main__":
    sys.exit(main())

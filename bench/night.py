"""An election night through the gate: 8,409 stations x 5 contests x 3 sources in 10 minutes, one form at a time.

Server, worker and database as in operation. Measured: how long a sender waits for its receipt, and how far the counts
on the screens lie behind what came in (they are written in the transaction that takes a message in). `--quick` sends
for one minute at the same rate.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from _report import Figure, arguments, report
from gate import device_tokens, priority_raised, wait_for

from ronda.config.postgres import PostgresServer

AREA, ELECTION = "35.07", "pemilu-2024"
STATIONS, SECONDS, CONNECTIONS, SEED = 8_409, 600.0, 64, 7
CONTESTS = {"PPWP": 3, "DPR": 18, "DPD": 16, "DPRD_PROV": 18, "DPRD_KABKO": 18}
SOURCES = ("ptps", "plano", "pengawas")
BEHIND = """
SELECT coalesce(extract(epoch FROM now() - min(m.created_at)), 0)
FROM gate_message m LEFT JOIN gate_outcome o ON o.n = m.n WHERE o.n IS NULL
"""


def main() -> int:
    options = arguments(__doc__ or "")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}; priority raised: {priority_raised()}")
    with tempfile.TemporaryDirectory(prefix="ronda-night-") as folder:
        os.environ |= {"RONDA_VAR": folder, "RONDA_METRICS_PORT": "0"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "ronda.config.settings"
        server = PostgresServer(Path(folder) / "pg").start()
        try:
            figures = measured(server, SECONDS / 10 if options.quick else SECONDS)
        finally:
            server.stop("immediate")
    return report("An election night", figures, options.json)


def measured(server: PostgresServer, seconds: float) -> list[Figure]:
    """Fill the register, start everything, send, and look at the lag meanwhile."""
    subprocess.run(
        [sys.executable, "-m", "ronda.config.cli", "migrate"], check=True, stdout=subprocess.DEVNULL
    )
    stations = registered()
    tokens = device_tokens(server, CONNECTIONS)
    total = STATIONS * len(CONTESTS) * len(SOURCES)
    rate = total / SECONDS
    with running("worker"), served() as port:
        night = Night(port, tokens, stations, rate)
        asyncio.run(night.sent(server, round(rate * seconds)))
    waits = sorted(night.waits)
    return [
        Figure("messages", "forms sent and acknowledged", float(len(waits)), ""),
        Figure("rate_per_s", "forms/s", len(waits) / night.took_s, "/s", least=rate * 0.99),
        Figure("p50_ms", "median receipt", statistics.median(waits) * 1000, "ms"),
        Figure("p99_ms", "99 of 100 receipts within", waits[int(len(waits) * 0.99)] * 1000, "ms", limit=500),
        Figure("behind_s", "counts behind what came in, at most", max(night.behind), "s", limit=5),
        Figure("behind_median_s", "  … in the middle", statistics.median(night.behind), "s"),
        Figure("drained_s", "until all was counted, after the last form", night.drained_s, "s", limit=5),
    ]


def registered() -> list[tuple[str, str]]:
    """(station, village) of a register of the size of Malang's in 2019."""
    import django

    django.setup()
    from ronda.elections.services import StationFile, StationRow, election_create, stations_import
    from ronda.kernel.areas import Level, station_code
    from ronda.kernel.imports import Checked
    from ronda.kernel.scope import Scope, scoped
    from ronda.places.selectors import area_list
    from ronda.places.services import areas_load

    at = datetime.now(UTC)
    with scoped(Scope.system()):
        areas_load(area=AREA, at=at)
        election = election_create(law=ELECTION, area=AREA, at=at)
        villages = list(area_list(AREA, Level.VILLAGE).values_list("code", flat=True))
        places = [(villages[n % len(villages)], n // len(villages) + 1) for n in range(STATIONS)]
        rows = [
            StationRow(station_code(village, number), village, number, "regular", "", 145, 145, None, None)
            for village, number in places
        ]
        file = StationFile(Checked(items=[rows], rows=len(rows)), ())
        stations_import(election=election, file=file, file_sha256="0" * 64, at=at)
    from django.db import connection

    connection.close()
    return [(row.code, row.area) for row in rows]


class Night:
    """One run: what to send when, how long each receipt took, how far the counts were behind."""

    def __init__(self, port: int, tokens: list[str], stations: list[tuple[str, str]], rate: float) -> None:
        self.port, self.tokens, self.rate = port, tokens, rate
        self.random = random.Random(SEED)
        self.forms = [(s, a, c, o) for s, a in stations for c in CONTESTS for o in SOURCES]
        self.random.shuffle(self.forms)
        self.waits: list[float] = []
        self.behind: list[float] = []
        self.took_s = self.drained_s = 0.0

    async def sent(self, server: PostgresServer, number: int) -> None:
        queue: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
        looking = asyncio.create_task(self._look(server))
        senders = [asyncio.create_task(self._send(token, queue)) for token in self.tokens]
        start = time.perf_counter()
        for n, form in enumerate(self.forms[:number]):
            due = start + n / self.rate
            if (left := due - time.perf_counter()) > 0:
                await asyncio.sleep(left)
            queue.put_nowait((due, self._message(*form)))
        for _token in self.tokens:
            queue.put_nowait(None)
        await asyncio.gather(*senders)
        self.took_s = time.perf_counter() - start
        ended = time.perf_counter()
        while float(await asyncio.to_thread(server.psql, BEHIND, dbname="ronda")) > 0:
            await asyncio.sleep(0.2)
        self.drained_s = time.perf_counter() - ended
        looking.cancel()

    async def _look(self, server: PostgresServer) -> None:
        while True:
            self.behind.append(float(await asyncio.to_thread(server.psql, BEHIND, dbname="ronda")))
            await asyncio.sleep(2)

    async def _send(self, token: str, queue: asyncio.Queue[tuple[float, bytes] | None]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (
            f"POST /gate/v1/messages HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nContent-Length: "
        )
        while (one := await queue.get()) is not None:
            due, body = one
            writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = next(
                line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length")
            )
            await reader.readexactly(int(length.split(b":")[1]))
            if not answer.startswith(b"HTTP/1.1 201"):
                raise SystemExit(f"a form was refused: {answer[:80]!r}")
            self.waits.append(time.perf_counter() - due)
        writer.close()

    def _message(self, station: str, village: str, contest: str, source: str) -> bytes:
        """A copy of the form of a station: one in fifty was read wrong in one row, one in fifty does not add up."""
        paper = random.Random(f"{SEED} {station} {contest}")
        votes = [paper.randrange(60) // (1 + at // 3) for at in range(CONTESTS[contest])]
        valid = sum(votes)
        if self.random.random() < 0.02:
            votes[self.random.randrange(len(votes))] += self.random.choice((1, 10))
        if self.random.random() < 0.02:
            valid += self.random.randrange(1, 9)
        body: dict[str, Any] = {
            "contest": contest,
            "source": source,
            "votes": votes,
            "valid": valid,
            "invalid": 4,
        }
        body |= {"users": valid + 4, "registered": 290}
        message = {
            "id": str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
            "kind": "sheet",
            "election": ELECTION,
            "place": village,
            "station": station,
            "captured_at": datetime.now(UTC).isoformat(),
            "body": body,
        }
        return json.dumps(message).encode()


@contextmanager
def running(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command of Ronda, ended by its id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ronda.config.cli", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def served() -> Iterator[int]:
    """The site on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with running("serve", "--port", str(port)) as process:
        wait_for(port, process)
        yield port


if __name__ == "__main__":
    sys.exit(main())

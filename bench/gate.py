"""The gate under load, beside a plain django-ninja endpoint and pgbench, in one run on one machine.

Token, signature and log entry are on. The client is wrk, for the gate and the plain endpoint alike: it takes little
from the two cores it shares with them, as pgbench does. CPU is that of the server and the database without the client.
Other programs on the machine make all rates lower, and its own speed drifts: the three take turns, in rounds.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _report import Figure, arguments, report

from ronda.config.postgres import PostgresServer

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TICKS_S = os.sysconf("SC_CLK_TCK")
CONNECTIONS = 64
ROUNDS = 4
MESSAGE = (
    '{"id":"%s","kind":"report","election":"pilkada-2024","place":"35.09.01.2001","station":3,'
    '"captured_at":"2024-11-27T06:10:03+07:00","device":"hp-0123456789ab","body":{"text":"Warga melihat dua orang '
    'membagikan amplop di depan TPS sebelum pemungutan suara dibuka; dua saksi bersedia memberi keterangan.",'
    '"happened_at":"2024-11-27T05:55:00+07:00","kind":"money_politics","danger":false,'
    '"place_words":"depan balai desa"},"files":[]}'
)
PGBENCH_ROW = """
INSERT INTO bench_message (id, raw, digest, kind, election, place, area, agency, sender_kind, sender_area,
    captured_at, is_ahead, files, audience, sensitivity, created_at)
VALUES (gen_random_uuid(), '{raw}', sha256('{raw}'), 'report', 'pilkada-2024', '35.09.01.2001',
    '35.09.01.2001', 'bawaslu', 'bawaslu', '', now(), false, '{{}}', '{{}}', 3, now());
"""


@dataclass(frozen=True)
class Load:
    """What to send, where, on how many connections and how long; the seed keeps the ids of two runs apart."""

    port: int
    path: str
    tokens: list[str]
    connections: int
    seconds: float
    seed: int
    lines: int = 1


def main() -> int:
    options = arguments(__doc__ or "")
    subprocess.run([sys.executable, ROOT / "tools" / "programs.py", "wrk"], check=True)
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}; priority raised: {priority_raised()}")
    seconds = 4.0 if options.quick else 16.0
    with tempfile.TemporaryDirectory(prefix="ronda-bench-") as folder:
        os.environ["RONDA_VAR"] = folder
        server = PostgresServer(Path(folder) / "pg").start()
        try:
            figures = measured(server, seconds)
        finally:
            server.stop("immediate")
            shutil.rmtree(server.socket_dir, ignore_errors=True)
    return report("The gate", figures, options.json)


def priority_raised() -> bool:
    """All that is measured, ours and the peers alike, goes before what else runs here; only root may ask for it."""
    try:
        os.nice(-15)
    except PermissionError:
        return False
    return True


def measured(server: PostgresServer, seconds: float) -> list[Figure]:
    """Every rate in turn, on the same database, with the same client."""
    subprocess.run(
        [sys.executable, "-m", "ronda.config.cli", "migrate"], check=True, stdout=subprocess.DEVNULL
    )
    tokens = device_tokens(server, CONNECTIONS)
    server.psql(
        "CREATE TABLE bench_message (LIKE gate_message INCLUDING ALL); GRANT ALL ON bench_message TO ronda_own"
    )
    with served("plain", server) as (plain_port, plain_pids), served("gate", server) as (port, pids):
        path, each = "/gate/v1/messages", seconds / ROUNDS
        loaded(Load(plain_port, "/messages", tokens, CONNECTIONS, 1.0, seed=1), server, plain_pids)  # warm
        loaded(Load(port, path, tokens, CONNECTIONS, 1.0, seed=2), server, pids)
        plains, singles, batches, rates = [], [], [], []
        for n in range(ROUNDS):
            load = Load(plain_port, "/messages", tokens, CONNECTIONS, each, seed=10 + n)
            plains.append(loaded(load, server, plain_pids))
            singles.append(loaded(Load(port, path, tokens, CONNECTIONS, each, seed=20 + n), server, pids))
            batches.append(loaded(Load(port, path, tokens, 8, each, seed=30 + n, lines=100), server, pids))
            rates.append(pgbench(server, each))
    plain, single, batch = (together(runs) for runs in (plains, singles, batches))
    check(server, single, batch)
    row = sum(rates) / ROUNDS
    return [
        Figure(
            "messages_per_s", "messages/s, 64 connections (peer: pgbench)", single["rate"], "/s", peer=row
        ),
        Figure("p50_ms", "median answer", single["p50_ms"], "ms"),
        Figure("p99_ms", "99 of 100 answered within", single["p99_ms"], "ms", limit=150),
        Figure(
            "cpu_ms_per_message", "CPU per message, server + database", single["cpu_ms"], "ms", limit=0.25
        ),
        Figure("server_cpu_ms", "  of it the server", single["server_ms"], "ms"),
        Figure("ndjson_per_s", "messages/s in batches of 100 (peer: pgbench)", batch["rate"], "/s", peer=row),
        Figure("plain_per_s", "plain django-ninja endpoint", plain["rate"], "/s", peer=row),
        Figure("plain_cpu_ms", "  its CPU per message", plain["cpu_ms"], "ms"),
        Figure("pgbench_per_s", "pgbench, one row per transaction", row, "/s"),
        Figure("over_plain", "messages/s over plain", single["rate"] / plain["rate"], "x", least=5.0),
        Figure("over_pgbench", "messages/s over pgbench", single["rate"] / row, "x", least=0.35),
        Figure("ndjson_over_pgbench", "NDJSON over pgbench", batch["rate"] / row, "x", least=1.0),
    ]


def together(runs: list[dict[str, float]]) -> dict[str, float]:
    """All rounds as one run; of the percentiles the worst round counts."""
    messages = sum(run["messages"] for run in runs)
    return {
        "messages": messages,
        "rate": messages / sum(run["seconds"] for run in runs),
        "cpu_ms": sum(run["cpu_ms"] * run["messages"] for run in runs) / messages,
        "server_ms": sum(run["server_ms"] * run["messages"] for run in runs) / messages,
        "p50_ms": max(run["p50_ms"] for run in runs),
        "p99_ms": max(run["p99_ms"] for run in runs),
        "refused": sum(run["refused"] for run in runs),
        "broken": sum(run["broken"] for run in runs),
    }


def check(server: PostgresServer, single: dict[str, float], batch: dict[str, float]) -> None:
    """Every 201 must be a row and a leaf: a rate of lost messages is worth nothing."""
    for one in (single, batch):
        if one["refused"] or one["broken"]:
            raise SystemExit(f"{one['refused']:.0f} were refused, {one['broken']:.0f} connections broke")
    rows, leaves = (int(server.psql(f"SELECT count(*) FROM {t}")) for t in ("gate_message", "ledger_leaf"))
    answered = single["messages"] + batch["messages"]
    if not rows == leaves >= answered:
        raise SystemExit(f"{answered:.0f} were acknowledged, there are {rows} rows and {leaves} leaves")


def loaded(load: Load, server: PostgresServer, pids: list[int]) -> dict[str, float]:
    """One run of the client; CPU of the server and of the database meanwhile."""
    before, database_before = cpu_s(pids), cpu_s(server.pids())
    result = wrk(load)
    messages = result["requests"] * load.lines
    server_ms = (cpu_s(pids) - before) * 1000 / messages
    database_ms = (cpu_s(server.pids()) - database_before) * 1000 / messages
    return result | {
        "messages": messages,
        "rate": messages / result["seconds"],
        "cpu_ms": server_ms + database_ms,
        "server_ms": server_ms,
    }


def wrk(load: Load) -> dict[str, float]:
    """What wrk counted of the answers that came within the time."""
    with tempfile.TemporaryDirectory(prefix="ronda-load-") as folder:
        message, tokens = Path(folder) / "message", Path(folder) / "tokens"
        message.write_text(MESSAGE)
        tokens.write_text("\n".join(load.tokens) + "\n")
        command = ["wrk", "-t", "1", "-c", str(load.connections), "-d", f"{max(1, round(load.seconds))}s"]
        script = ["-s", str(HERE / "gate_load.lua"), f"http://127.0.0.1:{load.port}{load.path}"]
        given = ["--", str(message), str(tokens), str(load.lines), str(load.seed)]
        done = subprocess.run([*command, *script, *given], capture_output=True, text=True, check=True)
    figures = next(line for line in done.stdout.splitlines() if line.startswith("figures "))
    counted: dict[str, float] = json.loads(figures.removeprefix("figures "))
    return counted


def cpu_s(pids: list[int]) -> float:
    """CPU seconds of these processes so far."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS_S


@contextmanager
def served(name: str, server: PostgresServer) -> Iterator[tuple[int, list[int]]]:
    """Granian with two workers on a free port; gives the port and the ids of its processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    target, words = {
        "gate": (
            "ronda.config.server:application",
            ["--interface", "rsgi", "--loop", "uvloop", "--runtime-mode", "st"],
        ),
        "plain": ("gate_plain:application", ["--interface", "wsgi", "--blocking-threads", "4"]),
    }[name]
    command = [
        sys.executable,
        "-m",
        "granian",
        "--port",
        str(port),
        "--workers",
        "2",
        "--no-ws",
        *words,
        target,
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{HERE}:{ROOT / 'src'}",
        "BENCH_SOCKET": str(server.socket_dir),
        "BENCH_DATABASE": "ronda",
        "DJANGO_SETTINGS_MODULE": "ronda.config.settings" if name == "gate" else "",
    }
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, "--log-level", "warning"], env=environment, stdout=log, stderr=log
        )
        try:
            wait_for(port, process)
            time.sleep(1)
            yield port, [process.pid, *children(process.pid)]
        except BaseException:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace")[-3000:])
            raise
        finally:
            process.terminate()
            process.wait(30)


def children(parent: int) -> list[int]:
    """All processes below one."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            child = int(path.parent.name)
            found += [child, *children(child)]
    return found


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers anything at all."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit("the server did not start")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/gate/v1/messages", timeout=2, data=b"{}")
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not answer within 60 s")


def pgbench(server: PostgresServer, seconds: float) -> float:
    """Transactions per second of pgbench that inserts the same row, prepared, on as many connections."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(PGBENCH_ROW.format(raw="\\x" + (MESSAGE % uuid.UUID(int=0)).encode().hex()))
        script.flush()
        command = [server.binaries.tool("pgbench"), "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "2"]
        where = ["-h", str(server.socket_dir), "-U", "ronda_own", "-T", str(max(2, round(seconds)))]
        done = subprocess.run([*command, *where, "-f", script.name, "ronda"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"pgbench: {done.stderr}")
    return next(float(line.split()[2]) for line in done.stdout.splitlines() if line.startswith("tps ="))


def device_tokens(server: PostgresServer, number: int) -> list[str]:
    """Devices with their posts, and a token for each."""
    from ronda.kernel.keys import node_keys

    made = [uuid.uuid4() for _ in range(number)]
    frame = "'35.09', 2, 'bawaslu', '{}', now()"
    person, unit, post = (uuid.uuid4() for _ in range(3))
    devices = "".join(f"('{one}', {frame}, '{post}', 'hp', 1)," for one in made).rstrip(",")
    columns = "(id, area, sensitivity, agency, audience, created_at"
    server.psql(
        f"""
        INSERT INTO agencies_agency (code, kind, name) VALUES ('bawaslu', 'bawaslu', 'Bawaslu')
            ON CONFLICT DO NOTHING;
        INSERT INTO agencies_unit (id, agency_id, area, name, kind)
            VALUES ('{unit}', 'bawaslu', '35.09', 'Bawaslu', 'kabupaten');
        INSERT INTO agencies_person {columns}, name, phone) VALUES ('{person}', {frame}, 'Ayu', '');
        INSERT INTO agencies_post {columns}, person_id, unit_id, role, display_name, starts_on)
            VALUES ('{post}', {frame}, '{person}', '{unit}', 'officer', 'Ayu', '2024-01-01');
        INSERT INTO agencies_device {columns}, post_id, label, kid) VALUES {devices};
        """
    )
    keys = node_keys(Path(os.environ["RONDA_VAR"]) / "keys")
    return [_token(one, person, keys) for one in made]


def _token(device: uuid.UUID, person: uuid.UUID, keys: Any) -> str:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronda.config.settings")
    from ronda.gate.domain import Grant
    from ronda.gate.tokens import token_key, token_make

    grant = Grant("bawaslu", "bawaslu", "35.09", device, person)
    return token_make(grant, expires_s=int(time.time()) + 3600, key=token_key(keys), key_id=keys.kid)


if __name__ == "__main__":
    sys.exit(main())

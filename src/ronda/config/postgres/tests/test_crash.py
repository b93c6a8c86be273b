"""A crash of everything loses nothing that was acknowledged (promise S1 for the database)."""

import os
import random
import selectors
import signal
import subprocess
import sys
import time

import psycopg
import pytest
from tests.counts import count

from ronda.config.postgres import PostgresServer

pytestmark = pytest.mark.serial
WRITERS = 3
SEED = 20241127

# A client that writes row after row and says each number when (or, as the control, before) it is committed.
WRITER = """
import os, psycopg, sys
dsn, first, early = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "early"
with psycopg.connect(dsn) as connection:
    n = first
    while True:
        connection.execute("INSERT INTO promise VALUES (%s)", [n])
        if early: os.write(1, b"%d\\n" % n)
        connection.commit()
        if not early: os.write(1, b"%d\\n" % n)
        n += 1
"""


@pytest.fixture(scope="module")
def crashing(server: PostgresServer) -> PostgresServer:
    server.psql("CREATE TABLE promise (n bigint PRIMARY KEY); GRANT INSERT, SELECT ON promise TO ronda_web")
    return server


def acknowledged_until_kill(server: PostgresServer, order: str, start: int, run_s: float) -> set[int]:
    """Numbers said by clients that are killed together with the whole database."""
    command = [sys.executable, "-c", WRITER, server.dsn("ronda_web")]
    clients = [
        subprocess.Popen(
            [*command, str(start + 1_000_000 * i), order], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        for i in range(WRITERS)
    ]
    said = _listen(clients, run_s)
    server.kill()
    for client in clients:
        client.send_signal(signal.SIGKILL)
    for client in clients:
        assert client.stdout is not None
        said += client.stdout.read()
        client.wait()
    whole = said[: said.rfind(b"\n") + 1]
    return {int(number) for number in whole.split()}


def _listen(clients: "list[subprocess.Popen[bytes]]", run_s: float) -> bytes:
    """What they say from the moment all have begun, for a while."""
    said, begun, until = b"", set[int](), float("inf")
    with selectors.DefaultSelector() as watched:
        for client in clients:
            assert client.stdout is not None
            watched.register(client.stdout, selectors.EVENT_READ)
        while time.monotonic() < until:
            for key, _ in watched.select(0.001):
                said += _whole_lines(key.fd)
                begun.add(key.fd)
            if len(begun) == WRITERS and until == float("inf"):
                until = time.monotonic() + run_s
    return said


def _whole_lines(fd: int) -> bytes:
    """Each number arrives whole: a write this short to a pipe is never split."""
    return os.read(fd, 65536)


def lost_after_restart(server: PostgresServer, acknowledged: set[int]) -> set[int]:
    server.start()
    with psycopg.connect(server.dsn("ronda_web")) as connection:
        stored = {n for (n,) in connection.execute("SELECT n FROM promise")}
    return acknowledged - stored


def test_nothing_acknowledged_is_lost_when_everything_is_killed(crashing: PostgresServer) -> None:
    kills, dice, total = count("database_kills"), random.Random(SEED), 0
    for turn in range(kills):
        start = (turn + 1) * 10_000_000
        acknowledged = acknowledged_until_kill(crashing, "late", start, dice.uniform(0.02, 0.3))
        assert acknowledged, "the clients wrote nothing, so this turn proves nothing"
        total += len(acknowledged)
        assert lost_after_restart(crashing, acknowledged) == set(), f"turn {turn}, seed {SEED}"
    print(f"S1: {kills} kills, seed {SEED}, {total} acknowledged, 0 lost")  # noqa: T201


def test_control_acknowledging_before_the_commit_is_noticed(crashing: PostgresServer) -> None:
    """The same run with the promise given too early must lose something, or the test above sees nothing."""
    dice = random.Random(SEED)
    for turn in range(count("database_kills") * 2):
        start = 5_000_000_000 + turn * 10_000_000
        acknowledged = acknowledged_until_kill(crashing, "early", start, dice.uniform(0.02, 0.1))
        if lost_after_restart(crashing, acknowledged):
            return
    pytest.fail("no loss was seen although rows were acknowledged before they were committed")

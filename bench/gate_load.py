"""A load client of our own: one process, raw sockets, epoll; it costs little beside the server it measures."""

from __future__ import annotations

import json
import re
import select
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Load:
    """What to send, where, on how many connections and how long."""

    port: int
    path: str
    tokens: list[str]
    connections: int
    seconds: float
    lines: int = 1
    seed: int = 1


@dataclass(slots=True)
class Line:
    """One connection: the rest of what it must send, and what came so far."""

    head: bytes
    to_send: bytes = b""
    came: bytes = b""
    wanted: int = 0
    since: float = 0.0


@dataclass
class Result:
    """Latencies of all answered requests, in seconds, and how many were not 201."""

    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0


LENGTH = re.compile(rb"content-length: *(\d+)\r\n", re.I)
MESSAGE = (
    '{"id":"%s","kind":"report","election":"pilkada-2024","place":"35.09.01.2001","station":3,'
    '"captured_at":"2024-11-27T06:10:03+07:00","device":"hp-0123456789ab","body":{"text":"Warga melihat dua orang '
    'membagikan amplop di depan TPS sebelum pemungutan suara dibuka; dua saksi bersedia memberi keterangan.",'
    '"happened_at":"2024-11-27T05:55:00+07:00","kind":"money_politics","danger":false,'
    '"place_words":"depan balai desa"},"files":[]}'
)


def ids(seed: int) -> Iterator[str]:
    """Ids in the form of UUIDv7, rising with time as those of real devices."""
    number = int(time.time() * 1000) << 80 | 0x7 << 76 | 0b10 << 62 | (seed & 0xFFF) << 48
    while True:
        text = f"{number:032x}"
        yield f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
        number += 1


def run(load: Load) -> Result:
    """Keep every connection busy until the time is over; each waits for its answer before it sends again."""
    bodies = _rendered(load)
    poll, lines = select.epoll(), {}
    for n in range(load.connections):
        sock = socket.create_connection(("127.0.0.1", load.port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setblocking(False)
        poll.register(sock, select.EPOLLIN)
        lines[sock.fileno()] = (sock, Line(_head(load, load.tokens[n % len(load.tokens)])))
    first = [next(bodies) for _ in lines]
    result, started = Result(), time.perf_counter()
    end = started + load.seconds
    for (sock, line), body in zip(lines.values(), first, strict=True):
        _send(poll, sock, line, body)
    busy = len(lines)
    while busy:
        for fd, event in poll.poll(1):
            sock, line = lines[fd]
            if event & select.EPOLLOUT:
                _push(poll, sock, line)
            if not event & select.EPOLLIN or not _receive(sock, line, result):
                continue
            if time.perf_counter() < end:
                _send(poll, sock, line, next(bodies))
            else:
                busy -= 1
    result.seconds = time.perf_counter() - started
    for sock, _ in lines.values():
        sock.close()
    return result


def _rendered(load: Load) -> Iterator[bytes]:
    """Bodies made before the clock starts, so that the client takes little from the server; more as needed."""
    number = ids(load.seed)
    ahead = int(load.seconds * 14_000 / load.lines**0.7)
    yield from [_body(number, load.lines) for _ in range(ahead)]
    while True:
        yield _body(number, load.lines)


def _head(load: Load, token: str) -> bytes:
    kind = "application/json" if load.lines == 1 else "application/x-ndjson"
    return (
        f"POST {load.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: "
    ).encode()


def _body(number: Iterator[str], count: int) -> bytes:
    return "\n".join(MESSAGE % next(number) for _ in range(count)).encode()


def _send(poll: select.epoll, sock: socket.socket, line: Line, body: bytes) -> None:
    line.to_send = b"%b%d\r\n\r\n%b" % (line.head, len(body), body)
    line.came, line.wanted, line.since = b"", 0, time.perf_counter()
    _push(poll, sock, line)


def _push(poll: select.epoll, sock: socket.socket, line: Line) -> None:
    had_rest = line.wanted < 0
    try:
        sent = sock.send(line.to_send)
    except BlockingIOError:
        sent = 0
    line.to_send = line.to_send[sent:]
    if line.to_send or had_rest:
        line.wanted = -1 if line.to_send else 0
        poll.modify(sock, select.EPOLLIN | (select.EPOLLOUT if line.to_send else 0))


def _receive(sock: socket.socket, line: Line, result: Result) -> bool:
    """True when the answer is whole."""
    data = sock.recv(1 << 18)
    if not data:
        raise ConnectionError("the server closed a connection")
    line.came = line.came + data if line.came else data
    if not line.wanted:
        end = line.came.find(b"\r\n\r\n")
        if end < 0:
            return False
        length = LENGTH.search(line.came, 0, end + 2)
        if length is None:  # sent in chunks: the last one is empty
            return line.came.endswith(b"0\r\n\r\n") and _note(line, result)
        line.wanted = end + 4 + int(length[1])
    return len(line.came) >= line.wanted and _note(line, result)


def _note(line: Line, result: Result) -> bool:
    result.latencies.append(time.perf_counter() - line.since)
    if line.came[9:12] not in (b"201", b"200"):
        result.refused += 1
        if result.refused == 1:
            sys.stderr.write(line.came[:400].decode("utf-8", "replace") + "\n")
    return True


if __name__ == "__main__":
    outcome = run(Load(**json.loads(sys.argv[1])))
    spread = sorted(outcome.latencies)
    json.dump(
        {
            "requests": len(spread),
            "refused": outcome.refused,
            "seconds": outcome.seconds,
            "p50_ms": spread[len(spread) // 2] * 1000,
            "p99_ms": spread[int(len(spread) * 0.99)] * 1000,
        },
        sys.stdout,
    )

"""A bad link of our own between phone and node: requests and answers are lost, doubled, delayed and cut in the middle.

HTTP/1.1, one request per connection. What it does to a request is drawn from a seeded generator, so that a run can be
told again. It serves the page of the tests itself, unharmed.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Faults:
    """Shares of requests that fare badly; the rest goes through."""

    lost: float = 0.1  # before the node saw it
    unanswered: float = 0.1  # the node did it, the phone never hears of it
    cut: float = 0.1  # the node gets half of the body
    doubled: float = 0.1  # the node gets it twice
    delayed: float = 0.1
    delay_s: float = 0.2


FILES = "/gate/v1/files/"


@dataclass
class Relay:
    """`start()` gives the port to talk to. `is_down` refuses everything: no network. `file_bytes_left`: so many bytes
    of files still go through; in the middle of whatever comes then the network goes."""

    upstream: int
    seed: int
    pages: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    is_down: bool = False
    file_bytes_left: int | None = None
    done: Counter[str] = field(default_factory=Counter)

    def start(self) -> int:
        self._random, self._loop = random.Random(self.seed), asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(10)
        return self.port

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        )
        self.port: int = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            await self._answer(head, body, writer)
        with suppress(OSError):
            writer.close()
            await writer.wait_closed()

    async def _answer(self, head: bytes, body: bytes, writer: asyncio.StreamWriter) -> None:
        path = head.split(b" ", 2)[1].decode()
        if path in self.pages:
            kind, content = self.pages[path]
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
                "Connection: close\r\n\r\n".encode()
                + content
            )
            await writer.drain()
            return
        if self.is_down:
            self.done["down"] += 1
            return
        if self.file_bytes_left is not None and path.startswith(FILES):
            body = self._cut(body)
            if self.is_down:
                await self._forward(head, body)
                return
        what = self._fate()
        self.done[what] += 1
        if what == "lost":
            return
        if what == "cut":
            await self._forward(head, body[: len(body) // 2])
            return
        if what == "delayed":
            await asyncio.sleep(self._random.random() * self.faults.delay_s)
        if what == "doubled":
            await self._forward(head, body)
        answer = await self._forward(head, body)
        if what != "unanswered":
            writer.write(answer)
            await writer.drain()

    def _cut(self, body: bytes) -> bytes:
        """What still goes through of a piece of a file; with the last byte the network is down."""
        assert self.file_bytes_left is not None
        passed = body[: self.file_bytes_left]
        self.file_bytes_left -= len(passed)
        if not self.file_bytes_left:
            self.is_down = True
            self.done["cut_file"] += 1
        return passed

    def _fate(self) -> str:
        drawn = self._random.random()
        for name in ("lost", "unanswered", "cut", "doubled", "delayed"):
            drawn -= getattr(self.faults, name)
            if drawn < 0:
                return name
        return "passed"

    async def _forward(self, head: bytes, body: bytes) -> bytes:
        """The node's whole answer; nothing where it is away or hangs up."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            return b""
        with suppress(OSError, asyncio.IncompleteReadError):
            writer.write(_closing(head) + body)
            await writer.drain()
            if len(body) < _length(head):
                writer.close()
                return b""
            return await reader.read()
        return b""


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _closing(head: bytes) -> bytes:
    """The same head, asking for one answer only."""
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines[:1], b"Connection: close", *lines[1:]])

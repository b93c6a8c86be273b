"""The live line: one poller per process reads new events, each subscriber gets those its post may see, ids only.
The node's clock goes with it, so that the clock on the pages shows the time of a drill.

A subscriber's rights are asked again every 30 seconds and a connection ends after five minutes; the browser comes
back by itself and names the last event it got.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeVar

from django.db import DatabaseError, connections

from ronda.kernel import clock
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.law.mandates import mandates

POLL_S, RECHECK_S, LIFE_S, RETRY_MS = 0.2, 30.0, 300.0, 1_000
LOOK_BACK = 500  # positions do not commit in order: look that far behind the newest one seen
REPLAY_MOST, QUEUE_MOST = 200, 500

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class News:
    """One event as the live line tells it: what changed, not what was said."""

    position: int
    name: str
    record: str
    subject: str
    area: str
    agency: str
    audience: tuple[str, ...]
    sensitivity: int

    @property
    def bytes(self) -> bytes:
        told = {"name": self.name, "record": self.record, "subject": self.subject, "area": self.area}
        return f"id: {self.position}\nevent: news\ndata: {json.dumps(told)}\n\n".encode()


def may_see(scope: Scope, news: News) -> bool:
    """The row policy of events once more, and of the record the event is about."""
    if not scope.covers(news.area) or news.sensitivity not in scope.classes:
        return False
    books = mandates()
    about = [record for record in ("event", news.record) if record in books.records]
    return all(_reaches(scope, news, books.reach(record, "read").get(scope.kind)) for record in about)


def _reaches(scope: Scope, news: News, rows: str | None) -> bool:
    if rows == "all":
        return True
    if rows == "shared":
        return scope.agency == news.agency or scope.agency in news.audience
    return rows == "own" and scope.agency == news.agency


@dataclass(frozen=True, slots=True)
class ClockTold:
    """What the node's clock shows and how fast it runs: the clock on the pages runs on from there."""

    epoch_s: float
    rate: float

    @classmethod
    def now(cls) -> "ClockTold":
        return cls(clock.now().timestamp(), clock.rate())

    @property
    def bytes(self) -> bytes:
        told = json.dumps({"epoch": self.epoch_s, "rate": self.rate})
        return f"event: clock\ndata: {told}\n\n".encode()


@dataclass(eq=False)
class Subscriber:
    """One open connection."""

    scope: Scope
    queue: asyncio.Queue[News | ClockTold] = field(default_factory=lambda: asyncio.Queue(QUEUE_MOST))

    def offer(self, told: News | ClockTold) -> None:
        """A connection that cannot keep up loses the oldest: the page counts, it does not list."""
        if isinstance(told, News) and not may_see(self.scope, told):
            return
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(told)


class Poller:
    """Reads new events while somebody listens; rests otherwise."""

    def __init__(self) -> None:
        self.subscribers: set[Subscriber] = set()
        self._task: asyncio.Task[None] | None = None
        self._newest = 0
        self._clock = clock.drill()
        self._told: deque[int] = deque(maxlen=4 * LOOK_BACK)

    def join(self, subscriber: Subscriber) -> None:
        self.subscribers.add(subscriber)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def leave(self, subscriber: Subscriber) -> None:
        self.subscribers.discard(subscriber)

    async def _run(self) -> None:
        self._newest = await asyncio.to_thread(newest_position)
        self._told.clear()
        self._told.extend(
            news.position for news in await asyncio.to_thread(news_after, self._newest - LOOK_BACK)
        )
        while self.subscribers:
            await asyncio.sleep(POLL_S)
            self._tell_clock()
            try:
                found = await asyncio.to_thread(news_after, self._newest - LOOK_BACK)
            except DatabaseError:
                log.warning("live line: the database did not answer, trying again")
                continue
            self._tell(found)

    def _tell_clock(self) -> None:
        """A drill's clock was set anew."""
        known, self._clock = self._clock, clock.drill()
        if self._clock != known:
            for subscriber in self.subscribers:
                subscriber.offer(ClockTold.now())

    def _tell(self, found: list[News]) -> None:
        told = set(self._told)
        for news in found:
            if news.position in told:
                continue
            self._told.append(news.position)
            self._newest = max(self._newest, news.position)
            for subscriber in self.subscribers:
                subscriber.offer(news)


_pollers: dict[int, Poller] = {}


def poller() -> Poller:
    """The poller of this process's event loop."""
    return _pollers.setdefault(id(asyncio.get_running_loop()), Poller())


async def news_stream(
    scope: Scope, still_valid: Callable[[], bool], *, last: int | None = None
) -> AsyncIterator[bytes]:
    """Bytes for one connection, until its five minutes are over or its rights are gone."""
    subscriber = Subscriber(scope)
    here = poller()
    here.join(subscriber)
    try:
        yield f"retry: {RETRY_MS}\n\n: halo\n\n".encode() + ClockTold.now().bytes
        for news in await asyncio.to_thread(missed, scope, last):
            yield news.bytes
        begun = checked = monotonic()
        while monotonic() - begun < LIFE_S:
            try:
                told = await asyncio.wait_for(subscriber.queue.get(), timeout=RECHECK_S / 2)
                yield told.bytes
            except TimeoutError:
                yield b": masih\n\n"
            if monotonic() - checked >= RECHECK_S:
                checked = monotonic()
                if not await asyncio.to_thread(_released, still_valid):
                    yield b"event: leave\ndata: {}\n\n"
                    return
    finally:
        here.leave(subscriber)


def missed(scope: Scope, last: int | None) -> list[News]:
    """What passed while a browser was away, at most the newest 200 it may see."""
    if last is None:
        return []
    return [news for news in news_after(last) if may_see(scope, news)][-REPLAY_MOST:]


def news_after(position: int) -> list[News]:
    """Events past a position, oldest first."""
    return _released(lambda: _read_after(position))


def newest_position() -> int:
    return _released(_read_newest)


def _read_after(position: int) -> list[News]:
    wanted = ("position", "name", "record", "subject", "area", "agency", "audience", "sensitivity")
    with scoped(Scope.system()):
        rows = EventRow.objects.filter(position__gt=position).order_by("position").values_list(*wanted)
        return [
            News(at, name, record, str(subject or ""), area, agency, tuple(audience), sensitivity)
            for at, name, record, subject, area, agency, audience, sensitivity in rows[: 10 * LOOK_BACK]
        ]


def _read_newest() -> int:
    with scoped(Scope.system()):
        row = EventRow.objects.order_by("-position").values_list("position", flat=True).first()
        return row or 0


def _released(ask: Callable[[], T]) -> T:
    """Ask in this worker thread and give the database connection back to the pool."""
    try:
        return ask()
    finally:
        connections["default"].close()

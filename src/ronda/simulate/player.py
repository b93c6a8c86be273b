"""Sends the planned messages over HTTP when their time has come, and drives the drill clock."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypedDict

import httpx

from ronda.kernel import clock
from ronda.simulate.day import Day, Planned

CONNECTIONS, BATCH_LINES, TICK_S, TRIES = 12, 200, 0.2, 8
STEPPED_FROM = 600
MESSAGES = "/gate/v1/messages"
AGAIN = timedelta(hours=2)


class PlayStopped(RuntimeError):
    """The simulation cannot go on; the text says why."""


class Line(TypedDict):
    """One line of the gate's answer to a batch."""

    status: int
    answer: dict[str, str]


@dataclass
class Tally:
    """What became of the messages."""

    sent: int = 0
    refused: list[str] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pace:
    """How time runs: the words of the eve first, then a fast morning until `calm_from`, then `speed` until the end."""

    eve: datetime
    starts_at: datetime
    calm_from: datetime
    until: datetime
    speed: float
    morning_s: float = 20.0

    @property
    def morning_speed(self) -> float:
        return max(self.speed, (self.calm_from - self.starts_at).total_seconds() / self.morning_s)


class DrillTime:
    """The drill clock of all processes of the node, set through its file. A play that was left goes on from there.

    Up to `STEPPED_FROM` times as fast as outside the clock runs by itself. Faster than that it goes in steps, each
    taken only when everything due was sent: else a busy machine would make every message late.
    """

    def __init__(self, path: Path, pace: Pace, *, resume_at: datetime | None = None) -> None:
        self.path, self.pace = path, pace
        self.begins_at = min(max(pace.starts_at, resume_at or pace.starts_at), pace.until)
        self._step_at: datetime | None = None

    @property
    def goes_on(self) -> bool:
        """Whether the play was begun before."""
        return self.begins_at > self.pace.starts_at

    def rest(self) -> None:
        """The evening before: time runs as it does outside."""
        clock.set_drill(self.path, simulated=self.pace.eve, speed=1.0)

    def start(self) -> None:
        self._run_from(self.begins_at)

    def now(self) -> datetime:
        """The time of the drill, which never passes the end."""
        return min(self._step_at or clock.now(), self.pace.until)

    async def turn(self) -> None:
        """Everything due was sent: wait a moment, and take the next step when time goes in steps."""
        await asyncio.sleep(TICK_S)
        if self._step_at is None:
            return
        following = self._step_at + timedelta(seconds=self._speed(self._step_at) * TICK_S)
        if self._step_at < self.pace.calm_from <= following:
            following = self.pace.calm_from
        self._run_from(min(following, self.pace.until))

    def stop(self) -> None:
        """From here on time runs as it does outside."""
        clock.set_drill(self.path, simulated=self.now(), speed=1.0)

    def _speed(self, at: datetime) -> float:
        return self.pace.morning_speed if at < self.pace.calm_from else self.pace.speed

    def _run_from(self, at: datetime) -> None:
        speed = self._speed(at)
        self._step_at = at if speed > STEPPED_FROM else None
        clock.set_drill(self.path, simulated=at, speed=0.0 if self._step_at else speed)


async def play(
    day: Day,
    tokens: dict[str, str],
    client: httpx.AsyncClient,
    time: DrillTime,
    *,
    progress: Callable[[datetime, int], None] = lambda at, sent: None,
) -> Tally:
    """Send every message of the day that lies before the end, in order of time."""
    tally = Tally()
    eve = [message for message in day.messages if message.at <= time.pace.eve]
    if not time.goes_on:
        time.rest()
        await _send_all(eve, tokens, client, tally)
    time.start()
    async for due in _due(day.messages[len(eve) :], time):
        await _send_all(due, tokens, client, tally)
        progress(due[-1].at, tally.sent)
    return tally


async def _due(messages: Sequence[Planned], time: DrillTime) -> AsyncIterator[Sequence[Planned]]:
    """Slices of messages as their time comes."""
    at, wanted = 0, [message for message in messages if message.at <= time.pace.until]
    if (
        time.begins_at > time.pace.starts_at
    ):  # gone on: what was sent long before is there, the rest is sent again
        wanted = [message for message in wanted if message.at > time.begins_at - AGAIN]
    while at < len(wanted) or time.now() < time.pace.until:
        now, end = time.now(), at
        while end < len(wanted) and wanted[end].at <= now:
            end += 1
        if end > at:
            yield wanted[at:end]
            at = end
        await time.turn()


async def _send_all(
    due: Sequence[Planned], tokens: dict[str, str], client: httpx.AsyncClient, tally: Tally
) -> None:
    by_sender: dict[str, list[Planned]] = {}
    for message in due:
        by_sender.setdefault(message.sender, []).append(message)
    room = asyncio.Semaphore(CONNECTIONS)

    async def send(sender: str, batch: Sequence[Planned]) -> None:
        async with room:
            await _send(batch, tokens[sender], client, tally)

    try:
        async with asyncio.TaskGroup() as group:
            for sender, messages in by_sender.items():
                for start in range(0, len(messages), BATCH_LINES):
                    group.create_task(send(sender, messages[start : start + BATCH_LINES]))
    except ExceptionGroup as problems:
        stopped = problems.subgroup(PlayStopped)
        if stopped is None:
            raise
        raise PlayStopped(str(stopped.exceptions[0])) from None


async def _send(batch: Sequence[Planned], token: str, client: httpx.AsyncClient, tally: Tally) -> None:
    """Send until every line has its receipt or its refusal; sending a line twice makes one message."""
    left = list(batch)
    for attempt in range(TRIES):
        lines = await _posted(left, token, client)
        again = []
        for message, line in zip(left, lines, strict=True):
            if line is None or line["status"] == 503:
                again.append(message)
            elif line["status"] == 201:
                tally.sent += 1
                tally.receipts[line["answer"]["id"]] = line["answer"]["sha256"]
            else:
                tally.refused.append(f"{line['status']} {json.dumps(line['answer'])[:200]}")
        left = again
        if not left:
            return
        await asyncio.sleep(min(2.0, 0.1 * 2**attempt))
    raise PlayStopped(f"{len(left)} messages got no answer after {TRIES} tries: is the gate running?")


async def _posted(batch: Sequence[Planned], token: str, client: httpx.AsyncClient) -> list[Line | None]:
    content = b"\n".join(message.raw for message in batch) + b"\n"
    headers = {"content-type": "application/x-ndjson", "authorization": f"Bearer {token}"}
    try:
        answer = await client.post(MESSAGES, content=content, headers=headers)
    except httpx.TransportError:
        return [None] * len(batch)
    if answer.status_code == 503:
        return [None] * len(batch)
    if answer.status_code not in (201, 207):
        raise PlayStopped(f"the gate answered {answer.status_code}: {answer.text[:300]}")
    return [json.loads(line) for line in answer.text.splitlines()]

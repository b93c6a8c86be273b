"""Group commit: all messages that wait are stored by one statement, and answered when it has been committed."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Any
from uuid import UUID

import asyncpg

from ronda.agencies.domain import legal_date
from ronda.gate import answers, statements
from ronda.gate.answers import Answer
from ronda.gate.domain import CLOCK_TOLERANCE, PUBLIC, Grant
from ronda.gate.parse import Incoming
from ronda.kernel import clock
from ronda.kernel.areas import is_code
from ronda.kernel.ids import uuid7
from ronda.kernel.keys import NodeKeys
from ronda.kernel.scope import ALL_CLASSES, Scope, mint
from ronda.ledger.domain import SealedGroup
from ronda.ledger.services import group_sealed, receipt_again

log = logging.getLogger("ronda.gate")
GROUP_MAX = 512
GATHER_S = 0.002  # a breath before each group: a larger group costs each message less
QUEUE_MAX = 20_000
PUBLIC_QUEUE_MAX = 2_000
PUBLIC_TURN = 8  # every eighth group begins with the public's: they wait, but never for ever
TOKEN_RENEW_S = 300
LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.InternalClientError,  # the server's last words came while the connection lay still
)
SCOPE = Scope(agency="gate", kind="gate", classes=ALL_CLASSES)
LIMITS = {"statement_timeout": "10s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "10s"}


@dataclass(slots=True, eq=False)
class Pending:
    """A message on its way to the database."""

    grant: Grant
    raw: bytes
    digest: bytes
    incoming: Incoming
    answer: Answer | None = None


class Overloaded(Exception):
    """More messages wait than memory should hold, or than the public's share of it."""


@dataclass(slots=True)
class Lane:
    """Requests that wait for their group, first come first served; `count` holds the messages until their answer."""

    limit: int
    waiting: deque[tuple[list[Pending], asyncio.Future[None]]] = field(default_factory=deque)
    count: int = 0


class GateConnection:
    """One fixed connection, with the gate's own scope, renewed before it runs out and after every loss."""

    def __init__(self, where: dict[str, Any], keys: NodeKeys) -> None:
        self._where, self._keys = where, keys
        self._connection: asyncpg.Connection | None = None
        self._prepared: dict[str, Any] = {}
        self._renew_at = 0.0

    async def fetch(self, statement: str, *values: object) -> list[Any]:
        """Run one statement in its own transaction: when this returns, the commit is on disk."""
        connection = await self._ready()
        prepared = self._prepared.get(statement)
        if prepared is None:
            prepared = self._prepared[statement] = await connection.prepare(statement)
        rows: list[Any] = await prepared.fetch(*values)
        return rows

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # it may be lost already
                await connection.close(timeout=5)

    async def _ready(self) -> asyncpg.Connection:
        now = asyncio.get_running_loop().time()
        if self._connection is None or self._connection.is_closed():
            self._prepared = {}
            self._connection = await asyncpg.connect(**self._where, timeout=5, command_timeout=15)
            self._renew_at = 0.0
        if now >= self._renew_at:
            await self._renew(self._connection)
            self._renew_at = now + TOKEN_RENEW_S
        return self._connection

    async def _renew(self, connection: asyncpg.Connection) -> None:
        token = mint(SCOPE, backend_pid=connection.get_server_pid(), key=self._keys.scope)
        values = {"ronda.scope": token, **LIMITS}
        calls = ", ".join(f"set_config(${n}, ${n + 1}, false)" for n in range(1, 2 * len(values), 2))
        await connection.fetch(f"SELECT {calls}", *(part for pair in values.items() for part in pair))


class Committer:
    """Collects what waits, stores it in groups on a few connections, and answers after each commit."""

    def __init__(self, where: dict[str, Any], keys: NodeKeys, *, connections: int = 1) -> None:
        self._keys = keys
        self._devices, self._public = Lane(QUEUE_MAX), Lane(PUBLIC_QUEUE_MAX)
        self._turn = 0
        self._wake = asyncio.Event()
        self._connections = [GateConnection(where, keys) for _ in range(connections)]
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run(connection)) for connection in self._connections]

    async def stop(self) -> None:
        """Finish what waits, then close."""
        while self._devices.count or self._public.count:
            await asyncio.sleep(0.01)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in self._connections:
            await connection.close()

    async def submit(self, pending: list[Pending]) -> None:
        """Return when every message of one sender has its answer."""
        lane = self._lane(pending)
        if lane.count + len(pending) > lane.limit:
            raise Overloaded
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        lane.count += len(pending)
        lane.waiting.append((pending, future))
        self._wake.set()
        await future

    async def _run(self, connection: GateConnection) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_S)
            batches = self._take()
            if not batches:
                self._wake.clear()
                continue
            group = [one for pending, _ in batches for one in pending]
            try:
                await self._answer_or_try_again(connection, group)
            except Exception:
                log.exception("a group of messages could not be stored")
                await connection.close()
            finally:
                for pending, future in batches:
                    self._lane(pending).count -= len(pending)
                    for one in pending:
                        one.answer = one.answer or answers.unavailable()
                    if not future.done():
                        future.set_result(None)

    async def _answer_or_try_again(self, connection: GateConnection, group: list[Pending]) -> None:
        """A lost connection leaves it open whether the commit was made: asking again settles it either way."""
        try:
            await self._answer(connection, group)
        except LOST:
            log.warning("the database connection was lost; asking again")
            await connection.close()
            await self._answer(connection, [one for one in group if one.answer is None])

    def _lane(self, pending: list[Pending]) -> Lane:
        return self._public if pending[0].grant.agency == PUBLIC else self._devices

    def _take(self) -> list[tuple[list[Pending], asyncio.Future[None]]]:
        """The next group: registered senders first, the public in the room they leave."""
        self._turn = (self._turn + 1) % PUBLIC_TURN
        lanes = (self._devices, self._public) if self._turn else (self._public, self._devices)
        batches, size = [], 0
        for waiting in (lane.waiting for lane in lanes):
            while waiting and (not size or size + len(waiting[0][0]) <= GROUP_MAX):
                batches.append(waiting.popleft())
                size += len(batches[-1][0])
        return batches

    async def _answer(self, connection: GateConnection, group: list[Pending]) -> None:
        """Store and answer; an id that comes twice in a group waits for its first one."""
        while group:
            leaders: dict[UUID, Pending] = {}
            twins: list[tuple[Pending, Pending]] = []
            later: list[Pending] = []
            for one in group:
                leader = leaders.setdefault(one.incoming.id, one)
                if leader is one:
                    continue
                if leader.digest == one.digest and leader.grant == one.grant:
                    twins.append((one, leader))
                else:
                    later.append(one)
            await self._store(connection, sorted(leaders.values(), key=lambda one: one.incoming.id.int))
            for one, leader in twins:
                one.answer = leader.answer
            group = later

    async def _store(self, connection: GateConnection, group: list[Pending]) -> None:
        """One statement for the group; if a value cannot be stored, one by one, so that it hurts no other."""
        try:
            await self._store_group(connection, group)
        except (
            asyncpg.DataError,
            asyncpg.IntegrityConstraintViolationError,
        ) as problem:
            if len(group) == 1:
                group[0].answer = answers.error(422, "", "values that can be stored", type(problem).__name__)
                return
            for one in group:
                await self._store(connection, [one])

    async def _store_group(self, connection: GateConnection, group: list[Pending]) -> None:
        at = clock.now()
        sealed = group_sealed(
            [one.digest for one in group], node=self._keys.node, signing=self._keys.signing, at=at
        )
        rows = await connection.fetch(statements.ACCEPT, *accept_values(group, sealed))
        for place, one in enumerate(group):
            one.answer = answers.accepted(one.incoming.id, one.digest, sealed.receipt(place))
        if not rows:
            return
        again = []
        for place, is_active in rows:
            if is_active:
                again.append(group[place])
            else:
                group[place].answer = answers.refused("the device was revoked or its post has ended")
        if again:
            await self._answer_again(connection, again, at)

    async def _answer_again(self, connection: GateConnection, group: list[Pending], at: datetime) -> None:
        """Ids that were there before: the first receipt for the same bytes, 409 for others, which are kept."""
        for one in group:
            one.answer = None
        rows = await connection.fetch(statements.KNOWN, [one.incoming.id for one in group])
        known = {row["id"]: row for row in rows}
        others = []
        for one in group:
            row = known[one.incoming.id]
            if row["digest"] == one.digest:
                one.answer = answers.accepted(one.incoming.id, one.digest, known_receipt(row))
            else:
                others.append(one)
        if others:
            await connection.fetch(statements.CONFLICT, *conflict_values(others), at)
            for one in others:
                one.answer = answers.conflict(one.incoming.id, one.digest)


def accept_values(group: Sequence[Pending], sealed: SealedGroup) -> tuple[object, ...]:
    """The values of statements.ACCEPT, in its order."""
    incoming, grants = [one.incoming for one in group], [one.grant for one in group]
    lengths = [len(one.raw) for one in group]
    starts = accumulate(lengths, initial=1)
    packed = zip([one.digest for one in group], sealed.entries, sealed.salts, strict=True)
    return (
        plain_array([str(one.id) for one in incoming]),
        plain_array([str(start) for start in starts][:-1]),
        b"".join([one.raw for one in group]),
        b"".join([part for parts in packed for part in parts]),
        plain_array([str(length) for length in lengths]),
        plain_array([one.kind for one in incoming]),
        text_array([one.election for one in incoming]),
        text_array([one.place for one in incoming]),
        text_array([filing_area(one) for one in group]),
        text_array([grant.agency for grant in grants]),
        text_array([grant.kind for grant in grants]),
        text_array([grant.area for grant in grants]),
        plain_array([one.captured_at.isoformat() for one in incoming]),
        plain_array([str(grant.device or "NULL") for grant in grants]),
        plain_array([str(grant.person or "NULL") for grant in grants]),
        text_array([" ".join([file.sha256 for file in one.files]) for one in incoming]),
        legal_date(sealed.at),
        sealed.at,
        sealed.at + CLOCK_TOLERANCE,
        uuid7(),
        sealed.node,
        len(sealed.hashes),
        b"".join(sealed.hashes),
        sealed.signature,
    )


def plain_array(words: list[str]) -> str:
    """An array literal of words that need no quotes: numbers, ids, times, kinds."""
    return "{" + ",".join(words) + "}"


def text_array(texts: list[str]) -> str:
    """An array literal of any texts."""
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') != 2 * (len(texts) - 1):
        joined = '","'.join([text.replace("\\", "\\\\").replace('"', '\\"') for text in texts])
    return '{"' + joined + '"}'


def conflict_values(group: Sequence[Pending]) -> tuple[object, ...]:
    """The values of statements.CONFLICT but the last, in its order."""
    return (
        [uuid7() for _ in group],
        [one.incoming.id for one in group],
        [one.raw for one in group],
        [one.digest for one in group],
        [one.grant.device for one in group],
        [one.grant.area or filing_area(one) for one in group],
        [one.grant.agency for one in group],
    )


def filing_area(one: Pending) -> str:
    """The stated place when it has the shape of an area code, else the area of the sender."""
    place = one.incoming.place
    return place if place and is_code(place) else one.grant.area


def known_receipt(row: Any) -> Any:
    """The stored receipt of a row of statements.KNOWN."""
    return receipt_again(
        node=row["node"],
        at=row["at"],
        hashes=bytes(row["hashes"]),
        signature=bytes(row["signature"]),
        salt=bytes(row["salt"]),
        place=row["place"],
    )

"""The bare RSGI handler of the gate: reads a request, asks for the commit, answers. No framework in between."""

import asyncio
import logging
import re
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from ronda.agencies.domain import legal_date
from ronda.gate import answers, statements
from ronda.gate.answers import Answer
from ronda.gate.commit import LOST, Committer, GateConnection, Overloaded, Pending
from ronda.gate.domain import MAX_BATCH_BYTES, MAX_BATCH_LINES, MAX_MESSAGE_BYTES, Grant
from ronda.gate.files import FileRefused, FileStore, Incoming, range_parse
from ronda.gate.parse import Malformed, message_parse
from ronda.gate.tokens import TokenRefused, token_key, token_read
from ronda.kernel import clock
from ronda.kernel.ids import uuid7
from ronda.kernel.keys import NodeKeys
from ronda.kernel.rsgi import STRICT, Exchange, Headers, Request, body_length

log = logging.getLogger("ronda.gate")

MESSAGES, FILES = "/gate/v1/messages", "/gate/v1/files/"
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_JSON, _NDJSON = "application/json", "application/x-ndjson"
Offset = list[tuple[str, str]]


class Disconnected(Exception):
    """The client went away before its request was whole."""


class Gate:
    """One per process: its keys, its connections, its files."""

    def __init__(self, where: dict[str, Any], keys: NodeKeys, files: Path, *, connections: int = 1) -> None:
        self._key, self._key_id = token_key(keys), keys.kid
        self._committer = Committer(where, keys, connections=connections)
        self._aside = GateConnection(where, keys)
        self._aside_lock = asyncio.Lock()
        self._files = FileStore(files)

    async def start(self) -> None:
        self._committer.start()

    async def stop(self) -> None:
        await self._committer.stop()
        await self._aside.close()

    @staticmethod
    def takes(request: Request) -> bool:
        """Whether a request is for this handler; all others go to the pages."""
        path = request.path
        return (path == MESSAGES and request.method != "GET") or path.startswith(FILES)

    async def __call__(self, request: Request, exchange: Exchange) -> None:
        try:
            if request.path == MESSAGES:
                _send(exchange, await self._messages(request, exchange))
            else:
                _send(exchange, *await self._file(request, exchange))
        except Disconnected:
            return
        except Exception:  # nothing was promised; the sender keeps its message and asks again
            log.exception("a request to the gate failed")
            _send(exchange, answers.unavailable())

    async def _messages(self, request: Request, exchange: Exchange) -> Answer:
        if request.method != "POST":
            return answers.error(405, "method", "POST", request.method)
        headers = request.headers
        try:
            grant = self._grant(headers)
        except TokenRefused as problem:
            return answers.refused(str(problem))
        is_batch = headers.get("content-type", "").startswith(_NDJSON)
        limit = MAX_BATCH_BYTES if is_batch else MAX_MESSAGE_BYTES
        body = await _body(exchange, headers, limit)
        if body is None:
            return answers.too_large(f"{limit} bytes", "more")
        try:
            return await (self._batch(grant, body) if is_batch else self._single(grant, body))
        except Overloaded:
            return answers.busy()

    async def _single(self, grant: Grant, body: bytes) -> Answer:
        taken = _taken(grant, body)
        if isinstance(taken, Answer):
            return taken
        await self._committer.submit([taken])
        return taken.answer or answers.unavailable()

    async def _batch(self, grant: Grant, body: bytes) -> Answer:
        lines = [line for line in body.split(b"\n") if line.strip()]  # blank lines count for nothing
        if not 0 < len(lines) <= MAX_BATCH_LINES:
            return answers.error(
                422 if not lines else 413, "", f"1 to {MAX_BATCH_LINES} lines", f"{len(lines)}"
            )
        taken = [_taken(grant, line.removesuffix(b"\r")) for line in lines]
        pending = [one for one in taken if isinstance(one, Pending)]
        if pending:
            await self._committer.submit(pending)
        return answers.batch(
            [one if isinstance(one, Answer) else one.answer or answers.unavailable() for one in taken]
        )

    async def _file(self, request: Request, exchange: Exchange) -> tuple[Answer, Offset]:
        digest, method, headers = request.path[len(FILES) :], request.method, request.headers
        try:
            if not _SHA256.match(digest):
                raise FileRefused(422, "sha256", "64 lower-case hexadecimal digits", digest[:70])
            grant = self._grant(headers)
            await self._device_active(grant)
            if method == "HEAD":
                return await self._file_state(digest, grant)
            if method != "PUT":
                return answers.error(405, "method", "PUT or HEAD", method), []
            return await self._file_take(digest, grant, headers, exchange)
        except TokenRefused as problem:
            return answers.refused(str(problem)), []
        except FileRefused as problem:
            offset = [] if problem.offset is None else [_offset(problem.offset)]
            return answers.error(problem.status, problem.field, problem.wanted, problem.came), offset

    async def _file_state(self, digest: str, grant: Grant) -> tuple[Answer, Offset]:
        size = await self._file_known(digest, grant)
        if size is not None:
            return Answer(200, b""), [_offset(size), ("upload-complete", "?1")]
        there = await asyncio.to_thread(self._files.offset, digest, grant)
        return Answer(200 if there else 404, b""), [_offset(there), ("upload-complete", "?0")]

    async def _file_take(
        self, digest: str, grant: Grant, headers: Headers, exchange: Exchange
    ) -> tuple[Answer, Offset]:
        length = body_length(headers)
        if length is None:  # only against it can a body that broke off be told from a whole one
            return answers.error(411, "Content-Length", "the length of the body", "none"), []
        chunk = range_parse(headers.get("content-range") or None, length)
        known = await self._file_known(digest, grant)
        if known is not None:
            return answers.error(200, "sha256", digest, "was here already"), [_offset(known)]
        incoming = await asyncio.to_thread(self._files.open, digest, grant, chunk)
        try:
            size = await _written(incoming, exchange, length, chunk.total)
            if chunk.total is not None and size < chunk.total:
                return Answer(202, b'{"state":"partial"}'), [_offset(size)]
            await asyncio.to_thread(incoming.finish)
        finally:
            await asyncio.to_thread(incoming.close)
        await self._file_keep(digest, grant, size, headers.get("content-type", ""))
        return Answer(201, b'{"sha256":"%b","size":%d}' % (digest.encode(), size)), [_offset(size)]

    async def _file_keep(self, digest: str, grant: Grant, size: int, type_: str) -> None:
        kind = re.sub(r"[^ -~]", "", type_)[:100]
        values = (uuid7(), digest, size, kind, grant.device, grant.area, grant.agency, clock.now())
        await self._ask(statements.FILE_KEPT, *values)

    async def _file_known(self, digest: str, grant: Grant) -> int | None:
        rows = await self._ask(statements.FILE_KNOWN, digest, grant.agency)
        return rows[0]["size"] if rows else None

    async def _device_active(self, grant: Grant) -> None:
        if grant.device is None:
            return
        if not await self._ask(statements.DEVICE_ACTIVE, grant.device, legal_date(clock.now())):
            raise TokenRefused("the device was revoked or its post has ended")

    async def _ask(self, statement: str, *values: object) -> list[Any]:
        async with self._aside_lock:
            try:
                return await self._aside.fetch(statement, *values)
            except LOST:
                await self._aside.close()
                return await self._aside.fetch(statement, *values)

    def _grant(self, headers: Headers) -> Grant:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenRefused("no bearer token")
        return token_read(token, now_s=time.time(), key=self._key, key_id=self._key_id)


def _taken(grant: Grant, raw: bytes) -> Pending | Answer:
    """A message ready to be stored, or why it is not."""
    try:
        incoming = message_parse(raw)
    except Malformed as problem:
        return answers.malformed(problem)
    if not grant.may_send(incoming.kind):
        return answers.forbidden(incoming.kind)
    return Pending(grant, raw, sha256(raw).digest(), incoming)


async def _body(exchange: Exchange, headers: Headers, limit: int) -> bytes | None:
    """The whole body, or None as soon as it is longer than allowed."""
    length = body_length(headers)
    if length is not None and length > limit:
        return None
    try:
        if length is not None:
            return await exchange()
        parts, size = [], 0
        async for part in exchange:
            parts.append(part)
            size += len(part)
            if size > limit:
                return None
        return b"".join(parts)
    except RuntimeError:
        raise Disconnected from None


async def _written(incoming: Incoming, exchange: Exchange, length: int, total: int | None) -> int:
    """Write a body as it comes; what came before a broken connection is kept for the next request."""
    try:
        async for data in exchange:
            if total is not None and incoming.size + len(data) > total:
                raise FileRefused(422, "body", f"at most {total} bytes in all", "more")
            if data:
                await asyncio.to_thread(incoming.write, data)
                length -= len(data)
        if length > 0:
            raise Disconnected
        return incoming.size
    except RuntimeError:
        raise Disconnected from None
    finally:
        await asyncio.to_thread(incoming.keep)


def _offset(size: int) -> tuple[str, str]:
    return "upload-offset", str(size)


def _send(exchange: Exchange, answer: Answer, headers: Offset | None = None) -> None:
    kind = _NDJSON if answer.status in (201, 207) and answer.body.endswith(b"\n") else _JSON
    start = [("content-type", kind), ("cache-control", "no-store"), *STRICT]
    if answer.status == 401:
        start.append(("www-authenticate", "Bearer"))
    if answer.status == 503:
        start.append(("retry-after", "2"))
    exchange.response_bytes(answer.status, start + (headers or []), answer.body)

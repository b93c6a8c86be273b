"""The bare ASGI handler of the gate: reads a request, asks for the commit, answers. No framework in between."""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
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

log = logging.getLogger("ronda.gate")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MESSAGES, FILES = "/gate/v1/messages", "/gate/v1/files/"
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_JSON, _NDJSON = b"application/json", b"application/x-ndjson"


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
    def takes(scope: Scope) -> bool:
        """Whether a request is for this handler; all others go to the pages."""
        path: str = scope["path"]
        return (path == MESSAGES and scope["method"] != "GET") or path.startswith(FILES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["path"] == MESSAGES:
                await _send(send, await self._messages(scope, receive))
            else:
                answer, headers = await self._file(scope, receive)
                await _send(send, answer, headers)
        except Disconnected:
            return
        except Exception:  # nothing was promised; the sender keeps its message and asks again
            log.exception("a request to the gate failed")
            await _send(send, answers.unavailable())

    async def _messages(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] != "POST":
            return answers.error(405, "method", "POST", scope["method"])
        headers = dict(scope["headers"])
        try:
            grant = self._grant(headers)
        except TokenRefused as problem:
            return answers.refused(str(problem))
        is_batch = headers.get(b"content-type", b"").startswith(_NDJSON)
        limit = MAX_BATCH_BYTES if is_batch else MAX_MESSAGE_BYTES
        body = await _body(receive, headers, limit)
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

    async def _file(self, scope: Scope, receive: Receive) -> tuple[Answer, list[tuple[bytes, bytes]]]:
        digest, method = scope["path"][len(FILES) :], scope["method"]
        headers = dict(scope["headers"])
        try:
            if not _SHA256.match(digest):
                raise FileRefused(422, "sha256", "64 lower-case hexadecimal digits", digest[:70])
            grant = self._grant(headers)
            await self._device_active(grant)
            if method == "HEAD":
                return await self._file_state(digest, grant)
            if method != "PUT":
                return answers.error(405, "method", "PUT or HEAD", method), []
            return await self._file_take(digest, grant, headers, receive)
        except TokenRefused as problem:
            return answers.refused(str(problem)), []
        except FileRefused as problem:
            offset = [] if problem.offset is None else [_offset(problem.offset)]
            return answers.error(problem.status, problem.field, problem.wanted, problem.came), offset

    async def _file_state(self, digest: str, grant: Grant) -> tuple[Answer, list[tuple[bytes, bytes]]]:
        size = await self._file_known(digest, grant)
        if size is not None:
            return Answer(200, b""), [_offset(size), (b"upload-complete", b"?1")]
        there = await asyncio.to_thread(self._files.offset, digest, grant)
        return Answer(200 if there else 404, b""), [_offset(there), (b"upload-complete", b"?0")]

    async def _file_take(
        self, digest: str, grant: Grant, headers: dict[bytes, bytes], receive: Receive
    ) -> tuple[Answer, list[tuple[bytes, bytes]]]:
        length = _length(headers)
        span = headers.get(b"content-range")
        chunk = range_parse(span.decode("latin-1") if span is not None else None, length)
        known = await self._file_known(digest, grant)
        if known is not None:
            return answers.error(200, "sha256", digest, "was here already"), [_offset(known)]
        incoming = await asyncio.to_thread(self._files.open, digest, grant, chunk)
        try:
            size = await _written(incoming, receive, chunk.total)
            if chunk.total is not None and size < chunk.total:
                return Answer(202, b'{"state":"partial"}'), [_offset(size)]
            await asyncio.to_thread(incoming.finish)
        finally:
            await asyncio.to_thread(incoming.close)
        await self._file_keep(digest, grant, size, headers.get(b"content-type", b"").decode("latin-1"))
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

    def _grant(self, headers: dict[bytes, bytes]) -> Grant:
        scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
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


async def _body(receive: Receive, headers: dict[bytes, bytes], limit: int) -> bytes | None:
    """The whole body, or None as soon as it is longer than allowed."""
    if (_length(headers) or 0) > limit:
        return None
    event = await receive()
    if event["type"] == "http.disconnect":
        raise Disconnected
    body: bytes = event.get("body", b"")
    if event.get("more_body"):
        parts, size = [body], len(body)
        while event.get("more_body"):
            event = await receive()
            if event["type"] == "http.disconnect":
                raise Disconnected
            parts.append(event.get("body", b""))
            size += len(parts[-1])
            if size > limit:
                return None
        body = b"".join(parts)
    return body if len(body) <= limit else None


async def _written(incoming: Incoming, receive: Receive, total: int | None) -> int:
    """Write a body as it comes; what came before a broken connection is kept for the next request."""
    try:
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                raise Disconnected
            data = event.get("body", b"")
            if total is not None and incoming.size + len(data) > total:
                raise FileRefused(422, "body", f"at most {total} bytes in all", "more")
            if data:
                await asyncio.to_thread(incoming.write, data)
            if not event.get("more_body"):
                return incoming.size
    finally:
        await asyncio.to_thread(incoming.keep)


def _length(headers: dict[bytes, bytes]) -> int | None:
    text = headers.get(b"content-length", b"")
    return int(text) if text.isdigit() and len(text) < 16 else None


def _offset(size: int) -> tuple[bytes, bytes]:
    return b"upload-offset", b"%d" % size


async def _send(send: Send, answer: Answer, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    kind = _NDJSON if answer.status in (201, 207) and answer.body.endswith(b"\n") else _JSON
    start = [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(answer.body)),
        (b"cache-control", b"no-store"),
    ]
    if answer.status == 401:
        start.append((b"www-authenticate", b"Bearer"))
    if answer.status == 503:
        start.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": answer.status, "headers": start + (headers or [])})
    await send({"type": "http.response.body", "body": answer.body})

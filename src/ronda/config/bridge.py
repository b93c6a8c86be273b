"""Django's ASGI handler behind RSGI: the gate speaks RSGI because that costs a message a fifth less."""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from ronda.kernel.rsgi import STRICT, Exchange, Request, Stream, body_length

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Pages = Callable[[Message, Receive, Send], Awaitable[None]]
GONE: Message = {"type": "http.disconnect"}
NO_LENGTH = 411


class Bridge:
    """One request to the pages, one answer back."""

    def __init__(self, request: Request, exchange: Exchange) -> None:
        self._exchange = exchange
        self._missing = body_length(request.headers) or 0
        self._parts: AsyncIterator[bytes] | None = None
        self._is_read = False
        self._head: tuple[int, list[tuple[str, str]]] | None = None
        self._stream: Stream | None = None

    async def receive(self) -> Message:
        """The next part of the body; after it, word that the client went away, when it does."""
        if self._is_read:
            await self._exchange.client_disconnect()
            return GONE
        part = await self._part() if self._missing else b""
        if self._missing and not part:  # the body broke off: half a form is no form
            return GONE
        self._missing -= len(part)
        self._is_read = self._missing <= 0
        return {"type": "http.request", "body": part, "more_body": not self._is_read}

    async def send(self, message: Message) -> None:
        """A whole answer at once where Django has one, else part by part."""
        if message["type"] == "http.response.start":
            self._head = message["status"], [_text(pair) for pair in message.get("headers", ())]
            return
        body, is_last = message.get("body", b""), not message.get("more_body", False)
        try:
            if self._stream is None:
                status, headers = self._head or (500, [])
                if is_last:
                    self._exchange.response_bytes(status, headers, body)
                    return
                self._stream = self._exchange.response_stream(status, headers)
            if body:
                await self._stream.send_bytes(body)
        except RuntimeError:
            return  # the reader went away; Django hears it from `receive`
        if is_last:
            self._stream = None

    async def _part(self) -> bytes:
        if self._parts is None:
            self._parts = aiter(self._exchange)
        try:
            return await anext(self._parts, b"")
        except RuntimeError:
            return b""


async def bridged(
    pages: Pages, request: Request, exchange: Exchange, ends: Callable[[Message, Receive], Receive]
) -> None:
    """Let the pages answer; `ends` may wrap what a live line listens to."""
    if request.headers.get("transfer-encoding") and body_length(request.headers) is None:
        headers = [("content-type", "text/plain"), *STRICT]
        exchange.response_bytes(NO_LENGTH, headers, b"Content-Length is wanted.\n")
        return
    bridge, scope = Bridge(request, exchange), asgi_scope(request)
    await pages(scope, ends(scope, bridge.receive), bridge.send)


def asgi_scope(request: Request) -> Message:
    """The head of a request in ASGI's words."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": request.http_version,
        "scheme": request.scheme,
        "method": request.method,
        "path": request.path,
        "query_string": request.query_string.encode("latin-1", "replace"),
        "headers": [(name.encode(), value.encode()) for name, value in request.headers.items()],
        "client": _address(request.client),
        "server": _address(request.server),
    }


def _address(text: str) -> tuple[str, int] | None:
    """Host and port of "127.0.0.1:80" or "[::1]:80"; None for a socket, which has no port."""
    host, _, port = text.rpartition(":")
    return (host.strip("[]"), int(port)) if host and port.isdigit() else None


def _text(pair: tuple[bytes, bytes]) -> tuple[str, str]:
    """Header name and value; a value that is not ASCII is an error of ours and must not reach the server's core."""
    return pair[0].decode("ascii"), pair[1].decode("ascii")

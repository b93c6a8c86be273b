"""What granian's RSGI hands to an application, as far as Ronda uses it. Header names come in lower case."""

from collections.abc import AsyncIterator
from typing import Protocol

# What an answer that is no page carries, so that no browser takes it for one. Pages have their own (web.middleware).
STRICT: tuple[tuple[str, str], ...] = (
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
)


class Headers(Protocol):
    """A header that is not plain ASCII counts as absent."""

    def get(self, name: str, default: str = "") -> str: ...
    def items(self) -> list[tuple[str, str]]: ...


class Request(Protocol):
    """The head of a request; `path` is decoded, `client` and `server` are "address:port"."""

    proto: str
    http_version: str
    scheme: str
    method: str
    path: str
    query_string: str
    client: str
    server: str
    headers: Headers


class Stream(Protocol):
    """An answer that goes out in parts; it ends when nobody holds it any more."""

    async def send_bytes(self, data: bytes) -> None: ...


class Exchange(Protocol):
    """The body of a request, and the one answer to it. A client that went away raises RuntimeError."""

    async def __call__(self) -> bytes: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    async def client_disconnect(self) -> None: ...
    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...
    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Stream: ...


def body_length(headers: Headers) -> int | None:
    """The length the sender announced, in bytes; None when it announced none."""
    text = headers.get("content-length", "")
    return int(text) if text.isdigit() and len(text) < 16 else None

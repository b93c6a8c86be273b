"""Ends the live lines when the server stops; otherwise it would wait for pages that nobody closes.

The parent process says so to its workers (SIGUSR1) before it asks them to end. A live line then hears that its
reader is gone, as if the page had been closed; the page comes back by itself when the server does.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

SIGNAL = signal.SIGUSR1
STREAM = b"text/event-stream"
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class Stopping:
    """Whether this process was told to stop."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    def listen(self) -> None:
        """Hear the parent, in the loop that serves."""
        asyncio.get_running_loop().add_signal_handler(SIGNAL, self._told.set)

    def ends(self, scope: Message, receive: Receive) -> Receive:
        """For a live line: `receive` that also ends when the server stops."""
        if not any(name == b"accept" and STREAM in value for name, value in scope["headers"]):
            return receive

        async def until_told() -> Message:
            heard, told = asyncio.ensure_future(receive()), asyncio.ensure_future(self._told.wait())
            try:
                await asyncio.wait({heard, told}, return_when=asyncio.FIRST_COMPLETED)
                return heard.result() if heard.done() else {"type": "http.disconnect"}
            finally:
                heard.cancel()
                told.cancel()

        return until_told

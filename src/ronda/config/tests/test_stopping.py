"""A live line ends when the server stops; an ordinary answer is left to finish."""

import asyncio
import os
from typing import Any

from ronda.config.stopping import SIGNAL, Stopping


async def never() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


def asked(accept: bytes) -> dict[str, Any]:
    return {"type": "http", "headers": [(b"host", b"localhost"), (b"accept", accept)]}


def test_a_live_line_hears_that_its_reader_is_gone() -> None:
    async def story() -> dict[str, Any]:
        stopping = Stopping()
        stopping.listen()
        receive = stopping.ends(asked(b"text/event-stream"), never)
        asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), SIGNAL)
        return dict(await asyncio.wait_for(receive(), 5))

    assert asyncio.run(story()) == {"type": "http.disconnect"}


def test_what_comes_in_before_still_comes() -> None:
    async def body() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x"}

    async def story() -> dict[str, Any]:
        return dict(await Stopping().ends(asked(b"text/event-stream"), body)())

    assert asyncio.run(story())["body"] == b"x"


def test_an_ordinary_request_is_not_touched() -> None:
    async def story() -> bool:
        return Stopping().ends(asked(b"text/html"), never) is never

    assert asyncio.run(story())

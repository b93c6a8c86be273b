"""What the server runs: the gate for what the field sends, Django for all else, in one process."""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronda.config.settings")
pages = get_asgi_application()

from django.conf import settings  # noqa: E402  # Django must be set up before
from django.db import DatabaseError, connection  # noqa: E402

from ronda.config.stopping import Stopping  # noqa: E402
from ronda.gate.door import Gate  # noqa: E402

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Application:
    """Hands each request to the gate or to the pages; opens and closes the gate with the server."""

    def __init__(self) -> None:
        self._gate: Gate | None = None
        self._stopping: Stopping | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif self._gate is not None and scope["type"] == "http" and Gate.takes(scope):
            await self._gate(scope, receive, send)
        else:
            if scope["type"] == "http" and self._stopping is not None:
                receive = self._stopping.ends(scope, receive)
            await pages(scope, receive, send)  # type: ignore[arg-type]  # Django names narrower types

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                self._gate = Gate(
                    gate_database(settings.DATABASES["default"]),
                    settings.KEYS,
                    settings.VAR / "files",
                    connections=settings.GATE_CONNECTIONS,
                )
                await self._gate.start()
                await asyncio.to_thread(_pool_open)
                self._stopping = Stopping()
                self._stopping.listen()
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._gate is not None:
                    await self._gate.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _pool_open() -> None:
    """Open the pool of this process before its first request, else that waits. A database away is asked later."""
    with suppress(DatabaseError):
        connection.ensure_connection()
    connection.close()


def gate_database(database: dict[str, Any]) -> dict[str, Any]:
    """Where the gate's own connections go: the same database and role as all else, in asyncpg's words."""
    where = {
        "host": database["HOST"] or None,
        "port": int(database["PORT"]) if database["PORT"] else 5432,
        "user": database["USER"],
        "password": database["PASSWORD"] or None,
        "database": database["NAME"],
        "ssl": database["OPTIONS"].get("sslmode"),
    }
    return {name: value for name, value in where.items() if value is not None}


application = Application()

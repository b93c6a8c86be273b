"""What the server runs: the gate for what the field sends, Django for all else, in one process."""

import asyncio
import os
from contextlib import suppress
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronda.config.settings")
pages = get_asgi_application()

from django.conf import settings  # noqa: E402  # Django must be set up before
from django.db import DatabaseError, connection  # noqa: E402

from ronda.config.bridge import bridged  # noqa: E402
from ronda.config.stopping import Stopping  # noqa: E402
from ronda.config.warming import settle  # noqa: E402
from ronda.gate.door import Gate  # noqa: E402
from ronda.kernel.rsgi import Exchange, Request  # noqa: E402


class Application:
    """Hands each request to the gate or to the pages; opens and closes the gate with the server."""

    def __init__(self) -> None:
        self._gate: Gate | None = None
        self._stopping = Stopping()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.run_until_complete(self._open())

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._gate is not None:
            loop.run_until_complete(self._gate.stop())

    async def __rsgi__(self, request: Request, exchange: Exchange) -> None:
        if self._gate is not None and Gate.takes(request):
            await self._gate(request, exchange)
        else:
            await bridged(pages, request, exchange, self._stopping.ends)  # type: ignore[arg-type]  # Django names narrower types

    async def _open(self) -> None:
        self._gate = Gate(
            gate_database(settings.DATABASES["default"]),
            settings.KEYS,
            settings.VAR / "files",
            connections=settings.GATE_CONNECTIONS,
        )
        await self._gate.start()
        await asyncio.to_thread(_pool_open)
        self._stopping.listen()
        settle()


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

"""The gate without a server: requests as an RSGI server would hand them over."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from ronda.gate.domain import Grant
from ronda.gate.door import Gate
from ronda.gate.tokens import token_key, token_make
from ronda.kernel.keys import NodeKeys, node_keys

FAR_FUTURE_S = 4_102_444_800


class Answered:
    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def message(**fields: Any) -> dict[str, Any]:
    """A well-formed report; give fields to change it, None takes one away."""
    whole = {
        "id": str(uuid4()),
        "kind": "report",
        "election": "pilkada-2024",
        "place": "51.01.02.2003",
        "station": 3,
        "captured_at": "2024-11-27T06:10:03+07:00",
        "device": "hp-1",
        "body": {"text": "kotak suara terbuka"},
        "files": [],
    } | fields
    return {name: value for name, value in whole.items() if value is not None}


def raw(**fields: Any) -> bytes:
    return json.dumps(message(**fields), ensure_ascii=False).encode()


def token(grant: Grant | None = None, *, expires_s: int = FAR_FUTURE_S, keys: NodeKeys | None = None) -> str:
    keys = keys or node_keys()
    return token_make(grant or Grant.public(), expires_s=expires_s, key=token_key(keys), key_id=keys.kid)


async def ask(
    gate: Gate,
    body: bytes = b"",
    *,
    path: str = "/gate/v1/messages",
    method: str = "POST",
    bearer: str | None = None,
    pieces: int = 1,
    **headers: str,
) -> Answered:
    """One request; `headers` in snake_case."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if bearer != "":
        given["authorization"] = f"Bearer {bearer or token()}"
    exchange = Exchange(body, pieces)
    await gate(SimpleNamespace(path=path, method=method, headers=given), exchange)  # type: ignore[arg-type]  # as far as the gate looks
    if exchange.answered is None:
        raise AnswerMissing
    return exchange.answered


class AnswerMissing(Exception):
    """The gate let a request go without an answer: its sender is gone."""


class Exchange:
    """The body in pieces, and the answer that came."""

    def __init__(self, body: bytes, pieces: int) -> None:
        size = max(1, -(-len(body) // pieces))
        self._parts = [body[n : n + size] for n in range(0, len(body), size)] or [b""]
        self.answered: Answered | None = None

    async def __call__(self) -> bytes:
        return b"".join(self._parts)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answered = Answered(status, headers, body)


@asynccontextmanager
async def opened(database: Any, files: Path, *, connections: int = 1) -> Any:
    gate = Gate(where(database), node_keys(), files, connections=connections)
    await gate.start()
    try:
        yield gate
    finally:
        await gate.stop()


def where(database: Any) -> dict[str, Any]:
    return {"host": str(database.server.socket_dir), "user": "ronda_web", "database": database.name}


def with_gate(database: Any, files: Path, story: Any, *, connections: int = 1) -> Any:
    """Run `story(gate)` with an open gate."""

    async def run() -> Any:
        async with opened(database, files, connections=connections) as gate:
            return await story(gate)

    return asyncio.run(run())


def together(*asked: Coroutine[Any, Any, Answered]) -> Any:
    return asyncio.gather(*asked)


def device_in(
    database: Any, *, agency: str = "bawaslu", kind: str = "bawaslu", area: str = "51.01.02"
) -> Grant:
    """A device with its post, written by the superuser, and the grant for it."""
    ids = {name: uuid4() for name in ("person", "unit", "post", "device")}
    scoped = f"'{area}', 2, '{agency}', '{{}}', now()"
    database.psql(
        f"""
        INSERT INTO agencies_agency (code, kind, name) VALUES ('{agency}', '{kind}', '{agency}') ON CONFLICT DO NOTHING;
        INSERT INTO agencies_unit (id, agency_id, area, name, kind)
            VALUES ('{ids["unit"]}', '{agency}', '{area}', 'unit', '{ids["unit"]}');
        INSERT INTO agencies_person (id, area, sensitivity, agency, audience, created_at, name, phone)
            VALUES ('{ids["person"]}', {scoped}, 'Ayu', '');
        INSERT INTO agencies_post (id, area, sensitivity, agency, audience, created_at, person_id, unit_id, role,
                                   display_name, starts_on)
            VALUES ('{ids["post"]}', {scoped}, '{ids["person"]}', '{ids["unit"]}', 'officer', 'Ayu',
                    '{date(2024, 1, 1)}');
        INSERT INTO agencies_device (id, area, sensitivity, agency, audience, created_at, post_id, label, kid)
            VALUES ('{ids["device"]}', {scoped}, '{ids["post"]}', 'hp', 1);
        """
    )
    return Grant(agency, kind, area, ids["device"], ids["person"])


def count(database: Any, table: str) -> int:
    return int(database.psql(f"SELECT count(*) FROM {table}"))


def stored(database: Any, id_: str | UUID) -> bytes:
    return bytes.fromhex(database.psql(f"SELECT encode(raw, 'hex') FROM gate_message WHERE id = '{id_}'"))

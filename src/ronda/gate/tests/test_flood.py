"""S17. A flood of the public, a hundred to one: who is honest is answered within five seconds, and nobody is refused.

The node is made slow on purpose, with its limits in proportion, so that the flood is more than it can take.
"""

import asyncio
import time

import pytest
from tests.counts import count

from ronda.gate import commit
from ronda.gate.commit import Committer, GateConnection
from ronda.gate.tests.at_the_door import ask, device_in, raw, token, with_gate

FLOOD_TO_ONE = 100
LIMIT_S = 5.0
GROUP, GROUP_S, PUBLIC_ROOM = 16, 0.04, 200  # a node that keeps at most 400 messages a second
OVER_S = 1.0
AGAIN_S = 2.0  # a phone waits as long as the answer says


@pytest.fixture
def flooded(database, tmp_path, monkeypatch):
    """Runs the flood with honest senders in it; gives how long each honest one waited for its receipt."""
    monkeypatch.setattr(commit, "GROUP_MAX", GROUP)
    fetch = GateConnection.fetch

    async def slowly(self, statement, *values):
        await asyncio.sleep(GROUP_S)
        return await fetch(self, statement, *values)

    monkeypatch.setattr(GateConnection, "fetch", slowly)
    devices, anyone, many = token(device_in(database)), token(), count("flood")
    waits: list[float] = []

    async def story(gate):
        async def honest(number):
            await asyncio.sleep(OVER_S * number / many)
            sent, began, bearer = raw(), time.monotonic(), devices if number % 2 else anyone
            while (await ask(gate, sent, bearer=bearer)).status != 201:
                await asyncio.sleep(AGAIN_S)
            waits.append(time.monotonic() - began)

        async def flood(number):
            await asyncio.sleep(OVER_S * number / (many * FLOOD_TO_ONE))
            await ask(gate, raw(), bearer=anyone)

        crowd = (flood(number) for number in range(many * FLOOD_TO_ONE))
        await asyncio.gather(*crowd, *(honest(number) for number in range(many)))

    def run() -> float:
        with_gate(database, tmp_path, story)
        return sorted(waits)[int(0.95 * len(waits))]

    return run, waits


def test_in_a_flood_of_a_hundred_to_one_the_honest_have_their_receipt_within_five_seconds(
    flooded, monkeypatch
):
    monkeypatch.setattr(commit, "PUBLIC_QUEUE_MAX", PUBLIC_ROOM)
    run, waits = flooded
    p95 = run()
    print(f"S17: {len(waits)} honest among {len(waits) * FLOOD_TO_ONE}: p95 {p95:.2f} s, 0 refused")  # noqa: T201
    assert len(waits) == count("flood")
    assert p95 <= LIMIT_S


def test_control_without_limits_the_honest_wait_behind_the_flood(flooded, monkeypatch):
    monkeypatch.setattr(commit, "PUBLIC_QUEUE_MAX", 10**9)
    monkeypatch.setattr(commit, "QUEUE_MAX", 10**9)
    monkeypatch.setattr(Committer, "_lane", lambda self, pending: self._devices)
    run, _waits = flooded
    assert run() > LIMIT_S

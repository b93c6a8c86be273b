"""S17. A flood with the public token waits its turn: registered devices go first, and nobody honest loses a report."""

import asyncio

import pytest

from ronda.gate.commit import GROUP_MAX, PUBLIC_QUEUE_MAX, PUBLIC_TURN, Committer, Lane
from ronda.gate.tests.at_the_door import ask, count, device_in, raw, token, with_gate

FLOOD = PUBLIC_QUEUE_MAX + 300


@pytest.fixture
def flood(database, tmp_path):
    """Public messages by the thousand, then one of a device: who was answered how, in the order of the answers."""
    bearer = token(device_in(database))
    anyone = token()

    async def story(gate):
        answered: list[tuple[str, int]] = []

        async def send(who, using):
            answered.append((who, (await ask(gate, raw(), bearer=using)).status))

        crowd = [asyncio.create_task(send("public", anyone)) for _ in range(FLOOD)]
        await asyncio.gather(*crowd, send("device", bearer))
        return answered

    return lambda: with_gate(database, tmp_path, story)


def test_a_device_is_answered_before_a_flood_of_the_public(flood, database):
    answered = flood()
    kept_before = [who for who, status in answered[: answered.index(("device", 201))] if status == 201]
    assert len(kept_before) <= GROUP_MAX
    assert count(database, "gate_message") == PUBLIC_QUEUE_MAX + 1


def test_beyond_the_bound_the_public_is_told_to_send_again_and_nothing_is_half_kept(flood, database):
    statuses = [status for who, status in flood() if who == "public"]
    assert statuses.count(503) == FLOOD - PUBLIC_QUEUE_MAX
    assert statuses.count(201) == PUBLIC_QUEUE_MAX
    assert count(database, "gate_message") == count(database, "ledger_leaf") == PUBLIC_QUEUE_MAX + 1


def test_control_in_one_lane_the_device_waits_behind_the_flood(flood, database, monkeypatch):
    monkeypatch.setattr(Committer, "_lane", lambda self, pending: self._devices)
    with pytest.raises(AssertionError):
        test_a_device_is_answered_before_a_flood_of_the_public(flood, database)


def test_what_was_told_to_send_again_is_taken_later(database, tmp_path, monkeypatch):
    monkeypatch.setattr("ronda.gate.commit.PUBLIC_QUEUE_MAX", 3)
    waiting = [raw() for _ in range(8)]

    async def story(gate):
        first = await asyncio.gather(*(ask(gate, one) for one in waiting))
        refused = [one for one, answer in zip(waiting, first, strict=True) if answer.status == 503]
        headers = {answer.headers.get("retry-after") for answer in first if answer.status == 503}
        return headers, [(await ask(gate, one)).status for one in refused]

    headers, later = with_gate(database, tmp_path, story)
    assert headers == {"2"}
    assert later == [201] * 5
    assert count(database, "gate_message") == 8


def test_the_public_is_not_starved_by_devices_that_never_rest():
    committer = Committer({}, None)

    def wait(lane: Lane, messages: int):
        lane.waiting.append(([None] * messages, None))

    wait(committer._public, 1)
    rounds = 0
    while committer._public.waiting:
        wait(committer._devices, GROUP_MAX)
        committer._take()
        rounds += 1
    assert rounds <= PUBLIC_TURN

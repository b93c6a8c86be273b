"""S1: gate and worker are killed at random points; nothing that was acknowledged is lost, doubled or half there."""

import json
import random
import time
from hashlib import sha256

import pytest
from tests.counts import count

from ronda.gate.tests.at_the_door import device_in, raw, token
from ronda.gate.tests.running import (
    APPLICATION,
    free_port,
    gate_process,
    post,
    senders,
    wait_until,
    worker_process,
)

pytestmark = pytest.mark.serial
LIES = "tests.flows.gate_that_lies:application"
SENDERS = 6


def endless():
    while True:
        yield raw()


def killed_under_load(
    database, *, kills: int, seed: int, application: str = APPLICATION
) -> dict[bytes, bytes]:
    """Load the gate, kill it and the worker again and again; the acknowledged messages with their answers."""
    chance, port = random.Random(seed), free_port()
    bearer = token(device_in(database))
    gate, worker = gate_process(database, port, application=application), worker_process(database)
    gate.start()
    worker.start()
    acknowledged: dict[bytes, bytes] = {}
    try:
        with senders(SENDERS, port, bearer, endless()) as sending:
            for _ in range(kills):
                before = sum(len(one.acknowledged) for one in sending)
                assert wait_until(
                    lambda before=before: sum(len(one.acknowledged) for one in sending) > before
                )
                time.sleep(chance.uniform(0.0, 0.6))
                victims = chance.choice(([gate], [worker], [gate, worker]))
                if application != APPLICATION:
                    victims = [gate]
                for victim in victims:
                    victim.kill()
                for victim in victims:
                    victim.start()
            assert [one.refused for one in sending] == [[]] * SENDERS
            gate.kill()
        for one in sending:
            acknowledged |= one.acknowledged
        if application == APPLICATION:
            settle(database, worker)
    finally:
        gate.kill()
        worker.kill()
    return acknowledged


def settle(database, worker) -> None:
    """Until the worker has nothing left to do."""
    open_messages = (
        "SELECT count(*) FROM gate_message m WHERE NOT EXISTS (SELECT FROM gate_outcome o WHERE o.n = m.n)"
    )
    open_leaves = (
        "SELECT count(*) FROM ledger_leaf l WHERE NOT EXISTS (SELECT FROM ledger_entry e WHERE e.leaf = l.n)"
    )
    assert wait_until(lambda: database.psql(open_messages) == database.psql(open_leaves) == "0", seconds=90)


def lost(database, acknowledged: dict[bytes, bytes]) -> list[str]:
    """Acknowledged messages whose exact bytes are not stored."""
    rows = database.psql("SELECT id, encode(sha256(raw), 'hex') FROM gate_message").splitlines()
    stored = dict(row.split("\t") for row in rows)
    answers = [json.loads(answer) for answer in acknowledged.values()]
    assert all(
        sha256(sent).hexdigest() == one["sha256"] for sent, one in zip(acknowledged, answers, strict=True)
    )
    return [one["id"] for one in answers if stored.get(one["id"]) != one["sha256"]]


def test_no_acknowledged_message_is_lost_doubled_or_half_there(live_database):
    kills = count("gate_kills")
    acknowledged = killed_under_load(live_database, kills=kills, seed=1)
    assert len(acknowledged) > kills
    assert lost(live_database, acknowledged) == []
    print(f"S1: {kills} kills, seed 1, {len(acknowledged)} acknowledged, 0 lost")  # noqa: T201
    one_of_each = (
        "SELECT count(*), count(DISTINCT m.id), count(l.n), count(e.position), count(o.id), count(r.message)"
        " FROM gate_message m LEFT JOIN ledger_leaf l ON l.n = m.n LEFT JOIN ledger_entry e ON e.leaf = m.n"
        " LEFT JOIN gate_outcome o ON o.n = m.n AND o.state = 'done' LEFT JOIN reports_report r ON r.message = m.id"
    )
    counts = set(live_database.psql(one_of_each).split("\t"))
    assert len(counts) == 1, counts
    assert live_database.psql("SELECT count(*) FROM ledger_leaf") in counts


def test_control_a_gate_that_acknowledges_before_the_commit_loses_messages(live_database):
    acknowledged = killed_under_load(live_database, kills=2, seed=2, application=LIES)
    assert lost(live_database, acknowledged)


def test_the_same_message_after_a_kill_gets_the_same_receipt(live_database):
    port, bearer, sent = free_port(), token(device_in(live_database)), raw()
    gate = gate_process(live_database, port)
    try:
        gate.start()
        assert wait_until(lambda: post(port, bearer, sent)[0] == 201)
        first = post(port, bearer, sent)
        gate.kill()
        gate.start()
        assert wait_until(lambda: post(port, bearer, sent)[0] == 201)
        assert post(port, bearer, sent) == first
    finally:
        gate.kill()

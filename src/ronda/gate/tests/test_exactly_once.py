"""S3: each message ten times, in any order, through two gates, while four workers consume: exactly one effect."""

import asyncio
import random

import pytest
from tests.counts import count

from ronda.gate.tests.at_the_door import ask, device_in, opened, raw, token
from ronda.gate.tests.running import wait_until, worker_process

pytestmark = pytest.mark.serial
TIMES, WORKERS, GATES, SEED = 10, 4, 2, 3


def sent_many_times(database, folder, messages: list[bytes]) -> dict[bytes, set[bytes]]:
    """All answers by message; every message `TIMES` times in one shuffled row."""
    bearer = token(device_in(database))
    row = messages * TIMES
    random.Random(SEED).shuffle(row)
    answers: dict[bytes, set[bytes]] = {}

    async def send(gate, sent):
        answer = await ask(gate, sent, bearer=bearer)
        assert answer.status == 201
        answers.setdefault(sent, set()).add(answer.body)

    async def story():
        async with opened(database, folder, connections=2) as one, opened(database, folder) as two:
            for start in range(0, len(row), 50):
                await asyncio.gather(
                    *(send((one, two)[n % GATES], sent) for n, sent in enumerate(row[start : start + 50]))
                )

    asyncio.run(story())
    return answers


def effects(database) -> dict[str, int]:
    tables = ("gate_message", "gate_outcome", "ledger_leaf", "ledger_entry", "reports_report")
    return {table: int(database.psql(f"SELECT count(*) FROM {table}")) for table in tables}


def test_each_message_ten_times_has_one_effect_and_one_receipt(live_database, tmp_path):
    messages = [raw() for _ in range(count("exactly_once"))]
    workers = [worker_process(live_database) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    try:
        answers = sent_many_times(live_database, tmp_path, messages)
        wanted = dict.fromkeys(effects(live_database), len(messages))
        patience_s = 60 + len(messages) / 4
        settled = wait_until(lambda: effects(live_database) == wanted, seconds=patience_s)
        assert settled, effects(live_database)
    finally:
        for worker in workers:
            worker.kill()
    assert {len(bodies) for bodies in answers.values()} == {1}
    assert live_database.psql("SELECT count(*) FROM gate_outcome WHERE state <> 'done'") == "0"
    print(f"S3: {len(messages)} messages, {TIMES} times each, seed {SEED}, {WORKERS} workers")  # noqa: T201


def test_control_without_the_unique_key_messages_are_doubled(live_database, tmp_path, monkeypatch):
    from ronda.gate import statements

    live_database.psql("ALTER TABLE gate_message DROP CONSTRAINT gate_message_pkey")
    monkeypatch.setattr(statements, "ACCEPT", statements.ACCEPT.replace("ON CONFLICT (id) DO NOTHING", ""))
    messages = [raw() for _ in range(5)]
    sent_many_times(live_database, tmp_path, messages)
    assert effects(live_database)["gate_message"] > len(messages)

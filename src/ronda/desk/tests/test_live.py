"""The live line: who is told what, the order of late commits, the end of a connection."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from ronda.desk import live
from ronda.desk.live import (
    LOOK_BACK,
    ClockTold,
    News,
    Poller,
    Subscriber,
    may_see,
    missed,
    news_after,
    news_stream,
)
from ronda.kernel import clock
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped

T = TypeVar("T")
AT = datetime(2024, 2, 14, 8, tzinfo=UTC)
CITRA = Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2, 3))
BAGAS = Scope("polri", "polri", "51.01.02", (0, 1, 2))
DEWA = Scope("bawaslu", "bawaslu", "51.02", (0, 1, 2, 3))
EKA = Scope("partai-01", "partai", "51.01", (0, 1))


def in_a_loop(ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run in a thread of its own: another test of this process may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result(30)


def news(position: int = 1, **changed: object) -> News:
    told = {
        "name": "incident.noted",
        "record": "incident",
        "subject": "",
        "area": "51.01.02.2007",
        "agency": "bawaslu",
        "audience": (),
        "sensitivity": 2,
    }
    return News(position, **(told | changed))  # type: ignore[arg-type]


def test_the_supervisor_of_the_area_is_told_and_the_next_regency_is_not() -> None:
    assert may_see(CITRA, news())
    assert not may_see(DEWA, news())


def test_a_class_above_the_role_is_not_told() -> None:
    assert not may_see(CITRA, news(sensitivity=4))
    assert not may_see(EKA, news(sensitivity=2))


def test_police_are_told_what_was_handed_to_them_only() -> None:
    assert not may_see(BAGAS, news())
    assert may_see(BAGAS, news(audience=("polri",)))


def test_police_are_never_told_of_sheets_even_when_named() -> None:
    assert not may_see(BAGAS, news(record="sheet", audience=("polri",)))
    assert may_see(CITRA, news(record="sheet"))


def test_ids_only_travel() -> None:
    lines = news(7).bytes.decode().splitlines()
    assert lines[0] == "id: 7"
    assert set(json.loads(lines[2].removeprefix("data: "))) == {"name", "record", "subject", "area"}


def positions(subscriber: Subscriber, many: int) -> list[int]:
    told = [subscriber.queue.get_nowait() for _ in range(many)]
    return [one.position for one in told if isinstance(one, News)]


def test_a_number_that_commits_late_is_told_once() -> None:
    poller, ayu = Poller(), Subscriber(CITRA)
    poller.subscribers.add(ayu)
    poller._tell([news(10), news(12)])
    poller._tell([news(10), news(11), news(12)])
    assert positions(ayu, 3) == [10, 12, 11]
    assert ayu.queue.empty()


def test_who_cannot_keep_up_loses_the_oldest() -> None:
    slow = Subscriber(CITRA)
    for position in range(live.QUEUE_MOST + 5):
        slow.offer(news(position))
    assert slow.queue.qsize() == live.QUEUE_MOST
    assert positions(slow, 1) == [5]


@pytest.fixture
def happened(committed_db: None) -> list[int]:
    with scoped(Scope.system()):
        rows = [
            EventRow(
                name="incident.noted",
                record="incident",
                area=area,
                agency="bawaslu",
                audience=[],
                sensitivity=2,
                created_at=AT,
                data={},
            )
            for area in ("51.01.02.2007", "51.02.01.2001", "51.01.01.1006")
        ]
        for row in rows:
            row.save(force_insert=True)
        return list(EventRow.objects.order_by("position").values_list("position", flat=True))


def test_a_browser_that_comes_back_gets_what_it_missed(happened: list[int]) -> None:
    assert [one.area for one in missed(CITRA, happened[0] - 1)] == ["51.01.02.2007", "51.01.01.1006"]
    assert [one.position for one in missed(CITRA, happened[0])] == [happened[2]]
    assert missed(CITRA, None) == []
    assert len(news_after(happened[0] - LOOK_BACK)) == 3


def test_a_drill_clock_that_was_set_anew_is_told_once_to_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "clock.json"
    monkeypatch.setenv("RONDA_CLOCK_FILE", str(path))
    clock.set_drill(path, simulated=AT, speed=0)
    poller, listening = Poller(), [Subscriber(CITRA), Subscriber(EKA)]
    poller.subscribers.update(listening)
    poller._tell_clock()
    assert all(one.queue.empty() for one in listening)
    clock.set_drill(path, simulated=AT + timedelta(hours=1), speed=0)
    poller._tell_clock()
    poller._tell_clock()
    for one in listening:
        assert one.queue.get_nowait() == ClockTold((AT + timedelta(hours=1)).timestamp(), 0)
        assert one.queue.empty()


def test_a_connection_begins_with_the_clock_of_the_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "rate", lambda: 120.0)

    async def first() -> bytes:
        stream = news_stream(CITRA, lambda: True)
        return await anext(aiter(stream))

    monkeypatch.setattr(live, "news_after", lambda position: [])
    monkeypatch.setattr(live, "newest_position", lambda: 0)
    lines = in_a_loop(first).decode().splitlines()
    told = json.loads(lines[lines.index("event: clock") + 1].removeprefix("data: "))
    assert told == {"epoch": AT.timestamp(), "rate": 120.0}


def test_a_connection_ends_when_the_rights_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "RECHECK_S", 0.02)
    monkeypatch.setattr(live, "news_after", lambda position: [])
    monkeypatch.setattr(live, "newest_position", lambda: 0)
    answers = iter([True, False])

    async def listen() -> list[bytes]:
        return [part async for part in news_stream(CITRA, lambda: next(answers))]

    parts = in_a_loop(listen)
    assert parts[-1].startswith(b"event: leave")


def test_a_connection_ends_after_its_life_and_frees_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "RECHECK_S", 0.02)
    monkeypatch.setattr(live, "LIFE_S", 0.05)
    monkeypatch.setattr(live, "news_after", lambda position: [])
    monkeypatch.setattr(live, "newest_position", lambda: 0)

    async def listen() -> int:
        _parts = [part async for part in news_stream(CITRA, lambda: True)]
        return len(live.poller().subscribers)

    assert in_a_loop(listen) == 0

"""Check-ins are taken in once, kept when the place is unknown, and summed up per station."""

from datetime import timedelta
from typing import Any

import pytest

from ronda.kernel.models import AuditLine, EventRow
from ronda.readiness.domain import CheckinRefused
from ronda.readiness.models import Checkin, RollCallAnswer, StationState, WarehouseCheck
from ronda.readiness.services import checkins_record
from ronda.readiness.tests.factories import (
    ELECTION,
    PENYARINGAN,
    REGENCY,
    jembrana,
    local,
    message,
    step,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _register(db: None) -> None:
    jembrana()


def test_a_station_that_opens_is_one_row_one_state_one_event_one_audit_line(as_scope: Any) -> None:
    at = local("07.02")
    with as_scope():
        assert checkins_record(messages=[step("opened", at)], at=at) == 1

        row, state = Checkin.objects.get(), StationState.objects.get()
        assert (row.station_code, row.step, row.area, row.agency) == (
            "5101022003001",
            "opened",
            PENYARINGAN,
            "bawaslu",
        )
        assert (state.rank, state.step, state.heard_at, state.reached[:3]) == (
            2,
            "opened",
            at,
            [at, at, None],
        )
        event = EventRow.objects.get()
        assert (event.name, event.area, event.data["steps"]) == ("checkins.recorded", REGENCY, {"opened": 1})
        assert AuditLine.objects.count() == 1


def test_the_same_message_twice_has_one_effect(as_scope: Any) -> None:
    word = step("opened", local("07.02"))
    with as_scope():
        checkins_record(messages=[word, word], at=local("07.03"))
        assert checkins_record(messages=[word], at=local("07.04")) == 0

        assert Checkin.objects.count() == StationState.objects.count() == EventRow.objects.count() == 1


def test_words_in_any_order_give_the_same_state(as_scope: Any) -> None:
    words = [
        step("closed", local("13.05")),
        step("logistics", local("16.00", day=-1)),
        step("opened", local("07.00")),
    ]
    with as_scope():
        for word in words:
            checkins_record(messages=[word], at=local("13.06"))
        state = StationState.objects.get()

    assert (state.rank, state.step, state.heard_at) == (4, "closed", local("13.05"))
    assert state.reached == [local("16.00", day=-1), local("07.00"), local("13.05"), local("13.05"), None]


def test_a_station_not_in_the_register_is_kept_and_counts_nowhere(as_scope: Any) -> None:
    with as_scope():
        checkins_record(messages=[step("opened", local("07.00"), number=77)], at=local("07.00"))
        row = Checkin.objects.get()

        assert (row.is_placed, row.station, row.station_code, row.area) == (False, 77, "", PENYARINGAN)
        assert "station_unknown" in row.remarks
        assert not StationState.objects.exists()


@pytest.mark.parametrize(
    ("place", "station"), [("Desa Penyaringan", 1), ("", None), ("51.01.02.2003", "satu")]
)
def test_a_place_that_is_no_code_is_filed_under_the_sender(as_scope: Any, place: str, station: Any) -> None:
    with as_scope():
        word = message({"step": "opened"}, local("07.00"), place=place, station=station)
        checkins_record(messages=[word], at=local("07.00"))
        row = Checkin.objects.get()

    assert (row.area, row.place, row.is_placed) == (PENYARINGAN, place, False)


def test_a_device_whose_clock_runs_ahead_is_heard_when_it_was_received(as_scope: Any) -> None:
    received = local("07.00")
    with as_scope():
        word = step("opened", received + timedelta(days=3), received_at=received)
        checkins_record(messages=[word], at=received)
        row = Checkin.objects.get()

    assert (row.at, row.captured_at) == (received, received + timedelta(days=3))
    assert "captured_in_future" in row.remarks


def test_a_roll_call_and_a_warehouse_check_have_their_own_tables(as_scope: Any) -> None:
    at = local("05.40")
    checks = {"G01": True, "G05": False, "G10": False}
    words = [
        message({"step": "roll_call", "call": "morning"}, at, agency="polri"),
        message(
            {"step": "warehouse", "name": "Gudang KPU", "checks": checks}, at, place=REGENCY, station=None
        ),
    ]
    with as_scope():
        checkins_record(messages=words, at=at)

        assert (RollCallAnswer.objects.get().call, RollCallAnswer.objects.get().sensitivity) == ("morning", 2)
        store = WarehouseCheck.objects.get()
        assert (store.passed, store.failed, store.area) == (["G01"], ["G05", "G10"], REGENCY)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "step"),
        ({"step": "suara"}, "step"),
        ({"step": 7}, "step"),
        ({"step": "opened", "queue": -1}, "queue"),
        ({"step": "opened", "queue": 1000}, "queue"),
        ({"step": "opened", "queue": True}, "queue"),
        ({"step": "opened", "note": ["x"]}, "note"),
        ({"step": "roll_call", "call": "midnight"}, "call"),
        ({"step": "warehouse", "name": "x", "checks": {}}, "checks"),
        ({"step": "warehouse", "name": "x", "checks": {"G99": True}}, "checks"),
        ({"step": "warehouse", "name": "x", "checks": {"G01": "ya"}}, "checks.G01"),
        ({"step": "warehouse", "name": "", "checks": {"G01": True}}, "name"),
    ],
)
def test_refuses_a_body_it_cannot_read_and_writes_nothing(as_scope: Any, body: Any, field: str) -> None:
    with as_scope(), pytest.raises(CheckinRefused) as refusal:
        checkins_record(
            messages=[step("opened", local("07.00")), message(body, local("07.00"))], at=local("07.01")
        )

    assert refusal.value.field == field
    with as_scope():
        assert not Checkin.objects.exists()


def test_carries_no_vote_count_even_when_one_is_sent(as_scope: Any) -> None:
    word = message({"step": "counted", "votes": [100, 20]}, local("16.00"), station=1)
    with as_scope():
        checkins_record(messages=[word], at=local("16.00"))

        stored = Checkin.objects.values().get()
        assert "100" not in str({key: value for key, value in stored.items() if key != "id"}.values())


def test_eight_thousand_words_are_taken_in(as_scope: Any) -> None:
    words = [step("opened", local("07.00"), number=n % 6 + 1) for n in range(8_000)]
    with as_scope():
        for start in range(0, len(words), 1_000):
            checkins_record(messages=words[start : start + 1_000], at=local("07.01"))
        assert Checkin.objects.filter(election=ELECTION).count() == 8_000

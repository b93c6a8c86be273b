"""The gauges say how far the node is behind."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from ronda.config import figures
from ronda.gate.services import message_hand_in
from ronda.kernel import clock
from ronda.kernel.ids import uuid7
from ronda.kernel.scope import Scope, scoped


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


@pytest.mark.usefixtures("committed_db")
def test_a_message_that_waits_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    at = clock.now()
    with scoped(Scope.system()):
        message_hand_in(
            id=uuid7(),
            kind="report",
            election="pemilu-2024",
            place="51.01.02.2003",
            captured_at=at,
            body={"text": "Gudang bocor"},
            at=at,
        )
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(seconds=90))
    figures.refresh()
    assert value("ronda_last_received_timestamp_seconds") == pytest.approx(at.timestamp(), abs=1)
    assert value("ronda_consumed_behind_seconds") == pytest.approx(90, abs=2)

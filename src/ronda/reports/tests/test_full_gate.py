"""A flood of the public form: who sends on it is told to send again, and an officer's report goes through at once."""

from threading import Event

import pytest
from django.db import connection

from ronda.gate import services as sending
from ronda.kernel.ids import uuid7
from ronda.reports.adapters import Sender
from ronda.reports.domain import MoveRefused, receipt_code
from ronda.reports.services import Said, report_send

pytestmark = pytest.mark.django_db
OFFICER = Sender("bawaslu", "bawaslu", "51.01")


@pytest.fixture
def full(settings, monkeypatch):
    """The public's way to the gate is full; nothing gets through it until the test ends."""
    settings.GATE_INSIDE_TRANSACTION = False
    free, passed = Event(), []
    monkeypatch.setattr(sending, "DOOR_PATIENCE_S", 0.05)
    monkeypatch.setattr(sending, "_apart", lambda raw, grant: passed.append(grant.agency))
    waiting = [sending._public.submit(free.wait) for _ in range(2)]
    assert connection.in_atomic_block
    yield passed
    free.set()
    for one in waiting:
        one.result()


def said() -> Said:
    return Said(message=uuid7(), text="kotak suara terbuka", place="51.01.02.2003")


def test_the_public_is_told_to_send_again_in_plain_words(full):
    with pytest.raises(MoveRefused, match="kirim lagi"):
        report_send(said=said(), sender=Sender())
    assert full == []


def test_an_officer_does_not_wait_behind_the_flood(full, monkeypatch):
    monkeypatch.setattr(sending, "DOOR_PATIENCE_S", 20)
    one = said()
    assert report_send(said=one, sender=OFFICER) == receipt_code(one.message)
    assert full == ["bawaslu"]


def test_control_with_one_way_for_all_the_officer_waits_too(full, monkeypatch):
    monkeypatch.setattr(sending, "_officers", sending._public)
    with pytest.raises(MoveRefused):
        report_send(said=said(), sender=OFFICER)

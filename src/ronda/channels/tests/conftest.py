"""A small regency with its register and its cast, and gateways that are known here."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from ronda.agencies.models import Post
from ronda.agencies.tests.factories import cast
from ronda.channels.domain import Channels, Gateway, Webhook
from ronda.elections.models import Choice, PollingStation
from ronda.elections.selectors import contest_for
from ronda.elections.services import election_create
from ronda.gate.devices import Enrolled, device_enrol
from ronda.gate.inbox import messages_consume
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load

AREA, VILLAGE, STATION = "51.01", "51.01.02.2007", "5101022007007"
AT = datetime(2024, 11, 27, 1, 0, tzinfo=UTC)
SECRET = "rahasia-gerbang-sms"
AYU, BAGAS = "+628111111111", "+628122222222"
GATEWAY = Gateway("uji", SECRET)
SIGNED = Gateway("bertanda", SECRET, signature="X-Signature")
GUARDED = Gateway("terjaga", SECRET, addresses=("192.0.2.7",))
HOOK = Webhook(
    "sigap",
    SECRET,
    id="tiket.nomor",
    place="tiket.desa",
    station="tiket.tps",
    captured_at="tiket.waktu",
    body={"text": "tiket.cerita", "kind": "tiket.jenis"},
)
CHANNELS = Channels({one.name: one for one in (GATEWAY, SIGNED, GUARDED)}, {HOOK.name: HOOK})


@pytest.fixture
def people(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Post]:
    """The cast in a regency with ten stations and two candidates; the gate commits with the test."""
    settings.GATE_INSIDE_TRANSACTION = True
    settings.CHANNELS = CHANNELS
    monkeypatch.setattr(clock, "now", lambda: AT)
    with scoped(Scope.system()):
        areas_load(area=AREA, at=AT)
        election = election_create(law="pilkada-2024", area=AREA, at=AT)
        for number in range(1, 10):
            code = f"{STATION[:10]}{number:03}"
            PollingStation.objects.create(
                election=election, code=code, number=number, kind="regular", area=VILLAGE
            )
        contest = contest_for(election, "BUP", area=AREA)
        for number in (1, 2):
            Choice.objects.create(contest=contest, number=number, name=f"Pasangan {number}", kind="pair")
    return cast()


@pytest.fixture
def phones(people: Mapping[str, Post]) -> dict[str, Enrolled]:
    """Ayu and Bagas have telephones whose text messages are theirs."""
    numbers = {"ayu": AYU, "bagas": BAGAS}
    with scoped(Scope.system()):
        return {
            name: device_enrol(post=people[name], label="HP", days=9_000, by=None, at=AT, phone=number)
            for name, number in numbers.items()
        }


def consumed() -> None:
    """The worker's turn."""
    with scoped(Scope.system()):
        messages_consume(at=AT)

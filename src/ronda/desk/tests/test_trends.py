"""Small histories beside the figures: as real as the figures themselves, and only for who may read them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.desk.selectors import picture, trends
from ronda.elections.services import election_create, stations_generate
from ronda.gate.domain import Message
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.results.services import sheets_receive

AREA, VILLAGE, ELECTION = "51.01", "51.01.02.2007", "pilkada-2024"


@pytest.fixture(autouse=True)
def _register(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    with scoped(Scope.system()):
        areas_load(area=AREA, at=AT)
        election = election_create(law=ELECTION, area=AREA, at=AT)
        stations_generate(election=election, area=AREA, seed=7, at=AT)


def _fails(station: int, hours_ago: float) -> None:
    """A sheet whose votes do not add up came some hours ago."""
    at = AT - timedelta(hours=hours_ago)
    figures = {"valid": 200, "invalid": 7, "users": 207, "registered": 290}
    sent = Message(
        id=uuid4(),
        n=1,
        kind="sheet",
        election=ELECTION,
        place=VILLAGE,
        station=station,
        captured_at=at,
        received_at=at,
        is_ahead=False,
        body={"contest": "BUP", "votes": [120, 81], **figures},
        files=(),
        missing_files=(),
        area=VILLAGE,
        agency="bawaslu",
        sender_kind="bawaslu",
        sender_area=VILLAGE,
        device=None,
        person=None,
        sha256="0" * 64,
    )
    sheets_receive([sent])


def _seen(kind: str) -> tuple[int | None, tuple[int, ...]]:
    scope = Scope(kind, kind, AREA, (0, 1, 2, 3))
    with scoped(scope):
        seen = picture(scope, area=AREA, at=AT)
        return seen.totals.failed, trends(seen).failed


def test_the_history_of_failed_stations_ends_at_the_figure() -> None:
    for station, hours_ago in ((1, 5.5), (2, 2.5), (3, 0.5)):
        _fails(station, hours_ago)

    assert _seen("bawaslu") == (3, (0, 0, 0, 0, 1, 1, 1, 2, 2, 3))


def test_the_history_is_kept_for_a_minute_but_its_end_is_the_figure_of_now() -> None:
    _fails(1, 5.5)
    assert _seen("bawaslu")[1] == (0, 0, 0, 0, 1, 1, 1, 1, 1, 1)
    _fails(2, 0.5)

    assert _seen("bawaslu") == (2, (0, 0, 0, 0, 1, 1, 1, 1, 1, 2))


def test_police_and_army_get_neither_the_figure_nor_its_history() -> None:
    _fails(1, 2)

    assert _seen("polri") == _seen("tni") == (None, ())


def test_siaga_draws_it_for_the_supervisor_alone() -> None:
    _fails(1, 2)
    people, shown = cast(), {}
    for name in ("citra", "oka"):
        client = Client()
        sign_in(client, people[name])
        shown[name] = client.get("/siaga/?bagian=angka").content.decode()

    figure = shown["citra"].partition("TPS gagal uji")[2]
    assert 'class="spark"' in figure
    assert "TPS gagal uji" not in shown["oka"]

"""The page of readiness: what it shows, to whom, and that eight thousand stations ask no more of the database."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ronda.agencies.tests.factories import cast, sign_in
from ronda.elections.models import PollingStation
from ronda.kernel import clock
from ronda.kernel.areas import station_code
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.models import StationState
from ronda.readiness.selectors import board_for, heard_trend, silent_trend
from ronda.readiness.services import checkins_record
from ronda.readiness.tests.factories import (
    ELECTION,
    PENYARINGAN,
    REGENCY,
    VOTING_ON,
    jembrana,
    local,
    message,
    step,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(clock, "now", lambda: local("07.45"))
    people = cast()
    jembrana()
    return people


@pytest.fixture
def words(posts: Any) -> None:
    """Two of Penyaringan's stations opened; the regency's store leaks."""
    leak = {"step": "warehouse", "name": "Gudang KPU <Jembrana>", "checks": {"G05": False}}
    with scoped(Scope.system()):
        checkins_record(
            messages=[
                step("opened", local("07.01"), PENYARINGAN, 1),
                step("opened", local("07.02"), PENYARINGAN, 2),
                message(leak, local("05.30"), place="51.01.02", station=None),
            ],
            at=local("07.05"),
        )


def _page(client: Client, post: Any, path: str = "/kesiapan/") -> Any:
    sign_in(client, post)
    return client.get(path)


def test_the_duty_officer_sees_who_is_silent_and_what_is_wrong(
    client: Client, posts: Any, words: None
) -> None:
    answer = _page(client, posts["citra"])
    text = answer.content.decode()

    assert answer.status_code == 200
    board = answer.context["board"]
    assert (board.stations, board.heard, board.silent, board.stores_failing) == (12, 2, 10, 1)
    assert "TPS 03 Penyaringan" in text
    assert "TPS 01 Penyaringan" not in text
    assert "G05 Dinding, lantai, atap tidak bocor" in text
    assert "Gudang KPU &lt;Jembrana&gt;" in text, "a name is shown as text"


def test_it_speaks_english(client: Client, posts: Any, words: None) -> None:
    sign_in(client, posts["citra"])
    client.cookies["django_language"] = client.cookies["language"] = "en"

    assert client.get("/kesiapan/", headers={"accept-language": "en"}).status_code == 200


def test_a_district_shows_its_villages(client: Client, posts: Any, words: None) -> None:
    board = _page(client, posts["citra"], "/kesiapan/51.01.02/").context["board"]

    assert [(line.area, line.silent) for line in board.lines] == [(PENYARINGAN, 4), ("51.01.02.2004", 3)]


@pytest.mark.parametrize(
    "path", ["/kesiapan/35.09/", "/kesiapan/51/", "/kesiapan/x/", "/kesiapan/51.01.02.2003.1/"]
)
def test_an_area_outside_looks_like_none(client: Client, posts: Any, path: str) -> None:
    assert _page(client, posts["citra"], path).status_code == 404


def test_dewa_sees_another_regency_and_nothing_of_this_one(client: Client, posts: Any, words: None) -> None:
    answer = _page(client, posts["dewa"])

    assert answer.context["board"].heard == 0
    assert _page(client, posts["dewa"], f"/kesiapan/{REGENCY}/").status_code == 404


@pytest.mark.parametrize("name", ["eka", "made"])
def test_witnesses_and_observers_have_no_such_page(client: Client, posts: Any, name: str) -> None:
    assert _page(client, posts[name]).status_code == 404


def test_a_stranger_is_sent_to_sign_in(client: Client, posts: Any) -> None:
    answer = client.get("/kesiapan/")

    assert answer.status_code == 302
    assert answer["location"].startswith("/masuk/")


def test_police_see_no_roll_call_of_others(client: Client, posts: Any, words: None) -> None:
    with scoped(Scope.system()):
        answer = message({"step": "roll_call", "call": "morning"}, local("05.20"), agency="bawaslu")
        checkins_record(messages=[answer], at=local("05.21"))

    assert _page(client, posts["oka"]).context["board"].missed == []


def test_eight_thousand_stations_are_one_page_of_few_queries(posts: Any) -> None:
    at = local("08.00")
    with scoped(Scope.system()):
        codes = [
            (f"51.01.0{d}.2{v:03d}", number) for d in (4, 5) for v in range(200) for number in range(1, 21)
        ]
        PollingStation.objects.bulk_create(
            PollingStation(election_id=ELECTION, code=station_code(v, n), area=v, number=n, kind="regular")
            for v, n in codes
        )
        StationState.objects.bulk_create(
            StationState(
                area=v,
                sensitivity=1,
                agency="system",
                created_at=at,
                election=ELECTION,
                station_code=station_code(v, n),
                rank=2,
                step="opened",
                first_at=local("07.00"),
                heard_at=local("07.00"),
                heard_by="bawaslu",
                reached=[local("07.00"), local("07.00"), None, None, None],
            )
            for v, n in codes
        )
    with (
        scoped(Scope("bawaslu", "bawaslu", REGENCY, (0, 1, 2, 3))),
        CaptureQueriesContext(connection) as asked,
    ):
        board = board_for(election=ELECTION, voting_on=VOTING_ON, at=at, area=REGENCY, language="id")
        heard_trend(election=ELECTION, at=at, within=REGENCY)
        silent_trend(election=ELECTION, voting_on=VOTING_ON, at=at, within=REGENCY)

    assert (board.stations, board.silent) == (8_012, 12)
    assert len(asked) <= 24

"""A message from a place that no register knows: it waits, a person says where it belongs, and it counts there."""

import json
from datetime import UTC, datetime

import pytest

from ronda.agencies.tests.factories import cast, sign_in
from ronda.elections.models import PollingStation
from ronda.elections.services import election_create
from ronda.gate import services
from ronda.gate.domain import Grant
from ronda.gate.inbox import messages_consume
from ronda.gate.models import Outcome
from ronda.gate.tests.at_the_door import raw
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.readiness.models import Checkin, RollCallAnswer, StationState
from ronda.results.models import Recap, Sheet

AT = datetime(2024, 2, 14, 9, 0, tzinfo=UTC)
VILLAGE, STATION, DISTRICT = "51.01.02.2007", "5101022007007", "51.01.02"
KPU = Grant("kpu", "kpu", "51.01")
FIGURES = {"contest": "PPWP", "votes": [117, 83, 40], "valid": 240}

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        election = election_create(law="pemilu-2024", area="51.01", at=AT)
        frame = {"election": election, "kind": "regular", "area": VILLAGE}
        for number in range(1, 10):
            PollingStation.objects.create(code=f"{STATION[:10]}{number:03}", number=number, **frame)
    return cast()


def send(kind, body, **stated):
    sent = raw(
        kind=kind, election="pemilu-2024", captured_at="2024-02-14T16:20:00+08:00", body=body, **stated
    )
    services.message_accept(raw=sent, grant=KPU, at=AT)
    with scoped(Scope.system()):
        messages_consume(at=AT)
        return json.loads(sent)["id"], Outcome.objects.get(pk=json.loads(sent)["id"]).state


def place(client, message, **where):
    note = {"note": "Pengirim ditelepon"}
    answer = client.post(f"/kiriman/{message}/", where | note)
    with scoped(Scope.system()):
        messages_consume(at=AT)
    return answer.status_code


def test_a_sheet_of_no_known_station_counts_only_where_citra_places_it(client, people):
    message, state = send("sheet", FIGURES, place="Dusun Tegal", station="TPS tujuh")
    assert state == "held"
    assert send("sheet", FIGURES, place=VILLAGE, station=77)[1] == "held"
    with scoped(Scope.system()):
        assert not Sheet.objects.exists()

    # Bagas of the police never sees the figures, not even of a held sheet.
    sign_in(client, people["bagas"])
    assert client.get(f"/kiriman/{message}/").status_code == 404

    sign_in(client, people["citra"])
    assert "117" in client.get(f"/kiriman/{message}/").content.decode()
    assert place(client, message, place=VILLAGE) == 422
    assert place(client, message, place=VILLAGE, station=7) == 302
    with scoped(Scope.system()):
        sheet = Sheet.objects.get()
    assert (sheet.station, sheet.area, sheet.votes, sheet.is_held) == (STATION, VILLAGE, [117, 83, 40], False)
    page = client.get(f"/hasil/pemilu-2024/PPWP/tps/{STATION}/").content.decode()
    assert "117" in page
    assert "1 kiriman menunggu tempat" in client.get("/hasil/pemilu-2024/PPWP/51.01/").content.decode()


def test_a_recapitulation_of_an_unknown_area_is_placed_in_its_district(client, people):
    message, state = send("recap", FIGURES, place="51.01.99", station=None)
    assert state == "held"
    sign_in(client, people["citra"])
    assert place(client, message, place=DISTRICT) == 302
    with scoped(Scope.system()):
        assert Recap.objects.get().unit == DISTRICT


def test_a_check_in_moves_the_station_it_is_placed_at_and_a_roll_call_never_waits(client, people):
    message, state = send("checkin", {"step": "opened"}, place="TPS dekat pasar", station=None)
    assert state == "held"
    assert send("checkin", {"step": "roll_call", "call": "morning"}, place="di jalan")[1] == "done"
    sign_in(client, people["citra"])
    assert place(client, message, place=VILLAGE, station=3) == 302
    with scoped(Scope.system()):
        assert StationState.objects.get().station_code == f"{STATION[:10]}003"
        assert Checkin.objects.get().is_placed
        assert RollCallAnswer.objects.count() == 1


def test_a_report_is_never_held_for_its_place(people):
    assert send("report", {"text": "kotak terbuka"}, place="Dusun Tegal")[1] == "done"

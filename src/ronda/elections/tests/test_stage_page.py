"""The stage page: where the election stands, for everybody; marks only for those whose stages they are."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from ronda.agencies.tests.factories import cast, sign_in
from ronda.elections.models import StageMark
from ronda.elections.services import election_create
from ronda.kernel import clock
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.web.preferences import LANGUAGE_COOKIE

pytestmark = pytest.mark.django_db

# 25 November 2024, 10.00 in Bali: the second day of the quiet period.
NOW = datetime(2024, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quiet_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def election() -> str:
    with scoped(Scope.system()):
        areas_load(area="51.01", at=NOW)
        election_create(law="pemilu-2024", area="51.01", at=NOW)
        return election_create(law="pilkada-2024", area="51.01", at=NOW).code


def marks() -> list[tuple[str, str, str]]:
    with scoped(Scope.system()):
        return list(StageMark.objects.order_by("created_at", "id").values_list("stage", "mark", "area"))


def test_stranger_sees_where_the_election_stands(client: Client, election: str) -> None:
    page = client.get("/tahapan/")
    assert page.status_code == 200
    for words in ("Tahapan Pilkada 2024", "H-2", "Masa tenang (3 hari)", "Hari 2 dari 3", "Jembrana"):
        assert words in page.text
    assert "belum diverifikasi" in page.text
    assert "Tandai selesai" not in page.text


def test_what_comes_next_and_what_is_late(client: Client, election: str) -> None:
    text = client.get("/tahapan/").text
    assert "2 hari lagi" in text
    assert "tahapan sudah lewat dan belum ditandai selesai" in text
    assert "lewat 2 hari" in text  # the campaign ended on 23 November


def test_page_of_another_election_and_in_english(client: Client, election: str) -> None:
    assert "Pemilu 2024" in client.get("/tahapan/pemilu-2024/").text
    client.cookies[LANGUAGE_COOKIE] = "en"
    page = client.get("/tahapan/pemilu-2024/").text
    assert "General election 2024" in page
    assert "Quiet period (3 days)" in page


def test_page_without_elections_says_how_to_begin(client: Client) -> None:
    page = client.get("/tahapan/")
    assert page.status_code == 200
    assert "ronda elections create" in page.text


@pytest.mark.parametrize("name", ["citra", "nyoman", "gita"])
def test_bawaslu_and_kpu_of_the_regency_mark_a_stage_and_opens_it_again(
    client: Client, election: str, name: str
) -> None:
    sign_in(client, cast()[name])
    done = client.post("/tahapan/pilkada-2024/PIL-KAM/tanda/", {"mark": "done"}, follow=True)
    assert "ditandai selesai" in done.text
    client.post("/tahapan/pilkada-2024/PIL-KAM/tanda/", {"mark": "reopened"})
    assert marks() == [("PIL-KAM", "done", "51.01"), ("PIL-KAM", "reopened", "51.01")]


def test_same_mark_twice_makes_one_row_one_event_one_audit_line(client: Client, election: str) -> None:
    sign_in(client, cast()["citra"])
    for _ in range(2):
        client.post("/tahapan/pilkada-2024/PIL-KAM/tanda/", {"mark": "done"})
    assert len(marks()) == 1
    with scoped(Scope.system()):
        assert EventRow.objects.filter(name="stage.marked").count() == 1
        assert AuditLine.objects.filter(action="stage.marked").count() == 1


def test_all_that_is_over_is_marked_at_once(client: Client, election: str) -> None:
    sign_in(client, cast()["citra"])
    page = client.post("/tahapan/pilkada-2024/selesaikan/", follow=True)
    assert "11 tahapan ditandai selesai" in page.text
    assert "belum ditandai selesai" not in page.text


@pytest.mark.parametrize("name", ["ayu", "bagas", "eka"])
def test_others_may_look_and_not_mark(client: Client, election: str, name: str) -> None:
    sign_in(client, cast()[name])
    assert client.get("/tahapan/").status_code == 200
    assert client.post("/tahapan/pilkada-2024/PIL-KAM/tanda/", {"mark": "done"}).status_code == 404
    assert client.post("/tahapan/pilkada-2024/selesaikan/").status_code == 404
    assert marks() == []


def test_stranger_who_marks_is_sent_to_sign_in(client: Client, election: str) -> None:
    answer = client.post("/tahapan/pilkada-2024/PIL-KAM/tanda/", {"mark": "done"})
    assert answer.status_code == 302
    assert marks() == []


def test_marks_of_dewa_do_not_touch_jembrana(client: Client, election: str) -> None:
    posts = cast()
    sign_in(client, posts["dewa"])
    client.post("/tahapan/pilkada-2024/PIL-KAM/tanda/", {"mark": "done"})
    sign_in(client, posts["citra"])
    assert "lewat 2 hari" in client.get("/tahapan/").text
    assert all(area != "51.01" for _stage, _mark, area in marks())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tahapan/tidak-ada/", 404),
        ("/tahapan/tidak-ada.ics", 404),
        ("/tahapan/?area=%00", 200),
        ("/tahapan/?area=51%0A", 200),
        ("/tahapan/?area=' OR 1=1", 200),
        ("/tahapan/pilkada-2024/?area=99.99", 200),
    ],
)
def test_odd_addresses_never_break_the_page(client: Client, election: str, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_stage_that_was_never_done_is_not_opened_again(client: Client, election: str) -> None:
    sign_in(client, cast()["citra"])
    answer = client.post("/tahapan/pilkada-2024/PIL-KAM/tanda/", {"mark": "reopened"}, follow=True)
    assert "Tahapan ini belum ditandai selesai." in answer.text
    assert marks() == []


@pytest.mark.parametrize("mark", ["", "selesai", "done\x00"])
def test_unknown_mark_changes_nothing(client: Client, election: str, mark: str) -> None:
    sign_in(client, cast()["citra"])
    answer = client.post("/tahapan/pilkada-2024/PIL-KAM/tanda/", {"mark": mark}, follow=True)
    assert answer.status_code == 200
    assert marks() == []


def test_unknown_stage_does_not_exist(client: Client, election: str) -> None:
    sign_in(client, cast()["citra"])
    assert client.post("/tahapan/pilkada-2024/PIL-XYZ/tanda/", {"mark": "done"}).status_code == 404


def test_calendar_feed_carries_the_zone_of_the_place(client: Client, election: str) -> None:
    answer = client.get("/tahapan/pilkada-2024.ics?area=51.01")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"TZID:Asia/Makassar" in answer.content
    assert b"BEGIN:VTIMEZONE" in client.get("/tahapan/pilkada-2024.ics").content
    assert b"TZID:Asia/Jayapura" in client.get("/tahapan/pilkada-2024.ics?area=94.01").content

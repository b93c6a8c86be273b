"""Pages of the desk over HTTP: what each post sees, and what Dewa of the next regency never does."""

from collections.abc import Mapping

import pytest
from django.test import Client

from ronda.agencies.models import Post
from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.elections.services import election_create, stations_generate
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load

AREA, VILLAGE = "51.01", "51.01.02.2007"
STATION = "5101022007001"
PATHS = (
    "/siaga/",
    "/siaga/51.01.02/",
    "/siaga/urusan/",
    "/siaga/kabar/",
    f"/tempat/{VILLAGE}/",
    f"/tempat/{STATION}/",
    "/tempat/51.01.02/",
    "/cari/?q=penyaringan",
    "/cari/?q=penyaringan+1",
    "/cari/",
)


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Post]:
    monkeypatch.setattr(clock, "now", lambda: AT)
    with scoped(Scope.system()):
        areas_load(area=AREA, at=AT)
        election = election_create(law="pilkada-2024", area=AREA, at=AT)
        stations_generate(election=election, area=AREA, seed=7, at=AT)
    return cast()


def test_every_agency_has_its_desk(people: Mapping[str, Post]) -> None:
    for name in ("citra", "oka", "gita", "eka", "made", "nyoman"):
        client = Client()
        sign_in(client, people[name])
        for path in PATHS:
            response = client.get(path)
            assert response.status_code == 200, (name, path)
            assert b"None" not in response.content, (name, path)


def test_a_witness_sees_the_room_of_own_sheets_and_no_zeros_for_what_is_not_shown(
    client: Client, people: Mapping[str, Post]
) -> None:
    sign_in(client, people["eka"])
    html = client.get("/siaga/").content.decode()
    assert 'href="/hasil/"' in html
    assert "Tanpa kabar" not in html
    assert "Terbuka" not in html


def test_the_police_see_no_room_and_no_column_of_results(client: Client, people: Mapping[str, Post]) -> None:
    sign_in(client, people["oka"])
    html = client.get("/siaga/").content.decode()
    assert 'href="/hasil/"' not in html
    assert "Gagal uji" not in html
    assert "Tanpa kabar" in html


def test_without_boundaries_the_area_is_a_treemap(client: Client, people: Mapping[str, Post]) -> None:
    sign_in(client, people["citra"])
    html = client.get("/siaga/").content.decode()
    assert "map-treemap" in html
    assert f'href="/tempat/{VILLAGE}/"' in html


def test_an_officer_of_a_village_stays_in_it(client: Client, people: Mapping[str, Post]) -> None:
    sign_in(client, people["ayu"])
    own = people["ayu"].area
    assert client.get(f"/tempat/{own}/").status_code == 200
    assert client.get("/siaga/51.01/").status_code == 404
    assert client.get("/tempat/51.01.01.1006/").status_code == 404


def test_dewa_of_another_regency_finds_nothing(client: Client, people: Mapping[str, Post]) -> None:
    sign_in(client, people["dewa"])
    for path in (f"/tempat/{VILLAGE}/", f"/tempat/{STATION}/", "/tempat/51.01/", "/siaga/51.01/"):
        assert client.get(path).status_code == 404, path
    assert "Penyaringan" not in client.get("/cari/?q=penyaringan").content.decode()


def test_a_stranger_is_sent_to_the_door(client: Client, db: None) -> None:
    for path in PATHS:
        response = client.get(path)
        assert response.status_code == 302, path
        assert response["Location"].startswith("/masuk/"), path


def test_unknown_and_malformed_places_are_not_found(client: Client, people: Mapping[str, Post]) -> None:
    sign_in(client, people["citra"])
    for code in ("51.01.02.9999", "5101022007999", "abc", "51.1", "99999999999999", "51.01.02.2007x"):
        assert client.get(f"/tempat/{code}/").status_code == 404, code


def test_parts_are_asked_for_alone(client: Client, people: Mapping[str, Post]) -> None:
    sign_in(client, people["citra"])
    for part in ("angka", "peta", "tabel"):
        html = client.get(f"/siaga/?bagian={part}").content.decode()
        assert "<html" not in html, part
        assert 'id="' in html, part


def test_an_unknown_part_is_the_whole_page(client: Client, people: Mapping[str, Post]) -> None:
    sign_in(client, people["citra"])
    for part in ("%20", "semua", "%00"):
        answer = client.get(f"/siaga/?bagian={part}")
        assert answer.status_code == 200, part
        assert "<html" in answer.text, part


def test_a_search_fragment_is_only_the_list(client: Client, people: Mapping[str, Post]) -> None:
    sign_in(client, people["citra"])
    html = client.get("/cari/?q=penya", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in html
    assert "Penyaringan" in html


def test_hostile_searches_find_nothing(client: Client, people: Mapping[str, Post]) -> None:
    sign_in(client, people["citra"])
    for query in ("'; DROP TABLE x --", "<script>alert(1)</script>", "\x00", "٣", "a" * 5000):
        response = client.get("/cari/", {"q": query})
        assert response.status_code == 200, query
        assert b"<script>alert" not in response.content


def test_a_made_up_page_of_news_is_the_first_page(client: Client, people: Mapping[str, Post]) -> None:
    sign_in(client, people["citra"])
    for value in ("x", "2024-02-14", "2024-02-14T08:42:00+00:00", "9" * 40):
        assert client.get("/siaga/kabar/", {"sebelum": value}).status_code == 200, value


def test_the_live_line_is_an_event_stream(client: Client, people: Mapping[str, Post]) -> None:
    sign_in(client, people["citra"])
    response = client.get("/siaga/aliran/", headers={"accept": "text/event-stream"})
    assert response["Content-Type"] == "text/event-stream"
    assert response["Cache-Control"] == "no-store"
    assert response.is_async

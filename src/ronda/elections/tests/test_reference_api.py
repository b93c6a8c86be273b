"""Areas and elections as JSON: public, the same for everybody, and never a 500."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.counts import count

from ronda.elections.services import election_create, stations_generate
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load

pytestmark = pytest.mark.django_db
AT = datetime(2024, 11, 25, 2, 0, tzinfo=UTC)
API = "/api/v1"


@pytest.fixture
def jembrana() -> None:
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        election = election_create(law="pemilu-2024", area="51.01", at=AT)
        stations_generate(election=election, area="51.01", seed=7, at=AT)


def test_areas_by_parent_code_and_name(client: Client, jembrana: None) -> None:
    assert [row["name"] for row in client.get(f"{API}/areas").json()] == ["Bali"]
    assert len(client.get(f"{API}/areas", {"parent": "51.01"}).json()) == 5
    detail = client.get(f"{API}/areas/51.01.02").json()
    assert [row["code"] for row in detail["trail"]] == ["51", "51.01", "51.01.02"]
    assert client.get(f"{API}/areas/search", {"q": "mendoyo"}).json()[0]["code"] == "51.01.02"
    assert client.get(f"{API}/areas/outlines", {"parent": "51.01"}).json()["features"] == []


def test_election_with_stages_contests_and_stations(client: Client, jembrana: None) -> None:
    assert [row["code"] for row in client.get(f"{API}/elections").json()] == ["pemilu-2024"]
    stages = client.get(f"{API}/elections/pemilu-2024/stages", {"on": "2024-02-14", "area": "51.01"}).json()
    assert next(row for row in stages if row["code"] == "PEM-PUN")["state"] == "running"
    contests = client.get(f"{API}/elections/pemilu-2024/contests", {"area": "51.01"}).json()
    assert [row["code"] for row in contests] == ["PPWP", "DPR", "DPD", "DPRD_PROV", "DPRD_KABKO"]
    assert [choice["number"] for choice in contests[0]["choices"]] == [1, 2, 3]


def test_stations_come_a_page_at_a_time(
    client: Client, jembrana: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ronda.elections.api.PAGE", 100)
    codes: list[str] = []
    after = ""
    while after is not None:
        page = client.get(f"{API}/elections/pemilu-2024/stations", {"area": "51.01", "after": after}).json()
        codes += [row["code"] for row in page["stations"]]
        after = page["after"]
    counts = client.get(
        f"{API}/elections/pemilu-2024/stations/counts", {"area": "51.01", "level": "village"}
    ).json()
    assert len(codes) == len(set(codes)) == sum(row["stations"] for row in counts)
    assert codes == sorted(codes)
    station = client.get(f"{API}/elections/pemilu-2024/stations/{codes[0]}").json()
    assert station["is_simulated"] is True


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("areas/99.99", 404),
        ("areas/51\n", 422),
        ("areas/5101", 422),
        ("areas?parent=51.1", 422),
        ("areas/search?q=", 422),
        ("areas/search?q=%00", 200),
        ("elections/pemilu-1999", 404),
        ("elections/PEMILU", 422),
        ("elections/pemilu-2024/stages?on=besok", 422),
        ("elections/pemilu-2024/stations?after=x", 422),
        ("elections/pemilu-2024/stations/counts", 422),
        ("elections/pemilu-2024/stations/counts?level=nation", 422),
        ("elections/pemilu-2024/stations/5101011006999", 404),
    ],
)
def test_bad_input_gets_a_clear_answer(client: Client, jembrana: None, path: str, status: int) -> None:
    answer = client.get(f"{API}/{path}".replace("\n", "%0A"))
    assert answer.status_code == status, answer.text


@settings(
    max_examples=count("reference_requests"),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(text=st.text(max_size=30), number=st.integers())
def test_any_parameter_is_answered(client: Client, text: str, number: int) -> None:
    for path, name in (
        ("areas", "parent"),
        ("areas/search", "q"),
        ("areas/outlines", "parent"),
        ("elections/pemilu-2024/stages", "on"),
        ("elections/pemilu-2024/stations", "after"),
    ):
        for value in (text, str(number)):
            encoded = value.encode("utf-8", "surrogatepass")
            assert client.get(f"{API}/{path}", {name: encoded}).status_code < 500

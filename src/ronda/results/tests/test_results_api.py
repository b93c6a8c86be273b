"""Results as JSON follow the same mandates as the pages."""

import pytest

from ronda.agencies.tests.factories import cast, sign_in
from ronda.kernel.scope import Scope, scoped
from ronda.results.services import sheets_receive
from ronda.results.tests.scene import STATION, message

BASE = "/api/v1/results/pemilu-2024/PPWP"
ADDRESSES = [BASE, f"{BASE}/checks", f"{BASE}/checks?rule=R05", f"{BASE}/stations/{STATION}"]


@pytest.fixture
def people(db):
    with scoped(Scope.system()):
        sheets_receive([message(valid=230), message(agency="kpu", sender="kpu")])
    return cast()


def test_the_supervisor_reads_counts_checks_and_copies(people, client):
    sign_in(client, people["citra"])
    count = client.get(BASE).json()
    assert (count["own"]["area"], count["own"]["votes"]["ptps"]) == ("51.01", [120, 80, 40])
    assert [row["area"] for row in count["below"]] == ["51.01.02"]
    (check,) = client.get(f"{BASE}/checks?rule=R05").json()
    assert (check["rule"], check["stake"], check["facts"]) == ("R05", 10, {"sum": 240, "valid": 230})
    assert [row["source"] for row in client.get(f"{BASE}/stations/{STATION}").json()] == ["ptps", "sirekap"]


@pytest.mark.parametrize("name", ["bagas", "dewa"])
def test_police_and_other_regencies_find_nothing(people, client, name):
    sign_in(client, people[name])
    for address in ADDRESSES:
        answer = client.get(address)
        assert answer.status_code == 404 or answer.json() == []


def test_strangers_find_nothing(people, client):
    assert [client.get(address).status_code for address in ADDRESSES] == [404] * 4


@pytest.mark.parametrize("query", ["area=51.0", "area=x", "rule=R5", "limit=0", "limit=9999", "offset=-1"])
def test_parameters_that_do_not_fit_are_refused_with_a_reason(people, client, query):
    sign_in(client, people["citra"])
    assert client.get(f"{BASE}/checks?{query}").status_code == 422


def test_an_area_above_the_post_is_not_found(people, client):
    sign_in(client, people["citra"])
    assert client.get(f"{BASE}?area=51").status_code == 404

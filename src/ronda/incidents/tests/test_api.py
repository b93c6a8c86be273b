"""The same journey over JSON, and the answers to those who may not."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from ronda.agencies.tests.factories import cast, sign_in
from ronda.incidents.tests.cast import said
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.reports.domain import receipt_code
from ronda.reports.models import Report
from ronda.reports.services import reports_receive

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def people(db: None) -> Any:
    with scoped(Scope.system()):
        areas_load(area="51.01", at=datetime(2024, 11, 27, tzinfo=UTC))
    return cast()


@pytest.fixture
def browser(people: Any) -> Any:
    def open_as(name: str) -> Client:
        client = Client()
        sign_in(client, people[name])
        return client

    return open_as


@pytest.fixture
def report(people: Any) -> Report:
    at = clock.now() - timedelta(minutes=5)
    return reports_receive(incoming=[said(received_at=at, captured_at=at, place=people["ayu"].area)])[0]


def facts(report: Report, /, **changes: Any) -> dict[str, Any]:
    given = {
        "report": str(report.id),
        "kind": "violence",
        "place": report.area,
        "happened_at": "2024-11-27T13:00:00+08:00",
        "source_check": "document",
        "document": "LHP/7",
        "title": "Keributan di TPS 07",
    }
    return {**given, **changes}


def post(client: Client, path: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/v1/{path}", body or {}, content_type=JSON)


def test_the_whole_journey_over_json(browser: Any, report: Report) -> None:
    citra, bagas, putri = browser("citra"), browser("bagas"), browser("putri")
    assert [row["id"] for row in citra.get("/api/v1/reports").json()] == [str(report.id)]
    made = post(citra, "incidents", facts(report)).json()
    one = f"incidents/{made['id']}"
    sent = post(
        citra, f"{one}/handover", {"agency": "polri", "area": report.area[:8], "request": "Amankan."}
    ).json()
    assert (sent["state"], sent["acts"]) == ("handed", ["note", "withdraw"])
    taken = post(bagas, f"incidents/handovers/{sent['handover']}/accept").json()
    assert (taken["state"], taken["holder_agency"]) == ("handling", "polri")
    due = (clock.now() + timedelta(hours=1)).isoformat()
    desk = {"agency": "polri", "area": report.area[:8]}
    busy = post(bagas, f"{one}/actions", {"title": "Patroli", "due_at": due, **desk}).json()
    post(bagas, f"incidents/actions/{busy['actions'][0]['id']}/finish", {"reason": "Sudah."})
    proof = {"note": "Aman.", "evidence_kind": "document", "evidence": "LP/12"}
    assert post(bagas, f"{one}/finish", proof).json()["state"] == "done"
    assert post(bagas, f"{one}/close").status_code == 409
    assert post(putri, f"{one}/close").json()["state"] == "closed"
    assert post(putri, f"{one}/reopen", {"reason": "Terulang."}).json()["state"] == "handling"
    states = [
        step["state"]
        for step in post(Client(), "reports/follow", {"code": receipt_code(report.message)}).json()
    ]
    assert states == ["received", "verified", "handed", "accepted", "closed", "reopened"]


@pytest.mark.parametrize("who", ["bagas", "dewa", "eka", "lestari"])
def test_what_is_out_of_reach_does_not_exist(browser: Any, report: Report, who: str) -> None:
    made = post(browser("citra"), "incidents", facts(report)).json()
    other = browser(who)
    assert other.get(f"/api/v1/reports/{report.id}").status_code == 404
    assert other.get(f"/api/v1/incidents/{made['id']}").status_code == 404
    assert other.get("/api/v1/incidents").json() == []
    assert post(other, f"incidents/{made['id']}/note", {"text": "halo"}).status_code == 404
    assert post(other, "incidents", facts(report)).status_code == 404


def test_nobody_signed_in_reads_nothing(report: Report) -> None:
    client = Client()
    for path in ("reports", "incidents", f"incidents/{report.id}"):
        assert client.get(f"/api/v1/{path}").status_code in (401, 404)
    assert client.get(f"/api/v1/reports/{report.id}").status_code == 404


def test_a_write_needs_the_token_of_our_own_pages(browser: Any, report: Report, people: Any) -> None:
    forged = Client(enforce_csrf_checks=True)
    sign_in(forged, people["citra"])
    assert post(forged, f"reports/{report.id}/reject", {"reason": "trial", "note": "uji"}).status_code == 403
    with scoped(Scope.system()):
        assert Report.objects.get(pk=report.id).state == "new"


@pytest.mark.parametrize(
    "wrong",
    [
        {"happened_at": "2024-11-27T13:00:00"},
        {"happened_at": "0001-01-01T00:00:00Z"},
        {"source_check": "rumor"},
        {"station_code": "12"},
        {"place": "x"},
        {"title": "a\x00b"},
        {"report": "bukan-id"},
    ],
)
def test_a_body_that_does_not_fit_is_a_422(browser: Any, report: Report, wrong: dict[str, str]) -> None:
    assert post(browser("citra"), "incidents", facts(report, **wrong)).status_code == 422


def test_an_act_that_is_not_open_is_a_409_and_anothers_turn_a_403(browser: Any, report: Report) -> None:
    citra, ayu = browser("citra"), browser("ayu")
    made = post(citra, "incidents", facts(report)).json()
    assert post(citra, "incidents", facts(report)).status_code == 409
    assert post(ayu, f"incidents/{made['id']}/start").status_code == 403
    assert post(citra, f"incidents/{made['id']}/close").status_code == 409
    assert post(citra, f"incidents/{UUID(int=7)}/start").status_code == 404

"""The duty desk's pages: one line for a group, its reports side by side, claims, and the way to the next report."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.tests.factories import cast, sign_in
from ronda.incidents.tests.cast import AYU, said, sender
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.reports.models import Report, ReportDecision
from ronda.reports.services import reports_receive

pytestmark = pytest.mark.django_db
TEXT = "Ada orang membagikan amplop berisi uang di warung Bu Tutik"


@pytest.fixture
def people(db: None) -> Any:
    with scoped(Scope.system()):
        areas_load(area="51.01", at=datetime(2024, 11, 27, tzinfo=UTC))
    return cast()


@pytest.fixture
def open_as(people: Any) -> Any:
    def opened(name: str) -> Client:
        client = Client()
        sign_in(client, people[name])
        return client

    return opened


@pytest.fixture
def pair(people: Any) -> tuple[Report, Report]:
    """A citizen and a police officer tell of one event."""
    return told(people), told(people, who=people["bagas"])


def told(people: Any, who: Any = None, station: int = 7, text: str = TEXT) -> Report:
    at, body = clock.now() - timedelta(minutes=5), {"text": text, "kind": "money_politics"}
    given: dict[str, Any] = {"sender": sender(AYU)} if who is None else {}
    if who is not None:
        with scoped(Scope.system()):
            from ronda.agencies.selectors import scope_of

            given = {"sender": sender(scope_of(who))}
    (made,) = reports_receive(
        incoming=[
            said(
                received_at=at, captured_at=at, place=people["ayu"].area, body=body, station=station, **given
            )
        ]
    )
    return made


def verify(client: Client, report: Report, **changes: str) -> Any:
    form = {
        "kind": "money_politics",
        "place": report.area,
        "station": "7",
        "happened_at": "2024-11-27T13:00",
        "source_check": "document",
        "document": "LHP/7",
        "incident": "baru",
        **changes,
    }
    return client.post(f"/laporan/{report.id}/verifikasi", form)


def test_the_inbox_shows_a_group_once_with_its_sources(open_as: Any, pair: Any) -> None:
    page = open_as("citra").get("/laporan")
    assert [row.id for row in page.context["rows"]] == [pair[0].id]
    assert "2 laporan" in page.content.decode()
    assert "2 sumber" in page.content.decode()


def test_opened_its_reports_stand_side_by_side_with_what_agrees(open_as: Any, pair: Any) -> None:
    page = open_as("citra").get(f"/laporan/{pair[0].id}")
    text = page.content.decode()
    assert [one.report.id for one in page.context["group"]] == [pair[1].id]
    assert all(words in text for words in ("tempat sama", "TPS sama", "jenis sama", "kata sama 100"))


def test_the_page_says_why_the_report_is_urgent(open_as: Any, pair: Any) -> None:
    text = open_as("citra").get(f"/laporan/{pair[0].id}").content.decode()
    assert "Urutannya karena" in text or "Mendesak karena" in text
    assert "disampaikan beberapa sumber" in text


def test_the_form_proposes_the_second_source(open_as: Any, pair: Any) -> None:
    form = open_as("citra").get(f"/laporan/{pair[1].id}").context["form"]
    assert form["source_check"].value() == "two_sources"
    assert form["other_report"].value() == str(pair[0].id)


def test_two_sources_are_verified_together_and_point_at_each_other(open_as: Any, pair: Any) -> None:
    citra = open_as("citra")
    answer = verify(citra, pair[0], source_check="two_sources", other_report=str(pair[1].id), document="")
    with scoped(Scope.system()):
        decisions = ReportDecision.objects.values_list("report_id", "other_report_id", "source_check")
        assert sorted(decisions) == sorted(
            [(pair[0].id, pair[1].id, "two_sources"), (pair[1].id, pair[0].id, "two_sources")]
        )
    assert f'href="/laporan/{pair[1].id}"' in citra.get(f"/laporan/{pair[0].id}").content.decode()
    incident = citra.get(answer["Location"]).content.decode()
    assert all(f'href="/laporan/{one.id}"' in incident for one in pair)


def test_a_rejected_report_is_no_second_source(open_as: Any, pair: Any) -> None:
    citra = open_as("citra")
    rejected = {"reason": "not_happened", "note": "Sudah ditelusuri."}
    assert citra.post(f"/laporan/{pair[1].id}/tolak", rejected).status_code == 302
    answer = verify(citra, pair[0], source_check="two_sources", other_report=str(pair[1].id), document="")
    assert answer.status_code == 422
    with scoped(Scope.system()):
        states = dict(Report.objects.values_list("id", "state"))
    assert states == {pair[0].id: "new", pair[1].id: "rejected"}


@pytest.mark.parametrize(
    "changes",
    [
        {"source_check": "two_sources"},
        {"source_check": "seen"},
        {"source_check": "document", "document": ""},
        {"source_check": "called"},
    ],
)
def test_what_points_at_nothing_verifies_nothing(open_as: Any, pair: Any, changes: dict[str, str]) -> None:
    answer = verify(open_as("citra"), pair[0], **changes)
    assert answer.status_code == 422
    with scoped(Scope.system()):
        assert not ReportDecision.objects.exists()


def test_the_officer_who_was_there_is_named(open_as: Any, people: Any, pair: Any) -> None:
    citra = open_as("citra")
    verify(citra, pair[0], source_check="seen", officer=str(people["ayu"].pk), document="")
    assert "Ayu" in citra.get(f"/laporan/{pair[0].id}").content.decode()


def test_two_messages_without_account_are_not_two_sources(open_as: Any, people: Any) -> None:
    at = clock.now()
    one, other = reports_receive(
        incoming=[said(received_at=at, place=people["ayu"].area, body={"text": TEXT}) for _ in range(2)]
    )
    page = open_as("citra").get(f"/laporan/{one.id}")
    assert str(other.id) not in dict(page.context["form"].fields["other_report"].choices)


def test_after_a_decision_the_next_report_opens_by_itself(open_as: Any, people: Any, pair: Any) -> None:
    other = told(people, station=3, text="Spanduk roboh menimpa pagar TPS")
    citra = open_as("citra")
    first, second = citra.get("/laporan").context["rows"]
    answer = verify(citra, first, lanjut="1")
    following = answer["Location"]
    assert following.startswith("/laporan?buka=")
    shown = citra.get(following)
    assert shown.context["open_id"] in {second.id, other.id, pair[1].id}
    assert f'hx-get="/laporan/{shown.context["open_id"]}"' in shown.content.decode()


def test_a_report_is_claimed_released_handed_on_and_taken_over_by_the_page(
    open_as: Any, people: Any, pair: Any
) -> None:
    citra, putri, here = open_as("citra"), open_as("putri"), f"/laporan/{pair[0].id}"
    assert "Anda tangani" in citra.post(f"{here}/ambil", follow=True).content.decode()
    assert "Ditangani oleh Citra" in putri.get(here).content.decode()
    assert "ditangani Citra" in putri.get("/laporan").content.decode()
    citra.post(f"{here}/lepas")
    assert "Ditangani" not in putri.get(here).content.decode()
    citra.post(f"{here}/ambil")
    citra.post(f"{here}/serahkan", {"to": str(people["putri"].pk)})
    assert "Anda tangani" in putri.get(here).content.decode()


def test_groups_are_split_and_merged_by_the_page(open_as: Any, pair: Any) -> None:
    citra, here = open_as("citra"), f"/laporan/{pair[0].id}"
    citra.post(f"{here}/pisahkan", {"report": [str(pair[1].id)]})
    assert len(citra.get("/laporan").context["rows"]) == 2
    citra.post(f"{here}/satukan", {"report": str(pair[1].id)})
    assert len(citra.get("/laporan").context["rows"]) == 1


@pytest.mark.parametrize("act", ["ambil", "lepas", "serahkan", "satukan", "pisahkan"])
@pytest.mark.parametrize("who", ["dewa", "eka", "bagas", "ayu"])
def test_who_may_not_decide_finds_no_such_page(open_as: Any, pair: Any, who: str, act: str) -> None:
    body = {"to": str(pair[1].id), "report": str(pair[1].id)}
    assert open_as(who).post(f"/laporan/{pair[0].id}/{act}", body).status_code == 404


def test_dewa_sees_neither_the_group_nor_who_has_it(open_as: Any, pair: Any) -> None:
    dewa = open_as("dewa")
    assert dewa.get(f"/laporan/{pair[0].id}").status_code == 404
    assert dewa.get("/laporan").context["rows"] == []
    assert dewa.get(f"/laporan?buka={pair[0].id}").context["open_id"] is None


def test_an_answer_to_the_page_itself_brings_the_words_along(open_as: Any, pair: Any) -> None:
    citra = open_as("citra")
    answer = citra.post(f"/laporan/{pair[0].id}/ambil", headers={"hx-request": "true"}, follow=True)
    assert "Laporan ini sekarang Anda tangani." in answer.content.decode()

"""Anybody tells something without an account and keeps a code."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from ronda.gate.models import Message
from ronda.incidents.tests.cast import stage_set
from ronda.kernel import clock
from ronda.kernel.ids import uuid7
from ronda.kernel.scope import Scope, scoped
from ronda.reports.models import ReporterContact

pytestmark = pytest.mark.django_db
VILLAGE = "51.01.02.2003"


@pytest.fixture(autouse=True)
def _stage(db: None, settings: Any) -> None:
    settings.GATE_INSIDE_TRANSACTION = True
    stage_set()


def opened(client: Client) -> str:
    return str(client.get("/lapor?wilayah=51.01").context["form"]["message"].value())


def filled(client: Client, **changes: Any) -> dict[str, Any]:
    return {
        "message": opened(client),
        "text": "Ada yang membagi amplop",
        "place": VILLAGE,
        "station": "7",
        **changes,
    }


def sent(client: Client, form: dict[str, Any]) -> Any:
    return client.post("/lapor?wilayah=51.01", form)


def kept() -> list[dict[str, Any]]:
    with scoped(Scope.system()):
        return [json.loads(bytes(raw)) for raw in Message.objects.order_by("n").values_list("raw", flat=True)]


def test_anybody_sends_without_an_account_and_gets_a_code() -> None:
    client = Client()
    form = filled(client)
    page = sent(client, form)
    (message,) = kept()
    assert page.status_code == 200
    assert page.context["code"] in page.content.decode()
    assert (message["kind"], message["place"], message["station"]) == ("report", VILLAGE, 7)
    assert message["body"]["text"] == form["text"]


def test_sending_the_same_form_twice_keeps_one_message() -> None:
    client = Client()
    form = filled(client)
    first, second = sent(client, form), sent(client, form)
    assert first.context["code"] == second.context["code"]
    assert len(kept()) == 1


def test_the_same_form_with_other_words_is_told_and_the_first_stays() -> None:
    client = Client()
    form = filled(client)
    sent(client, form)
    again = sent(client, {**form, "text": "Lain sama sekali"})
    assert again.status_code == 422
    assert "sudah terkirim" in again.content.decode()
    assert kept()[0]["body"]["text"] == form["text"]


def test_without_a_village_the_regency_is_the_place_and_the_words_are_kept() -> None:
    client = Client()
    sent(client, filled(client, place="", place_words="dekat jembatan gantung"))
    (message,) = kept()
    assert (message["place"], message["body"]["place_words"]) == ("51.01", "dekat jembatan gantung")


def test_the_contact_is_kept_apart_and_never_in_the_message() -> None:
    client = Client()
    sent(client, filled(client, name="Fajar", phone="0812-3456"))
    assert "0812-3456" not in json.dumps(kept())
    with scoped(Scope.system()):
        contact = ReporterContact.objects.get()
        assert (contact.name, contact.phone, contact.area, contact.sensitivity) == (
            "Fajar",
            "0812-3456",
            "51.01",
            3,
        )


def test_no_contact_is_kept_when_none_is_given() -> None:
    client = Client()
    sent(client, filled(client))
    with scoped(Scope.system()):
        assert ReporterContact.objects.count() == 0


def test_the_form_says_it_is_no_official_channel_unless_declared(settings: Any) -> None:
    assert "bukan laporan resmi" in Client().get("/lapor?wilayah=51.01").content.decode()
    settings.OFFICIAL_CHANNELS = ["51.01"]
    assert "bukan laporan resmi" not in Client().get("/lapor?wilayah=51.01").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "   "},
        {"text": "x" * 8001},
        {"message": "bukan-id"},
        {"message": str(uuid4())},
        {"message": str(uuid7(1))},
        {"place": "51.01.99.9999"},
        {"station": "1000"},
        {"station": "tujuh"},
        {"happened_at": "besok"},
        {"happened_at": "0001-01-01T00:00"},
        {"happened_at": "9999-12-31T23:59"},
        {"kind": "rumor"},
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_kept(wrong: dict[str, str]) -> None:
    client = Client()
    answer = sent(client, filled(client, **wrong))
    assert answer.status_code == 422
    assert "Belum tersimpan" in answer.content.decode()
    assert kept() == []


@tried(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=20))
def test_no_text_makes_an_error_and_no_markup_comes_back(text: str, words: str, station: str) -> None:
    client = Client(raise_request_exception=False)
    message = str(uuid7(int(clock.now().timestamp() * 1000)))
    form = {"message": message, "text": text + "<b>x", "place_words": words, "station": station}
    answer = sent(client, form)
    assert answer.status_code in (200, 422)
    assert "<b>x" not in answer.content.decode()


def test_emoji_markup_and_right_to_left_are_kept_exactly() -> None:
    text = "<i>🗳️</i> שלום\u202e"
    client = Client()
    sent(client, filled(client, text=text))
    assert kept()[0]["body"]["text"] == text

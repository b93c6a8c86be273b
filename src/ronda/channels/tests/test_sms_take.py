"""What becomes of a text message: Ayu's station is open, Fajar's report is kept, figures count once."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.domain import NumberTaken
from ronda.agencies.models import Device, Post
from ronda.agencies.services import device_register, device_revoke
from ronda.channels.domain import SMS_MAX, gsm7_length, signature_of
from ronda.channels.tests.conftest import AT, AYU, BAGAS, SECRET, STATION, VILLAGE, consumed
from ronda.channels.tests.test_sms_grammar import SHEET
from ronda.gate.models import Conflict, Message, Outcome
from ronda.gate.services import DoorBusy
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.models import Checkin
from ronda.reports.models import Report
from ronda.results.models import Sheet

pytestmark = pytest.mark.django_db
PATH = "/masuk/sms/uji/"


def send(text: str, number: str = AYU, key: str = "1", **more: str) -> str:
    """A text message as a gateway brings it; what is answered."""
    given = {"kunci": SECRET, "dari": number, "teks": text, "id": key, "waktu": "1732669200", **more}
    answer = Client().get(PATH, given)
    assert answer.status_code == 200, answer.content
    said = answer.content.decode()
    assert gsm7_length(said) <= SMS_MAX
    consumed()
    return said


def rows(model: Any) -> list[Any]:
    with scoped(Scope.system()):
        return list(model.objects.all())


def messages() -> list[dict[str, Any]]:
    with scoped(Scope("gate", "gate", classes=(0, 1, 2, 3, 4))):
        return [json.loads(bytes(row.raw)) for row in Message.objects.order_by("n")]


def test_ayus_station_is_open_and_she_is_told_so(phones: Any) -> None:
    said = send("tps 7 buka")

    (checkin,) = rows(Checkin)
    assert (checkin.area, checkin.station, checkin.step) == (VILLAGE, 7, "opened")
    assert said == "Ronda: TPS 7 Penyaringan: TPS dibuka. Diterima. Keliru? Kirim lagi yang benar."


def test_fajars_report_is_the_publics_and_his_number_is_nowhere(people: Mapping[str, Post]) -> None:
    said = send(f"{STATION} UANG ada amplop di depan banjar", "+62877000111")

    (report,) = rows(Report)
    assert (report.source, report.kind, report.station_code) == ("public", "money_politics", STATION)
    assert report.text == f"{STATION} UANG ada amplop di depan banjar"
    assert "Politik uang, TPS 7 Penyaringan" in said
    assert "77000111" not in json.dumps(messages())


def test_the_code_in_the_answer_follows_the_report(people: Mapping[str, Post]) -> None:
    code = send(f"{STATION} UANG ada amplop", "0877000111").rsplit(" ", 1)[1]

    page = Client().post("/lapor/ikuti", {"code": code}).content.decode()
    assert "Laporan Anda diterima" in page


def test_figures_of_a_supervisor_become_a_copy_of_the_sheet(phones: Any) -> None:
    said = send(SHEET)

    (sheet,) = rows(Sheet)
    assert (sheet.station, list(sheet.votes), sheet.valid, sheet.invalid) == (STATION, [190, 42], 232, 5)
    assert "190 42 sah 232 tidak sah 5 jumlah 237" in said


def test_figures_with_a_wrong_digit_are_kept_as_a_report_and_asked_again(phones: Any) -> None:
    said = send(SHEET.replace("190", "790"))

    assert "huruf periksa TIDAK cocok" in said
    assert [row.text for row in rows(Report)] == [SHEET.replace("190", "790")]
    assert not rows(Sheet)


def test_figures_of_police_are_refused_and_kept_in_no_form(phones: Any) -> None:
    said = send(SHEET, BAGAS)

    assert "tidak boleh memasukkan hasil" in said
    assert not messages()


def test_a_word_of_a_station_from_an_unknown_number_is_a_report(people: Mapping[str, Post]) -> None:
    said = send(f"{STATION} BUKA", "+62877000111")

    assert "belum terdaftar" in said
    assert not rows(Checkin)
    assert [row.text for row in rows(Report)] == [f"{STATION} BUKA"]


@pytest.mark.parametrize("text", ["ada amplop", "TPS BUKA", "xyz", "😀", "HASIL BUP 1 2 3"])
def test_what_cannot_be_read_is_kept_and_told(phones: Any, text: str) -> None:
    said = send(text, BAGAS if text != "HASIL BUP 1 2 3" else AYU)

    assert [row.text for row in rows(Report)] == [text]
    assert "isimpan sebagai laporan" in said


def test_a_place_that_is_in_no_register_waits_for_a_person_and_the_sender_knows(phones: Any) -> None:
    said = send("51.01.02.2099 TPS 7 BUKA")

    assert "tidak ada dalam daftar" in said
    assert [(row.state, row.reason) for row in rows(Outcome)] == [("held", "place")]


def test_a_repeat_has_one_effect_and_the_same_answer_also_without_a_time(phones: Any) -> None:
    """S3: a gateway that asks ten times."""
    answers = {send("tps 7 antre 40", waktu="") for _ in range(10)}

    assert len(answers) == 1
    assert len(rows(Checkin)) == len(messages()) == 1


def test_control_an_id_made_anew_each_time_doubles_the_effect(
    phones: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ronda.channels.services import sms
    from ronda.kernel.ids import uuid7

    monkeypatch.setattr(sms, "message_id", lambda *_: uuid7())
    with pytest.raises(AssertionError):
        test_a_repeat_has_one_effect_and_the_same_answer_also_without_a_time(phones)


def test_other_words_under_the_same_id_are_kept_as_a_conflict(phones: Any) -> None:
    send("tps 7 buka")
    said = send("tps 7 tutup")

    assert "isi lain" in said
    assert len(rows(Checkin)) == 1
    with scoped(Scope.system()):
        assert Conflict.objects.count() == 1


def test_a_revoked_telephone_is_the_publics(phones: Any) -> None:
    with scoped(Scope.system()):
        device_revoke(device=Device.objects.get(pk=phones["ayu"].device.pk), at=AT)

    assert "belum terdaftar" in send(f"{STATION} BUKA")


def test_a_number_has_one_device_and_only_its_digest_is_kept(phones: Any, people: Mapping[str, Post]) -> None:
    with scoped(Scope.system()), pytest.raises(NumberTaken):
        device_register(post=people["citra"], label="HP", kid=1, at=AT, phone="0811 1111 111")

    assert all("8111" not in row.phone_hash or len(row.phone_hash) == 64 for row in rows(Device))


@pytest.mark.parametrize("given", [{"kunci": "salah"}, {}, {"kunci": ""}])
def test_a_gateway_without_its_secret_is_refused(people: Mapping[str, Post], given: dict[str, str]) -> None:
    answer = Client().get(PATH, {"dari": AYU, "teks": "TPS 7 BUKA", **given})

    assert (answer.status_code, messages()) == (403, [])


def test_control_without_the_proof_anybody_speaks_for_ayu(
    phones: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ronda.channels.views import sms

    monkeypatch.setattr(sms, "is_same", lambda one, other: True)
    with pytest.raises(AssertionError):
        test_a_gateway_without_its_secret_is_refused(phones, {"kunci": "salah"})


def test_a_signed_gateway_needs_the_signature_of_the_very_body(phones: Any) -> None:
    body = json.dumps({"dari": AYU, "teks": "TPS 7 BUKA", "id": "9"}).encode()
    options: dict[str, Any] = {"content_type": "application/json", "headers": {"Accept": "application/json"}}

    def posted(signature: str, sent: bytes = body) -> Any:
        headers = options["headers"] | {"X-Signature": signature}
        return Client().post("/masuk/sms/bertanda/", sent, **(options | {"headers": headers}))

    right = signature_of(SECRET, body)
    assert posted(right, body.replace(b"BUKA", b"TUTU")).status_code == 403
    assert posted("").status_code == 403
    assert "TPS dibuka" in posted(f"sha256={right}").json()["reply"]


def test_a_gateway_from_another_address_is_refused(phones: Any) -> None:
    given = {"kunci": SECRET, "dari": AYU, "teks": "TPS 7 BUKA"}

    assert Client().get("/masuk/sms/terjaga/", given).status_code == 403
    assert Client(REMOTE_ADDR="192.0.2.7").get("/masuk/sms/terjaga/", given).status_code == 200


def test_a_gateway_that_is_not_configured_is_not_found(people: Mapping[str, Post]) -> None:
    assert Client().get("/masuk/sms/lain/").status_code == 404


def test_when_the_door_does_not_answer_the_gateway_is_to_ask_again(phones: Any, monkeypatch: Any) -> None:
    from ronda.channels.services import handing

    def busy(**_: object) -> None:
        raise DoorBusy

    monkeypatch.setattr(handing, "message_send", busy)
    answer = Client().get(PATH, {"kunci": SECRET, "dari": AYU, "teks": "TPS 7 BUKA", "id": "1"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_help_is_answered_and_nothing_is_kept(people: Mapping[str, Post]) -> None:
    assert "13 angka" in send("bantuan", "+62877000111")
    assert not messages()


def test_a_number_abroad_a_plus_lost_on_the_way_and_no_number_are_the_publics_or_right(phones: Any) -> None:
    assert "TPS dibuka" in send("TPS 7 BUKA", AYU.replace("+", " "), key="a")
    assert "belum terdaftar" in send(f"{STATION} BUKA", "INFO", key="b")
    assert VILLAGE in {one["place"] for one in messages()}


@pytest.mark.parametrize("length", [30_000, 2_000_000])
def test_a_text_longer_than_any_text_message_is_refused_plainly(
    people: Mapping[str, Post], length: int
) -> None:
    given = {"kunci": SECRET, "dari": AYU, "teks": "x" * length, "id": "lama"}

    assert Client().post("/masuk/sms/uji/", given).status_code == 413
    assert messages() == []

"""Replayed traffic of ODK Collect: list, form, manifest, a submission in two parts, the repeat, the conflict."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.models import Device, Post
from ronda.agencies.services import device_revoke
from ronda.channels.services import bundles_flush, openrosa
from ronda.channels.tests.collect import SUBMISSION, Collect, filled
from ronda.channels.tests.conftest import AT, STATION, VILLAGE, consumed
from ronda.channels.tests.test_sms_take import messages, rows
from ronda.gate.models import Conflict
from ronda.gate.selectors import message_files
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.models import Checkin
from ronda.reports.models import Report
from ronda.results.models import Sheet

pytestmark = pytest.mark.django_db
PHOTO, OTHER = b"\xff\xd8\xff\xe0satu", b"\xff\xd8\xff\xe0dua"
TOLD = {"jawab_kind": "money_politics", "jawab_text": "Ada amplop di depan banjar.", "jawab_place": VILLAGE}
TOLD |= {"jawab_station": "7", "jawab_danger": "ya", "jawab_photos": "a.jpg"}


@pytest.fixture
def ayu(phones: Any, settings: Any, tmp_path: Path) -> Collect:
    settings.VAR = tmp_path
    return Collect(phones["ayu"].device.pk)


def form_of(phone: Collect, id_: str) -> bytes:
    return bytes(phone.ask(f"/openrosa/forms/{id_}.xml").content)


def test_ayus_phone_finds_the_forms_of_her_post(ayu: Collect) -> None:
    forms = ayu.forms()

    assert {"report", "station-opened", "roll_call-morning", "sheet-BUP"} <= set(forms)
    assert "followup" not in forms
    assert forms["report"]["hash"].startswith("md5:")
    assert ayu.ask(forms["report"]["manifestUrl"].removeprefix("http://testserver")).status_code == 200


def test_bagas_of_the_police_has_no_form_of_counts(phones: Any, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    forms = Collect(phones["bagas"].device.pk).forms()

    assert not [one for one in forms if one.startswith("sheet")]


def test_head_says_how_much_may_come_at_once(ayu: Collect) -> None:
    answer = ayu.ask(SUBMISSION, "HEAD")

    assert (answer.status_code, answer.headers["X-OpenRosa-Version"]) == (204, "1.0")
    assert int(answer.headers["X-OpenRosa-Accept-Content-Length"]) > 1_000_000


def test_a_report_in_two_parts_with_photos_becomes_one_report(ayu: Collect) -> None:
    xml = filled(form_of(ayu, "report"), TOLD)
    first = ayu.send(xml, {"a.jpg": PHOTO}, is_last=False)
    assert (first.status_code, messages()) == (201, [])
    second = ayu.send(xml, {"b.jpg": OTHER})
    consumed()

    (report,) = rows(Report)
    assert second.status_code == 201
    assert (report.kind, report.station_code, report.is_danger) == ("money_politics", STATION, True)
    assert (report.text, report.source) == ("Ada amplop di depan banjar.", "officer")
    assert [one["size"] for one in report.files] == [len(PHOTO), len(OTHER)]
    assert report.captured_at.isoformat() == "2024-11-27T00:40:00+00:00"


def test_the_same_again_is_201_and_has_one_effect(ayu: Collect) -> None:
    xml = filled(form_of(ayu, "report"), TOLD)
    answers = [ayu.send(xml, {"a.jpg": PHOTO}).status_code for _ in range(10)]
    consumed()

    assert answers == [201] * 10
    assert len(messages()) == len(rows(Report)) == 1


def test_other_answers_under_the_same_id_are_409_and_both_are_kept(ayu: Collect) -> None:
    form = form_of(ayu, "report")
    ayu.send(filled(form, TOLD))
    answer = ayu.send(filled(form, TOLD | {"jawab_text": "Lain."}))
    consumed()

    assert answer.status_code == 409
    assert len(rows(Report)) == 1
    with scoped(Scope.system()):
        assert Conflict.objects.count() == 1


def test_control_an_id_that_ignores_the_instance_turns_the_repeat_red(ayu: Collect, monkeypatch: Any) -> None:
    from ronda.kernel.ids import uuid7

    monkeypatch.setattr(openrosa, "message_id", lambda *_: uuid7())
    with pytest.raises(AssertionError):
        test_the_same_again_is_201_and_has_one_effect(ayu)


def test_other_answers_before_the_last_part_are_a_conflict_too(ayu: Collect) -> None:
    form = form_of(ayu, "report")
    ayu.send(filled(form, TOLD), is_last=False)
    answer = ayu.send(filled(form, TOLD | {"jawab_text": "Lain."}))

    assert (answer.status_code, [one["body"]["text"] for one in messages()]) == (409, [TOLD["jawab_text"]])


def test_a_report_whose_last_part_never_comes_is_handed_in_and_the_part_comes_behind(
    ayu: Collect, monkeypatch: Any
) -> None:
    xml = filled(form_of(ayu, "report"), TOLD)
    ayu.send(xml, {"a.jpg": PHOTO}, is_last=False)
    monkeypatch.setattr(openrosa, "FILE_PATIENCE", AT - AT)
    assert bundles_flush() == 1
    answers = [ayu.send(xml, {"b.jpg": OTHER}).status_code for _ in range(3)]
    consumed()

    assert answers == [201] * 3
    assert [len(report.files) for report in rows(Report)] == [1, 1]
    assert "Lampiran susulan" in messages()[1]["body"]["text"]
    assert bundles_flush() == 0


def test_a_station_and_a_sheet_are_what_they_are(ayu: Collect) -> None:
    where = {"jawab_place": VILLAGE, "jawab_station": "7"}
    ayu.send(filled(form_of(ayu, "station-queue"), where | {"jawab_queue": "40"}, "uuid:1"))
    boxes = {
        "kotak_v0": "190",
        "kotak_v1": "42",
        "kotak_sah": "232",
        "kotak_tidak_sah": "5",
        "jawab_photos": "c.jpg",
    }
    ayu.send(filled(form_of(ayu, "sheet-BUP"), where | boxes, "uuid:2"), {"c.jpg": PHOTO})
    consumed()

    assert [(one.step, one.station, one.queue) for one in rows(Checkin)] == [("queue", 7, 40)]
    assert [(list(one.votes), one.valid, one.invalid) for one in rows(Sheet)] == [([190, 42], 232, 5)]


def test_an_older_or_unknown_form_loses_no_word(ayu: Collect) -> None:
    xml = filled(form_of(ayu, "report"), TOLD).replace(b"</data>", b"<lama>Kata lama</lama></data>")
    ayu.send(xml)
    ayu.send(xml.replace(b'id="report"', b'id="lain"').replace(b"7e-1<", b"7e-2<"))
    consumed()

    old, unknown = (report.text for report in rows(Report))
    assert "lama: Kata lama" in old
    assert "jawab_text: Ada amplop di depan banjar." in unknown


BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<data id="report"><meta><instanceID>uuid:b</instanceID></meta><x>&b;&b;&b;</x></data>"""
OUTSIDE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><data id="report"><instanceID>&x;</instanceID></data>'


@pytest.mark.parametrize("xml", [b"", b"{}", b"<data>", b"<data id='report'/>", BOMB, OUTSIDE, b"<a>" * 500])
def test_what_is_no_form_is_told_and_kept_with_its_bytes(ayu: Collect, xml: bytes) -> None:
    answers = [ayu.send(xml, {"a.jpg": PHOTO}) for _ in range(2)]
    consumed()

    assert {answer.status_code for answer in answers} == {400}
    assert "Formulir tidak terbaca, tetapi disimpan" in answers[0].content.decode()
    (report,) = rows(Report)
    assert [one["size"] for one in report.files] == [len(xml), len(PHOTO)]
    assert message_files([report.message])


@pytest.mark.parametrize(
    "path", ["/openrosa/formList", "/openrosa/forms/report.xml", "/openrosa/forms/report/manifest"]
)
def test_nobody_without_a_device_sees_a_form(people: Mapping[str, Post], path: str) -> None:
    answer = Client().get(path)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Digest realm="Ronda"')


def test_a_wrong_password_an_unknown_and_a_revoked_device_are_refused(
    phones: Any, people: Mapping[str, Post]
) -> None:
    device = phones["ayu"].device
    assert Collect(device.pk, "salah").ask("/openrosa/formList").status_code == 401
    assert Collect(people["ayu"].pk).ask("/openrosa/formList").status_code == 401
    assert Collect(device.pk).ask("/openrosa/formList").status_code == 200
    with scoped(Scope.system()):
        device_revoke(device=Device.objects.get(pk=device.pk), at=AT)
    assert Collect(device.pk).ask("/openrosa/formList").status_code == 401


def test_control_without_the_proof_a_wrong_password_comes_in(
    phones: Any, people: Any, monkeypatch: Any
) -> None:
    from ronda.channels import selectors

    monkeypatch.setattr(selectors, "is_proven", lambda *_, **__: True)
    with pytest.raises(AssertionError):
        test_a_wrong_password_an_unknown_and_a_revoked_device_are_refused(phones, people)


def test_a_proof_of_another_address_or_method_is_none(ayu: Collect) -> None:
    ayu.ask("/openrosa/formList")
    proof = ayu._proof("GET", "/openrosa/formList")

    assert Client().get("/openrosa/formList", headers={"Authorization": proof}).status_code == 200
    assert Client().post(SUBMISSION, headers={"Authorization": proof}).status_code == 401
    other = "/openrosa/forms/report.xml"
    assert Client().get(other, headers={"Authorization": proof}).status_code == 401


def test_an_old_nonce_is_called_stale(ayu: Collect, monkeypatch: Any) -> None:
    from ronda.channels.adapters import digest

    ayu.ask("/openrosa/formList")
    monkeypatch.setattr(digest, "LIFE_S", -1)
    answer = ayu._ask("/openrosa/formList", "GET")
    assert (answer.status_code, "stale=true" in answer.headers["WWW-Authenticate"]) == (401, True)


def test_the_token_of_the_device_opens_the_same_door(phones: Any) -> None:
    headers = {"Authorization": f"Bearer {phones['ayu'].token}"}

    assert Client().get("/openrosa/formList", headers=headers).status_code == 200


def test_the_password_itself_counts_only_where_nobody_can_read_it(ayu: Collect) -> None:
    from base64 import b64encode

    coded = b64encode(f"{ayu.device.hex}:{ayu.password}".encode()).decode()
    headers = {"Authorization": f"Basic {coded}"}

    assert Client().get("/openrosa/formList", headers=headers).status_code == 401
    assert Client().get("/openrosa/formList", headers=headers, secure=True).status_code == 200


def test_the_exact_xml_stays_in_the_message(ayu: Collect) -> None:
    xml = filled(form_of(ayu, "report"), TOLD)
    ayu.send(xml)

    (message,) = messages()
    assert message["body"]["odk"]["xml"].encode() == xml
    assert json.dumps(message)


def test_an_answer_longer_than_a_message_is_kept_with_its_bytes(ayu: Collect) -> None:
    """The gate takes 256 KB; a form may say more, also when its last part comes late."""
    xml = filled(form_of(ayu, "report"), TOLD).replace(b"depan banjar.", b"depan banjar. " * 30_000)
    answers = [
        ayu.send(xml, {"a.jpg": PHOTO}, is_last=is_last).status_code for is_last in (False, True, True)
    ]
    consumed()

    assert answers == [201] * 3
    (report,) = rows(Report)
    assert [one["size"] for one in report.files] == [len(xml), len(PHOTO)]


def test_the_token_takes_a_submission_too(ayu: Collect, phones: Any) -> None:
    xml = filled(form_of(ayu, "report"), TOLD)
    headers = {"Authorization": f"Bearer {phones['ayu'].token}"}
    statuses = [
        Client().post(SUBMISSION, {"xml_submission_file": BytesIO(one)}, headers=headers).status_code
        for one in (xml, xml, xml.replace(b"Ada amplop", b"Tidak ada"))
    ]

    assert (statuses, len(messages())) == ([201, 201, 409], 1)

"""Webhooks: signed within five minutes, mapped by configuration, once whatever is replayed."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.models import Post
from ronda.channels.domain import signature_of
from ronda.channels.tests.conftest import AT, SECRET, STATION, VILLAGE, consumed
from ronda.channels.tests.test_sms_take import messages, rows
from ronda.gate.models import Conflict
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.reports.models import Report

pytestmark = pytest.mark.django_db
TICKET: dict[str, Any] = {
    "tiket": {
        "nomor": "A-17",
        "desa": VILLAGE,
        "tps": "7",
        "waktu": "2024-11-27T08:00:00+08:00",
        "cerita": "Ada amplop.",
        "jenis": "money_politics",
    }
}


def post(
    body: bytes, *, stamp: float | str = AT.timestamp(), secret: str = SECRET, name: str = "sigap"
) -> Any:
    shown = stamp if isinstance(stamp, str) else str(int(stamp))
    signature = signature_of(secret, shown.encode() + b"." + body)
    headers = {"X-Ronda-Timestamp": shown, "X-Ronda-Signature": f"sha256={signature}"}
    return Client().post(f"/masuk/webhook/{name}/", body, content_type="application/json", headers=headers)


def ticket(**fields: Any) -> bytes:
    return json.dumps({"tiket": TICKET["tiket"] | fields}).encode()


def test_a_ticket_becomes_a_report_and_its_code_is_told(people: Mapping[str, Post]) -> None:
    answer = post(ticket())
    consumed()

    (report,) = rows(Report)
    assert (answer.status_code, answer.json()["state"]) == (201, "new")
    assert (report.text, report.kind, report.station_code) == ("Ada amplop.", "money_politics", STATION)
    assert report.captured_at.isoformat() == "2024-11-27T00:00:00+00:00"


def test_a_replay_has_one_effect_also_signed_anew(people: Mapping[str, Post]) -> None:
    answers = [post(ticket(waktu=None), stamp=AT.timestamp() + second).status_code for second in range(10)]
    consumed()

    assert answers == [201] + [200] * 9
    assert len(messages()) == len(rows(Report)) == 1


def test_control_an_id_made_anew_each_time_doubles_the_effect(people: Any, monkeypatch: Any) -> None:
    from ronda.channels.services import hooks
    from ronda.kernel.ids import uuid7

    monkeypatch.setattr(hooks, "message_id", lambda *_: uuid7())
    with pytest.raises(AssertionError):
        test_a_replay_has_one_effect_also_signed_anew(people)


def test_another_story_under_the_same_number_is_a_conflict(people: Mapping[str, Post]) -> None:
    post(ticket())

    assert post(ticket(cerita="Lain.")).status_code == 409
    with scoped(Scope.system()):
        assert Conflict.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "lain-rahasia-sama-sekali"}, {"stamp": AT.timestamp() - 301}, {"stamp": AT.timestamp() + 301},
     {"stamp": "x"}, {"stamp": ""}, {"stamp": "9" * 11}],
)  # fmt: skip
def test_what_is_not_signed_now_is_refused_and_not_kept(people: Mapping[str, Post], wrong: Any) -> None:
    assert (post(ticket(), **wrong).status_code, messages()) == (401, [])


def test_no_signature_at_all_and_one_of_another_body_are_refused(people: Mapping[str, Post]) -> None:
    path, kind = "/masuk/webhook/sigap/", "application/json"
    assert Client().post(path, ticket(), content_type=kind).status_code == 401
    stamp = str(int(AT.timestamp()))
    signature = signature_of(SECRET, stamp.encode() + b"." + ticket(cerita="Lain."))
    headers = {"X-Ronda-Timestamp": stamp, "X-Ronda-Signature": signature}
    assert Client().post(path, ticket(), content_type=kind, headers=headers).status_code == 401


def test_control_without_the_proof_anybody_is_taken(people: Any, monkeypatch: Any) -> None:
    from ronda.channels.views import hooks

    monkeypatch.setattr(hooks, "is_same", lambda one, other: True)
    with pytest.raises(AssertionError):
        test_what_is_not_signed_now_is_refused_and_not_kept(people, {"secret": "lain-rahasia-sama-sekali"})


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff", b'{"tiket":{}}', b'{"tiket":NaN}', b"[" * 5_000, ticket(nomor=None)]
)
def test_what_the_mapping_cannot_read_is_kept_with_its_bytes_and_told(people: Any, body: bytes) -> None:
    answers = [post(body) for _ in range(2)]
    consumed()

    assert {answer.status_code for answer in answers} == {422}
    assert answers[0].json()["error"]["wanted"]
    (report,) = rows(Report)
    assert [one["size"] for one in report.files] == [len(body)]


def test_a_body_that_is_too_large_is_refused(people: Mapping[str, Post]) -> None:
    assert post(b" " * 200_000).status_code == 413
    assert post(b" " * 6_000_000).status_code == 413


def test_a_webhook_that_is_not_configured_is_not_found(people: Mapping[str, Post]) -> None:
    assert post(ticket(), name="lain").status_code == 404


def test_the_window_is_five_minutes_to_the_second(people: Mapping[str, Post], monkeypatch: Any) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(seconds=300))

    assert post(ticket()).status_code == 201

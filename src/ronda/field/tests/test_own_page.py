"""What a phone is told: its own post and nothing of another's, until it is revoked."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.models import Person, Post
from ronda.agencies.services import device_revoke, post_end
from ronda.agencies.tests.factories import AT, cast
from ronda.elections.adapters.choices import ChoiceRow
from ronda.elections.services import choices_import, election_create, stations_generate
from ronda.gate.devices import Enrolled, device_enrol
from ronda.kernel import clock
from ronda.kernel.ids import uuid7
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.reports.domain import FollowState, receipt_code, receipt_digest
from ronda.reports.services.reporters import follow_add

AREA = "51.01"
pytestmark = pytest.mark.django_db


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Post]:
    monkeypatch.setattr(clock, "now", lambda: AT)
    with scoped(Scope.system()):
        areas_load(area=AREA, at=AT)
        election = election_create(law="pilkada-2024", area=AREA, at=AT)
        stations_generate(election=election, area=AREA, seed=7, at=AT)
        rows = [ChoiceRow("BUP", AREA, number, f"Paslon {number}") for number in (1, 2)]
        choices_import(election=election, choices=rows, at=AT)
    return cast()


def phone_of(post: Post) -> Enrolled:
    with scoped(Scope.system()):
        return device_enrol(post=post, label="HP", days=9_000, by=None, at=AT)


def asked(token: str, path: str = "saya.json") -> Any:
    answer = Client().get(f"/lapangan/{path}", headers={"Authorization": f"Bearer {token}"})
    return answer.json() if answer.status_code == 200 else answer.status_code


def test_ayu_is_told_her_place_her_duties_and_the_keys_of_the_node(people: Mapping[str, Post]) -> None:
    told = asked(phone_of(people["ayu"]).token)

    assert told["person"]["name"] == "Ayu"
    assert [place["code"] for place in told["places"]] == [people["ayu"].area]
    assert told["places"][0]["stations"][0] == 1
    assert [step["form"] for step in told["steps"]][:2] == ["station:logistics", "station:opened"]
    assert len(told["steps"][0]["open"]) == told["steps"][0]["stations"] == len(told["places"][0]["stations"])
    assert told["node"]["recipient"].startswith("age1")
    assert "+" in told["node"]["log_key"]


def test_who_sent_a_report_is_told_how_far_it_is(people: Mapping[str, Post]) -> None:
    message = uuid7()
    with scoped(Scope.system()):
        digest = receipt_digest(receipt_code(message))
        follow_add(digests=[digest], state=FollowState.HANDED, area=AREA, at=AT)
    token = {"Authorization": f"Bearer {phone_of(people['ayu']).token}"}

    told = Client().get(
        "/lapangan/saya.json", headers=token | {"Ronda-Sent": f"{message} {uuid7()} bukan-nomor"}
    )

    words = "Diserahkan kepada lembaga yang berwenang"
    assert told.json()["became"] == {str(message): {"words": words, "at": AT.isoformat(), "is_over": False}}


def test_a_head_or_duty_post_of_the_unit_above_is_whom_one_calls(people: Mapping[str, Post]) -> None:
    told = asked(phone_of(people["ayu"]).token)

    assert told["people"]
    assert {one["role"] for one in told["people"]} <= {"Piket", "Pimpinan unit"}
    assert {one["phone"] for one in told["people"]} == {""}


def test_a_telephone_number_is_told_to_the_roles_that_see_its_class_only(people: Mapping[str, Post]) -> None:
    with scoped(Scope.system()):
        Person.objects.filter(posts__in=[post.pk for post in people.values()]).update(phone="+62811")

    ayu = asked(phone_of(people["ayu"]).token)["people"]
    citra = asked(phone_of(people["citra"]).token)["people"]

    assert {one["phone"] for one in ayu} == {""}
    assert {one["phone"] for one in citra} <= {"+62811"}


def test_dewa_is_told_nothing_of_this_regency(people: Mapping[str, Post]) -> None:
    told = asked(phone_of(people["dewa"]).token)

    assert AREA not in json.dumps(told).replace(people["dewa"].area, "")
    assert told["incidents"] == []
    assert {one["name"] for one in told["people"]}.isdisjoint({"Ayu", "Citra", "Nyoman", "Putri", "Rai"})


@pytest.mark.parametrize("path", ["saya.json", "formulir.json"])
def test_a_stranger_and_a_revoked_device_are_told_nothing(people: Mapping[str, Post], path: str) -> None:
    enrolled = phone_of(people["ayu"])
    assert asked("r1~1~x") == asked("") == 401

    with scoped(Scope.system()):
        device_revoke(device=enrolled.device, by=None, at=AT)

    assert asked(enrolled.token, path) == 401


def test_an_ended_post_is_told_nothing(people: Mapping[str, Post]) -> None:
    token = phone_of(people["ayu"]).token
    with scoped(Scope.system()):
        post_end(post=people["ayu"], by=None, at=AT)

    assert asked(token) == 401


def test_an_expired_token_is_told_nothing(people: Mapping[str, Post]) -> None:
    with scoped(Scope.system()):
        old = device_enrol(post=people["ayu"], label="HP", days=7, by=None, at=AT - timedelta(days=30))

    assert asked(old.token) == 401

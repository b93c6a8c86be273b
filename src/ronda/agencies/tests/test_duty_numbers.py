"""Which number the field calls: a duty room's, set by who administers the unit, told on the phone."""

from typing import Any

import pytest
from django.test import Client

from ronda.agencies.domain import NotAllowed
from ronda.agencies.models import Unit
from ronda.agencies.services import duty_number_set
from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.gate.devices import device_enrol
from ronda.kernel import clock
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped

pytestmark = pytest.mark.django_db
PATH = "/orang/nomor-piket/"


@pytest.fixture
def posts(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(clock, "now", lambda: AT)
    return cast()


def sent(post: Any, unit: Unit, number: str) -> Any:
    client = Client()
    sign_in(client, post)
    return client.post(PATH, {"unit": str(unit.pk), "number": number})


def number_of(unit: Unit) -> str:
    with scoped(Scope.system()):
        return Unit.objects.get(pk=unit.pk).duty_phone


def test_who_administers_sets_it_and_a_phone_in_the_field_is_told(posts: Any) -> None:
    unit = posts["citra"].unit
    assert sent(posts["nyoman"], unit, "0365 41234").status_code == 302
    with scoped(Scope.system()):
        token = device_enrol(post=posts["ayu"], label="HP", days=9_000, by=None, at=AT).token
        names = list(EventRow.objects.filter(name="unit.duty_number_set").values_list("area", flat=True))

    told = Client().get("/lapangan/saya.json", headers={"Authorization": f"Bearer {token}"}).json()

    assert {one["phone"] for one in told["people"] if one["unit"] == unit.name} == {"+6236541234"}
    assert names == [unit.area]


def test_what_is_no_number_is_told_and_nothing_changes(posts: Any) -> None:
    answer = sent(posts["nyoman"], posts["citra"].unit, "ruang piket")
    assert answer.status_code == 422
    assert "Tulis nomor telepon seperti" in answer.content.decode()
    assert number_of(posts["citra"].unit) == ""


@pytest.mark.parametrize("who", ["citra", "bagas", "eka", "surya", "dewa"])
def test_nobody_else_sets_it(posts: Any, who: str) -> None:
    unit = posts["citra"].unit
    assert sent(posts[who], unit, "0365 41234").status_code in (302, 403, 404, 422)
    assert number_of(unit) == ""
    with scoped(Scope.system()), pytest.raises(NotAllowed):
        duty_number_set(unit=unit, number="0365 41234", by=posts[who], at=AT)


def test_an_empty_number_takes_it_back(posts: Any) -> None:
    unit = posts["citra"].unit
    sent(posts["nyoman"], unit, "0365 41234")
    sent(posts["nyoman"], unit, "")
    assert number_of(unit) == ""

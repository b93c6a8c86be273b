"""Held messages are shown to the supervisor of the area, who lets them go on; to nobody else."""

import json

import pytest

from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.gate import services
from ronda.gate.domain import Grant
from ronda.gate.inbox import messages_consume
from ronda.gate.models import Outcome
from ronda.gate.tests.at_the_door import raw
from ronda.kernel.scope import Scope, scoped

pytestmark = pytest.mark.django_db
PAGE = "/kiriman/"


@pytest.fixture
def held():
    sent = raw(kind="drone-video", place="51.01.02.2003")
    services.message_accept(raw=sent, grant=Grant("bawaslu", "bawaslu", "51.01"), at=AT)
    with scoped(Scope.system()):
        messages_consume(at=AT)
    return json.loads(sent)["id"]


def test_citra_sees_what_is_held_and_lets_it_go(client, held):
    sign_in(client, cast()["citra"])
    page = client.get(PAGE)
    assert "drone-video" in page.content.decode()
    assert "Jenis pesan belum dikenal" in page.content.decode()
    assert client.post(f"{PAGE}{held}/lepas/").status_code == 302
    with scoped(Scope.system()):
        assert Outcome.objects.get(pk=held).state == "open"
    again = client.post(f"{PAGE}{held}/lepas/", follow=True)
    assert "sudah diteruskan" in again.content.decode()
    assert "Tidak ada kiriman yang tertahan" in again.content.decode()


def test_dewa_of_another_regency_sees_and_releases_nothing(client, held):
    sign_in(client, cast()["dewa"])
    assert "drone-video" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{held}/lepas/").status_code == 404
    with scoped(Scope.system()):
        assert Outcome.objects.get(pk=held).state == "held"


def test_bagas_of_the_police_has_no_such_page_and_strangers_sign_in(client, held):
    assert client.get(PAGE).status_code == 302
    sign_in(client, cast()["bagas"])
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}{held}/lepas/").status_code == 404

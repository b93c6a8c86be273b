"""A sheet's way: two copies come through the gate, differ, and the supervisor is led to the paper."""

from datetime import UTC, datetime

import pytest

from ronda.agencies.tests.factories import cast, sign_in
from ronda.gate import services
from ronda.gate.domain import Grant
from ronda.gate.inbox import messages_consume
from ronda.gate.models import Outcome
from ronda.gate.tests.at_the_door import raw
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load

AT = datetime(2024, 2, 14, 9, 0, tzinfo=UTC)
VILLAGE, STATION = "51.01.02.2007", "5101022007007"
AYU = Grant("bawaslu", "bawaslu", VILLAGE)
KPU = Grant("kpu", "kpu", "51.01.02")
EKA = Grant("partai-01", "partai", "51.01")
PAGE = f"/hasil/pemilu-2024/PPWP/tps/{STATION}/"

pytestmark = pytest.mark.django_db


def hand_in(grant, votes, *, valid=240, kind="sheet", place=VILLAGE, station=7):
    body = {"contest": "PPWP", "votes": votes, "valid": valid, "invalid": 7, "users": 247, "registered": 280}
    sent = raw(
        kind=kind,
        election="pemilu-2024",
        place=place,
        station=station,
        captured_at="2024-02-14T16:20:00+08:00",
        body=body,
    )
    services.message_accept(raw=sent, grant=grant, at=AT)


def consume():
    with scoped(Scope.system()):
        messages_consume(at=AT)
        return set(Outcome.objects.values_list("state", flat=True))


def test_a_misread_figure_leads_the_supervisor_to_the_paper_and_nobody_else(client):
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
    people = cast()

    # Ayu, the village supervisor, hands in her copy; 617 is published for 117; the copy of Eka agrees with Ayu.
    hand_in(AYU, [117, 83, 40])
    hand_in(KPU, [617, 83, 40])
    hand_in(EKA, [117, 83, 40])
    assert consume() == {"done"}

    # Citra, on duty in the regency, finds it first on her list, with the innocent explanation.
    sign_in(client, people["citra"])
    text = client.get("/hasil/", follow=True).content.decode()
    assert "TPS 07 Penyaringan" in text
    text = client.get(PAGE).content.decode()
    assert "+500" in text
    assert "salah baca digit" in text
    assert "bukan tuduhan" in text

    # Bagas of the police and Dewa of the next regency find no such page.
    for name in ("bagas", "dewa"):
        sign_in(client, people[name])
        assert client.get(PAGE).status_code == 404

    # Eka sees the copy of her own party, and no other figure.
    sign_in(client, people["eka"])
    text = client.get(PAGE).content.decode()
    assert "Saksi 01" in text
    assert "617" not in text

    # The corrected figure arrives; the check is met, both versions stay on record.
    hand_in(KPU, [117, 83, 40])
    consume()
    sign_in(client, people["citra"])
    text = client.get(PAGE).content.decode()
    assert "Cocok pada semua aturan" in text
    assert "versi 2" in text


def test_votes_moved_in_the_recap_are_named_row_by_row(client):
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
    people = cast()
    hand_in(AYU, [117, 83, 40])
    hand_in(KPU, [80, 120, 40], kind="recap", place="51.01.02", station=None)
    assert consume() == {"done"}
    sign_in(client, people["citra"])
    text = client.get("/hasil/pemilu-2024/PPWP/51.01.02/").content.decode()
    assert "Jumlah TPS 117 / 83 / 40, rekap resmi 80 / 120 / 40." in text
    assert "−37" in text
    assert "+37" in text

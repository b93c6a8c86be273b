"""Two people at two browsers let a version out; everybody else finds no such page."""

import pytest
from django.test import Client

from ronda.agencies.tests.factories import AT, age_proofs, cast, sign_in
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.publishing.models import Publication
from ronda.publishing.tests.test_publications import AREA, CLEAN, ELECTION, bring_in

PROPOSAL = {"election": ELECTION, "contests": "PPWP"}


@pytest.fixture
def browsers(db, tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    with scoped(Scope.system()):
        areas_load(area=AREA, at=AT)
    bring_in(tmp_path)
    posts = cast()
    found = {name: Client() for name in ("citra", "putri", "ayu", "bagas", "dewa", "eka")}
    for name, client in found.items():
        sign_in(client, posts[name])
    return found


def only():
    with scoped(Scope.system()):
        return Publication.objects.get()


def test_one_proposes_another_lets_it_out(browsers):
    page = browsers["citra"].post("/terbitan/usul/", PROPOSAL, follow=True)
    assert "menunggu orang kedua" in page.content.decode()
    address, digest = f"/terbitan/{only().pk}/", {"digest": only().digest}
    assert "Setujui dan terbitkan" not in browsers["citra"].get(address).content.decode()
    browsers["citra"].post(f"{address}setuju/", digest)
    assert only().state == "proposed"
    shown = browsers["putri"].get(address).content.decode()
    assert "Setujui dan terbitkan" in shown
    assert "Salinan tidak sama" in shown
    page = browsers["putri"].post(f"{address}setuju/", digest, follow=True)
    assert only().state == "published"
    assert "Setujui dan terbitkan" not in page.content.decode()
    assert "terbit" in browsers["citra"].get("/terbitan/").content.decode()


def test_a_refusal_needs_a_reason_and_keeps_it(browsers):
    browsers["citra"].post("/terbitan/usul/", PROPOSAL)
    address = f"/terbitan/{only().pk}/"
    browsers["putri"].post(f"{address}tolak/", {"reason": ""})
    assert only().state == "proposed"
    page = browsers["putri"].post(f"{address}tolak/", {"reason": "Tunggu rekap."}, follow=True)
    assert only().state == "refused"
    assert "Tunggu rekap." in page.content.decode()


def test_a_correction_is_entered_for_what_is_published(browsers):
    entry = {
        "election": ELECTION,
        "contest": "PPWP",
        "station": CLEAN,
        "basis": "BA 12",
        "reason": "Salah salin.",
    }
    page = browsers["citra"].post("/terbitan/koreksi/", entry, follow=True)
    assert "belum terbit" in page.content.decode()
    browsers["citra"].post("/terbitan/usul/", PROPOSAL)
    browsers["putri"].post(f"/terbitan/{only().pk}/setuju/", {"digest": only().digest})
    page = browsers["citra"].post("/terbitan/koreksi/", entry, follow=True)
    assert "Salah salin." in page.content.decode()


@pytest.mark.parametrize("name", ["ayu", "bagas", "dewa", "eka"])
def test_who_may_not_publish_finds_no_page(browsers, name):
    browsers["citra"].post("/terbitan/usul/", PROPOSAL)
    made = only()
    stranger = browsers[name]
    assert stranger.get(f"/terbitan/{made.pk}/").status_code == 404
    assert stranger.post(f"/terbitan/{made.pk}/setuju/", {"digest": made.digest}).status_code == 404
    if name != "dewa":
        assert stranger.get("/terbitan/").status_code == 404
    assert only().state == "proposed"


def test_letting_out_asks_for_a_fresh_proof(browsers):
    browsers["citra"].post("/terbitan/usul/", PROPOSAL)
    age_proofs(browsers["putri"])
    answer = browsers["putri"].post(f"/terbitan/{only().pk}/setuju/", {"digest": only().digest})
    assert answer.status_code == 302
    assert only().state == "proposed"

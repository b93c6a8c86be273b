"""Result pages show what is there to those whose mandate it is; police and other regencies find nothing."""

import csv
import io
import re
import time

import pytest

from ronda.agencies.tests.factories import cast, sign_in
from ronda.elections.services import StationFile, StationRow, election_create, stations_import
from ronda.kernel.imports import Checked
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.results.models import FailedCheck, Sheet
from ronda.results.services import sheets_receive
from ronda.results.tests.scene import message
from ronda.results.tests.test_sheets_import import AT, bring_in, bring_recap

HOME = "/hasil/pemilu-2019/PPWP/"
STATION = "5101011006003"
PAGES = [
    "/hasil/",
    HOME,
    f"{HOME}51.01/",
    f"{HOME}51.01.01/",
    f"{HOME}51.01.01.1006/",
    f"{HOME}51.01/periksa/",
    f"{HOME}51.01/periksa/?rule=R08&page=2",
    f"{HOME}51.01/lembar.csv",
    f"{HOME}tps/{STATION}/",
]


@pytest.fixture
def people(db):
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        bring_in("jembrana")
        bring_recap()
    return cast()


def seen_by(client, post):
    sign_in(client, post)
    return lambda address: client.get(address, follow=True)


def test_the_supervisor_opens_every_page(people, client):
    see = seen_by(client, people["citra"])
    assert [see(address).status_code for address in PAGES] == [200] * len(PAGES)


def test_police_never_see_results(people, client):
    see = seen_by(client, people["bagas"])
    assert [see(address).status_code for address in PAGES] == [404] * len(PAGES)


def test_dewa_of_another_regency_sees_nothing(people, client):
    see = seen_by(client, people["dewa"])
    for address in PAGES[1:]:
        answer = see(address)
        assert answer.status_code == 404, address
        assert "151.956" not in answer.content.decode()


def test_dewa_gets_an_empty_start_page_that_says_what_to_do(people, client):
    answer = seen_by(client, people["dewa"])("/hasil/")
    assert answer.status_code == 200
    assert "Belum ada lembar hasil" in answer.content.decode()


def test_a_stranger_is_sent_to_sign_in(people, client):
    for address in PAGES:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url.startswith("/masuk/")


def test_the_regency_page_gives_the_numbers_of_the_expected_table(people, client):
    text = seen_by(client, people["citra"])(f"{HOME}51.01/").content.decode()
    for shown in ("876", "862", "151.956", "33.363", "153.126", "alasan melihat kertas, bukan tuduhan"):
        assert shown in text


def test_the_village_supervisor_sees_her_village_and_not_the_regency(people, client):
    see = seen_by(client, people["ayu"])
    area = people["ayu"].unit.area
    assert see(f"{HOME}{area}/").status_code == 200
    assert see(f"{HOME}51.01/").status_code == 404


def test_the_station_page_puts_copies_side_by_side_with_the_difference(people, client):
    with scoped(Scope.system()):
        check = FailedCheck.objects.filter(rule="X02").order_by("-stake").first()
    text = seen_by(client, people["citra"])(f"{HOME}tps/{check.station}/").content.decode()
    assert "Situng KPU" in text
    assert "KawalPemilu" in text
    for delta in check.deltas:
        assert (f"+{delta}" if delta > 0 else f"−{-delta}") in text
    assert "bukan tuduhan" in text


def test_missing_figures_are_shown_as_missing_never_as_zero(people, client):
    with scoped(Scope.system()):
        sheet = Sheet.objects.filter(source="kp", votes__contained_by=[], users__isnull=False).first()
        sheet = sheet or Sheet.objects.filter(source="kp", valid__isnull=True).first()
    text = seen_by(client, people["citra"])(f"{HOME}tps/{sheet.station}/").content.decode()
    assert '<span class="missing">kosong</span>' in text


def test_the_list_is_ranked_by_votes_at_stake_and_explains_innocently(people, client):
    text = seen_by(client, people["citra"])(f"{HOME}51.01/periksa/?rule=R08").content.decode()
    assert "Penjelasan yang wajar" in text
    assert text.index("alasan melihat kertas, bukan tuduhan") < text.index('id="periksa"')
    stakes = [int(n.replace(".", "")) for n in re.findall(r'<p class="at"><b>([\d.]+)</b>', text)]
    assert 40 < len(stakes) <= 50  # the same finding in two copies is one line
    assert stakes == sorted(stakes, reverse=True)


def test_csv_holds_the_last_version_of_every_copy(people, client):
    answer = seen_by(client, people["citra"])(f"{HOME}51.01/lembar.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == 1745
    assert sum(int(row["votes_1"]) for row in rows if row["source"] == "kpu") == 151956
    assert [row["votes_1"] for row in rows if row["source"] == "kp"].count("") == 7


def test_an_export_asks_for_a_fresh_proof_and_leaves_an_audit_line(people, client):
    see = seen_by(client, people["citra"])
    see(f"{HOME}51.01/lembar.csv")
    with scoped(Scope.system()):
        assert AuditLine.objects.filter(action="sheets.exported", area="51.01").count() == 1
    session = client.session
    with scoped(Scope.signin()):
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 301}]
        session.save()
    answer = client.get(f"{HOME}51.01/lembar.csv")
    assert answer.status_code == 302
    assert "next=" in answer["Location"]


def test_a_party_sees_only_its_own_copies(people, client):
    answer = seen_by(client, people["eka"])("/hasil/")
    assert answer.status_code == 200
    assert "Belum ada lembar dari lembaga Anda" in answer.content.decode()
    assert seen_by(client, people["eka"])(f"{HOME}tps/{STATION}/").status_code == 404


def test_places_that_are_no_places_are_not_found(people, client):
    see = seen_by(client, people["citra"])
    for area in ["99", "51.01.99", "5101", "x", "51.01'--", "51.01.01.1006.1", "…"]:
        assert see(f"{HOME}{area}/").status_code == 404


def test_english_is_whole(people, client):
    client.cookies["ronda_bahasa"] = "en"
    text = seen_by(client, people["citra"])(f"{HOME}51.01/").content.decode()
    assert "reason to look at the paper" in text


def test_stations_without_a_copy_and_stations_nobody_registered_are_told_apart(people, client):
    with scoped(Scope.system()):
        sheets_receive([message(place="51.01.01.1006", station=45)])
        election = election_create(law="pemilu-2024", area="51.01", at=AT)
        row = StationRow("5101011006001", "51.01.01.1006", 1, "regular", "", 100, 100, None, None)
        file = StationFile(Checked(items=[[row]], rows=1), ())
        stations_import(election=election, file=file, file_sha256="0" * 64, at=AT)
    text = seen_by(client, people["citra"])("/hasil/pemilu-2024/PPWP/51.01.01.1006/").content.decode()
    assert "tidak terdaftar" in text
    assert "TPS 01, belum masuk" in text

"""The page of the screens says what `ronda screens` says of the same file, shows it, and accuses nobody."""

import json
import re

import pytest
from click.testing import CliRunner
from tests.shared_data import shared

from ronda.agencies.tests.factories import cast, sign_in
from ronda.config.cli import cli
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.results import selectors
from ronda.results.adapters.registry import placed
from ronda.results.adapters.screens_kept import made_of
from ronda.results.adapters.situng2019 import read_sheets
from ronda.results.adapters.situng_rows import plan_sheets
from ronda.results.selectors_screens import screens_for, stations_screened
from ronda.results.services import screening_keep, sheets_import
from ronda.results.tests.test_sheets_import import AT, ORIGIN, bring_in

HOME = "/hasil/pemilu-2019/PPWP/"
REGENCY, DISTRICT, VILLAGE = (
    f"{HOME}51.01/penapisan/",
    f"{HOME}51.01.01/penapisan/",
    f"{HOME}51.01.01.1006/penapisan/",
)
FILE = "results/pemilu2019_ppwp_tps_jembrana.csv"


@pytest.fixture
def people(db):
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        bring_in("jembrana")
    screened("51.01", "51.01.01")
    return cast()


def screened(*areas):
    """What the worker does, for these areas alone."""
    with scoped(Scope.system()):
        for area in areas:
            count = selectors.summary_for("pemilu-2019", "PPWP", area)
            screening_keep(count=count, made=made_of(stations_screened(count), area), at=clock.now())


def seen_by(client, post, address=REGENCY):
    sign_in(client, post)
    return client.get(address, follow=True)


def text_of(client, post, address=REGENCY):
    return seen_by(client, post, address).content.decode()


def command(path):
    words = ["screens", str(path), "--format", "situng-2019", "--source", "kpu", "--runs", "1000", "--json"]
    return json.loads(CliRunner().invoke(cli, words).output)


def test_the_page_says_the_words_and_numbers_of_the_command_on_the_same_file(people):
    with scoped(Scope.system()) as scope:
        said = screens_for(selectors.summary_for("pemilu-2019", "PPWP", "51.01"), scope).said
    expected = command(shared(FILE))
    assert (said["stations"], said["leader"]) == (expected["stations"], expected["leader"]) == (798, 1)
    screens = [name for name, one in said.items() if isinstance(one, dict)]
    assert len(screens) == 8
    assert {name: said[name]["word"] for name in screens} == {
        name: expected[name]["word"] for name in screens
    }
    assert {name: said[name]["tests"] for name in screens} == {
        name: expected[name]["tests"] for name in screens
    }
    assert said["neighbours"]["stand_out"] == expected["neighbours"]["stand_out"] == 28
    assert said["fingerprint"] == expected["fingerprint"]
    assert said["integer_percentages"]["observed"] == expected["integer_percentages"]["observed"]


def test_the_page_gives_word_sentence_effect_and_explanation_of_every_screen(people, client):
    text = text_of(client, people["citra"])
    assert "Suara pilihan 01 dibandingkan dengan TPS lain sedesa: 28 dari 798 TPS menonjol." in text
    assert "paling jauh 117 suara di satu TPS" in text
    assert text.count("Penjelasan yang wajar") == text.count('class="scr-line"') >= 7
    assert "benih 1, pemilu tiruan 1.000 kali" in text
    assert text.index("tidak pernah bukti") < text.index('class="scr-line"')


def test_the_page_accuses_nobody_and_names_no_person(people, client):
    text = text_of(client, people["citra"]).lower()
    assert not [word for word in ("curang", "manipul", "joko", "prabowo", "fraud") if word in text]


def test_every_station_of_the_chosen_district_is_a_mark_that_leads_to_its_page(people, client):
    text = text_of(client, people["citra"], f"{REGENCY}?kecamatan=51.01.02")
    strips = text[text.index('id="per-tps"') :]
    stations = set(re.findall(r"/tps/(\d{13})/", strips))
    assert stations
    assert {code[:6] for code in stations} == {"510102"}
    with scoped(Scope.system()) as scope:
        every = screens_for(selectors.summary_for("pemilu-2019", "PPWP", "51.01"), scope).stations.codes
    assert stations == {code for code in every if code.startswith("510102")}


def test_what_stands_out_differs_in_shape_and_is_said(people, client):
    text = text_of(client, people["citra"])
    marked = re.findall(r'<a class="(up|dn)"[^>]*aria-label="([^"]*)"><path', text)
    assert marked
    assert all("menonjol" in words for _css, words in marked)
    assert all(("+" in words) == (css == "up") for css, words in marked)


def test_the_pictures_have_words_for_who_does_not_see_them(people, client):
    text = text_of(client, people["citra"])
    assert '<desc id="fp-d">Separuh TPS berada di kehadiran' in text
    assert re.search(r'aria-label="[^"]*: rata-rata [+−]0,\d\d simpangan baku, \d+ TPS menonjol"', text)


def test_a_district_is_screened_without_what_needs_a_regency(people, client):
    text = text_of(client, people["citra"], DISTRICT)
    assert (
        "Tidak dihitung di sini karena perlu wilayah yang lebih luas: Persen bulat, Bagian yang bertumpuk."
        in text
    )


def test_a_village_says_how_many_stations_are_wanted_and_where_to_look(people, client):
    answer = seen_by(client, people["citra"], VILLAGE)
    assert answer.status_code == 200
    assert "Perlu sedikitnya 30 TPS yang formnya utuh" in answer.content.decode()
    assert DISTRICT in answer.content.decode()


def test_an_area_too_wide_leads_to_its_parts(people, client, monkeypatch):
    monkeypatch.setattr("ronda.results.views_screens.MOST_SCREENED", 100)
    text = text_of(client, people["citra"])
    assert "Pilih wilayah" in text
    assert DISTRICT in text


def test_the_page_is_found_beside_the_list_of_failed_checks(people, client):
    assert REGENCY in text_of(client, people["citra"], f"{HOME}51.01/")


STRANGERS = ("bagas", "oka", "indra", "dewa", "eka", "lestari", "made", "gita", "hadi")


def test_the_page_exists_for_the_supervisor_alone_not_for_police_army_parties_or_another_regency(
    people, client
):
    for person in STRANGERS:
        answers = [seen_by(client, people[person], address) for address in (REGENCY, DISTRICT, VILLAGE)]
        assert [answer.status_code for answer in answers] == [404] * 3, person


def test_the_village_supervisor_sees_her_village_and_is_not_sent_where_she_may_not_go(people, client):
    area = people["ayu"].unit.area
    answer = seen_by(client, people["ayu"], f"{HOME}{area}/penapisan/")
    assert answer.status_code == 200
    assert f"{HOME}{area[:8]}/penapisan/" not in answer.content.decode()
    assert seen_by(client, people["ayu"]).status_code == 404


def test_a_stranger_is_sent_to_sign_in(people, client):
    assert client.get(REGENCY).url.startswith("/masuk/")


def test_places_without_results_are_not_found(people, client):
    for area in ("51.01.99", "x", "5101"):
        assert seen_by(client, people["citra"], f"{HOME}{area}/penapisan/").status_code == 404


def test_a_station_that_is_kept_from_somebody_is_not_screened_for_them(people, client, monkeypatch):
    shown = text_of(client, people["citra"])
    station = re.findall(r"/tps/(\d{13})/", shown[shown.index('id="scr-tps"') :])[0]
    monkeypatch.setattr("ronda.results.selectors_screens.hidden_from", lambda person: {station})
    assert station not in text_of(client, people["citra"])


def test_a_planted_station_stands_in_the_table_and_is_not_there_without_planting(db, client, tmp_path):
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        bring_in("jembrana")
    people = cast()
    screened("51.01")
    before = text_of(client, people["citra"])
    station = plant(tmp_path)
    screened("51.01")
    after = text_of(client, people["citra"])
    assert in_table(after, station)
    assert not in_table(before, station)


def plant(folder):
    """Give one ordinary station most of the leader's votes to the other choice, in the copy that is read first."""
    lines = shared(FILE).read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    with scoped(Scope.system()) as scope:
        screens = screens_for(selectors.summary_for("pemilu-2019", "PPWP", "51.01"), scope)
        calm = int(abs(screens.stations.near.residual).argmin())
        code = screens.stations.codes[calm]
        sheet = selectors.station_sheets("pemilu-2019", "PPWP", code)[0]
    votes = sheet.votes
    moved = int(votes[0]) - 20
    at = row_of(lines, names, sheet, votes)
    cells = dict(zip(names, lines[at].split(","), strict=True))
    cells["kpu_pas1"], cells["kpu_pas2"] = "20", str(int(votes[1]) + moved)
    lines[at] = ",".join(cells.values())
    path = folder / "ditanam.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    stations = read_sheets(path)
    with scoped(Scope.system()):
        done = sheets_import(plan=plan_sheets(stations, placed(stations.table.names)[0]), origin=ORIGIN)
    assert done.copies_new == 1
    return code


def row_of(lines, names, sheet, votes):
    """The line of a station by its number, its figures and its voters."""
    wanted = {
        "tps": sheet.number,
        "kpu_pas1": int(votes[0]),
        "kpu_pas2": int(votes[1]),
        "kpu_pengguna": sheet.users,
        "kpu_tidak_sah": sheet.invalid,
    }
    found = []
    for number, line in enumerate(lines[1:], start=1):
        cells = dict(zip(names, line.split(","), strict=True))
        if all(cells[name] == str(value) for name, value in wanted.items()):
            found.append(number)
    assert len(found) == 1
    return found[0]


def in_table(text, station):
    table = text[text.index('id="scr-tps"') :].split("</table>")[0]
    return f"/tps/{station}/" in table

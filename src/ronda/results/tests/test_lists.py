"""Above an electoral district only parties add up, and a recapitulation of a district is held against its villages."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import jsonschema
import pytest
from python_calamine import CalamineWorkbook
from tests.shared_data import shared

from ronda.elections.adapters.choices import ChoiceRow
from ronda.elections.selectors import election_for
from ronda.elections.services import choices_import
from ronda.kernel.scope import Scope, scoped
from ronda.results.adapters.area_results import area_results
from ronda.results.adapters.checksheet import check_sheet
from ronda.results.adapters.lists import Lists
from ronda.results.adapters.nist import nist_report
from ronda.results.adapters.shown import heading, sentence
from ronda.results.adapters.tidy import tidy_zip
from ronda.results.adapters.workbooks import area_xlsx
from ronda.results.models import AreaSummary, FailedCheck, Recap
from ronda.results.services import lists_changed, recaps_receive, receiving, sheets_receive
from ronda.results.tests.scene import AT, ELECTION, LISTED, listed, message, registered

FIRST, SECOND = "51.01.02.2007", "51.01.03.2001"
VOTES = {FIRST: [10, 20, 30, 40, 50], SECOND: [1, 2, 3, 4, 5]}
BY_PARTY = [30 + 6, 120, 9]  # parties 1, 2 and 3 over both districts


@pytest.fixture
def system(db):
    with scoped(Scope.system()) as scope:
        registered([(FIRST, 1), (SECOND, 1)])
        listed()
        yield scope


def hand_in(*villages):
    sheets_receive([_sheet(village) for village in villages])


def _sheet(village):
    votes = VOTES[village]
    body = {"contest": LISTED, "votes": votes, "valid": sum(votes), "users": sum(votes), "invalid": 0}
    return replace(message(place=village, station=1, **body), area=village)


def recap(unit, votes, district=""):
    made = message("recap", agency="kpu", sender="kpu", place=unit, station=None)
    body = {"contest": LISTED, "votes": votes, "valid": sum(votes), "district": district}
    return replace(made, area=unit, body=body)


def summary(area):
    return AreaSummary.objects.get(area=area, contest=LISTED)


def test_a_regency_adds_parties_where_its_lists_differ(system):
    hand_in(FIRST, SECOND)
    assert summary("51.01.02").votes["ptps"] == VOTES[FIRST]
    assert summary("51.01").votes["ptps"] == summary("").votes["ptps"] == BY_PARTY


def test_one_form_after_another_gives_the_same(system):
    hand_in(FIRST)
    hand_in(SECOND)
    assert summary("51.01").votes["ptps"] == BY_PARTY


def test_without_the_lists_rows_of_different_candidates_would_be_added(system, monkeypatch):
    monkeypatch.setattr(Lists, "are_several", lambda *_: False)
    hand_in(FIRST, SECOND)
    assert summary("51.01").votes["ptps"] == [11, 22, 33, 44, 55]


def test_names_of_a_regency_are_its_parties_and_of_a_village_its_list(system):
    assert heading(ELECTION, LISTED, "51.01").choices == ("1 Partai 1", "2 Partai 2", "3 Partai 3")
    assert heading(ELECTION, LISTED, FIRST).choices[-1] == "2.2 Caleg 2"
    assert heading(ELECTION, LISTED, "51.01", "Jembrana 2").choices[-1] == "3.1 Caleg 1"


def test_a_recap_of_an_electoral_district_is_held_against_its_villages(system):
    hand_in(FIRST, SECOND)
    recaps_receive(
        [recap("51.01", VOTES[FIRST], "Jembrana 1"), recap("51.01", [1, 2, 3, 2, 7], "Jembrana 2")]
    )
    (differing,) = FailedCheck.objects.filter(rule="X05")
    assert (differing.area, differing.deltas, differing.stake) == ("51.01", [0, 0, 0, -2, 2], 2)
    assert (
        sentence(differing)
        == "Dapil Jembrana 2: Jumlah TPS 1 / 2 / 3 / 4 / …, rekap resmi 1 / 2 / 3 / 2 / …."
    )
    official = summary("51.01").recap
    assert (official["votes"], official["deltas"], official["tested"]) == (BY_PARTY, [0, 0, 0], True)
    assert summary("51.01").rules["X05"] == 1


def test_recaps_of_two_districts_are_not_versions_of_one(system):
    recaps_receive([recap("51.01", VOTES[FIRST], "Jembrana 1"), recap("51.01", VOTES[SECOND], "Jembrana 2")])
    assert set(Recap.objects.values_list("district", "version")) == {("Jembrana 1", 1), ("Jembrana 2", 1)}


def test_a_recap_of_one_district_alone_is_told_as_a_part(system):
    hand_in(FIRST, SECOND)
    recaps_receive([recap("51.01", VOTES[FIRST], "Jembrana 1")])
    assert summary("51.01").recap == {"units": 1, "of": 2, "votes": [], "tested": False}


def test_a_recap_of_the_parties_alone_is_compared_too(system):
    hand_in(FIRST, SECOND)
    recaps_receive([recap("51.01", [BY_PARTY[0], BY_PARTY[1] - 1, BY_PARTY[2] + 1])])
    assert FailedCheck.objects.get(rule="X05").deltas == [0, -1, 1]


def test_a_unit_with_one_list_needs_no_district(system):
    recaps_receive([recap("51.01.02", VOTES[FIRST], "Jembrana 1"), recap("51.01.02", VOTES[FIRST])])
    (only,) = Recap.objects.all()
    assert (only.district, only.version) == ("", 1)


def test_lists_that_come_after_the_forms_change_what_adds_up(db, monkeypatch):
    with scoped(Scope.system()):
        registered([(FIRST, 1), (SECOND, 1)])
        hand_in(FIRST, SECOND)
        assert summary("51.01").votes["ptps"] == [11, 22, 33, 44, 55]
        listed()
        lists_changed(election=ELECTION, contests={LISTED, "DPR"}, at=AT)
        assert summary("51.01").votes["ptps"] == BY_PARTY


def test_a_district_that_is_no_text_is_refused(system):
    with pytest.raises(receiving.UnreadableSheetError, match="district: wanted the name"):
        recaps_receive([recap("51.01", VOTES[FIRST], 7)])


def whole():
    hand_in(FIRST, SECOND)
    return area_results(ELECTION, LISTED, "51.01", at=AT)


def test_files_of_a_regency_have_the_names_of_each_list(system):
    package = zipfile.ZipFile(io.BytesIO(tidy_zip(whole())))
    rows = csv.DictReader(io.StringIO(package.read("votes.csv").decode()))
    told = {
        (row["station"][:10], row["choice"], row["party"]): row["votes"]
        for row in rows
        if row["number"] == "1"
    }
    assert told == {
        ("5101022007", "Caleg 1", "1"): "20",
        ("5101022007", "Caleg 1", "2"): "40",
        ("5101032001", "Caleg 1", "1"): "2",
        ("5101032001", "Caleg 1", "3"): "5",
    }


def test_a_workbook_adds_parties_by_area_and_has_a_worksheet_for_each_list(system):
    book = CalamineWorkbook.from_filelike(io.BytesIO(area_xlsx(whole())))
    assert book.sheet_names == ["Wilayah", "TPS Jembrana 1", "TPS Jembrana 2"]
    areas = book.get_sheet_by_name("Wilayah").to_python()
    assert [row[6:9] for row in areas if str(row[0]).startswith("51.01.0")] == [[30, 120, 0], [6, 0, 9]]
    heads = book.get_sheet_by_name("TPS Jembrana 2").to_python()[3]
    assert heads[6:11] == ["1 Partai 1", "1.1 Caleg 1", "1.2 Caleg 2", "3 Partai 3", "3.1 Caleg 1"]


def test_the_nist_report_has_a_contest_for_each_electoral_district(system):
    report = nist_report(whole(), issuer="x")
    schema = json.loads(shared("standards/nist_sp_1500-100r2.schema.json").read_text())
    jsonschema.validate(json.loads(json.dumps(report)), schema)
    first, second = report["Election"][0]["Contest"]
    assert (first["Name"], second["ElectionDistrictId"]) == (
        "DPRD Kabupaten/Kota, dapil Jembrana 1",
        "gp-51.01-jembrana-2",
    )
    assert len(report["Election"][0]["Candidate"]) == 6
    counts = {one["GpUnitId"]: one["Count"] for one in second["ContestSelection"][4]["VoteCounts"]}
    assert counts["gp-51.01"] == 5


def test_a_check_sheet_of_one_list_has_its_candidates_and_of_several_the_parties(system):
    choices_import(
        election=election_for(ELECTION),
        choices=[ChoiceRow(LISTED, "51.01", 0, "Partai 4", 4, "Jembrana 3", ("51.01.02.2008",))],
        at=AT,
    )
    hand_in(FIRST)
    of_both = check_sheet(ELECTION, LISTED, "51.01.02", at=AT)
    assert "2 Partai 2" in [row.label for row in of_both.rows]
    assert not any("Caleg" in row.label for row in of_both.rows)
    (column,) = of_both.villages[0].stations
    at = [row.label for row in of_both.rows].index("2 Partai 2")
    assert column.figures[at] == 120
    of_one = check_sheet(ELECTION, LISTED, "51.01.02", at=AT, list_="Jembrana 1")
    assert "2.1 Caleg 1" in [row.label for row in of_one.rows]
    assert check_sheet(ELECTION, LISTED, "51.01.02", at=AT, list_="Jembrana 2") is None

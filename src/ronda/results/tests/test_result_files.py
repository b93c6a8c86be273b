"""Results as files: tidy tables, NIST report, workbook, check sheet; rights, step-up and audit as for the CSV."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace

import jsonschema
import pytest
from python_calamine import CalamineWorkbook
from tests.shared_data import shared

from ronda.agencies.tests.factories import age_proofs, cast, sign_in
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.results.adapters.area_results import area_results
from ronda.results.adapters.files import FORMS
from ronda.results.adapters.nist import nist_report
from ronda.results.adapters.tidy import tidy_zip
from ronda.results.tests.test_sheets_import import AT, bring_in, bring_recap

HOME = "/hasil/pemilu-2019/PPWP/"
REGENCY = [f"{HOME}51.01/unduh/{name}" for name, form in FORMS.items() if not form.for_district]
DISTRICT = [f"{HOME}51.01.01/unduh/{name}" for name in FORMS]


@pytest.fixture
def regency(db):
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        bring_in("jembrana")
        bring_recap()


@pytest.fixture
def results(regency):
    with scoped(Scope.system()):
        yield area_results("pemilu-2019", "PPWP", "51.01", at=AT)


def tables(content):
    package = zipfile.ZipFile(io.BytesIO(content))
    described = json.loads(package.read("datapackage.json"))
    return described, {one["name"]: package.read(one["path"]) for one in described["resources"]}


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_tidy_tables_hold_every_vote_of_every_copy(results):
    described, found = tables(tidy_zip(results))
    votes = rows(found["votes"])
    assert len(votes) == 2 * 1745
    # The README of the data: Jembrana, Situng 151,956 / 33,363
    kpu = [
        sum(int(row["votes"] or 0) for row in votes if (row["source"], row["position"]) == ("kpu", at))
        for at in "12"
    ]
    assert kpu == [151_956, 33_363]
    assert (described["stations"], described["stations_reported"]) == (876, 876)


def test_the_package_describes_every_column_and_the_hash_of_every_table(results):
    described, found = tables(tidy_zip(results))
    for one in described["resources"]:
        content = found[one["name"]]
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert one["bytes"] == len(content)
        header = content.decode().splitlines()[0].split(",")
        assert [column["name"] for column in one["schema"]["fields"]] == header
        assert all(column["type"] and column["description"] for column in one["schema"]["fields"])
    assert described["licenses"]
    assert {one["title"] for one in described["sources"]} == {"Situng KPU", "KawalPemilu"}


def test_an_empty_cell_is_not_reported_and_never_zero(results):
    station = results.stations[0]
    station.copies[0].votes = [None, 7]
    _described, found = tables(tidy_zip(results))
    first = [row for row in rows(found["votes"]) if row["station"] == station.code and row["rank"] == "1"]
    assert [row["votes"] for row in first] == ["", "7"]


def schema():
    return json.loads(shared("standards/nist_sp_1500-100r2.schema.json").read_text(encoding="utf-8"))


def test_the_nist_report_is_valid(results):
    report = json.loads(json.dumps(nist_report(results, issuer="Bawaslu Kabupaten Jembrana")))
    jsonschema.Draft4Validator(schema()).validate(report)
    assert report["Status"] == "unofficial-complete"


def test_files_of_a_simulation_say_so(results, settings):
    settings.DEMO = True
    report = nist_report(results, issuer="x")
    assert (report["IsTest"], report["TestType"]) == (True, "simulasi")
    jsonschema.Draft4Validator(schema()).validate(json.loads(json.dumps(report)))
    described, _found = tables(tidy_zip(results))
    assert described["title"].startswith("SIMULASI ")


def test_a_report_with_a_word_of_its_own_is_not_valid(results):
    """The control: the schema refuses what it does not know."""
    report = json.loads(json.dumps(nist_report(results, issuer="x"))) | {"Winner": "nobody"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(schema()).validate(report)


def test_the_nist_report_adds_up_and_every_reference_has_its_unit(results):
    report = nist_report(results, issuer="x")
    units = {unit["@id"]: unit for unit in report["GpUnit"]}
    assert len(units) == len(report["GpUnit"])
    (contest,) = report["Election"][0]["Contest"]
    for at, selection in enumerate(contest["ContestSelection"]):
        counts = {count["GpUnitId"]: count["Count"] for count in selection["VoteCounts"]}
        assert set(counts) <= set(units)
        stations = sum(n for unit, n in counts.items() if units[unit]["Type"] == "precinct")
        assert counts["gp-51.01"] == stations == (151_956, 33_363)[at]
    for unit in report["GpUnit"]:
        assert set(unit.get("ComposingGpUnitIds", ())) <= set(units)
    assert units["gp-51.01"]["TotalSubUnits"] == 876
    ids = {one["@id"] for one in report["Election"][0]["Candidate"]}
    assert {one for s in contest["ContestSelection"] for one in s["CandidateIds"]} == ids


def test_an_area_with_a_gap_has_no_sum(results):
    results.stations[0].copies[0].votes = [None, 7]
    report = nist_report(results, issuer="x")
    first = report["Election"][0]["Contest"][0]["ContestSelection"][0]
    given = {count["GpUnitId"] for count in first["VoteCounts"]}
    assert "gp-51.01" not in given
    assert f"gp-{results.stations[0].code}" not in given
    assert len(given) > 900


def test_a_station_that_is_not_in_makes_the_report_partial(results):
    first, *others = results.stations
    partial = replace(results, stations=(replace(first, copies=()), *others))
    assert nist_report(partial, issuer="x")["Status"] == "unofficial-partial"


def test_the_supervisor_takes_every_file_and_each_leaves_a_line(regency, client):
    sign_in(client, cast()["citra"])
    for address in [*REGENCY, *DISTRICT]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer["Content-Disposition"].startswith("attachment")
    with scoped(Scope.system()):
        lines = AuditLine.objects.filter(action="results.exported")
        assert lines.count() == len(REGENCY) + len(DISTRICT)
        assert {line.area for line in lines} == {"51.01", "51.01.01"}


def test_the_workbook_of_an_area_adds_its_districts_up(regency, client):
    sign_in(client, cast()["citra"])
    content = client.get(f"{HOME}51.01/unduh/hasil.xlsx").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    areas, stations = (book.get_sheet_by_index(at).to_python()[4:] for at in (0, 1))
    assert sum(row[6] for row in areas) == 151_956
    assert sum(row[2] for row in areas) == len(stations) == 876
    assert sum(row[6] for row in stations) == 151_956


@pytest.mark.parametrize("who", ["bagas", "dewa", "eka"])
def test_police_other_regencies_and_witnesses_take_nothing(regency, client, who):
    sign_in(client, cast()[who])
    assert [client.get(address).status_code for address in [*REGENCY, *DISTRICT]] == [404] * 8


def test_an_old_proof_is_asked_for_anew(regency, client):
    sign_in(client, cast()["citra"])
    age_proofs(client)
    answers = [client.get(address) for address in [*REGENCY, *DISTRICT]]
    assert {answer.status_code for answer in answers} == {302}


def test_a_check_sheet_is_for_a_district_alone(regency, client):
    sign_in(client, cast()["citra"])
    assert client.get(f"{HOME}51.01/unduh/lembar-periksa.pdf").status_code == 404
    assert client.get(f"{HOME}51.01.01/unduh/lembar.exe").status_code == 404


def test_the_page_of_a_district_offers_the_sheet_and_others_do_not(regency, client):
    sign_in(client, cast()["citra"])
    assert "lembar-periksa.pdf" in client.get(f"{HOME}51.01.01/").content.decode()
    assert "lembar-periksa.pdf" not in client.get(f"{HOME}51.01/").content.decode()

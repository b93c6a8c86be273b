"""Files of 2024 and tables in any shape go in whole, once, under official codes, with every figure kept."""

import json
from datetime import UTC, datetime

import pytest
import xlsxwriter
from tests.shared_data import shared

from ronda.elections.selectors import station_list
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.results.adapters.found import plan_found
from ronda.results.adapters.mapped import (
    Template,
    TemplateRefused,
    fingerprint_of,
    header_of,
    read_mapped,
    read_template,
)
from ronda.results.adapters.recap2024 import read_votes, recaps_of
from ronda.results.adapters.registry import areas_known, places_of
from ronda.results.adapters.rows import Origin
from ronda.results.adapters.sirekap2024 import SOURCE, read_json, shape_of
from ronda.results.models import AreaSummary, Recap, Sheet
from ronda.results.selectors import template_columns
from ronda.results.services import recaps_import, sheets_import, template_remember

AT = datetime(2024, 2, 18, 3, 0, tzinfo=UTC)
CENGKARENG = "results/pemilu2024_sirekap_ppwp_tps_cengkareng.csv"
STATION = "3173011005116"


def origin(contest="PPWP", election="pemilu-2024"):
    return Origin(election, contest, "bawaslu", ("kpu",), "0" * 64, AT)


def bring_in(items, contest="PPWP", *, is_list=True):
    places, _ = places_of(items)
    return sheets_import(plan=plan_found(items, places, is_list=is_list), origin=origin(contest))


def from_table(path):
    shape = shape_of(header_of(path))
    return shape, read_mapped(path, shape.template, source=SOURCE).items


@pytest.fixture
def system(db):
    with scoped(Scope.system()) as scope:
        yield scope


def test_sirekap_of_cengkareng_goes_in_whole_and_a_repeat_changes_nothing(system):
    areas_load(area="31.73", at=AT)
    areas_load(area="31.01", at=AT)
    _, found = from_table(shared(CENGKARENG))
    done = bring_in(found)
    reported = [one for one in found if not one.figures.is_empty]
    assert (done.held, done.stations_new, done.copies_new) == (0, 1000, len(reported))
    assert AreaSummary.objects.get(area="").stations == 1000
    assert bring_in(found).copies_new == 0
    kept = {sheet.station: sheet for sheet in Sheet.objects.all()}
    for one in reported:
        sheet = kept[one.station]
        assert tuple(sheet.votes) == one.figures.votes
        assert sheet.other == one.figures.other


def test_the_voters_that_a_machine_read_do_not_become_those_of_the_registry(system):
    areas_load(area="31.73", at=AT)
    bring_in(read_json(shared("results/pemilu2024_sirekap_ppwp_sample.json")).items)
    station = station_list("pemilu-2024", area="31.73").get(code=STATION)
    assert (station.voters_m, station.voters_f) == (None, None)
    assert Sheet.objects.get(station=STATION).registered == 276


def test_stations_named_in_words_are_placed_or_held_until_the_register_knows_them(system, tmp_path):
    lines = shared("results/pemilu2024_sirekap_dprdprov_tps_banyumas.csv").read_text("utf-8").splitlines()
    path = tmp_path / "few.csv"
    path.write_text(
        "\n".join([lines[0], *(line for line in lines[1:] if ",reported," in line)][:41]), "utf-8"
    )
    shape, found = from_table(path)
    assert bring_in(found, shape.contest).held == 40
    areas_load(area="33.02", at=AT)
    done = bring_in(found, shape.contest)
    assert (done.held, done.copies_new) == (0, 0)
    assert set(Sheet.objects.values_list("contest", "is_held")) == {("DPRD_PROV", False)}
    assert all(len(sheet.votes) == 18 and sheet.area.startswith("33.02.") for sheet in Sheet.objects.all())


def test_a_new_outcome_is_a_new_version_and_an_unstated_one_changes_nothing(system, tmp_path):
    areas_load(area="31.73", at=AT)
    text = shared("results/pemilu2024_sirekap_ppwp_sample.json").read_text("utf-8")
    path = tmp_path / "psu.json"
    path.write_text(text.replace('"psu": null', '"psu": "Pemungutan Suara Ulang"'), "utf-8")
    for file, new in ((shared("results/pemilu2024_sirekap_ppwp_sample.json"), 4), (path, 4)):
        assert bring_in(read_json(file).items).copies_new == new
    assert bring_in(read_json(shared("results/pemilu2024_sirekap_ppwp_sample.json")).items).copies_new == 0
    versions = Sheet.objects.filter(station=STATION).order_by("version")
    assert [(row.version, row.outcome) for row in versions] == [(1, "regular"), (2, "revote")]


def test_a_json_record_that_does_not_fit_is_told_with_its_number(tmp_path):
    path = tmp_path / "bad.json"
    path.write_text(
        '{"317301": {"chart": null}, "3173011005116": {"chart": {"100025": "53"}, "psu": "Lain"}}', "utf-8"
    )
    checked = read_json(path)
    assert [(error.row, error.column) for error in checked.errors] == [
        (1, "station"),
        (2, "100025"),
        (2, "psu"),
    ]
    assert (checked.items, checked.rows, checked.rows_refused) == ([], 2, 2)


def test_votes_per_district_of_the_regional_elections_go_in_by_contest(system):
    areas_load(area="51.01", at=AT)
    checked = read_votes(shared("results/pilkada2024_sirekap_kecamatan.csv"))
    assert (checked.rows, checked.errors) == (475, [])
    recaps = recaps_of(checked.items, areas_known({row.unit for row in checked.items}))
    assert sorted(recaps) == ["BUP", "GUB", "WALI"]
    for contest, rows in recaps.items():
        recaps_import(rows=rows, origin=origin(contest, "pilkada-2024"), source="sirekap")
    assert Recap.objects.filter(contest="GUB", is_held=False, area__startswith="51.01.").count() == 5
    assert sum(number or 0 for recap in Recap.objects.all() for number in recap.votes) == sum(
        row.votes or 0 for row in checked.items
    )


def test_totals_of_a_district_that_is_not_complete_are_held_against_nothing(system):
    from ronda.results.adapters.rows import latest_recaps

    checked = read_votes(shared("results/pilkada2024_sirekap_kecamatan.csv"))
    known = {row.unit for row in checked.items}
    rows = recaps_of(checked.items, known)["GUB"]
    recaps_import(rows=rows, origin=origin("GUB", "pilkada-2024"), source="sirekap")
    whole = {row.unit for row in rows if row.figures.other["stations_reported"] == row.stations}
    assert 0 < len(whole) < len(rows)
    assert {unit for unit, _district in latest_recaps("pilkada-2024", "GUB", known)} == whole


TABLE = "Kode TPS,Anies,Prabowo,Ganjar,Sah,Catatan\n{code},53,,36,207,x\n"
COLUMNS = "Kode TPS: station\nAnies: suara_1\nPrabowo: suara_2\nGanjar: suara_3\nSah: sah\n"


def test_a_table_with_a_mapping_is_read_and_its_columns_are_remembered(system, tmp_path):
    table, columns = tmp_path / "a.csv", tmp_path / "map.yaml"
    table.write_text(TABLE.format(code=STATION), "utf-8")
    columns.write_text(COLUMNS, "utf-8")
    template, fingerprint = read_template(columns), fingerprint_of(header_of(table))
    assert template_columns(fingerprint) is None
    template_remember(name="laskar", fingerprint=fingerprint, template=template, at=AT)
    (found,) = read_mapped(table, Template(template_columns(fingerprint)), source="ptps").items
    assert (found.station, found.figures.votes, found.figures.valid) == (STATION, (53, None, 36), 207)
    with pytest.raises(TemplateRefused, match="taken"):
        template_remember(name="laskar", fingerprint="1" * 64, template=template, at=AT)


def test_a_workbook_with_the_same_columns_needs_no_mapping_of_its_own(tmp_path):
    book, table = tmp_path / "a.xlsx", tmp_path / "a.csv"
    table.write_text(TABLE.format(code=STATION), "utf-8")
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for row, line in enumerate(TABLE.format(code=STATION).splitlines()):
            sheet.write_row(row, 0, line.split(","))
    assert fingerprint_of(header_of(book)) == fingerprint_of(header_of(table))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("a: station\nb: suara_2\n", "without a gap"),
        ("a: station\n", "without a gap"),
        ("a: stasiun\nb: suara_1\n", "came stasiun"),
        ("a: suara_1\n", "the field station"),
        ("a: station\nb: suara_1\nc: suara_1\n", "there twice"),
        ("- a\n- b\n", "column: field"),
        ("a: [", "YAML"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_what_was_wanted(tmp_path, columns, message):
    path = tmp_path / "map.yaml"
    path.write_text(columns, "utf-8")
    with pytest.raises(TemplateRefused, match=message):
        read_template(path)


def test_records_that_do_not_fit_go_aside_as_a_file_of_the_same_form(tmp_path):
    good = {"chart": {"100025": 10, "100026": 20, "100027": 30}, "administrasi": {"suara_sah": 60}}
    bad = {"chart": {"100025": -1, "100026": 20, "100027": 30}, "administrasi": {}}
    path, aside = tmp_path / "tps.json", tmp_path / "tps.json.ditolak.json"
    path.write_text(json.dumps({"5101022007001": good, "5101022007002": bad}), encoding="utf-8")

    checked = read_json(path, rejects=aside)
    assert [one.station for one in checked.items] == ["5101022007001"]
    assert (checked.rows, checked.rows_refused) == (2, 1)
    assert json.loads(aside.read_text(encoding="utf-8")) == {"5101022007002": bad}

    aside.write_text(json.dumps({"5101022007002": bad | {"chart": good["chart"]}}), encoding="utf-8")
    assert read_json(aside).rows_refused == 0, "mended, it goes in"

"""The real files of 2019 go in whole, once, under official codes; what the database counts is the oracle."""

from datetime import UTC, datetime

import pytest
from tests.shared_data import shared

from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.results.adapters.recap2019 import read_recap
from ronda.results.adapters.registry import placed, placed_districts
from ronda.results.adapters.rows import Origin
from ronda.results.adapters.situng2019 import read_sheets
from ronda.results.adapters.situng_rows import plan_recaps, plan_sheets
from ronda.results.models import AreaSummary, FailedCheck, Recap, Sheet
from ronda.results.services import recaps_import, sheets_import
from ronda.results.tests.test_situng2019_oracle import EXPECTED

AT = datetime(2019, 5, 1, 3, 0, tzinfo=UTC)
ORIGIN = Origin("pemilu-2019", "PPWP", "bawaslu", ("kpu",), "0" * 64, AT)
CODES = {
    "jembrana": "51.01",
    "kota-malang": "35.73",
    "jombang": "35.17",
    "jember": "35.09",
    "malang": "35.07",
}


def bring_in(regency):
    stations = read_sheets(shared(f"results/pemilu2019_ppwp_tps_{regency}.csv"))
    placing, _ = placed(stations.table.names)
    return sheets_import(plan=plan_sheets(stations, placing), origin=ORIGIN)


def bring_recap():
    recap = read_recap(shared("results/pemilu2019_ppwp_rekap_kecamatan.csv"))
    placing, _ = placed_districts(recap.table.names)
    return recaps_import(rows=list(plan_recaps(recap, placing)), origin=ORIGIN)


@pytest.fixture
def system(db):
    with scoped(Scope.system()) as scope:
        yield scope


@pytest.mark.parametrize("regency", EXPECTED)
def test_a_whole_regency_goes_in_and_gives_the_expected_table(system, regency):
    areas_load(area=CODES[regency], at=AT)
    done = bring_in(regency)
    expected = EXPECTED[regency]
    assert done.held == 0
    assert done.stations_new == expected[0]
    count = AreaSummary.objects.get(area=CODES[regency])
    kpu = FailedCheck.objects.filter(source="kpu", against="")
    kp = FailedCheck.objects.filter(source="kp", against="")
    assert (
        count.stations,
        count.present["kpu"],
        count.present["kp"],
        count.both,
        count.differing,
        kpu.filter(rule="R05").count(),
        kpu.filter(rule="R08").count(),
        kp.filter(rule="R05").count(),
        kp.filter(rule="R08").count(),
    ) == expected[:9]
    assert count.rules["X02"] == expected[4]


def test_a_repeat_changes_nothing(system):
    areas_load(area="51.01", at=AT)
    bring_in("jembrana")
    before = Sheet.objects.count(), FailedCheck.objects.count(), AreaSummary.objects.count()
    again = bring_in("jembrana")
    assert (again.stations_new, again.copies_new, again.failed) == (0, 0, None)
    assert (Sheet.objects.count(), FailedCheck.objects.count(), AreaSummary.objects.count()) == before


def test_counts_add_up_from_village_to_nation(system):
    areas_load(area="51.01", at=AT)
    bring_in("jembrana")
    for level in ("village", "district", "regency", "province", "nation"):
        rows = AreaSummary.objects.filter(level=level)
        assert sum(row.stations for row in rows) == 876
        assert sum(row.votes["kpu"][0] for row in rows) == 151956
        assert sum(row.failed for row in rows) == AreaSummary.objects.get(area="").failed


def test_the_recap_of_jembrana_is_complete_and_one_district_is_equal(system):
    areas_load(area="51.01", at=AT)
    bring_in("jembrana")
    done = bring_recap()
    assert done.held == 90
    tested = AreaSummary.objects.filter(level="district", recap__tested=True)
    differing = FailedCheck.objects.filter(rule="X05")
    assert (tested.count(), differing.count()) == (5, 4)
    pekutatan = AreaSummary.objects.get(area__in=tested.values("area"), recap__deltas=[0, 0])
    assert pekutatan.votes["kpu"] == [15988, 3044]
    assert AreaSummary.objects.get(area="51.01").rules["X05"] == 4


def test_unknown_places_are_held_not_dropped_and_filed_when_the_register_knows_them(system):
    done = bring_in("jembrana")
    assert (done.held, done.stations_new) == (876, 0)
    held = Sheet.objects.filter(is_held=True)
    assert held.count() == 1745  # 7 stations have voters but no votes in kp
    assert AreaSummary.objects.count() == 0
    areas_load(area="51.01", at=AT)
    done = bring_in("jembrana")
    assert (done.held, done.copies_new) == (0, 0)
    assert not Sheet.objects.filter(is_held=True).exists()
    assert AreaSummary.objects.get(area="51.01").differing == 11


def test_corrected_figures_become_a_new_version_and_the_old_one_stays(system, tmp_path):
    areas_load(area="51.01", at=AT)
    text = shared("results/pemilu2019_ppwp_tps_jembrana.csv").read_text(encoding="utf-8")
    bring_in("jembrana")
    path = tmp_path / "corrected.csv"
    path.write_text(text.replace("137,160,190,42,232,5,237", "137,160,191,41,232,5,237", 1), encoding="utf-8")
    stations = read_sheets(path)
    done = sheets_import(plan=plan_sheets(stations, placed(stations.table.names)[0]), origin=ORIGIN)
    assert done.copies_new == 1
    versions = Sheet.objects.filter(station="5101011006001", source="kpu").order_by("version")
    assert [(row.version, row.votes) for row in versions] == [(1, [190, 42]), (2, [191, 41])]
    assert FailedCheck.objects.get(station="5101011006001", rule="X02").deltas == [-1, 1]


def test_doubled_stations_and_impossible_numbers_are_row_errors(system, tmp_path):
    areas_load(area="51.01", at=AT)
    lines = shared("results/pemilu2019_ppwp_tps_jembrana.csv").read_text(encoding="utf-8").splitlines()
    lines += [lines[1], lines[2].replace(",53244,2,", ",53244,1000,")]
    path = tmp_path / "doubled.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    stations = read_sheets(path)
    plan = plan_sheets(stations, placed(stations.table.names)[0])
    assert [(error.row, error.column) for error in plan.errors] == [(878, "tps"), (879, "tps")]
    assert "the same as row 2" in plan.errors[0].came


def test_held_recaps_are_filed_when_the_register_knows_their_district(system):
    assert bring_recap().held == 95
    areas_load(area="51.01", at=AT)
    done = bring_recap()
    assert (done.held, done.copies_new) == (90, 0)
    assert Recap.objects.filter(is_held=False).count() == 5
    assert Recap.objects.count() == 95

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
from ronda.results.models import AreaSummary, FailedCheck
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

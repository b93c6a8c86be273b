"""The table "Expected values" of data/results/README.md, reproduced exactly by `ronda tally`."""

import csv
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from tests.shared_data import shared

from ronda.config.cli.tally import tally

# Kab | TPS | Situng present | KawalPemilu present | both | differ | Situng sum != sah
# | Situng sah+tidak != pengguna | KP the same two | max DPT
EXPECTED = {
    "jembrana": (876, 876, 862, 862, 11, 22, 57, 13, 28, 300),
    "kota-malang": (2365, 2365, 2365, 2365, 18, 42, 124, 12, 48, 300),
    "jombang": (4299, 4299, 4264, 4264, 80, 78, 103, 41, 45, 299),
    "jember": (7670, 7379, 7337, 7291, 68, 123, 202, 67, 114, 300),
    "malang": (8409, 8344, 8294, 8281, 54, 116, 265, 63, 106, 300),
}
# "Recap totals, five kabupaten (pas1/pas2)"
RECAP_TOTALS = {
    "JEMBRANA": (153126, 33829),
    "KOTA MALANG": (345695, 168001),
    "JOMBANG": (615972, 187763),
    "JEMBER": (891208, 483786),
    "MALANG": (1179241, 386001),
}
TALLY = [sys.executable, "-c", "from ronda.config.cli.tally import tally; tally()"]


def sheets(regency):
    return shared(f"results/pemilu2019_ppwp_tps_{regency}.csv")


def run(regency):
    recap = shared("results/pemilu2019_ppwp_rekap_kecamatan.csv")
    call = [*TALLY, str(sheets(regency)), "--format", "situng-2019", "--recap", str(recap), "--json"]
    return json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


@pytest.fixture(scope="module")
def tallies():
    return {regency: run(regency) for regency in EXPECTED}


@pytest.mark.parametrize("regency", EXPECTED)
def test_reproduces_the_row_of_the_expected_table(tallies, regency):
    from ronda.results.adapters.situng2019 import read_sheets

    found = tallies[regency]
    kpu, kp, pair = found["sources"]["kpu"], found["sources"]["kp"], found["pairs"][0]
    registered = read_sheets(sheets(regency)).registered
    assert (
        found["stations"],
        kpu["present"],
        kp["present"],
        pair["both"],
        pair["differ"],
        kpu["flags"]["VALID_SUM"],
        kpu["flags"]["TURNOUT_MISMATCH"],
        kp["flags"]["VALID_SUM"],
        kp["flags"]["TURNOUT_MISMATCH"],
        int(registered.value[registered.present].max()),
    ) == EXPECTED[regency]


def test_53_of_95_districts_are_complete_and_4_equal(tallies):
    recaps = [found["recap"] for found in tallies.values()]
    assert [sum(recap[key] for recap in recaps) for key in ("units", "complete", "equal")] == [95, 53, 4]


def test_recap_totals_of_the_five_regencies():
    from ronda.results.adapters.recap2019 import read_recap

    recap = read_recap(shared("results/pemilu2019_ppwp_rekap_kecamatan.csv"))
    totals = {}
    for row, unit in enumerate(recap.unit):
        regency = recap.table.names[unit][1]
        before = totals.get(regency, (0, 0))
        totals[regency] = tuple(a + int(b) for a, b in zip(before, recap.votes.value[row], strict=True))
    assert totals == RECAP_TOTALS


# Counted with the csv module alone: a choice above DPT + ceil(2 %) or above pengguna, every figure as written.
VOTES_GT_CAP = {
    "jembrana": (12, 8),
    "kota-malang": (25, 18),
    "jombang": (25, 12),
    "jember": (24, 16),
    "malang": (24, 16),
}


@pytest.mark.parametrize("regency", VOTES_GT_CAP)
def test_votes_above_the_cap_are_counted_as_the_figures_are_written(tallies, regency):
    sources = tallies[regency]["sources"]
    assert tuple(sources[name]["flags"]["VOTES_GT_CAP"] for name in ("kpu", "kp")) == VOTES_GT_CAP[regency]


def test_the_object_has_exactly_the_agreed_shape(tallies):
    found = tallies["jembrana"]
    assert list(found) == ["stations", "sources", "pairs", "recap"]
    assert list(found["sources"]) == ["kpu", "kp"]
    for source in found["sources"].values():
        assert list(source) == ["present", "votes", "flags"]
        assert list(source["flags"]) == ["VALID_SUM", "TURNOUT_MISMATCH", "VOTES_GT_CAP"]
    assert list(found["pairs"][0]) == ["a", "b", "both", "differ", "net"]
    assert (found["pairs"][0]["a"], found["pairs"][0]["b"]) == ("kpu", "kp")


def test_net_is_the_second_source_minus_the_first(tallies):
    # counted with the csv module over the 862 stations of Jembrana present in both sources
    assert tallies["jembrana"]["pairs"][0]["net"] == [-228, -150]


def test_needs_no_django_and_no_database():
    call = (
        "import sys; from ronda.config.cli.tally import tally\n"
        "try: tally()\n"
        "finally: print('django' in sys.modules, 'psycopg' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", call, str(sheets("jembrana")), "--format", "situng-2019", "--json"],
        capture_output=True,
        text=True,
        env={"PATH": "", "DATABASE_URL": "postgres://nowhere:1/none"},
        check=True,
    )
    assert done.stderr.split() == ["False", "False"]
    assert json.loads(done.stdout)["recap"] is None


def test_says_what_the_missing_stations_could_still_turn():
    done = CliRunner().invoke(tally, [str(sheets("jember")), "--format", "situng-2019"])
    with sheets("jember").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not (row["kpu_pas1"] and row["kpu_pas2"])]
    known = [(int(row["dpt_l"] or -1), int(row["dpt_p"] or -1)) for row in rows]
    voters = [men + women if min(men, women) >= 0 else 300 for men, women in known]
    most = sum(number + -(-number * 2 // 100) for number in voters)
    assert f"7379 of 7670 stations, lead {857_545 - 463_762}" in done.output
    assert f"hold at most {most} votes and can no longer turn it" in done.output

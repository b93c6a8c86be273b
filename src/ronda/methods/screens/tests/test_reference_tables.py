"""Tables 2.3 and 2.6 of the domain note on forensics: Russia as positive, the others as negative control."""

import csv
import gzip

import numpy as np
import pytest
from tests.shared_data import shared

from ronda.methods.screens import Turnout, fingerprint, integer_percentages, last_digits

RUNS = 60
ABROAD = {
    "Russia 2004": ("russia2004_president_polling_stations", "given", "received"),
    "Russia 2018": ("russia2018_president_polling_stations", "given", "received"),
    "Russia 2011": ("russia2011_duma_polling_stations", "turnout", "turnout"),
    "Canada 2011": ("canada2011_conservative_polls", "turnout", "turnout"),
}
REGENCIES = ("Jembrana", "Kota Malang", "Jombang", "Jember", "Malang")
# Set: observed either/leader/turnout; expected the same.
PERCENTAGES = {
    "Russia 2004": ((17_393, 9_283, 9_214), (16_454.2, 8_697.6, 8_642.4)),
    "Russia 2018": ((19_271, 10_116, 10_543), (17_560.6, 9_257.5, 9_243.8)),
    "Russia 2011": ((17_692, 9_671, 9_102), (16_959.7, 8_992.6, 8_882.9)),
    "Canada 2011": ((13_080, 7_074, 6_753), (12_859.8, 6_925.6, 6_633.0)),
    "Jembrana": ((155, 69, 91), (161.3, 81.8, 88.8)),
    "Kota Malang": ((416, 222, 218), (436.3, 230.7, 229.0)),
    "Jombang": ((765, 399, 415), (802.2, 421.0, 424.1)),
    "Jember": ((1_358, 744, 683), (1_328.2, 714.7, 685.5)),
    "Malang": ((1_533, 845, 772), (1_554.0, 824.6, 812.8)),
}
# Set: units, skew, excess kurtosis, correlation, slope, percent of units above 95 % turnout.
CONTROLS = {
    "Canada 2011": (65_343, 0.73, 0.34, 0.08, 0.47, 0.03),
    "Russia 2004": (90_773, -2.09, 5.23, 0.44, 1.00, 11.2),
    "Russia 2011": (90_910, -1.62, 3.31, 0.75, 1.18, 8.1),
    "Russia 2018": (93_601, -1.46, 2.45, 0.57, 1.05, 8.3),
    "Jembrana": (821, 1.08, 0.88, -0.01, 0.76, 0.4),
    "Kota Malang": (2_264, 0.59, 3.54, -0.02, 0.63, 4.3),
    "Jombang": (4_158, 0.12, 0.88, -0.02, 0.68, 0.7),
    "Jember": (6_871, 0.60, 2.47, 0.04, 0.67, 1.7),
    "Malang": (8_065, 0.57, 2.46, -0.12, 0.58, 1.3),
}


def _abroad(name: str) -> Turnout:
    file, came, valid = ABROAD[name]
    with gzip.open(shared(f"forensics/{file}.csv.gz"), "rt", encoding="utf-8") as lines:
        rows = [
            tuple(int(float(row[c] or 0)) for c in ("voters", came, valid, "leader"))
            for row in csv.DictReader(lines)
        ]
    return Turnout(*np.array(rows, dtype=np.int64).T)


def _regency(name: str) -> Turnout:
    """Volunteers' reading of the forms whose sums hold and where no more came than are registered."""
    path = shared(f"results/pemilu2019_ppwp_tps_{name.lower().replace(' ', '-')}.csv")
    columns = ("dpt_l", "dpt_p", "kp_pengguna", "kp_sah", "kp_tidak_sah", "kp_pas1", "kp_pas2")
    with path.open(encoding="utf-8") as lines:
        rows = [[int(row[c]) if row[c] else -10_000 for c in columns] for row in csv.DictReader(lines)]
    men, women, came, valid, invalid, one, two = np.array(rows, dtype=np.int64).T
    whole = (one >= 0) & (two >= 0) & (one + two == valid) & (valid + invalid == came) & (came <= men + women)
    whole &= valid > 0
    leader = one if one[whole].sum() > two[whole].sum() else two
    return Turnout(*(column[whole] for column in (men + women, came, valid, leader)))


@pytest.fixture(scope="module", params=[*ABROAD, *REGENCIES])
def known(request) -> tuple[str, Turnout]:
    name = request.param
    return name, _abroad(name) if name in ABROAD else _regency(name)


def test_integer_percentages_as_in_table_2_3(known):
    name, units = known
    found = integer_percentages(units, seed=7, runs=RUNS)
    observed, expected = PERCENTAGES[name]
    assert tuple(found.observed) == observed
    for mean, wanted, spread in zip(found.expected, expected, found.spread, strict=True):
        # Both means stand on a finite number of runs: three standard errors of ours, and as much for the table's.
        assert abs(mean - wanted) < 6 * spread / RUNS**0.5 + 0.06
    assert (found.z.either > 5) == name.startswith("Russia")
    if not name.startswith("Russia"):
        assert found.z.either < 3


def test_controls_as_in_table_2_6(known):
    name, units = known
    found = fingerprint(units)
    number, skew, kurtosis, correlation, slope, high = CONTROLS[name]
    assert found.units == number
    assert found.skew == pytest.approx(skew, abs=0.011)
    assert found.kurtosis == pytest.approx(kurtosis, abs=0.011)
    assert found.correlation == pytest.approx(correlation, abs=0.006)
    assert found.slope == pytest.approx(slope, abs=0.006)
    assert 100 * found.high_turnout_share == pytest.approx(high, abs=0.06)
    assert found.histogram.sum() <= found.units
    if name in REGENCIES or name.startswith("Canada"):
        assert found.slope < 1


@pytest.mark.parametrize(
    ("name", "chi_square"),
    [("Jembrana", 4.7), ("Kota Malang", 8.2), ("Jombang", 8.0), ("Malang", 9.3), ("Jember", 17.5)],
)
def test_last_digits_of_the_winner_are_ordinary(name, chi_square):
    found = last_digits(_regency(name).leader)
    assert found is not None
    # The table stands on all stations of 2019; here those whose form holds together.
    assert found.chi_square == pytest.approx(chi_square, abs=6)
    assert found.p_value > 0.01

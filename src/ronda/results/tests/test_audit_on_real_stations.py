"""`ronda audit` on the real stations of 2019: the check tables of the domain note, and a whole audit from files."""

import csv

import numpy as np
import pytest
from click.testing import CliRunner
from tests.shared_data import shared

from ronda.config.cli import cli
from ronda.methods.audit import macro_clean_size

# "Same on real 2019 TPS (b_p = reported)" and "Same with b_p = 1.02 DPT": U, then n at 10 % and 5 %.
SIZES = {
    "jembrana": ((2.597, 5, 7), (3.024, 6, 8)),
    "jombang": ((2.952, 6, 8), (3.390, 7, 9)),
    "malang": ((3.018, 6, 8), (3.575, 8, 10)),
    "kota-malang": ((3.953, 8, 11), (4.585, 10, 13)),
    "jember": ((4.434, 10, 12), (5.642, 12, 16)),
}


def _stations(regency):
    with shared(f"results/pemilu2019_ppwp_tps_{regency}.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kpu_pas1"] and row["kpu_pas2"]]
    names = ("kpu_pas1", "kpu_pas2", "kpu_sah", "kpu_tidak_sah", "dpt_l", "dpt_p")
    return rows, {name: np.array([int(row[name] or 0) for row in rows]) for name in names}


@pytest.mark.parametrize("regency", SIZES)
def test_kaplan_markov_sizes_on_real_stations(regency):
    _, at = _stations(regency)
    lead = at["kpu_pas1"] - at["kpu_pas2"]
    reported = at["kpu_sah"] + at["kpu_tidak_sah"]
    registered = 1.02 * (at["dpt_l"] + at["dpt_p"])
    for bound, (total, at_ten, at_five) in zip((reported, registered), SIZES[regency], strict=True):
        found = float((lead + bound).sum() / lead.sum())
        assert found == pytest.approx(total, abs=1.5e-3)
        assert (macro_clean_size(found, risk=0.1), macro_clean_size(found, risk=0.05)) == (at_ten, at_five)


@pytest.fixture
def files(tmp_path):
    """Jembrana: the Situng figures stand for the recap, the volunteers' reading of the photographs for the forms."""
    rows, _ = _stations("jembrana")
    listed, forms = tmp_path / "list.csv", tmp_path / "forms.csv"
    with listed.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["unit", "bound", "satu", "dua"])
        writer.writerows([_unit(row), 400, row["kpu_pas1"], row["kpu_pas2"]] for row in rows)
    with forms.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["unit", "satu", "dua"])
        writer.writerows([_unit(row), row["kp_pas1"], row["kp_pas2"]] for row in rows)
    return listed, forms


def _unit(row):
    return f"{row['kel_id']}-{row['tps']}"


def _run(*words, code=0):
    done = CliRunner().invoke(cli, ["audit", *map(str, words)])
    assert done.exit_code == code, done.output
    return done.output


def _digest(listed):
    return next(word for word in _run("plan", listed).split() if len(word) == 64)


@pytest.mark.parametrize("method", ["macro", "alpha"])
def test_an_audit_from_seed_and_list_confirms_jembrana(files, method):
    listed, forms = files
    common = [
        "--digest",
        _digest(listed),
        "--seed",
        "31415926535897932384",
        "--draws",
        40,
        "--method",
        method,
    ]
    drawn = _run("draw", listed, *common)
    assert drawn == _run("draw", listed, *common)
    assert len(drawn.splitlines()) == 41
    assert "can end" in _run("evaluate", listed, forms, *common)


def test_missing_forms_keep_the_audit_going(files):
    listed, forms = files
    header = forms.read_text().splitlines()[0]
    forms.write_text(header + "\n" + forms.read_text().splitlines()[1] + "\n")
    common = ["--digest", _digest(listed), "--seed", "1", "--draws", 40]
    assert "goes on" in _run("evaluate", listed, forms, *common, code=3)


def test_a_list_changed_after_the_digest_is_refused(files):
    listed, _ = files
    digest = _digest(listed)
    listed.write_text(listed.read_text().replace(",400,", ",401,", 1))
    assert "it was changed" in _run("draw", listed, "--digest", digest, "--seed", "1", "--draws", 5, code=1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("unit,bound,a\nx,1,1\n", "at least two choices"),
        ("unit,bound,a,b\nx,10,-1,1\n", "row 2, column a"),
        ("unit,bound,a,b\nx,10,5,1\nx,10,5,1\n", "comes twice"),
        ("unit,bound,a,b\nx,10,5\n", "row 2: wanted 4 cells"),
        ("unit,bound,a,b\nx,10,5,5\n", "tied"),
        ("", "wanted a header"),
    ],
)
def test_a_bad_list_is_refused_in_one_sentence(tmp_path, content, said):
    listed = tmp_path / "list.csv"
    listed.write_text(content)
    assert said in _run("plan", listed, code=1)


def test_shares_are_estimated_from_drawn_stations_and_hold_the_truth(files):
    listed, forms = files
    _, at = _stations("jembrana")
    truth = at["kpu_pas1"].sum() / (at["kpu_pas1"] + at["kpu_pas2"]).sum()
    forms.write_text(listed.read_text().replace("unit,bound,", "unit,").replace(",400,", ","))
    common = ["--digest", _digest(listed), "--seed", "31415926535897932384", "--draws", 120]
    line = next(
        one for one in _run("estimate", listed, forms, *common).splitlines() if one.startswith("satu")
    )
    share, low, high = (float(word.strip("%,;")) / 100 for word in line.split() if "%" in word)
    assert low < truth < high
    assert low < share < high


def test_an_estimate_wants_every_drawn_station(files):
    listed, forms = files
    forms.write_text("\n".join(forms.read_text().splitlines()[:300]) + "\n")
    common = ["--digest", _digest(listed), "--seed", "1", "--draws", 40]
    assert "every drawn station" in _run("estimate", listed, forms, *common, code=1)

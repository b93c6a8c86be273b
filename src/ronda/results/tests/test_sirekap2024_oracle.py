"""The lines on Sirekap 2024 under "Expected values" of data/results/README.md, out of the files as they are read."""

from collections import Counter

import numpy as np
import pytest
from tests.shared_data import shared

from ronda.results.adapters.mapped import header_of, read_mapped
from ronda.results.adapters.sirekap2024 import SOURCE, read_json, shape_of

CENGKARENG = "results/pemilu2024_sirekap_ppwp_tps_cengkareng.csv"
JATIM = "results/pemilu2024_sirekap_ppwp_mismatch_jatim.csv"
TRIPLES = (("dpt", "pengguna_dpt", "pengguna_dptb", "pengguna_dpk", "pengguna"), ("l", "p", "j"))


def read(path):
    file = shared(path)
    shape = shape_of(header_of(file))
    checked = read_mapped(file, shape.template, source=SOURCE)
    assert checked.errors == []
    return shape, checked.items


def is_complete(found):
    figures = found.figures
    rows, columns = TRIPLES
    fields = {f"{row}_{column}" for row in rows for column in columns}
    known = fields <= set(figures.other) and None not in (figures.valid, figures.invalid)
    return figures.is_present and known


def expected_of(figures):
    """Which lines of the table a complete record is counted in."""
    other, total = figures.other, figures.other["sah_tidak_sah"]
    parts = sum(other[f"pengguna_{row}_j"] for row in ("dpt", "dptb", "dpk"))
    return {
        "pas1+pas2+pas3 ≠ suara_sah": sum(figures.votes) != figures.valid,
        "sah+tidak_sah ≠ suara_total": figures.valid + figures.invalid != total,
        "pengguna_total ≠ suara_total": figures.users != total,
        "dpt+dptb+dpk ≠ total": parts != figures.users,
        "l+p ≠ j": other["pengguna_l"] + other["pengguna_p"] != other["pengguna_j"],
        "pengguna_dpt > DPT": other["pengguna_dpt_j"] > figures.registered,
        "a candidate above 300": max(figures.votes) > 300,
    }


def test_cengkareng_and_kepulauan_seribu_give_the_expected_line():
    shape, found = read(CENGKARENG)
    complete = [one.figures for one in found if is_complete(one)]
    counts = Counter(name for figures in complete for name, is_so in expected_of(figures).items() if is_so)
    assert (shape.contest, len(found), len(complete)) == ("PPWP", 1000, 348)
    assert counts == {
        "pas1+pas2+pas3 ≠ suara_sah": 28,
        "sah+tidak_sah ≠ suara_total": 7,
        "pengguna_total ≠ suara_total": 34,
        "dpt+dptb+dpk ≠ total": 6,
        "l+p ≠ j": 8,
        "pengguna_dpt > DPT": 3,
        "a candidate above 300": 3,
    }


def test_the_mismatch_file_of_jawa_timur_gives_the_expected_lines():
    shape, found = read(JATIM)
    votes = np.array([one.figures.votes for one in found])
    most = votes.max(axis=1)
    stated = [(sum(one.figures.votes), one.figures.valid) for one in found if one.figures.valid is not None]
    delta = np.array([added - valid for added, valid in stated])
    assert not shape.is_list
    assert len(found) == 1910
    assert ((most > 300).sum(), (most >= 600).sum(), (most == 0).sum()) == (283, 178, 239)
    assert ((delta > 0).sum(), (delta < 0).sum(), delta.sum()) == (969, 939, 223_730)
    assert ((delta % 100 == 0) & (delta != 0)).sum() == 211
    regencies = Counter(one.names[1] for one in found)
    assert {name: regencies[name] for name in ("MALANG", "JEMBER", "JOMBANG", "KOTA MALANG")} == {
        "MALANG": 109,
        "JEMBER": 81,
        "JOMBANG": 58,
        "KOTA MALANG": 35,
    }


@pytest.mark.parametrize(
    ("regency", "stations", "reported"), [("banyumas", 5587, 2606), ("cilacap", 5964, 4592)]
)
def test_party_totals_of_the_provincial_council_are_read_where_reported(regency, stations, reported):
    shape, found = read(f"results/pemilu2024_sirekap_dprdprov_tps_{regency}.csv")
    assert (shape.contest, len(found)) == ("DPRD_PROV", stations)
    assert sum(not one.figures.is_empty for one in found) == reported
    assert {len(one.figures.votes) for one in found} == {18}


def test_the_json_of_the_api_keeps_every_figure_and_nothing_more():
    checked = read_json(shared("results/pemilu2024_sirekap_ppwp_sample.json"))
    found = {one.station: one for one in checked.items}
    with_votes = [one for one in checked.items if one.figures.is_present]
    assert (checked.errors, len(found), len(with_votes)) == ([], 12, 2)
    assert all(one.figures.votes == (None, None, None) for one in checked.items if one not in with_votes)
    one = found["3173011005116"]
    assert one.figures.votes == (53, 118, 36)
    assert (one.figures.valid, one.figures.invalid, one.figures.users, one.figures.registered) == (
        207,
        2,
        209,
        276,
    )
    assert dict(one.figures.other) == {
        "dpt_l": 138,
        "dpt_p": 138,
        "dpt_j": 276,
        "sah_tidak_sah": 209,
        "pengguna_dpt_l": 96,
        "pengguna_dpt_p": 106,
        "pengguna_dpt_j": 202,
        "pengguna_dptb_l": 0,
        "pengguna_dptb_p": 0,
        "pengguna_dptb_j": 0,
        "pengguna_dpk_l": 6,
        "pengguna_dpk_p": 1,
        "pengguna_dpk_j": 7,
        "pengguna_l": 102,
        "pengguna_p": 107,
        "pengguna_j": 209,
        "status_suara": 1,
        "status_adm": 1,
        "images": 3,
    }
    assert one.captured_at.isoformat() == "2024-02-15T00:41:44+07:00"

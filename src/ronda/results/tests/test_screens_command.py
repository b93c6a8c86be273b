"""`ronda screens` on real sheets: every result says what it assumes, and none accuses."""

import json

from click.testing import CliRunner
from tests.shared_data import shared

from ronda.config.cli import cli

LADDER = {"cocok", "perlu dicek", "dokumen tidak konsisten"}


def _run(*words, code=0):
    done = CliRunner().invoke(cli, ["screens", *map(str, words)])
    assert done.exit_code == code, done.output
    return done.output


def test_jembrana_is_ordered_for_a_look_and_every_result_says_what_it_assumes():
    sheets = shared("results/pemilu2019_ppwp_tps_jembrana.csv")
    found = json.loads(_run(sheets, "--format", "situng-2019", "--runs", 50, "--json"))
    assert (found["stations"], found["leader"]) == (821, 1)
    assert found["integer_percentages"]["observed"]["either"] == 155
    assert found["fingerprint"]["slope"] < 1
    assert found["spikes"]["units"] == 821
    for result in (one for one in found.values() if isinstance(one, dict)):
        assert result["word"] in LADDER - {"dokumen tidak konsisten"}
        assert result["null_model"]
        assert result["innocent"]
        assert result["tests"] > 0


def test_a_station_where_far_more_came_than_next_door_stands_out(tmp_path):
    lines = shared("results/pemilu2019_ppwp_tps_jembrana.csv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    before = _stands_out_by_turnout(tmp_path, lines)
    at = next(
        n
        for n, line in enumerate(lines)
        if n and _is_half_empty(dict(zip(names, line.split(","), strict=True)))
    )
    cells = dict(zip(names, lines[at].split(","), strict=True))
    more = int(cells["dpt_l"]) + int(cells["dpt_p"]) - int(cells["kp_pengguna"])
    for name in ("kp_pas1", "kp_sah", "kp_pengguna"):
        cells[name] = str(int(cells[name]) + more)
    lines[at] = ",".join(cells.values())
    assert _stands_out_by_turnout(tmp_path, lines) > before


def _is_half_empty(cells):
    if not cells["kp_pengguna"] or not cells["dpt_l"]:
        return False
    came, registered = int(cells["kp_pengguna"]), int(cells["dpt_l"]) + int(cells["dpt_p"])
    whole = int(cells["kp_sah"]) + int(cells["kp_tidak_sah"]) == came
    pairs = int(cells["kp_pas1"]) + int(cells["kp_pas2"]) == int(cells["kp_sah"])
    return whole and pairs and registered >= 200 and came * 2 < registered


def _stands_out_by_turnout(folder, lines):
    sheets = folder / "lembar.csv"
    sheets.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = json.loads(_run(sheets, "--format", "situng-2019", "--runs", 10, "--json"))
    return found["turnout_neighbours"]["stand_out"]


def test_the_same_seed_gives_the_same_words_and_none_accuses():
    sheets = shared("results/pemilu2019_ppwp_tps_jembrana.csv")
    said = _run(sheets, "--format", "situng-2019", "--runs", 10)
    assert said == _run(sheets, "--format", "situng-2019", "--runs", 10)
    assert not any(word in said.lower() for word in ("curang", "fraud", "manipul"))


def test_a_file_without_whole_forms_is_refused_in_one_sentence(tmp_path):
    sheets = tmp_path / "kosong.csv"
    header = shared("results/pemilu2019_ppwp_tps_jembrana.csv").read_text(encoding="utf-8").splitlines()[0]
    sheets.write_text(header + "\n", encoding="utf-8")
    assert "wanted" in _run(sheets, "--format", "situng-2019", code=1)

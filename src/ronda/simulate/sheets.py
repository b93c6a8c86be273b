"""Result sheets of the day: what happened at each station, and two copies of it with realistic slips.

Rates of slips (domain facts, 2019: sums wrong in 1-2.5 % of KPU entries, voters wrong in 2.4-6.5 %; KPU 2024: 617
published for 117) are data here. Each slip is planted on its own station and copy, so the ledger is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from ronda.simulate.seeded import stream
from ronda.simulate.truth import SheetFault, Truth
from ronda.simulate.world import Station, World

FIRST, SECOND = "ptps", "sirekap"
RATES = {
    (FIRST, "wrong_sum"): Fraction(10, 1000),
    (FIRST, "wrong_users"): Fraction(24, 1000),
    (SECOND, "wrong_sum"): Fraction(18, 1000),
    (SECOND, "wrong_users"): Fraction(45, 1000),
    (SECOND, "misread"): Fraction(3, 1000),
    (SECOND, "transposed"): Fraction(6, 1000),
}
SHIFT_VOTES, SHIFT_STATIONS = 37, 9


@dataclass(frozen=True, slots=True)
class Sheet:
    """The figures of one copy of C.Hasil."""

    votes: tuple[int, ...]
    valid: int
    invalid: int
    users: int
    registered: int

    def body(self, contest: str, source: str) -> dict[str, object]:
        """The body of a message of kind `sheet`."""
        return {
            "contest": contest,
            "source": source,
            "votes": list(self.votes),
            "valid": self.valid,
            "invalid": self.invalid,
            "users": self.users,
            "registered": self.registered,
        }


def true_sheets(world: World, seed: int) -> dict[str, Sheet]:
    """What really happened at every station: all sums agree, nothing above its bound."""
    sheets = {}
    for village, stations in world.villages.items():
        rng = stream(seed, "votes", village)
        leaning = [rng.gammavariate(4.0, 1.0) for _ in world.choices]
        for station in stations:
            sheets[station.code] = _true_sheet(station, leaning, world, rng)
    return sheets


def _true_sheet(station: Station, leaning: Sequence[float], world: World, rng: Random) -> Sheet:
    registered = station.voters or rng.randint(180, min(world.voters_max, 290))
    users = max(1, min(registered, round(registered * rng.betavariate(40, 9))))
    invalid = min(users, round(users * rng.betavariate(2, 90)))
    valid = users - invalid
    weights = [share * rng.uniform(0.85, 1.15) for share in leaning]
    votes = _divided(valid, weights)
    return Sheet(tuple(votes), valid, invalid, users, registered)


def _divided(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in the proportion of the weights that add up to the total."""
    whole = sum(weights)
    parts = [int(total * weight / whole) for weight in weights]
    parts[weights.index(max(weights))] += total - sum(parts)
    return parts


def copies_with_slips(
    world: World, seed: int, sheets: dict[str, Sheet], truth: Truth, spared: frozenset[str]
) -> dict[str, dict[str, Sheet]]:
    """Both copies of every sheet. Stations of `spared` districts keep correct votes in both copies."""
    copies = {FIRST: dict(sheets), SECOND: dict(sheets)}
    rng = stream(seed, "slips")
    free = [
        station for station in sorted(sheets) if f"{station[:2]}.{station[2:4]}.{station[4:6]}" not in spared
    ]
    for (source, kind), rate in RATES.items():
        wanted = max(1, round(len(sheets) * rate))
        for station in _drawn(free, kind, sheets, wanted, rng):
            copies[source][station], rules = _slip(kind, sheets[station], rng, world.reserve)
            truth.faults.append(SheetFault(station, source, kind, rules))
            free.remove(station)
    for station in sheets:
        if copies[FIRST][station].votes != copies[SECOND][station].votes:
            truth.sheets_differ.add(station)
    return copies


def _drawn(free: list[str], kind: str, sheets: dict[str, Sheet], wanted: int, rng: Random) -> list[str]:
    able = [station for station in free if _can_slip(kind, sheets[station])]
    return rng.sample(able, min(wanted, len(able)))


def _can_slip(kind: str, sheet: Sheet) -> bool:
    if kind == "misread":
        return any(100 <= votes <= 199 for votes in sheet.votes)
    if kind == "transposed":
        return any(_transposed(votes) for votes in sheet.votes)
    return True


def _slip(kind: str, sheet: Sheet, rng: Random, reserve: str) -> tuple[Sheet, tuple[str, ...]]:
    """The copy with its slip and the rules it breaks."""
    votes = list(sheet.votes)
    if kind == "wrong_users":
        return replace(sheet, users=sheet.users + rng.randint(1, 9)), ("R08",)
    if kind == "wrong_sum":
        at = rng.randrange(len(votes))
        votes[at] = votes[at] - 1 if votes[at] > 1 and rng.random() < 0.5 else votes[at] + 1
    elif kind == "misread":
        at = next(n for n, figure in enumerate(votes) if 100 <= figure <= 199)
        votes[at] += 500
    else:
        at = next(n for n, figure in enumerate(votes) if _transposed(figure))
        votes[at] = _transposed(votes[at])
    rules = ("R05", "R14") if _above_cap(votes, sheet, reserve) else ("R05",)
    return replace(sheet, votes=tuple(votes)), rules


def _above_cap(votes: Sequence[int], sheet: Sheet, reserve: str) -> bool:
    spare = Fraction(reserve) * sheet.registered
    cap = sheet.registered + -(-spare.numerator // spare.denominator)
    return any(figure > cap or figure > sheet.users for figure in votes)


def _transposed(figure: int) -> int:
    """Two digits changed places, as 63 for 36; 0 when that changes nothing or adds a digit."""
    if not 10 <= figure <= 99:
        return 0
    other = figure % 10 * 10 + figure // 10
    return other if other != figure and other >= 10 else 0

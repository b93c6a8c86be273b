"""Elections as the law shapes them: contests in ballot order, limits of a polling station."""

from datetime import date
from fractions import Fraction
from functools import cache
from typing import Literal

from ronda.law.loader import LAW_ROOT, load_folder
from ronda.law.rules import Name, Rule, Struct, need_examples, need_unique, refuse


class BallotChoice(Struct, frozen=True, kw_only=True):
    """One line of the ballot; `number` is its printed number."""

    number: int
    name: str
    kind: Literal["pair", "party", "person", "blank"] = "pair"


class ContestLaw(Struct, frozen=True, kw_only=True):
    """What is voted on. Empty choices come from an import: they differ from area to area."""

    code: str
    name: Name
    level: Literal["nation", "province", "regency"]
    choice_kind: Literal["pair", "party", "person"]
    only: Literal["kabupaten", "kota"] | None = None
    choices: tuple[BallotChoice, ...] = ()

    def __post_init__(self) -> None:
        need_unique(f"ballot number of {self.code}", [choice.number for choice in self.choices])
        numbers = [choice.number for choice in self.choices]
        if numbers != sorted(numbers):
            raise refuse(f"{self.code}: choices in ballot order", numbers)

    def held_in(self, *, is_city: bool) -> bool:
        return self.only is None or (self.only == "kota") == is_city


class StationLimits(Struct, frozen=True, kw_only=True):
    """How many voters a polling station may have and how many spare ballots it gets."""

    voters_max: int
    voters_statutory_max: int
    reserve: str

    @property
    def reserve_share(self) -> Fraction:
        return Fraction(self.reserve)

    def ballots(self, voters: int) -> int:
        """Ballots a station should receive: voters and the reserve, rounded up."""
        return voters + -(-voters * self.reserve_share.numerator // self.reserve_share.denominator)

    def __post_init__(self) -> None:
        try:
            share = Fraction(self.reserve)
        except (ValueError, ZeroDivisionError):
            raise refuse("reserve as a share between 0 and 1 in quotes", self.reserve) from None
        if not 0 <= share < 1:
            raise refuse("reserve as a share between 0 and 1 in quotes", self.reserve)


class BallotsExample(Struct, frozen=True, kw_only=True):
    """A station with so many voters receives so many ballots."""

    voters: int
    ballots: int


class ElectionLaw(Rule, frozen=True, kw_only=True):
    """One election and its contests."""

    name: Name
    regime: Literal["pemilu", "pilkada"]
    voting_on: date
    stages: str
    station: StationLimits
    contests: tuple[ContestLaw, ...]
    examples: tuple[BallotsExample, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        need_examples(self.examples)
        need_unique("contest", [contest.code for contest in self.contests])
        for example in self.examples:
            came = self.station.ballots(example.voters)
            if came != example.ballots:
                raise refuse(f"example {example.voters} voters: {example.ballots} ballots", came)


@cache
def election_laws() -> dict[str, ElectionLaw]:
    """All elections of `law/elections`, by id."""
    loaded = load_folder(LAW_ROOT / "elections", ElectionLaw)
    return {election.id: election for election in loaded}

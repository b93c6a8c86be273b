"""How the duty desk orders and shares its work: points, minutes; set by us, dated and versioned, never law."""

from datetime import date
from functools import cache

from ronda.law.loader import LAW_ROOT, load_file
from ronda.law.rules import Struct, refuse


class Points(Struct, frozen=True, kw_only=True):
    """What each ground is worth in the order of the inbox."""

    danger: int
    severity: dict[int, int]
    ongoing: int
    station: int
    vulnerability: int
    voting_day: int
    day_before: int
    week_before: int
    further_source: int
    further_sources_most: int

    def __post_init__(self) -> None:
        if sorted(self.severity) != [1, 2, 3]:
            raise refuse("points for the severities 1, 2 and 3", sorted(self.severity))


class DutyDeskRules(Struct, frozen=True, kw_only=True):
    """The file `duty_desk.yaml`."""

    version: int
    reviewed: date | None
    claim_minutes: int
    minutes_per_point: int
    points: Points
    urgent_from: int

    def __post_init__(self) -> None:
        if min(self.claim_minutes, self.minutes_per_point) < 1:
            raise refuse("at least one minute", (self.claim_minutes, self.minutes_per_point))


@cache
def duty_desk_rules() -> DutyDeskRules:
    """The numbers in force."""
    return load_file(LAW_ROOT / "duty_desk.yaml", DutyDeskRules)

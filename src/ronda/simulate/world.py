"""The regency in which the day is played: its places and polling stations, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ronda.kernel.areas import Level, at_level


@dataclass(frozen=True, slots=True)
class Station:
    """One polling station; `voters` is its DPT when the registry has one."""

    code: str
    village: str
    number: int
    voters: int | None = None

    @property
    def district(self) -> str:
        return at_level(self.village, Level.DISTRICT)


@dataclass(frozen=True)
class World:
    """Everything the plan needs to know; no database, no clock."""

    area: str
    election: str
    voting_on: date
    zone: ZoneInfo
    names: dict[str, str]
    stations: tuple[Station, ...]
    choices: tuple[int, ...] = (1, 2, 3)
    contest: str = "PPWP"
    reserve: str = "0.02"
    voters_max: int = 300

    def __post_init__(self) -> None:
        if not self.stations:
            raise ValueError(f"no polling stations in {self.area} for {self.election}: import them first")
        if len(self.choices) < 2:
            raise ValueError(f"{self.contest} needs two choices or more, got {self.choices}")

    @property
    def villages(self) -> dict[str, list[Station]]:
        """Stations by village, both in order of their codes."""
        groups: dict[str, list[Station]] = {}
        for station in sorted(self.stations, key=lambda one: one.code):
            groups.setdefault(station.village, []).append(station)
        return groups

    @property
    def districts(self) -> dict[str, list[Station]]:
        """Stations by district, both in order of their codes."""
        groups: dict[str, list[Station]] = {}
        for station in sorted(self.stations, key=lambda one: one.code):
            groups.setdefault(station.district, []).append(station)
        return groups

    def name(self, code: str) -> str:
        return self.names.get(code, code)

    def at(self, clock: str, *, day: int = 0) -> datetime:
        """A local clock time of voting day, or of a day counted from it."""
        return datetime.combine(self.voting_on + timedelta(days=day), time.fromisoformat(clock), self.zone)

"""What stands on the desk: figures, layers, rows, things to do, news. Pure decisions, no queries, no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ronda.kernel.areas import Level, level


class Layer(StrEnum):
    """What colours the map. None of them knows a party."""

    INCIDENTS = "kejadian"
    CHECKS = "uji"
    COVERAGE = "kabar"


CELL_LEVEL = {
    Level.NATION: Level.REGENCY,
    Level.PROVINCE: Level.DISTRICT,
    Level.REGENCY: Level.VILLAGE,
    Level.DISTRICT: Level.VILLAGE,
    Level.VILLAGE: Level.VILLAGE,
}
ROW_LEVEL = {
    Level.NATION: Level.PROVINCE,
    Level.PROVINCE: Level.REGENCY,
    Level.REGENCY: Level.DISTRICT,
    Level.DISTRICT: Level.VILLAGE,
    Level.VILLAGE: Level.VILLAGE,
}

MISSING = 0
INCIDENT_BREAKS = (1, 2, 3, 5)
COVERAGE_BREAKS = (0.5, 0.8, 0.95, 1.0)
CHECK_BREAKS = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """What is known of one area. None means that nobody counted, which is not zero."""

    stations: int = 0
    heard: int | None = None
    silent: int | None = None
    new: int = 0
    handled: int = 0
    late: int = 0
    sheets: int | None = None
    failed: int | None = None

    @property
    def open(self) -> int:
        """Incidents that are not closed, overdue ones included."""
        return self.new + self.handled + self.late

    @property
    def heard_share(self) -> float | None:
        return self.heard / self.stations if self.heard is not None and self.stations else None

    def __add__(self, other: "AreaCounts") -> "AreaCounts":
        return AreaCounts(
            stations=self.stations + other.stations,
            heard=_plus(self.heard, other.heard),
            silent=_plus(self.silent, other.silent),
            new=self.new + other.new,
            handled=self.handled + other.handled,
            late=self.late + other.late,
            sheets=_plus(self.sheets, other.sheets),
            failed=_plus(self.failed, other.failed),
        )


NOTHING = AreaCounts()


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A line of the table below the map."""

    code: str
    name: str
    href: str
    counts: AreaCounts


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the five figures: how much, of what, how it went hour by hour (oldest first), and the last hour."""

    key: str
    label: str
    value: int | None
    note: str
    href: str
    is_late: bool = False
    history: tuple[int, ...] = ()
    change: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """Something my desk must do, with its clock."""

    title: str
    place: str
    word: str
    due_at: datetime
    started_at: datetime | None
    href: str
    area: str
    is_begun: bool = False

    def mark(self, now: datetime) -> str:
        if now >= self.due_at:
            return "late"
        return "proc" if self.is_begun else "new"


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One piece of news in words: what it is about stands first and bold."""

    at: datetime
    about: str
    text: str
    source: str
    href: str
    area: str


@dataclass(frozen=True, slots=True)
class LayerView:
    """A layer of the map: its name, the step and the words of each area, and the legend."""

    key: Layer
    label: str
    title: str
    ends: tuple[str, ...]
    steps: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_something(self) -> bool:
        """Some area stands above the lowest step."""
        return any(step > 1 for step in self.steps.values())

    @property
    def has_missing(self) -> bool:
        return any(step == MISSING for step in self.steps.values())


@dataclass(frozen=True, slots=True)
class Pick:
    """Which incidents colour the map: those of a group of kinds, those of a weight (3 is gravest), or all."""

    group: str = ""
    severity: int = 0

    @classmethod
    def named(cls, text: str, groups: Collection[str]) -> "Pick":
        """From an address: `g-security`, `b-3`; anything else picks all."""
        letter, _, rest = text.partition("-")
        if letter == "g" and rest in groups:
            return cls(group=rest)
        return cls(severity=int(rest)) if letter == "b" and rest in ("1", "2", "3") else cls()

    @property
    def name(self) -> str:
        if self.group:
            return f"g-{self.group}"
        return f"b-{self.severity}" if self.severity else ""


ALL = Pick()
STEP = timedelta(minutes=15)


def instant_of(day: date, minute: int, *, zone: ZoneInfo, now: datetime) -> datetime:
    """A minute of a legal day on the clocks of a place, at most now."""
    return min(datetime.combine(day, time(), tzinfo=zone) + timedelta(minutes=minute), now)


def layer_shown(layers: Sequence[LayerView], chosen: str) -> str:
    """The layer that was asked for; else the first that has something to show; else the first."""
    keys = [view.key for view in layers]
    if chosen in keys:
        return chosen
    return next((view.key for view in layers if view.has_something), keys[0] if keys else "")


def step_of(value: float | None, breaks: Sequence[float]) -> int:
    """1 to 5 by where the value lies among four breaks; 0 when nothing is known."""
    if value is None:
        return MISSING
    return 1 + sum(value >= limit for limit in breaks)


def layer_value(layer: Layer, counts: AreaCounts) -> tuple[float | None, Sequence[float]]:
    """The number a layer shows for an area, and the breaks of its ramp."""
    if layer is Layer.INCIDENTS:
        return counts.open, INCIDENT_BREAKS
    if layer is Layer.CHECKS:
        return (counts.failed if counts.sheets else None), CHECK_BREAKS
    return counts.heard_share, COVERAGE_BREAKS


def cell_level(area: str) -> Level:
    return CELL_LEVEL[level(area)]


def row_level(area: str) -> Level:
    return ROW_LEVEL[level(area)]


def _plus(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)

"""A stage board as a drawing: bars and ticks in percent of the calendar's length."""

from dataclasses import dataclass
from datetime import date

from ronda.elections.domain import StageState
from ronda.elections.selectors import StageBoard, StageLine
from ronda.web.localtime import day_words

TICKS_MAX = 5
MARKS = {
    StageState.DONE: "done",
    StageState.LATE: "late",
    StageState.RUNNING: "proc",
    StageState.AHEAD: "hold",
    StageState.PAST: "no",
    StageState.UNDATED: "hold",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """Left edge and width in percent, written with a point whatever the language of the page."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    label: str


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A stage with its bar, its mark and whether it is part of the stage above."""

    line: StageLine
    mark: str
    dates: str
    bar: Bar | None
    is_part: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    lines: tuple[DrawnLine, ...]
    ticks: tuple[Tick, ...]
    today: str | None


def timeline(board: StageBoard) -> Timeline:
    """The board of an election, drawn from its first to its last dated day."""
    days = [day for line in board.lines for day in (line.stage.starts_on, line.last_day) if day is not None]
    if not days:
        return Timeline(tuple(_drawn(line, None) for line in board.lines), (), None)
    first, last = min(days), max(days)
    total = (last - first).days + 1
    today = _percent((board.on - first).days + 0.5, total) if first <= board.on <= last else None
    lines = tuple(_drawn(line, _bar(line, first, total)) for line in board.lines)
    return Timeline(lines, _ticks(first, last, total), today)


def _drawn(line: StageLine, bar: Bar | None) -> DrawnLine:
    dates = span_of_days(line.stage.starts_on, line.last_day)
    return DrawnLine(line, MARKS[line.position.state], dates, bar, bool(line.stage.part_of))


def span_of_days(first: date | None, last: date | None) -> str:
    """27 Feb – 16 Nov 2024: the year once when it is the same, one day once."""
    if first is None or last is None:
        return ""
    if first == last:
        return _day(last)
    return f"{_day(first, year=first.year != last.year)} – {_day(last)}"


def _day(day: date, *, year: bool = True) -> str:
    return day_words(day, short=True, year=year).partition(" ")[2]


def _bar(line: StageLine, first: date, total: int) -> Bar | None:
    start, end = line.stage.starts_on, line.last_day
    if start is None or end is None:
        return None
    days = max((end - start).days + 1, total / 160)
    begin = min((start - first).days, total - days)
    return Bar(_percent(begin, total), _percent(days, total))


def _ticks(first: date, last: date, total: int) -> tuple[Tick, ...]:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next(size for size in (1, 2, 3, 6, 12, 24) if months / size <= TICKS_MAX)
    ticks = []
    for number in range(0, months, step):
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        day = max(date(year, month + 1, 1), first)
        share = (day - first).days / total
        if share < 0.94:
            ticks.append(
                Tick(_percent((day - first).days, total), " ".join(day_words(day, short=True).split()[2:]))
            )
    return tuple(ticks)


def _percent(days: float, total: int) -> str:
    return f"{100 * days / total:.2f}%"

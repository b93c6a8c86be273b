"""The shapes of a daily report and the moments it compares. Pure decisions: no queries, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHAT_MAX = 3_900  # characters; a chat cuts at 4,096
ROWS_IN_CHAT = 12
_BREAKS = str.maketrans(dict.fromkeys("*_~`#<>|\\", ""))


@dataclass(frozen=True, slots=True)
class Moments:
    """A legal day up to now or to its end, and the day before up to the same clock."""

    on: date
    start: datetime
    until: datetime
    before_start: datetime
    before_until: datetime
    is_running: bool


def moments_of(on: date, *, zone: ZoneInfo, now: datetime) -> Moments:
    """The moments of a day on the clocks of a place; ValueError for a day that has not begun."""
    start = datetime.combine(on, time(), tzinfo=zone)
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=zone)
    if now < start:
        raise ValueError(f"{on.isoformat()} has not begun")
    until, day = min(now, end - timedelta(microseconds=1)), timedelta(days=1)
    return Moments(on, start, until, start - day, until - day, is_running=now < end)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it was a day before (None: not compared), and the list it counts."""

    value: int
    before: int | None = None
    href: str = ""
    is_late: bool = False

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.value - self.before

    @property
    def is_loud(self) -> bool:
        return self.is_late and self.value > 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A short sentence that begins with its number."""

    figure: Figure
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its name and a figure for each column."""

    name: str
    cells: tuple[Figure, ...]
    href: str = ""

    @property
    def weight(self) -> int:
        return max((cell.value for cell in self.cells), default=0)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the same columns; `heads` are the words of the columns."""

    key: str
    title: str
    first: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: sentences, then tables; `note` says what the reader must know of it."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]
    tables: tuple[Table, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Daily:
    """The whole report in words."""

    title: str
    place: str
    day: str
    moment: str
    compared: str
    reader: str
    sections: tuple[Section, ...]
    source: str


def plain(text: str) -> str:
    """Text without signs that a chat takes for markup, and on one line."""
    return " ".join(text.translate(_BREAKS).split())


def fitted(head: Iterable[str], body: Iterable[str], tail: Iterable[str], *, more: str) -> str:
    """Lines as one text under the limit of a chat: what does not fit is left out from the end, and that is said."""
    kept, closing = list(head), ["", *tail]
    room = CHAT_MAX - _length(kept) - _length(closing) - len(more) - 1
    for line in body:
        room -= len(line) + 1
        if room < 0:
            kept.append(more)
            break
        kept.append(line)
    return "\n".join([*kept, *closing]).strip() + "\n"


def _length(lines: Iterable[str]) -> int:
    return sum(len(line) + 1 for line in lines)

"""The grammar of text messages (docs/reference/sms.md): pure, and never an error, whatever comes in.

`sms_read` takes the text and the sender's own place. What it cannot make out is a report in the sender's words, with
the problem named, so that the answer can say what was wanted and nothing is lost.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

from rapidfuzz.distance import OSA

from ronda.kernel.areas import Level, is_code, level, station_area, station_code
from ronda.law.sms import sms_words
from ronda.methods.check import has_check

TEXT_MAX = 1_600  # ten parts of a long message
FIGURES_MAX = 200
QUEUE_MAX = 999
FIGURE = re.compile(r"\d{1,9}\Z", re.ASCII)
_LOOKS_LIKE = str.maketrans("OIL", "011")
_STATION = re.compile(r"[\dOIL]{13}\Z", re.ASCII)
_AREA = re.compile(r"(?:[\dOIL]{2}\.){1,3}[\dOIL]{2,4}\Z|[\dOIL]{6}\Z|[\dOIL]{10}\Z", re.ASCII)
_NUMBER = re.compile(r"[\dOIL]{1,3}\Z", re.ASCII)
_TOKEN = re.compile(r"[^\W_]+(?:\.[0-9]+)*|\*")
_GLUED = re.compile(r"([A-Z]{3,12})(\d{1,3})\Z", re.ASCII)
_SHAPES = {6: (2, 2, 2), 10: (2, 2, 2, 4)}


class What(StrEnum):
    """What a text message is."""

    REPORT = "report"
    STEP = "step"
    SHEET = "sheet"
    HELP = "help"


class Problem(StrEnum):
    """Why a message is not what it seems to want to be."""

    EMPTY = "empty"
    PLACE = "place"
    STATION = "station"
    FIGURES = "figures"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class SmsRead:
    """What a text message says; `problem` names the first thing that is missing or wrong."""

    what: What
    text: str
    place: str = ""
    station: int | None = None
    kind: str = ""
    step: str = ""
    queue: int | None = None
    note: str = ""
    contest: str = ""
    figures: tuple[int, ...] = ()
    is_danger: bool = False
    problem: Problem | None = None


@dataclass(slots=True)
class _Words:
    """The tokens of a message, read from the left."""

    tokens: list[str]
    at: int = 0
    place: str = ""
    station: int | None = None

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    @property
    def rest(self) -> list[str]:
        return self.tokens[self.at :]


@dataclass(frozen=True, slots=True)
class _Meaning:
    what: str
    value: str = ""
    is_exact: bool = field(default=True, compare=False)


def sms_read(text: str, *, own_area: str = "") -> SmsRead:
    """A text message as what it says; `own_area` is the place of a registered sender, empty for anybody else."""
    kept = _storable(text)
    words = _Words(_tokens(kept))
    report = SmsRead(What.REPORT, kept, is_danger=bool({*sms_words().danger} & {*words.tokens}))
    if not words.tokens:
        return replace(report, problem=Problem.PLACE if kept else Problem.EMPTY)
    if not _place_first(words, own_area):
        _place_anywhere(words, own_area)
    meaning = _meaning(words)
    placed = replace(report, place=words.place, station=words.station)
    if meaning is None:
        return replace(placed, problem=None if words.place else Problem.PLACE)
    words.at += 1
    return _said(placed, meaning, words)


def _said(placed: SmsRead, meaning: _Meaning, words: _Words) -> SmsRead:
    if meaning.what == "help" and not words.rest:
        return replace(placed, what=What.HELP)
    if meaning.what == "sheet":
        return _sheet(placed, words)
    if meaning.what == "step":
        return _step(placed, meaning.value, words.rest)
    kind = meaning.value if meaning.what == "kind" else ""
    return replace(placed, kind=kind, problem=None if placed.place else Problem.PLACE)


def _step(placed: SmsRead, step: str, rest: list[str]) -> SmsRead:
    said = replace(placed, what=What.STEP, step=step, note=" ".join(rest))
    if step == "queue" and rest and _NUMBER.match(rest[0]):
        said = replace(said, queue=int(rest[0].translate(_LOOKS_LIKE)), note=" ".join(rest[1:]))
    return replace(said, problem=_no_station(said))


def _no_station(said: SmsRead) -> Problem | None:
    if not said.place or level(said.place) is not Level.VILLAGE:
        return Problem.PLACE
    return None if said.station else Problem.STATION


def _sheet(placed: SmsRead, words: _Words) -> SmsRead:
    """Contest, figures in the order of the paper, check character. Figures count only when that is right."""
    sheet = replace(placed, what=What.SHEET)
    if problem := _no_station(sheet):
        return replace(sheet, problem=problem)
    parts = [part for token in words.rest for part in token.split(".")]
    contest, *rest = [*parts, ""]
    numbers = [one.translate(_LOOKS_LIKE) if len(one) > 1 or one == "O" else one for one in rest[:-2]]
    sign = rest[-2] if len(rest) > 1 else ""
    sheet = replace(sheet, contest=contest[:20])
    is_whole = contest[:1].isalpha() and len(sign) == 1 and 4 <= len(numbers) <= FIGURES_MAX
    if not is_whole or not all(one.isascii() and FIGURE.match(one) for one in numbers):
        return replace(sheet, problem=Problem.FIGURES)
    if not has_check(check_text(sheet.place, sheet.station or 0, contest, numbers), sign):
        return replace(sheet, problem=Problem.CHECK)
    return replace(sheet, figures=tuple(int(one) for one in numbers))


def check_text(village: str, station: int, contest: str, figures: Iterable[int | str]) -> str:
    """What the check character of a sheet is made over: the full code, the contest, the figures, single blanks.

    Figures count as they were typed: a zero in front is an error too, else `101 00` could stand for `10 100`.
    """
    return " ".join((station_code(village, station), contest, *map(str, figures)))


# ------------------------------------------------------------------------------------------- places
def _place_first(words: _Words, own: str) -> bool:
    """A place at the start: 13 digits, an area code, a short code of the own area, or TPS with the own village."""
    first = words.next
    if _STATION.match(first):
        return _whole_station(words, first.translate(_LOOKS_LIKE))
    code = _area_of(first, own)
    if code:
        words.place, words.at = code, words.at + 1
        if level(code) is Level.VILLAGE:
            _station_next(words, is_bare=True)
        return True
    if own and level(own) is Level.VILLAGE and _own_station(words):
        words.place = own
        return True
    return False


def _own_station(words: _Words) -> bool:
    """`TPS 7` or, where a known word follows, `7`."""
    if _station_next(words, is_bare=False):
        return True
    after = _Words(words.tokens, words.at + 1)
    return (
        bool(_NUMBER.match(words.next)) and _meaning(after) is not None and _station_next(words, is_bare=True)
    )


def _place_anywhere(words: _Words, own: str) -> None:
    """A place that stands later in the message; the words before it are read as if it stood first."""
    for at in range(len(words.tokens)):
        later = _Words(words.tokens, at)
        is_number = bool(_NUMBER.match(later.next)) or _area_of(later.next, "").count(".") < 2
        if (is_number and not _STATION.match(later.next) and not _is_tps(later.next)) or not _place_first(
            later, own
        ):
            continue
        words.place, words.station = later.place, later.station
        words.tokens = words.tokens[:at] + later.rest
        return


def _whole_station(words: _Words, digits: str) -> bool:
    number = int(digits[10:])
    if not number:
        return False
    words.place, words.station, words.at = station_area(digits), number, words.at + 1
    return True


def _station_next(words: _Words, *, is_bare: bool) -> bool:
    """`TPS 7`, `TPS07` or, where `is_bare`, `7`."""
    at, token = words.at, words.next
    if glued := _GLUED.match(token):
        token, number, at = glued[1], glued[2], at + 1
    elif _is_tps(token):
        number, at = (words.tokens[at + 1] if at + 1 < len(words.tokens) else ""), at + 2
    else:
        number, token, at = token, "TPS" if is_bare else "", at + 1
    if not _is_tps(token) or not _NUMBER.match(number) or not int(number.translate(_LOOKS_LIKE)):
        return False
    words.station, words.at = int(number.translate(_LOOKS_LIKE)), at
    return True


def _is_tps(token: str) -> bool:
    return token in sms_words().station or (len(token) == 3 and OSA.distance(token, "TPS") == 1)


def _area_of(token: str, own: str) -> str:
    """An area code with or without dots, or the digits that are missing behind those of the own area."""
    digits = token.translate(_LOOKS_LIKE)
    if not _AREA.match(token):
        before = own.replace(".", "")
        if not own or not digits.isdigit() or not digits.isascii() or len(digits) not in (4, 6):
            return ""
        digits = before + digits
    plain = digits.replace(".", "")
    if len(plain) == 6 and own and len(own.replace(".", "")) == 4 and "." not in digits:
        plain = own.replace(".", "") + plain if not plain.startswith(own.replace(".", "")) else plain
    return _dotted(plain)


def _dotted(digits: str) -> str:
    parts, start = [], 0
    for length in _SHAPES.get(len(digits), ()):
        parts.append(digits[start : start + length])
        start += length
    code = ".".join(parts)
    return code if parts and is_code(code) else ""


# ------------------------------------------------------------------------------------------- words
@cache
def _table() -> Mapping[str, _Meaning]:
    """Every word of `law/sms.yaml` and what it means."""
    law = sms_words()
    meanings = {
        **{word: _Meaning("help") for word in law.help},
        **{word: _Meaning("sheet") for word in law.sheet},
        **{word: _Meaning("report") for word in law.report},
    }
    for what, table in (("step", law.steps), ("kind", law.kinds)):
        meanings |= {word: _Meaning(what, id_) for id_, words in table.items() for word in words}
    return meanings


def _meaning(words: _Words) -> _Meaning | None:
    """The word that comes next, also with a typo if that leaves no doubt; TPS and numbers are none."""
    token = words.next
    if token in _table():
        return _table()[token]
    found = _near(token)
    if found is None or found.what == "report":
        return found
    alone = len(words.rest) == 1 or all(_NUMBER.match(one) for one in words.rest[1:])
    return found if alone or found.what in ("kind", "sheet") else None


@cache
def _near(token: str) -> _Meaning | None:
    """The one meaning a typo away: one letter, from seven letters on two; none where two are as near."""
    if len(token) < 4 or not token.isascii() or not token.isalpha() or len(token) > 14:
        return None
    most = 2 if len(token) > 6 else 1
    near: dict[int, set[_Meaning]] = {}
    for word, meaning in _table().items():
        apart = OSA.distance(token, word, score_cutoff=most) if len(word) > 3 else most + 1
        if apart <= most:
            near.setdefault(apart, set()).add(meaning)
    best = near[min(near)] if near else set()
    return replace(next(iter(best)), is_exact=False) if len(best) == 1 else None


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).upper())[:400]


def _storable(text: str) -> str:
    """The text as it can be kept: without NUL and halves of surrogate pairs, at most as long as ten messages."""
    clean = text.replace("\x00", "").encode("utf-8", "replace").decode()
    return clean.strip()[:TEXT_MAX]

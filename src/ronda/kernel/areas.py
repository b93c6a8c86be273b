"""Official area codes (Kemendagri), dotted: province 51, regency 51.01, district 51.01.02, village 51.01.02.2003.

The empty code is the whole country. A code says where it lies, so a range of codes is an area with all below it.
"""

import re
from enum import StrEnum

CODE = re.compile(r"(?:\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?)?\Z", re.ASCII)
STATION = re.compile(r"\d{13}\Z", re.ASCII)


class Level(StrEnum):
    NATION = "nation"
    PROVINCE = "province"
    REGENCY = "regency"
    DISTRICT = "district"
    VILLAGE = "village"


_LEVELS = {0: Level.NATION, 2: Level.PROVINCE, 5: Level.REGENCY, 8: Level.DISTRICT, 13: Level.VILLAGE}
_LENGTHS = {level: length for length, level in _LEVELS.items()}


def is_code(code: str) -> bool:
    """Whether the text has the shape of an area code (the area need not exist)."""
    return CODE.match(code) is not None


def level(code: str) -> Level:
    """The level of an area code; ValueError when it has no such shape."""
    if not is_code(code):
        raise ValueError(f"an area code looks like 51, 51.01, 51.01.02 or 51.01.02.2003; got {code!r}")
    return _LEVELS[len(code)]


def parent(code: str) -> str:
    """The code one level up; the country for a province and for itself."""
    level(code)
    return code.rpartition(".")[0]


def ancestors(code: str) -> list[str]:
    """All codes above, nearest first, without the country."""
    above = []
    while code := parent(code):
        above.append(code)
    return above


def at_level(code: str, wanted: Level) -> str:
    """The area of the wanted level that holds `code`; ValueError when `code` is above that level."""
    length = _LENGTHS[wanted]
    if len(code) < length:
        raise ValueError(f"{code!r} lies above the level {wanted}")
    return code[:length]


def area_range(code: str) -> tuple[str, str]:
    """Bounds lo <= x < hi, in C collation, that hold the area and everything below it."""
    level(code)
    return (code, f"{code}/") if code else ("", "~")


def within(code: str, area: str) -> bool:
    """Whether `code` is `area` or lies below it."""
    low, high = area_range(area)
    return low <= code < high


def station_area(station: str) -> str:
    """The village code in a 13-digit polling station code."""
    if not STATION.match(station):
        raise ValueError(f"a polling station code has 13 digits, got {station!r}")
    return f"{station[:2]}.{station[2:4]}.{station[4:6]}.{station[6:10]}"


def station_code(village: str, number: int) -> str:
    """The 13-digit code of a polling station of a village; number 1..999, from 901 special locations."""
    if level(village) is not Level.VILLAGE or not 1 <= number <= 999:
        raise ValueError(f"wanted a village code and a number 1..999, got {village!r} and {number}")
    return f"{village.replace('.', '')}{number:03d}"

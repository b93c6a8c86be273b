"""Finds the official code of a place that a file names in words: exact names first, then alike names one to one.

Pure: names in, matches out, no database. Two places of the file never get one code. What was not matched by its
exact name is reported with both names, so that a person can see it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from rapidfuzz import fuzz

from ronda.kernel.areas import Level, level

K = TypeVar("K")

ALIKE = 80.0
_CITY = re.compile(r"^(kota( adm(inistrasi)?)?\.?) ")
_REGENCY = re.compile(r"^(kab(upaten)?( adm(inistrasi)?)?\.?) ")
_DISTRICT = re.compile(r"^(kec(amatan)?\.?) ")


@dataclass(frozen=True, order=True)
class Alike:
    """A place found by a name that is not the same: both names and how alike they are, 0 to 100."""

    level: str
    came: str
    code: str
    name: str
    share: float


@dataclass
class Placing:
    """File key to area code; what was found by likeness; what was not found."""

    codes: dict[int, str] = field(default_factory=dict)
    alike: list[Alike] = field(default_factory=list)
    missing: dict[int, tuple[str, ...]] = field(default_factory=dict)


def plain(name: str) -> str:
    """A name as it is compared: no case, accents, points or doubled spaces."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


def tight(name: str) -> str:
    """`plain` without spaces: Jemberlor is Jember Lor."""
    return plain(name).replace(" ", "")


def place_villages(names: Mapping[int, tuple[str, ...]], areas: Iterable[tuple[str, str]]) -> Placing:
    """Match (province, regency, district, village) names to the given areas, level by level."""
    below = _children(areas)
    done = Placing()
    for regency, keys in _grouped(names, lambda parts: parts[:2]).items():
        code = _regency_code(regency, below)
        if code is None:
            done.missing.update({key: names[key] for key in keys})
            continue
        _place_regency(code, {key: names[key] for key in keys}, below, done)
    return done


def place_districts(names: Mapping[int, tuple[str, ...]], areas: Iterable[tuple[str, str]]) -> Placing:
    """Match (province, regency, district) names to the given areas."""
    below = _children(areas)
    done = Placing()
    for regency, keys in _grouped(names, lambda parts: parts[:2]).items():
        districts = below.get(_regency_code(regency, below) or "-", {})
        done.codes.update(
            _one_to_one({key: names[key][2] for key in keys}, districts, "district", done.alike)
        )
    done.missing.update({key: parts for key, parts in names.items() if key not in done.codes})
    return done


def regencies_named(
    names: Mapping[int, tuple[str, ...]], areas: Mapping[str, str]
) -> dict[tuple[str, ...], str]:
    """Codes of the (province, regency) pairs that stand in the names, as far as the areas hold them."""
    below = _children(areas.items())
    found = {pair: _regency_code(pair, below) for pair in {parts[:2] for parts in names.values()}}
    return {pair: code for pair, code in found.items() if code}


def _children(areas: Iterable[tuple[str, str]]) -> dict[str, dict[str, str]]:
    below: dict[str, dict[str, str]] = {}
    for code, name in areas:
        if code:
            below.setdefault(code.rpartition(".")[0], {})[code] = name
    return below


def _grouped(
    names: Mapping[int, tuple[str, ...]], part: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> dict[tuple[str, ...], list[int]]:
    groups: dict[tuple[str, ...], list[int]] = {}
    for key, parts in names.items():
        groups.setdefault(part(parts), []).append(key)
    return groups


def _regency_code(regency: tuple[str, ...], below: Mapping[str, dict[str, str]]) -> str | None:
    """A city is never taken for the regency of the same name: KOTA MALANG is not MALANG."""
    province, name = regency
    provinces = [code for code, known in below.get("", {}).items() if tight(known) == tight(province)]
    wanted = _kind_and_name(name)
    for above in provinces or [code for code in below if code and level(code) is Level.PROVINCE]:
        for code, known in below.get(above, {}).items():
            if _kind_and_name(known, code) == wanted:
                return code
    return None


def _kind_and_name(name: str, code: str = "") -> tuple[bool, str]:
    text = plain(name)
    is_city = bool(_CITY.match(f"{text} ")) or code[3:4] in ("7", "8", "9")
    return is_city, _REGENCY.sub("", _CITY.sub("", text)).replace(" ", "")


def _place_regency(
    code: str, names: Mapping[int, tuple[str, ...]], below: Mapping[str, dict[str, str]], done: Placing
) -> None:
    districts = {parts[2]: parts[2] for parts in names.values()}
    found = _one_to_one(districts, below.get(code, {}), "district", done.alike)
    for (district,), keys in _grouped(names, lambda parts: parts[2:3]).items():
        villages = {key: names[key][3] for key in keys}
        done.codes.update(
            _one_to_one(villages, below.get(found.get(district, ""), {}), "village", done.alike)
        )
    _place_leftovers(code, names, below, done)


def _one_to_one(
    came: Mapping[K, str], known: Mapping[str, str], level_name: str, alike: list[Alike]
) -> dict[K, str]:
    """Each name to one code and each code to one name: same names first, then the most alike pairs."""
    free = dict(known)
    found: dict[K, str] = {}
    for same in (plain, tight):
        codes = _once({code: same(_bare(name)) for code, name in free.items()})
        keys = _once({key: same(_bare(name)) for key, name in came.items() if key not in found})
        for name, key in keys.items():
            if name in codes:
                found[key] = codes[name]
                del free[codes[name]]
    left = {key: tight(_bare(name)) for key, name in came.items() if key not in found}
    pairs = [
        (fuzz.ratio(name, tight(_bare(other))), str(name), code, key)
        for key, name in left.items()
        for code, other in free.items()
    ]
    for share, _, code, key in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if share >= ALIKE and key not in found and code in free:
            found[key] = code
            alike.append(Alike(level_name, came[key], code, free.pop(code), round(share, 1)))
    return found


def _bare(name: str) -> str:
    return _DISTRICT.sub("", plain(name))


def _once(names: Mapping[K, str]) -> dict[str, K]:
    """Names that stand once, with their keys."""
    seen: dict[str, list[K]] = {}
    for key, name in names.items():
        seen.setdefault(name, []).append(key)
    return {name: keys[0] for name, keys in seen.items() if len(keys) == 1}


def _place_leftovers(
    code: str, names: Mapping[int, tuple[str, ...]], below: Mapping[str, dict[str, str]], done: Placing
) -> None:
    """A village whose district was divided since: the same name, once in the regency and not taken yet."""
    taken = set(done.codes.values())
    free = {
        village: name
        for district in below.get(code, {})
        for village, name in below.get(district, {}).items()
        if village not in taken
    }
    by_name = _once({village: tight(name) for village, name in free.items()})
    left = {key: parts for key, parts in names.items() if key not in done.codes}
    for name, key in _once({key: tight(parts[3]) for key, parts in left.items()}).items():
        if name in by_name:
            village = by_name[name]
            done.codes[key] = village
            done.alike.append(Alike("village", " / ".join(left.pop(key)[2:]), village, free[village], 100.0))
    done.missing.update(left)

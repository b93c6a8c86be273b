"""A table of values: one row for each area, one column for each indicator under its code."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CODE, NAME = ("kode", "code"), ("nama", "name")
MISSING = frozenset({"", "-", "n/e", "na", "nan"})
ROWS_MOST = 1_000_000
TOLD = 10


class ValuesRefused(ValueError):
    """The table cannot be read; each line says where, what was wanted and what came."""


@dataclass(frozen=True, eq=False)
class Values:
    """Values of areas. `raw` is (n_areas, n_indicators) in the order of the codes asked for; NaN is missing."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    raw: NDArray[np.float64]


def values_read(path: Path, indicators: Sequence[str]) -> Values:
    """Read a CSV with a column of codes, one of names if wished, and any of the indicators.

    A column that is no indicator is refused: a misspelt one would silently be missing. A cell that is empty, `-`,
    `n/e` or `na` is missing; anything else must be a number from 0 up, with a comma or a point before its decimals.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        start = file.read(64 * 1024)
        file.seek(0)
        rows = csv.reader(file, delimiter=";" if start.count(";") > start.count(",") else ",")
        try:
            return _values(rows, indicators)
        except (UnicodeDecodeError, csv.Error) as problem:
            raise ValuesRefused(f"wanted a CSV in UTF-8, came {problem}") from problem


def _values(rows: Iterator[list[str]], indicators: Sequence[str]) -> Values:
    header = [cell.strip() for cell in next(rows, [])]
    code_at, name_at, places = _columns(header, indicators)
    codes: list[str] = []
    names: list[str] = []
    table: list[list[float]] = []
    problems: list[str] = []
    for line, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            problems.append(f"line {line}: wanted {len(header)} cells, came {len(row)}")
            continue
        codes.append(row[code_at].strip())
        names.append(row[name_at].strip() if name_at is not None else codes[-1])
        table.append(_row(row, header, places, line, len(indicators), problems))
        if len(codes) > ROWS_MOST:
            raise ValuesRefused(f"wanted at most {ROWS_MOST:,} areas, came more")
    _need_sound(codes, problems)
    return Values(
        tuple(codes), tuple(names), np.array(table, dtype=float).reshape(len(codes), len(indicators))
    )


def _columns(header: list[str], indicators: Sequence[str]) -> tuple[int, int | None, dict[int, int]]:
    """Where code and name stand, and for each column of an indicator the place of that among all."""
    places: dict[int, int] = {}
    code_at: int | None = None
    name_at: int | None = None
    for at, word in enumerate(header):
        if word in indicators:
            places[at] = list(indicators).index(word)
        elif word.lower() in CODE:
            code_at = at
        elif word.lower() in NAME:
            name_at = at
        else:
            raise ValuesRefused(f"column {word!r}: wanted kode, nama or one of {', '.join(indicators)}")
    if len(set(header)) != len(header):
        raise ValuesRefused("wanted each column once, came one twice")
    if code_at is None or not places:
        raise ValuesRefused("wanted a column kode and at least one indicator, came " + ", ".join(header))
    return code_at, name_at, places


def _row(
    row: list[str], header: list[str], places: dict[int, int], line: int, width: int, problems: list[str]
) -> list[float]:
    found = [math.nan] * width
    for at, place in places.items():
        word = row[at].strip()
        if word.lower() in MISSING:
            continue
        try:
            found[place] = float(word.replace(",", "."))
        except ValueError:
            found[place] = -1.0
        if not (math.isfinite(found[place]) and found[place] >= 0):
            problems.append(
                f"line {line}, {header[at]}: wanted a number from 0 up or nothing, came {word[:40]!r}"
            )
    return found


def _need_sound(codes: list[str], problems: list[str]) -> None:
    if not codes:
        problems.append("wanted at least one area, came none")
    if twice := sorted(code for code, times in Counter(codes).items() if times > 1):
        problems.append(f"wanted each code once, came again: {', '.join(twice[:TOLD])}")
    if problems:
        more = [f"and {len(problems) - TOLD} more"] if len(problems) > TOLD else []
        raise ValuesRefused("\n".join([*problems[:TOLD], *more]))

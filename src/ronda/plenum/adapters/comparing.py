"""What was read out against the forms below: arrays for the method, and its answers back into findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from ronda.methods.recap import (
    Differences,
    Figures,
    FormRows,
    Move,
    MoveKind,
    moves,
    moves_across,
    row_differences,
    shifts,
    sum_differences,
    systematic,
)
from ronda.results.papers import KIND_NAMES, move_sentence, row_words, rule_of
from ronda.web.numbers import signed_words

Typed = Mapping[str, int]
SUM_RULE, SYSTEMATIC_RULE = "X04", "X10"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form below one column: whose copy it is, which version, and its figures."""

    code: str
    source: str
    version: int
    typed: Typed


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure on both papers."""

    code: str
    box: str
    row: str
    below: int | None
    read: int | None

    @property
    def delta(self) -> int:
        return (self.read or 0) - (self.below or 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference in words, with the rule it breaks, the votes at stake and the figures it rests on."""

    key: str
    rule: str
    kind: str
    sentence: str
    votes: int
    cells: tuple[Cell, ...]
    tests: str = ""


@dataclass(frozen=True)
class Table:
    """Columns of one plenum in order, with the forms below them."""

    boxes: tuple[str, ...]
    rows: FormRows
    codes: tuple[str, ...]
    read: Mapping[str, Typed]
    below: Mapping[str, Sheet]
    villages: Mapping[str, str]
    names: Mapping[str, str]
    unit: str = ""  # what a column is, where it is no station
    labels: Mapping[int, str] = field(default_factory=dict)  # names of rows that are no choices

    @property
    def compared(self) -> list[str]:
        """Columns of which both papers are there."""
        return [code for code in self.codes if code in self.read and code in self.below]


def findings_of(table: Table, totals: Mapping[str, Typed]) -> list[Finding]:
    """Everything that does not agree, most votes first: columns against their forms, totals against their columns."""
    found = [*_moved(table), *_sums(table, totals)]
    return sorted(found, key=lambda one: (-one.votes, one.key))


def _moved(table: Table) -> list[Finding]:
    codes = table.compared
    if not codes:
        return []
    below = Figures.of([_cells(table.below[code].typed, table.boxes) for code in codes])
    read = Figures.of([_cells(table.read[code], table.boxes) for code in codes])
    differences = row_differences(below, read)
    village, units = _villages(codes, table)
    told = [
        _finding(move, table, codes, units)
        for tell in (moves, moves_across)
        for move in tell(table.rows, differences, village)
    ]
    return [*told, *_systematic(table, differences, codes)]


def _cells(typed: Typed, boxes: Sequence[str]) -> list[int | None]:
    return [typed.get(box) for box in boxes]


def _villages(codes: Sequence[str], table: Table) -> tuple[NDArray[np.int64], list[str]]:
    units, at = np.unique([table.villages.get(code, code) for code in codes], return_inverse=True)
    return at.astype(np.int64), [str(unit) for unit in units]


def _finding(move: Move, table: Table, codes: Sequence[str], units: Sequence[str]) -> Finding:
    where = table.names.get(units[move.village], "") if move.village is not None else ""
    names = [table.names.get(codes[at], codes[at]) for at in move.stations]
    sentence = move_sentence(
        move, table.rows, village=where, unit=table.unit, names=names, labels=table.labels
    )
    rows = [at for at, _votes in (*move.fell, *move.rose)]
    cells = _evidence(table, [codes[at] for at in move.stations], rows)
    key = sha256(f"{move.kind}|{rows}|{sorted(cell.code for cell in cells)}".encode()).hexdigest()
    return Finding(key, rule_of(move), str(KIND_NAMES[MoveKind(move.kind)]), sentence, move.votes, cells)


def _evidence(table: Table, codes: Sequence[str], rows: Sequence[int]) -> tuple[Cell, ...]:
    return tuple(
        Cell(code, table.boxes[at], row_words(table.rows, at, table.labels), below, read)
        for code in codes
        for at in rows
        for below, read in [
            (table.below[code].typed.get(table.boxes[at]), table.read[code].get(table.boxes[at]))
        ]
        if below != read
    )


def _systematic(table: Table, differences: Differences, codes: Sequence[str]) -> list[Finding]:
    """Rows that gain in more stations than chance would have it, with the test that says so."""
    moved = shifts(table.rows, differences)
    found = systematic(table.rows, moved, np.zeros(len(codes), np.int64), 1)
    made = []
    for at in np.flatnonzero(found.stands_out[0]):
        gaining = [code for code, gains in zip(codes, moved.gains[:, at], strict=True) if gains]
        votes = int(differences.delta[:, at][differences.delta[:, at] > 0].sum())
        words = row_words(table.rows, int(at), table.labels)
        said = _("%(row)s bertambah di %(n)s TPS, lebih sering daripada baris lain")
        if table.unit:
            said = _("%(row)s bertambah di %(n)s %(unit)s, lebih sering daripada baris lain")
        sentence = said % {"row": words[:1].upper() + words[1:], "n": len(gaining), "unit": table.unit}
        chance = f"p = {float(found.p_value[0, at]):.2g}, BH 5 %, {int(table.rows.is_choice.sum())} baris"
        key = sha256(f"{SYSTEMATIC_RULE}|{at}".encode()).hexdigest()
        cells = _evidence(table, gaining, [int(at)])
        made.append(Finding(key, SYSTEMATIC_RULE, _("Baris yang sama"), sentence, votes, cells, chance))
    return made


def _sums(table: Table, totals: Mapping[str, Typed]) -> list[Finding]:
    """Written totals of villages and of the whole against the columns they are made of (X04)."""
    made = []
    for code, typed in totals.items():
        parts = [
            one
            for one in table.codes
            if table.villages.get(one) == code or code not in table.villages.values()
        ]
        if not parts or any(one not in table.read for one in parts):
            continue
        figures = Figures.of([_cells(table.read[one], table.boxes) for one in parts])
        total = Figures.of([_cells(typed, table.boxes)])
        found = sum_differences(np.zeros(len(parts), np.int64), figures, total)
        rows = [int(at) for at in np.flatnonzero(found.delta[0])]
        if not rows:
            continue
        sums = figures.value.sum(axis=0)
        cells = tuple(
            Cell(
                code,
                table.boxes[at],
                row_words(table.rows, at, table.labels),
                int(sums[at]),
                int(total.value[0, at]),
            )
            for at in rows
        )
        votes = max(abs(cell.delta) for cell in cells)
        sentence = _("Jumlah %(place)s tidak sama dengan kolomnya: %(rows)s") % {
            "place": table.names.get(code, code),
            "rows": ", ".join(f"{cell.row} {signed_words(cell.delta)}" for cell in cells[:4]),
        }
        key = sha256(f"{SUM_RULE}|{code}".encode()).hexdigest()
        made.append(Finding(key, SUM_RULE, _("Penjumlahan"), sentence, votes, cells))
    return made

"""Copies as CSV, one row per copy. Cells that a spreadsheet would run as a formula are made plain text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ronda.kernel.imports.words import harmless

FRONT = ("election", "contest", "station", "village", "number", "source", "version")
BACK = ("valid", "invalid", "users", "registered", "place", "received_at")
VOTES_AT = len(FRONT)
_LINES = 2_000


def csv_lines(choices: int, rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Header and rows, in pieces of a few thousand lines; not reported is empty, never zero."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*FRONT, *(f"votes_{number}" for number in range(1, choices + 1)), *BACK])
    for count, row in enumerate(rows, start=1):
        votes = row[VOTES_AT]
        assert isinstance(votes, list)
        padded = [*votes, *[None] * (choices - len(votes))]
        writer.writerow([plain_cell(cell) for cell in (*row[:VOTES_AT], *padded, *row[VOTES_AT + 1 :])])
        if count % _LINES == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def plain_cell(cell: object) -> object:
    """Instants in ISO form; a text that a spreadsheet would run as a formula behind a quotation mark. A carriage return
    alone is not quoted by the writer and would begin a row, so every end of a line is one that is."""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, str):
        return harmless(cell.replace("\r\n", "\n").replace("\r", "\n"))
    return cell

"""Runs a parser over every row before anything is written."""

import csv
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from ronda.kernel.imports.rows import Row, RowError
from ronda.kernel.imports.tables import Table
from ronda.kernel.imports.words import harmless

T = TypeVar("T")

ERRORS_KEPT = 500


@dataclass
class Checked(Generic[T]):
    """What a file held: rows that fit, the first errors, and how many rows did not fit."""

    items: list[T] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    rows: int = 0
    rows_refused: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return self.rows_refused == 0


def check(
    table: Table,
    parse: Callable[[Row], T | None],
    *,
    key: Callable[[T], Hashable] | None = None,
    key_column: str = "",
    rejects: Path | None = None,
    progress: Callable[[int], None] = lambda position: None,
) -> Checked[T]:
    """Run `parse` over all rows. Rows that do not fit go to the `rejects` file when one is named."""
    result: Checked[T] = Checked(notes=list(table.notes))
    seen: dict[Hashable, int] = {}
    with _rejects_file(rejects, table.header) as reject:
        for number, cells in table.rows:
            row = _row(table, number, cells)
            item = parse(row) if not row.errors else None
            if item is not None and not row.errors and key is not None:
                _refuse_repeated(row, key_column, seen.setdefault(key(item), number))
            _keep(result, row, item, keep_items=result.is_clean or rejects is not None)
            if row.errors:
                reject(cells, row.errors)
            if result.rows % 1000 == 0:
                progress(table.position())
    progress(table.size)
    return result


def _refuse_repeated(row: Row, column: str, first: int) -> None:
    if first != row.number:
        row.refuse(
            column, _("kode yang belum ada di berkas ini"), _("sama dengan baris %(row)s") % {"row": first}
        )


def _keep(result: Checked[T], row: Row, item: T | None, *, keep_items: bool) -> None:
    result.rows += 1
    if row.errors:
        result.rows_refused += 1
        result.errors.extend(row.errors[: max(0, ERRORS_KEPT - len(result.errors))])
        return
    if item is not None and keep_items:
        result.items.append(item)


def _row(table: Table, number: int, cells: list[str]) -> Row:
    row = Row(number, {name: cells[at].strip() for name, at in table.columns.items() if at < len(cells)})
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > len(table.header):
        wanted = _("%(count)s kolom seperti judulnya") % {"count": len(table.header)}
        row.refuse("", wanted, _("%(count)s kolom") % {"count": len(cells)})
    return row


@contextmanager
def _rejects_file(
    path: Path | None, header: list[str]
) -> Iterator[Callable[[list[str], list[RowError]], None]]:
    if path is None:
        yield lambda cells, errors: None
        return
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(harmless(cell) for cell in header), "_error"])

        def write(cells: list[str], errors: list[RowError]) -> None:
            nonlocal written
            written += 1
            padded = [*(harmless(cell) for cell in cells), *[""] * (len(header) - len(cells))]
            writer.writerow([*padded, "; ".join(f"{e.column}: {e.wanted} | {e.came}" for e in errors)])

        yield write
    if not written:
        path.unlink()

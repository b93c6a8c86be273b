"""Tallies a file or a folder of sheets in the Parquet layout on this machine, block by block in two threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from ronda.results.adapters.sheets_parquet import blocks_of, files_of, read_block, spans_of
from ronda.results.adapters.sheets_part import Line, Plan, part_of
from ronda.results.adapters.sheets_result import Result, SheetsSummary

THREADS = 2


def tally_sheets(path: Path, plan: Plan, totals: IO[bytes] | None = None) -> SheetsSummary:
    """All figures of the sheets; with `totals` every area is written there as CSV."""
    spans = spans_of(files_of(path))
    result = Result(plan, totals, choices=max((span.choices for span in spans), default=0))
    for lines in _parts(blocks_of(spans), plan):
        result.add(lines)
    return result.finish()


def _parts(blocks: Sequence[tuple[Path, ...]], plan: Plan) -> Iterator[list[Line]]:
    with ThreadPoolExecutor(THREADS) as pool:
        yield from pool.map(lambda block: part_of(read_block(block, plan.fields), plan), blocks)

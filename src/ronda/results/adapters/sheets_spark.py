"""Tallies sheets in the Parquet layout on an existing Spark cluster: the same blocks, a regency each, on its workers.

Workers need Ronda installed and see the files under the same path. Only the lines of the blocks come back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from ronda.results.adapters.sheets_parquet import KEYS, REGENCY, rows_of, vote_columns
from ronda.results.adapters.sheets_part import Line, Plan, part_of
from ronda.results.adapters.sheets_result import Result, SheetsSummary
from ronda.results.adapters.source import FileError

TOLD = ("contest", "what", "a", "b", "areas", "numbers")
LINES = (
    "regency bigint, place bigint, contest string, what string, a string, b string,"
    " areas array<bigint>, numbers array<bigint>"
)
SENT = pa.schema(
    [
        ("regency", pa.int64()),
        ("place", pa.int64()),
        *((name, pa.string()) for name in TOLD[:4]),
        *((name, pa.list_(pa.int64())) for name in TOLD[4:]),
    ]
)


def tally_on_spark(path: Path, plan: Plan, totals: IO[bytes] | None, *, master: str) -> SheetsSummary:
    """As `sheets_tally.tally_sheets`, to the byte."""
    spark = SparkSession.builder.master(master).appName("ronda tally").getOrCreate()
    try:
        files = spark.read.option("recursiveFileLookup", "true").option("mergeSchema", "true")
        frame = files.parquet(str(path.resolve()))
        result = Result(plan, totals, choices=len(vote_columns(frame.columns)))
        for lines in _parts(frame, plan):
            result.add(lines)
        return result.finish()
    except PySparkException as error:
        raise _refused(error) from error
    finally:
        spark.stop()


def _refused(error: PySparkException) -> Exception:
    """What a worker refused, as if it had been here; anything else is a fault, and stays one."""
    _, mark, told = str(error).rpartition("FileError: ")
    return FileError(told.splitlines()[0]) if mark else error


def _parts(frame: DataFrame, plan: Plan) -> Iterator[list[Line]]:
    if missing := [name for name in KEYS if name not in frame.columns]:
        raise FileError(f"columns missing: {', '.join(missing)}")
    wanted = [*KEYS, *vote_columns(frame.columns), *(name for name in plan.fields if name in frame.columns)]

    def work(table: pa.Table) -> pa.Table:
        return sent(part_of(rows_of(table, plan.fields), plan))

    rows = frame.select(*wanted).selectExpr("*", f"station div {REGENCY} as regency")
    came = rows.groupBy("regency").applyInArrow(work, LINES).toArrow()
    yield from received(came)


def sent(lines: Sequence[Line]) -> pa.Table:
    """Lines of one block as rows that can travel."""
    regency = next(int(line.areas[0]) for line in lines if line.b == "regency")
    columns = [
        [regency] * len(lines),
        range(len(lines)),
        *([line[key] for line in lines] for key in range(4)),
        [line.areas for line in lines],
        [line.numbers.ravel() for line in lines],
    ]
    return pa.Table.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, SENT, strict=True)], schema=SENT
    )


def received(rows: pa.Table) -> Iterator[list[Line]]:
    """The blocks of lines in the order of their regencies, whatever order the rows came in."""
    ordered = rows.sort_by([("regency", "ascending"), ("place", "ascending")]).combine_chunks()
    starts = np.flatnonzero(np.diff(ordered["regency"].to_numpy(), prepend=-1))
    for start, end in pairwise([*starts.tolist(), ordered.num_rows]):
        yield [
            _line(row)
            for row in zip(*(ordered[name].slice(start, end - start) for name in TOLD), strict=True)
        ]


def _line(row: tuple[pa.Scalar, ...]) -> Line:
    *key, areas, numbers = row
    codes = areas.values.to_numpy()
    contest, what, a, b = (name.as_py() for name in key)
    return Line(contest, what, a, b, codes, numbers.values.to_numpy().reshape(len(codes), -1))

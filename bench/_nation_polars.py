"""The nation reconciled and added up with Polars' streaming engine: areas as CSV, pairs on standard output."""

from __future__ import annotations

import json
import sys
from itertools import combinations
from pathlib import Path

import polars as pl
from _nation_duckdb import LEVELS, VOTES, Pairs

SUMS = [pl.col(vote).filter("complete").cast(pl.Int64).sum() for vote in VOTES]


def tally(folder: Path, areas: Path, sources: list[str]) -> Pairs:
    """Both, differing and net votes by contest and pair of sources; every area goes to `areas`."""
    complete = pl.all_horizontal(
        (pl.col("choices") < at) | pl.col(vote).is_not_null() for at, vote in enumerate(VOTES, start=1)
    )
    sheets = pl.scan_parquet(folder / "**/*.parquet").select(
        "station", "contest", "source", "choices", complete.alias("complete"), *VOTES
    )
    found: Pairs = {}
    for one, two in combinations(sources, 2):
        for contest, choices, *numbers in _pair(sheets, one, two).iter_rows():
            found.setdefault(contest, {})[f"{one}-{two}"] = numbers[: 2 + choices]
    _areas(sheets).write_csv(areas)
    return found


def _pair(sheets: pl.LazyFrame, one: str, two: str) -> pl.DataFrame:
    copies = [
        sheets.filter("complete", pl.col("source") == source).drop("source", "complete")
        for source in (one, two)
    ]
    differ = pl.any_horizontal((pl.col(vote) != pl.col(f"{vote}_right")).fill_null(False) for vote in VOTES)
    net = [(pl.col(f"{vote}_right") - pl.col(vote)).cast(pl.Int64).sum().alias(vote) for vote in VOTES]
    joined = copies[0].join(copies[1], on=["contest", "station"])
    figures = joined.group_by("contest").agg(
        pl.col("choices").max(), pl.len().cast(pl.Int64).alias("both"), differ.sum().alias("differ"), *net
    )
    return figures.collect(engine="streaming")


def _areas(sheets: pl.LazyFrame) -> pl.DataFrame:
    village = (pl.col("station") // LEVELS["village"]).alias("area")
    villages = (
        sheets.group_by(village, "contest", "source")
        .agg(
            pl.col("choices").max(),
            pl.len().alias("sheets"),
            pl.col("complete").sum().alias("present"),
            *SUMS,
        )
        .collect(engine="streaming")
    )
    held = (
        sheets.select("station", "contest")
        .unique()
        .group_by(village, "contest")
        .agg(pl.len().alias("stations"))
        .collect(engine="streaming")
    )
    return pl.concat([_level(villages, held, level, size) for level, size in LEVELS.items()])


def _level(villages: pl.DataFrame, held: pl.DataFrame, level: str, size: int) -> pl.DataFrame:
    area = (pl.col("area") // (size // LEVELS["village"])).alias("area")
    stations = held.group_by(area, "contest").agg(pl.col("stations").sum())
    rolled = villages.group_by(area, "contest", "source").agg(
        pl.col("choices").max(), pl.col("sheets", "present", *VOTES).sum()
    )
    votes = [
        pl.when(pl.col("choices") >= at).then(vote).alias(vote) for at, vote in enumerate(VOTES, start=1)
    ]
    return rolled.join(stations, on=["area", "contest"]).select(
        pl.lit(level).alias("level"), "area", "contest", "source", "stations", "sheets", "present", *votes
    )


if __name__ == "__main__":
    print(json.dumps(tally(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])))

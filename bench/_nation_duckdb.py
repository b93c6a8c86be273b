"""The nation reconciled and added up as plain DuckDB SQL: areas as CSV, pairs of copies on standard output."""

from __future__ import annotations

import json
import sys
from itertools import combinations
from pathlib import Path

import duckdb

CHOICES = 20
VOTES = [f"v{place:02d}" for place in range(1, CHOICES + 1)]
LEVELS = {"village": 10**3, "district": 10**7, "regency": 10**9, "province": 10**11, "nation": 10**13}
Pairs = dict[str, dict[str, list[int]]]


def tally(folder: Path, areas: Path, sources: list[str]) -> Pairs:
    """Both, differing and net votes by contest and pair of sources; every area goes to `areas`."""
    base = duckdb.connect()
    base.execute("set threads = 2; set preserve_insertion_order = false")
    complete = " and ".join(
        f"(choices < {at} or {vote} is not null)" for at, vote in enumerate(VOTES, start=1)
    )
    base.execute(
        f"create view sheets as select station, contest, source, choices, ({complete}) as complete,"
        f" {', '.join(VOTES)} from read_parquet('{folder}/**/*.parquet')"
    )
    found = _pairs(base, sources)
    _areas(base, areas)
    return found


def _pairs(base: duckdb.DuckDBPyConnection, sources: list[str]) -> Pairs:
    columns = ["max(greatest(" + ", ".join(f"s{at}.choices" for at in range(len(sources))) + "))"]
    for one, two in combinations(range(len(sources)), 2):
        both = f"(s{one}.complete and s{two}.complete)"
        differ = " or ".join(f"s{one}.{vote} <> s{two}.{vote}" for vote in VOTES)
        columns += [f"count(*) filter ({both})", f"count(*) filter ({both} and ({differ}))"]
        columns += [f"sum(s{two}.{vote} - s{one}.{vote}) filter ({both})" for vote in VOTES]
    copies = [f"(from sheets where source = '{source}') s{at}" for at, source in enumerate(sources)]
    joined = copies[0] + "".join(f" full join {copy} using (contest, station)" for copy in copies[1:])
    found: Pairs = {}
    for contest, choices, *numbers in base.execute(
        f"select contest, {', '.join(columns)} from {joined} group by contest"
    ).fetchall():
        width = 2 + CHOICES
        names = [f"{one}-{two}" for one, two in combinations(sources, 2)]
        rows = [numbers[at * width : at * width + 2 + choices] for at in range(len(names))]
        found[contest] = dict(zip(names, rows, strict=True))
    return found


def _areas(base: duckdb.DuckDBPyConnection, areas: Path) -> None:
    sums = ", ".join(f"sum({vote}) filter (complete) as {vote}" for vote in VOTES)
    base.execute(
        "create temp table villages as select station // 1000 as area, contest, source, max(choices) as choices,"
        f" count(*) as sheets, count(*) filter (complete) as present, {sums} from sheets group by all"
    )
    base.execute(
        "create temp table held as select area, contest, count(*) as stations from"
        " (select distinct station // 1000 as area, station, contest from sheets) group by all"
    )
    levels = " union all ".join(_level(level, size) for level, size in LEVELS.items())
    base.execute(f"copy ({levels}) to '{areas}' (format csv, header true)")


def _level(level: str, size: int) -> str:
    step = size // LEVELS["village"]
    votes = ", ".join(
        f"case when max(choices) >= {at} then coalesce(sum({vote}), 0) end as {vote}"
        for at, vote in enumerate(VOTES, start=1)
    )
    return (
        f"select '{level}' as level, rolled.area, contest, source, stations, sheets, present, {', '.join(VOTES)} from"
        f" (select area // {step} as area, contest, source, sum(sheets) as sheets, sum(present) as present, {votes}"
        f" from villages group by all) rolled join (select area // {step} as area, contest, sum(stations) as stations"
        " from held group by all) using (area, contest)"
    )


if __name__ == "__main__":
    print(json.dumps(tally(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])))

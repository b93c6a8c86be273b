"""`ronda tally` measured: a nation in Parquet beside DuckDB and Polars, and a million stations in CSV and CSV.gz.

The nation (`--quick`: a province) is made by `_nation.py` and not timed. Every figure is a whole process of its own,
so nobody's memory counts as ours. All three must give the same figures, to the vote, or this ends in an error.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.csv as pa_csv
from _nation import nation
from _nation_duckdb import VOTES, Pairs
from _report import Figure, arguments, report

sys.path.append(str(Path(__file__).resolve().parents[1]))
from tests.shared_data import shared

# Peak megabytes of a process. On Linux `ru_maxrss` of a child begins at what its parent held, so the kernel is asked.
PEAK = (
    "int(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1]) / 1024"
    if sys.platform == "linux"
    else "use.ru_maxrss / 1024**2"
)
SEED = 2024
QUICK = "51"
SOURCES = ["ptps", "sirekap", "pemantau"]
OURS = "from ronda.config.cli.tally import tally; tally()"
DUCKDB = """
import duckdb, sys
names = "dpt_l dpt_p kec_id kel_id tps".split() + [
    f"{s}_{f}" for s in ("kpu", "kp") for f in ("pas1", "pas2", "sah", "tidak_sah", "pengguna")]
picked = ", ".join(f"try_cast({n} as integer) {n}, {n} is not null as has_{n}" for n in names)
base = duckdb.connect()
base.execute("set threads=2")
base.execute(f"select {picked} from read_csv($1, all_varchar=true, header=true)", [sys.argv[1]]).fetchnumpy()
"""
CSV = """
import csv, gzip, sys
import numpy as np
opener = gzip.open if sys.argv[1].endswith("gz") else open
with opener(sys.argv[1], "rt", newline="") as stream:
    rows = csv.reader(stream)
    header = next(rows)
    columns = [[] for _ in range(4, 19)]
    for row in rows:
        for column, cell in zip(columns, row[4:19]):
            column.append(int(cell) if cell else -1)
np.array(columns, dtype=np.int32)
"""


def main() -> int:
    options = arguments(__doc__ or "")
    count = 100_000 if options.quick else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        figures = of_nation(
            nation(SEED, only=QUICK if options.quick else ""), Path(folder), limited=not options.quick
        )
        plain, packed = made(Path(folder), count)
        figures += [*ours(plain, packed, limited=not options.quick), *others(plain, packed)]
    return report(f"Tally of a nation, and of {count:,} stations in CSV", figures, options.json)


def of_nation(sheets: Path, folder: Path, *, limited: bool) -> list[Figure]:
    runs = {name: _nation_run(name, sheets, folder) for name in ("ours", "duckdb", "polars")}
    for peer in ("duckdb", "polars"):
        check_alike(runs["ours"].told, folder / "ours.csv", runs[peer].told, folder / f"{peer}.csv")
    words = ["--format", "sheets", "--election", "pemilu-2024", "--json", "--totals", str(folder / "all.csv")]
    rules = measured(OURS, str(sheets), *words)
    if (folder / "all.csv").read_bytes() != (folder / "ours.csv").read_bytes():
        raise SystemExit("the areas with rules differ from those without")
    own, fastest = runs["ours"], min(runs["duckdb"].seconds, runs["polars"].seconds)
    bound = 1.3 * fastest if limited else None
    return [
        Figure("reconcile_s", "nation: reconcile and roll-up", own.seconds, "s", bound, peer=fastest),
        Figure("rules_s", "nation: the same and all rules", rules.seconds, "s", 15.0 if limited else None),
        Figure(
            "peak_gb",
            "nation: peak memory",
            max(own.megabytes, rules.megabytes) / 1000,
            "GB",
            1.0 if limited else None,
        ),
        Figure("reconcile_cpu_s", "nation: processor time of it", own.cpu_s, "s"),
        Figure("rules_cpu_s", "nation: and with all rules", rules.cpu_s, "s"),
        *(
            Figure(f"{name}_{key}", f"nation: {title}", value, unit)
            for name in ("duckdb", "polars")
            for key, title, value, unit in (
                ("s", f"reconcile and roll-up, {name}", runs[name].seconds, "s"),
                ("cpu_s", f"processor time, {name}", runs[name].cpu_s, "s"),
                ("gb", f"peak memory, {name}", runs[name].megabytes / 1000, "GB"),
            )
        ),
    ]


def _nation_run(name: str, sheets: Path, folder: Path) -> Measured:
    script = Path(__file__).with_name(f"_nation_{name}.py")
    code = f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')"
    return measured(code, str(sheets), str(folder / f"{name}.csv"), *SOURCES)


def check_alike(ours: str, our_areas: Path, theirs: str, their_areas: Path) -> None:
    """Same pairs of copies, same areas of every level; else the measurement means nothing."""
    if pairs_of(ours) != json.loads(theirs):
        raise SystemExit(f"the pairs of {their_areas.stem} are not ours")
    if not areas_of(our_areas).equals(areas_of(their_areas)):
        raise SystemExit(f"the areas of {their_areas.stem} are not ours")


def pairs_of(told: str) -> Pairs:
    contests = json.loads(told)["contests"]
    return {
        code: {
            f"{pair['a']}-{pair['b']}": [pair["both"], pair["differ"], *pair["net"]]
            for pair in figures["pairs"]
        }
        for code, figures in contests.items()
    }


def areas_of(path: Path) -> pa.Table:
    """The areas of a CSV in one order, whatever order they were written in."""
    types = {name: pa.int64() for name in ("area", "stations", "sheets", "present", *VOTES)}
    options = pa_csv.ConvertOptions(
        column_types={**types, **dict.fromkeys(("level", "contest", "source"), pa.string())}
    )
    table = pa_csv.read_csv(path, convert_options=options)
    return table.sort_by(
        [(name, "ascending") for name in ("level", "area", "contest", "source")]
    ).combine_chunks()


def made(folder: Path, count: int) -> tuple[Path, Path]:
    """The real file of Kabupaten Malang, its rows repeated up to the wanted count."""
    header, *rows = shared("results/pemilu2019_ppwp_tps_malang.csv").read_bytes().splitlines(keepends=True)
    plain, packed = folder / "stations.csv", folder / "stations.csv.gz"
    with plain.open("wb") as stream:
        stream.write(header)
        for start in range(0, count, len(rows)):
            stream.writelines(rows[: count - start])
    with plain.open("rb") as source, gzip.open(packed, "wb", compresslevel=6) as target:
        shutil.copyfileobj(source, target)
    return plain, packed


def ours(plain: Path, packed: Path, *, limited: bool) -> list[Figure]:
    arguments_ = ["--format", "situng-2019", "--json"]
    csv_s, csv_mb, cpu_s, _ = measured(OURS, str(plain), *arguments_)
    gz_s, gz_mb, *_ = measured(OURS, str(packed), *arguments_)
    seconds, megabytes = (10.0, 1500.0) if limited else (None, None)
    return [
        Figure("csv_s", "CSV, whole command", csv_s, "s", seconds),
        Figure("csv_peak_mb", "CSV, peak memory", csv_mb, "MB", megabytes),
        Figure("csv_cpu_s", "CSV, processor time", cpu_s, "s"),
        Figure("gz_s", "CSV.gz, whole command", gz_s, "s", seconds),
        Figure("gz_peak_mb", "CSV.gz, peak memory", gz_mb, "MB", megabytes),
    ]


def others(plain: Path, packed: Path) -> list[Figure]:
    figures = []
    for key, name, code in (
        ("duckdb", "reading only: DuckDB", DUCKDB),
        ("csv_module", "reading only: csv", CSV),
    ):
        seconds, megabytes, cpu_s, _ = measured(code, str(plain))
        figures += [
            Figure(f"{key}_csv_s", f"{name}, CSV", seconds, "s"),
            Figure(f"{key}_peak_mb", f"{name}, peak memory", megabytes, "MB"),
            Figure(f"{key}_cpu_s", f"{name}, processor time", cpu_s, "s"),
            Figure(f"{key}_gz_s", f"{name}, CSV.gz", measured(code, str(packed)).seconds, "s"),
        ]
    return figures


class Measured(NamedTuple):
    """Seconds, peak megabytes and processor seconds of a process, and what it printed."""

    seconds: float
    megabytes: float
    cpu_s: float
    told: str


def measured(code: str, *arguments_: str) -> Measured:
    """Run code in a fresh Python process of two threads."""
    wrapped = (
        "import resource, sys\n"
        f"try: exec(compile({code!r}, 'measured', 'exec'), {{}})\n"
        "except SystemExit as end:\n    if end.code: raise\n"
        "use = resource.getrusage(resource.RUSAGE_SELF)\n"
        f"print({PEAK}, use.ru_utime + use.ru_stime, file=sys.stderr)"
    )
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", wrapped, *arguments_],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "POLARS_MAX_THREADS": "2", "PYTHONPATH": str(Path(__file__).parent)},
    )
    seconds = time.perf_counter() - start
    peak, cpu = done.stderr.split()[-2:]
    return Measured(seconds, float(peak), float(cpu), done.stdout)


if __name__ == "__main__":
    sys.exit(main())

"""One million stations through `ronda tally`, CSV and CSV.gz; beside it DuckDB and csv as readers."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _report import Figure, arguments, report

sys.path.append(str(Path(__file__).resolve().parents[1]))
from tests.shared_data import shared

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
        plain, packed = made(Path(folder), count)
        figures = [*ours(plain, packed, limited=not options.quick), *others(plain, packed)]
    return report(f"Tally of {count:,} stations", figures, options.json)


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
    csv_s, csv_mb, cpu_s = measured(OURS, str(plain), *arguments_)
    gz_s, gz_mb, _ = measured(OURS, str(packed), *arguments_)
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
        seconds, megabytes, cpu_s = measured(code, str(plain))
        figures += [
            Figure(f"{key}_csv_s", f"{name}, CSV", seconds, "s"),
            Figure(f"{key}_peak_mb", f"{name}, peak memory", megabytes, "MB"),
            Figure(f"{key}_cpu_s", f"{name}, processor time", cpu_s, "s"),
            Figure(f"{key}_gz_s", f"{name}, CSV.gz", measured(code, str(packed))[0], "s"),
        ]
    return figures


def measured(code: str, *arguments_: str) -> tuple[float, float, float]:
    """Seconds, peak megabytes and processor seconds of a fresh Python process."""
    spent = f"{code!r}"
    wrapped = (
        "import resource, sys\n"
        f"try: exec(compile({spent}, 'measured', 'exec'), {{}})\n"
        "except SystemExit as end:\n    if end.code: raise\n"
        "use = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(use.ru_maxrss, use.ru_utime + use.ru_stime, file=sys.stderr)"
    )
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", wrapped, *arguments_], check=True, capture_output=True, text=True
    )
    seconds = time.perf_counter() - start
    peak, cpu = done.stderr.split()[-2:]
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return seconds, int(peak) / unit, float(cpu)


if __name__ == "__main__":
    sys.exit(main())

"""Import of 8,000 stations and of 40,000 sheets into the database, and CSV export of 8,000 sheets and more.

An import is reading the file, placing its villages, registry, copies, all checks, counts of all areas, and commit.
Whole commands, with the start of Python and Django, stand below without a bound.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _report import Figure, arguments, report

sys.path.append(str(Path(__file__).resolve().parents[1]))
from tests.shared_data import shared

REGENCIES = {
    "malang": "35.07",
    "jember": "35.09",
    "jombang": "35.17",
    "kota-malang": "35.73",
    "jembrana": "51.01",
}
QUICK = {"jembrana": "51.01"}
PEER_IMPORT_S, PEER_EXPORT_S = 129.0, 31.0


def main() -> int:
    options = arguments(__doc__ or "")
    regencies = QUICK if options.quick else REGENCIES
    with tempfile.TemporaryDirectory(prefix="ronda-bench-") as folder:
        run = Runner(Path(folder))
        try:
            figures = measured(run, regencies, Path(folder), limited=not options.quick)
        finally:
            run("db", "stop")
    return report("Results in and out of the database", figures, options.json)


class Runner:
    """Runs `ronda` commands on an installation of its own."""

    def __init__(self, folder: Path) -> None:
        self.environment = {**os.environ, "RONDA_VAR": str(folder / "var")}
        self.environment.pop("DATABASE_URL", None)
        self("db", "start")
        self("migrate")

    def __call__(self, *words: str) -> float:
        start = time.perf_counter()
        self._run("-m", "ronda.config.cli", *words)
        return time.perf_counter() - start

    def python(self, code: str, *words: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._run("-c", code, *words))
        return answer

    def _run(self, *words: str) -> str:
        call = [sys.executable, *words]
        done = subprocess.run(call, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{words[:4]}: {done.stderr}")
        return done.stdout


WORK = """
import json, sys, time
from pathlib import Path
from ronda.config.cli import setup_django
setup_django()
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.results.adapters.export import csv_lines
from ronda.results.adapters.registry import placed
from ronda.results.adapters.rows import Origin
from ronda.results.adapters.situng2019 import read_sheets
from ronda.results.adapters.situng_rows import plan_sheets
from ronda.results.selectors import sheet_table
from ronda.results.services import sheets_import

spent = {}
for name, path in json.loads(sys.argv[1]).items():
    start = time.perf_counter()
    with scoped(Scope.system()):
        stations = read_sheets(Path(path))
        plan = plan_sheets(stations, placed(stations.table.names)[0])
        origin = Origin("pemilu-2019", "PPWP", "bawaslu", ("kpu",), "0" * 64, clock.now())
        done = sheets_import(plan=plan, origin=origin)
    spent[name] = [time.perf_counter() - start, len(plan.stations), done.copies_new]
start = time.perf_counter()
with scoped(Scope.system()), open(sys.argv[3], "w") as out:
    out.writelines(csv_lines(*sheet_table("pemilu-2019", "PPWP", sys.argv[2])))
print(json.dumps({"imports": spent, "export": time.perf_counter() - start}))
"""


def measured(run: Runner, regencies: dict[str, str], folder: Path, *, limited: bool) -> list[Figure]:
    for code in regencies.values():
        run("places", "load", code)
    files = {name: str(shared(f"results/pemilu2019_ppwp_tps_{name}.csv")) for name in regencies}
    first, one = next(iter(regencies)), folder / "one.csv"
    work = run.python(WORK, json.dumps(files), regencies[first], str(one))
    seconds, stations, _copies = work["imports"][first]
    copies = sum(row[2] for row in work["imports"].values())
    every_s = sum(row[0] for row in work["imports"].values())
    again_s = run("import", "sheets", files[first])
    recap_s = run("import", "recap", str(shared("results/pemilu2019_ppwp_rekap_kecamatan.csv")))
    target = ("--election", "pemilu-2019", "--contest", "PPWP")
    export_s = run("export", "sheets", str(folder / "every.csv"), *target)
    start_s = run("tally", files[first], "--format", "situng-2019", "--json")
    exported = rows_in(one)
    registry_s = registry(run, regencies[first], first)
    country_s = run("places", "load", "--all")
    return [
        Figure("registry_s", "whole command: KPU's registry of 2024", registry_s, "s", limit(limited, 5)),
        Figure("country_s", "whole command: 91,599 areas of the country", country_s, "s", limit(limited, 30)),
        Figure(
            "import_stations_s",
            f"import of {stations:,} stations",
            seconds,
            "s",
            limit(limited, 5),
            PEER_IMPORT_S,
        ),
        Figure("import_sheets_s", f"import of {copies:,} sheets", every_s, "s", limit(limited, 20)),
        Figure(
            "export_s",
            f"export of {exported:,} sheets",
            work["export"],
            "s",
            limit(limited, 2),
            PEER_EXPORT_S,
        ),
        Figure("command_again_s", "whole command: the first file again", again_s, "s"),
        Figure("command_recap_s", "whole command: recap, all counted anew", recap_s, "s"),
        Figure("command_export_s", f"whole command: export of {copies:,} sheets", export_s, "s"),
        Figure("command_tally_s", "whole command: tally of the first file", start_s, "s"),
    ]


def registry(run: Runner, code: str, name: str) -> float:
    """The stations of 2024 of a regency under their official codes."""
    run("elections", "create", "pemilu-2024", "--area", code)
    file = shared(f"results/pemilu2024_tps_registry_{name}.csv")
    return run("import", "stations", str(file), "--election", "pemilu-2024")


def limit(limited: bool, seconds: float) -> float | None:
    return seconds if limited else None


def rows_in(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


if __name__ == "__main__":
    sys.exit(main())

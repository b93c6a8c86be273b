"""Looking up what a new report is worth comparing with, among 1,000,000 earlier ones, under the worker's real scope.

Half of the earlier reports repeat 5,000 generated texts (so that each key leads to many), half have keys of their own,
and 20,000 are copies of one text in one village. The plan is shown: every part must use an index.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from _report import Figure, arguments, report

from ronda.config.postgres import PostgresServer

NOW = datetime(2024, 11, 27, 12, 0, tzinfo=UTC)
LIMIT_MS = 50.0
TEXTS = 5_000
COPIES = 20_000


def main() -> int:
    options = arguments(__doc__ or "")
    many = 50_000 if options.quick else 1_000_000
    with tempfile.TemporaryDirectory(prefix="ronda-candidates-") as folder:
        os.environ.update(RONDA_VAR=folder, DJANGO_SETTINGS_MODULE="ronda.config.settings")
        server = PostgresServer(Path(folder) / "pg").start()
        try:
            return report("Candidates of a new report", measured(server, many), options.json)
        finally:
            server.stop("immediate")
            shutil.rmtree(server.socket_dir, ignore_errors=True)


def measured(server: PostgresServer, many: int) -> list[Figure]:
    command = [sys.executable, "-m", "ronda.config.cli", "migrate"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    from ronda.kernel.scope import Scope, scoped

    texts = generated()
    print(f"{many} reports")
    fill(server, texts, many)
    with scoped(Scope.system()):
        fresh = [sketch_row(number, text) for number, text in enumerate(fresh_texts())]
        explain(fresh[:1])
        alone = [timed([row]) for row in fresh[20:]]
        batch = timed(fresh[:200])
        copy = statistics.median(timed([sketch_row(n, texts[0])]) for n in range(20))
    return [
        Figure("candidates_p50_ms", "one report, median", statistics.median(alone), "ms", limit=LIMIT_MS),
        Figure(
            "candidates_p99_ms", "one report, 99 of 100 within", percentile(alone, 0.99), "ms", limit=LIMIT_MS
        ),
        Figure("copy_ms", f"one more of {COPIES} copies in one village", copy, "ms", limit=LIMIT_MS),
        Figure("batch_ms_per_report", "in a batch of 200, per report", batch / 200, "ms", limit=LIMIT_MS),
    ]


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def generated() -> list[Any]:
    from ronda.reports.tests.generated import labelled

    return [told for seed in range(40) for told in labelled(seed, 60)][:TEXTS]


def fresh_texts() -> list[Any]:
    from ronda.reports.tests.generated import labelled

    return labelled(999, 80)[:300]


def sketch_row(number: int, told: Any) -> Any:
    """The sketch of a made-up report, as the worker makes it, not saved."""
    from ronda.kernel.areas import station_code
    from ronda.reports.adapters.likeness import sketch_of
    from ronda.reports.models import Report

    return sketch_of(
        Report(
            area=told.village,
            sensitivity=2,
            agency="publik",
            source="public",
            text=f"{told.text}",
            kind=told.kind,
            station_code=station_code(told.village, told.station) if told.station else "",
            happened_at=told.happened_at,
            received_at=NOW - timedelta(minutes=number % 700),
        )
    )


def fill(server: PostgresServer, texts: list[Any], many: int) -> None:
    """The texts' own sketches go into a table of the bench; the database repeats them."""
    rows = [sketch_row(number, told) for number, told in enumerate(texts)]
    from ronda.reports.adapters.likeness import BAND_FIELDS

    columns = ", ".join(BAND_FIELDS)
    own = ", ".join(f"hashtextextended(r.n || '{band}', 7)" for band in BAND_FIELDS)
    theirs = ", ".join(f"t.{band}" for band in BAND_FIELDS)
    kinds = ", ".join(f"{band} bigint" for band in BAND_FIELDS)
    server.psql(f"CREATE TABLE bench_text (n int, area text, station text, signature bytea, {kinds})")
    for start in range(0, len(rows), 200):
        values = ",".join(_literal(start + n, row) for n, row in enumerate(rows[start : start + 200]))
        server.psql(f"INSERT INTO bench_text VALUES {values}")
    at = f"timestamptz '{NOW.isoformat()}' - r.n * interval '1 second' * {700_000 / many}"
    scoped = "gen_random_uuid(), 2, 'publik', '{}'"
    server.psql(f"""
CREATE TABLE bench_row AS SELECT n, gen_random_uuid() AS id,
  CASE WHEN n < {COPIES} THEN 0 ELSE n % {len(rows)} END AS text FROM generate_series(0, {many - 1}) AS n;
INSERT INTO reports_report (id, sensitivity, agency, audience, area, created_at, message, election, source, kind, text,
  place, place_words, received_at, is_danger, files, remarks, state, priority, check_due_at, station_code, is_placed,
  "group", group_priority, order_at)
SELECT r.id, 2, 'publik', '{{}}', t.area, {at}, gen_random_uuid(), 'pilkada-2024', 'public', '', 'x', t.area, '', {at},
  false, '[]', '[]', CASE WHEN r.n < 2000 THEN 'new' ELSE 'rejected' END, 20, {at}, '', true, r.id, 20, {at}
FROM bench_row r JOIN bench_text t ON t.n = r.text;
INSERT INTO reports_sketch (id, sensitivity, agency, audience, area, created_at, report_id, at, is_stated, kind,
  station_code, size, signature, photos, {columns})
SELECT {scoped}, t.area, {at}, r.id, {at}, false, '', t.station, 20, t.signature, '{{}}', {theirs}
FROM bench_row r JOIN bench_text t ON t.n = r.text WHERE r.n % 2 = 0 OR r.n < {COPIES};
INSERT INTO reports_sketch (id, sensitivity, agency, audience, area, created_at, report_id, at, is_stated, kind,
  station_code, size, signature, photos, {columns})
SELECT {scoped}, t.area, {at}, r.id, {at}, false, '', t.station, 20, t.signature, '{{}}', {own}
FROM bench_row r JOIN bench_text t ON t.n = r.text WHERE r.n % 2 = 1 AND r.n >= {COPIES};
ANALYZE reports_report; ANALYZE reports_sketch;
""")


def _literal(number: int, row: Any) -> str:
    from ronda.reports.adapters.likeness import BAND_FIELDS

    keys = ", ".join(str(getattr(row, band)) if row.size else "NULL" for band in BAND_FIELDS)
    return f"({number}, '{row.area}', '{row.station_code}', '\\x{bytes(row.signature).hex()}', {keys})"


def timed(rows: list[Any]) -> float:
    from ronda.reports.selectors.grouping import candidates

    started = time.perf_counter()
    candidates(rows)
    return (time.perf_counter() - started) * 1000


def explain(rows: list[Any]) -> None:
    """The plan under the scope in force; a part that reads a whole table is an error."""
    from django.db import connection

    from ronda.reports.selectors import grouping

    with (
        connection.connection.cursor() as cursor
    ):  # the driver's own: ours refuses all but reading and writing
        cursor.execute(f"EXPLAIN {grouping.MEETING}", grouping.meeting_columns(rows))
        lines = [line for (line,) in cursor.fetchall()]
    scans = [line for line in lines if "reports_sketch" in line]
    print(*scans[:18], sep="\n")
    if any("Seq Scan" in line for line in lines if "reports_sketch" in line):
        raise SystemExit("a whole table is read")


if __name__ == "__main__":
    sys.exit(main())

"""A scratch database as full as an election night: one regency, its stations, 1,000,000 reports, 40,000 sheets.

Places, stations, people, outlines and the counts of results come through the services; what a night brings in by the
hundred thousand is written by the database itself, past the row policies, in the shapes the services write.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

AREA = "35.07"
ELECTION = "pemilu-2024"
NOW = datetime(2024, 2, 14, 8, 42, tzinfo=UTC)
CONTESTS = ("PPWP", "DPR", "DPD", "DPRD_PROV", "DPRD_KABKO")
KINDS = ("violence", "intimidation", "voting_refused", "mass_disturbance", "facility_damage")
SCOPED = "id, sensitivity, agency, audience"
GROUP = 5  # reports of one event, in each hundred one such group


@dataclass(frozen=True)
class Size:
    """How much is in the database."""

    reports: int
    active: int
    closed: int
    sheet_contests: int


FULL = Size(reports=1_000_000, active=900, closed=4_000, sheet_contests=5)
QUICK = Size(reports=5_000, active=200, closed=300, sheet_contests=1)


def clock_stop(folder: Path) -> None:
    """The node's clock stands at the afternoon of voting day."""
    target = folder / "clock.json"
    record = {"simulated": NOW.isoformat(), "real": datetime.now(UTC).timestamp(), "speed": 0.0}
    target.write_text(json.dumps(record), encoding="utf-8")
    os.environ["RONDA_CLOCK_FILE"] = str(target)


def fill(
    sql: Callable[[str], Any], size: Size, *, area: str = AREA, say: Callable[[str], None] = print
) -> None:
    """Fill a migrated database. `sql` runs a statement as the superuser of the scratch server."""
    from ronda.kernel.scope import Scope, scoped

    say(f"places, stations and people of {area}")
    with scoped(Scope.system()):
        _register(area)
    say("a map of squares, or the published one where it lies beside the project")
    with scoped(Scope.system()):
        _outlines(area)
    say(f"{size.reports} reports, {size.active + size.closed} incidents, check-ins")
    sql(_PLACES)
    sql(_INDEXES_OFF)
    for statement in (
        _CHECKINS,
        _reports(size.reports),
        _DECISIONS,
        _WORDS,
        _incidents(size.active, size.closed),
        _EVENTS,
        _HANDOVERS,
        _ACTIONS,
    ):
        sql(
            f"SET session_replication_role = replica; {statement}"
        )  # rows that point to each other by construction
    sql(_INDEXES_ON)
    say(f"sheets of {size.sheet_contests} contests")
    from ronda.results.services.areas import Tally
    from ronda.results.services.checking import count_anew

    for contest in CONTESTS[: size.sheet_contests]:
        sql(_sheets(contest))
        with scoped(Scope.system()):
            count_anew(Tally(ELECTION, contest, NOW), _villages(area))
    say("screens")
    from ronda.results.tasks import screens_make

    screens_make()
    sql("DROP TABLE bench_place")
    for step in (
        "VACUUM (ANALYZE)",
        "CHECKPOINT",
    ):  # else the first pages share the disk with what the fill left to do
        sql(step)


def _register(area: str) -> None:
    from ronda.agencies.services import demo_people
    from ronda.elections.services import election_create, stations_generate
    from ronda.places.services import areas_load

    areas_load(area=area, at=NOW)
    election = election_create(law=ELECTION, area=area, at=NOW)
    stations_generate(election=election, area=area, seed=7, at=NOW)
    demo_people(area=area, at=NOW)


def _villages(area: str) -> list[str]:
    from ronda.kernel.areas import Level
    from ronda.places.selectors import area_list

    return list(area_list(area, Level.VILLAGE).values_list("code", flat=True))


def _outlines(area: str) -> None:
    """The published outlines if they are at hand, else squares that fill districts row by row."""
    from django.db import connection
    from shapely.geometry import shape

    shared = Path(os.environ.get("RONDA_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    found = sorted(shared.glob(f"data/areas/desa_{area}_*.geojson"))
    if found:
        features = json.loads(found[0].read_text(encoding="utf-8"))["features"]
        shapes = {feature["properties"]["kode"]: feature["geometry"] for feature in features}
    else:
        shapes = dict(_squares(_villages(area)))
    rows = []
    for code, geometry in shapes.items():
        whole = shape(geometry)
        inside = whole.representative_point()
        rows.append((code, json.dumps(geometry), list(whole.bounds), inside.x, inside.y, 0.0003))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO places_outline (area, geometry, bbox, lon, lat, tolerance) VALUES (%s, %s, %s, %s, %s, %s)",
            rows,
        )


def _squares(codes: list[str]) -> Any:
    side, columns = 0.02, 20
    for at, code in enumerate(codes):
        west, south = 112.3 + side * (at % columns), -8.3 + side * (at // columns)
        ring = [
            *([west, south], [west + side, south], [west + side, south + side]),
            *([west, south + side], [west, south]),
        ]
        yield code, {"type": "Polygon", "coordinates": [ring]}


def _at(expression: str) -> str:
    """An instant some seconds before now."""
    return f"timestamptz '{NOW.isoformat()}' - make_interval(secs => {expression})"


_PLACES = f"""
CREATE TABLE bench_place AS
SELECT row_number() OVER (ORDER BY code) - 1 AS seat, code, area, number, count(*) OVER () AS total
FROM elections_station WHERE election_id = '{ELECTION}';
CREATE INDEX ON bench_place (seat); ANALYZE bench_place;
"""


# A million rows go in several times as fast when the indexes are made afterwards.
_MANY = ("reports_report", "reports_decision", "kernel_event", "readiness_checkin")
_INDEXES_OFF = f"""
CREATE TABLE bench_index AS SELECT i.indexname AS name, i.indexdef AS made FROM pg_indexes AS i
WHERE i.tablename IN ({", ".join(f"'{name}'" for name in _MANY)})
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = i.indexname);
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT name FROM bench_index LOOP EXECUTE format('DROP INDEX %I', one.name); END LOOP;
END $$;
"""
_INDEXES_ON = """
SET maintenance_work_mem = '512MB';
DO $$ DECLARE one record; BEGIN FOR one IN SELECT made FROM bench_index LOOP EXECUTE one.made; END LOOP; END $$;
DROP TABLE bench_index;
"""


def _kind(salt: int) -> str:
    words = ", ".join(f"'{kind}'" for kind in KINDS)
    return f"(ARRAY[{words}])[1 + (n * {salt}) % {len(KINDS)}]"


def _reports(number: int) -> str:
    """The latest are unchecked; text long enough to matter."""
    received = _at("86400.0 * power(((n * 7919) % 100000) / 100000.0, 2)")
    return f"""
INSERT INTO reports_report ({SCOPED}, area, created_at, message, election, source, kind, text, place, place_words,
  station, happened_at, known_at, captured_at, received_at, is_danger, files, remarks, state, priority, check_due_at,
  station_code, is_placed, "group", is_lead, group_size, group_priority, order_at)
SELECT gen_random_uuid(), 2, 'bawaslu', '{{}}', p.area, {received}, gen_random_uuid(), '{ELECTION}',
  (ARRAY['officer', 'public', 'officer', 'machine'])[1 + n % 4], {_kind(3)},
  'TPS ' || p.number || ': ' || (ARRAY['surat suara kurang dua puluh lembar, KPPS menunggu tambahan',
    'listrik padam saat penghitungan, sudah pakai genset', 'antrean panjang, pemilih lansia menunggu di luar',
    'saksi berselisih soal surat suara tidak sah', 'kotak suara datang terlambat satu jam'])[1 + n % 5],
  p.area, '', p.number, {received}, {received}, {received}, {received}, n % 97 = 0, '[]', '[]',
  CASE WHEN (n * 7919) % 100000 < 2000 THEN 'new' WHEN n % 5 = 0 THEN 'rejected' ELSE 'verified' END,
  (10 + (n * 13) % 60)::smallint, {received} + interval '4 hours', p.code, true,
  CASE WHEN n % 100 < {GROUP} THEN md5('group ' || n / 100)::uuid ELSE gen_random_uuid() END,
  n % 100 NOT BETWEEN 1 AND {GROUP - 1}, CASE WHEN n % 100 = 0 THEN {GROUP} ELSE 1 END,
  (10 + (n * 13) % 60)::smallint, {received} - (10 + (n * 13) % 60) * interval '6 minutes'
FROM generate_series(0::bigint, {number - 1}) AS n JOIN bench_place p ON p.seat = (n * 104729) % p.total
"""


def _incidents(active: int, closed: int) -> str:
    """Active ones are due within two days, one in eleven is overdue."""
    opened = _at("60 + (n * 6007) % 80000")
    due = f"timestamptz '{NOW.isoformat()}' + interval '1 minute' * (CASE WHEN n % 11 = 0 THEN -((n * 7) % 90) - 1"
    due += " ELSE (n * 37) % 2880 + 5 END)"
    return f"""
INSERT INTO incidents_incident ({SCOPED}, area, created_at, election, regency, number, kind, title, summary,
  station_code, happened_at, known_at, opened_at, state, holder_agency, holder_area, due_at, changed_at)
SELECT gen_random_uuid(), 2, 'bawaslu',
  CASE WHEN n % 3 = 0 THEN ARRAY['polri'] ELSE '{{}}'::varchar[] END, p.area, {opened}, '{ELECTION}',
  left(p.area, 5), n + 1, {_kind(5)}, 'Kejadian di TPS ' || lpad(p.number::text, 2, '0') || ' ' ||
    (ARRAY['penghitungan terhenti', 'surat suara tertukar', 'listrik padam', 'massa mendekat', 'saksi ditolak masuk'])
    [1 + n % 5], 'Dua saksi berselisih. Sekitar 40 orang mendekat ke pintu TPS. KPPS menghentikan penghitungan.',
  p.code, {opened}, {opened}, {opened},
  CASE WHEN n >= {active} THEN 'closed' ELSE (ARRAY['open', 'handling', 'handed', 'handling', 'done'])[1 + n % 5] END,
  CASE WHEN n % 3 = 0 THEN 'polri' ELSE 'bawaslu' END,
  CASE WHEN n % 3 = 0 THEN left(p.area, 8) ELSE left(p.area, 5) END,
  CASE WHEN n >= {active} THEN NULL ELSE {due} END, {opened}
FROM generate_series(0::bigint, {active + closed - 1}) AS n JOIN bench_place p ON p.seat = (n * 15485863) % p.total
"""


_DECISIONS = f"""
INSERT INTO reports_decision ({SCOPED}, area, created_at, report_id, verdict, kind, source_check, reason, place,
  station_code, document, officer_name, note, by_name, by_role, at)
SELECT gen_random_uuid(), 2, 'bawaslu', '{{}}', area, received_at + interval '9 minutes', id, state, kind,
  CASE state WHEN 'verified' THEN 'document' ELSE '' END, CASE state WHEN 'rejected' THEN 'trial' ELSE '' END, area,
  station_code, 'LHP/1', '', 'uji', 'Citra', 'duty', received_at + interval '9 minutes'
FROM reports_report WHERE state <> 'new'
"""
_WORDS = f"""
INSERT INTO readiness_checkin ({SCOPED}, area, created_at, message, election, place, note, at, captured_at,
  received_at, remarks, is_placed, station, station_code, step)
SELECT gen_random_uuid(), 1, 'bawaslu', '{{}}', s.area, r.at, gen_random_uuid(), s.election, s.area, '', r.at, r.at,
  r.at, '[]', true, right(s.station_code, 3)::int, s.station_code,
  (ARRAY['logistics', 'opened', 'queue', 'closed', 'counted'])[r.rank]
FROM readiness_station AS s, unnest(s.reached) WITH ORDINALITY AS r (at, rank) WHERE r.at IS NOT NULL
"""
_HANDOVERS = f"""
INSERT INTO incidents_handover ({SCOPED}, area, created_at, incident_id, sequence, from_agency, from_area, to_agency,
  to_area, request, sent_at, due_at, state)
SELECT gen_random_uuid(), 2, 'bawaslu', ARRAY['polri'], area, opened_at, id, 1, 'bawaslu', left(area, 5), 'polri',
  left(area, 8), 'Amankan TPS dan laporkan', opened_at, coalesce(due_at, opened_at),
  CASE state WHEN 'handed' THEN 'sent' ELSE 'accepted' END
FROM incidents_incident WHERE state IN ('handed', 'closed')
"""
_ACTIONS = f"""
INSERT INTO incidents_action ({SCOPED}, area, created_at, incident_id, title, owner_agency, owner_area, due_at,
  assigned_at, state)
SELECT gen_random_uuid(), 2, holder_agency, '{{}}', area, opened_at, id, 'Datangi TPS dan catat keadaan',
  holder_agency, holder_area, coalesce(due_at, opened_at), opened_at,
  CASE WHEN state = 'handling' THEN 'open' ELSE 'done' END
FROM incidents_incident WHERE number % 2 = 0
"""
_EVENTS = """
INSERT INTO kernel_event (id, sensitivity, agency, audience, area, created_at, name, subject, record, data)
SELECT gen_random_uuid(), sensitivity, agency, audience, area, received_at, 'report.received', id, 'report',
  jsonb_build_object('source', source, 'kind', kind, 'place', place)
FROM reports_report ORDER BY received_at;
INSERT INTO kernel_event (id, sensitivity, agency, audience, area, created_at, name, subject, record, data)
SELECT gen_random_uuid(), sensitivity, agency, audience, area, opened_at, 'incident.opened', id, 'incident',
  jsonb_build_object('number', 'K-' || lpad(number::text, 4, '0'), 'state', 'open', 'kind', kind)
FROM incidents_incident ORDER BY opened_at
"""


def _sheets(contest: str) -> str:
    """One copy per station; one in forty does not add up."""
    return f"""
INSERT INTO results_sheet ({SCOPED}, area, created_at, election, contest, source, version, votes, valid, invalid,
  users, registered, other, outcome, place, file_sha256, is_held, station, number)
SELECT gen_random_uuid(), 1, 'bawaslu', '{{}}', area, {_at("3600")}, '{ELECTION}', '{contest}', 'ptps', 1,
  ARRAY[60 + n % 40, 90 + n % 30, 40 + n % 20]::int[],
  (190 + n % 40 + n % 30 + n % 20 + CASE WHEN n % 40 = 0 THEN 10 ELSE 0 END)::int, 5,
  (195 + n % 40 + n % 30 + n % 20)::int, 290, '{{}}', 'regular', '', '', false, code, number
FROM (SELECT seat AS n, code, area, number FROM bench_place) AS b
"""


_CHECKINS = f"""
INSERT INTO readiness_station ({SCOPED}, area, created_at, election, station_code, rank, step, first_at, heard_at,
  heard_by, reached)
SELECT gen_random_uuid(), 1, 'bawaslu', '{{}}', area, {_at("0")}, '{ELECTION}', code,
  (CASE WHEN n % 31 = 0 THEN 2 ELSE 4 END)::smallint, CASE WHEN n % 31 = 0 THEN 'opened' ELSE 'closed' END,
  {_at("90000 - n % 9000")}, {_at("600 + n % 9000")}, 'bawaslu',
  ARRAY[{_at("90000 - n % 9000")}, {_at("30000 - n % 3000")},
        CASE WHEN n % 31 = 0 THEN NULL ELSE {_at("20000 - n % 9000")} END,
        CASE WHEN n % 31 = 0 THEN NULL ELSE {_at("9600 - n % 9000")} END, NULL]
FROM (SELECT seat AS n, code, area FROM bench_place) AS b WHERE n % 43 <> 0
"""

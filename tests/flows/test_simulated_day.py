"""A whole simulated day through the real gate over HTTP: everything that was planted is found, and nothing else.

Three processes as in production: pages and gate, worker, simulator. The ledger of truth comes from the seed; what the
product found is read past all policies.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.serial
HERE = Path(__file__).parent
RONDA = [sys.executable, "-m", "ronda.config.cli"]
EVE = '{"simulated": "2024-02-13T09:00:00+00:00", "real": %f, "speed": 1}'


@pytest.fixture(scope="module")
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Played"]:
    """The day, played once for all tests of this file."""
    database = request.getfixturevalue("drill_database")
    folder = tmp_path_factory.mktemp("drill")
    clock = folder / "clock.json"
    clock.write_text(EVE % time.time())
    environment = {
        **database.environment,
        "RONDA_DEMO": "1",
        "RONDA_CLOCK_FILE": str(clock),
        "RONDA_METRICS_PORT": "0",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    played = Played(database, environment, folder)
    with ExitStack() as children:
        played.play(children)
        yield played


@pytest.fixture(scope="module")
def drill_database(postgres: Any) -> Iterator[Any]:
    """A migrated database of its own for this file."""
    from ronda.config.testing import RUN, LiveDatabase, _clone

    name = f"ronda_drill_{os.getpid()}"
    _clone(postgres, name)
    yield LiveDatabase(name, postgres, {**os.environ, "RONDA_DB_NAME": name, "RONDA_VAR": str(RUN)})
    postgres.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', dbname="postgres")


class Played:
    """A database after a simulated day."""

    def __init__(self, database: Any, environment: dict[str, str], folder: Path) -> None:
        self.database, self.environment, self.folder = database, environment, folder
        self.truth: dict[str, Any] = {}
        self.said = ""

    def play(self, children: ExitStack) -> None:
        self._python("load")
        self.truth = json.loads(self._python("truth"))
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._start(children, "serve", "--port", str(port), "--workers", "1")
        self._start(children, "worker")
        self._await(lambda: _answers(f"{self.url}/readyz"), "the pages", 60)
        self.said = self.simulate()
        self._await(self.is_settled, "the worker", 90)

    def simulate(self, *more: str) -> str:
        """Run the simulator to its end."""
        command = ["simulate", "--seed", "7", "--speed", "2400", "--morning", "10", "--url", self.url, *more]
        done = subprocess.run(
            [*RONDA, *command], env=self.environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def is_settled(self) -> bool:
        """Every message is with its context, and what the machine has to tell has come."""
        waiting = "SELECT count(*) FROM gate_message m WHERE NOT EXISTS (SELECT FROM gate_outcome o WHERE o.n = m.n)"
        told = int(self.ask("SELECT count(*) FROM reports_report WHERE source = 'machine'"))
        return told >= 3 + len(self.results_told()) and self.ask(waiting) == "0"

    def results_told(self) -> set[tuple[str, str]]:
        """What must be told of results: the recap that holds the shift, each village with copies that differ."""
        villages = {self.village_of(station) for station in self.truth["sheets_differ"]}
        assert len(villages) <= 6, "more would be told as one report of the regency"
        return {
            ("recap_mismatch", self.truth["shift"]["district"]),
            *(("sheet_mismatch", one) for one in villages),
        }

    @staticmethod
    def village_of(station: str) -> str:
        return f"{station[:2]}.{station[2:4]}.{station[4:6]}.{station[6:10]}"

    def ask(self, sql: str) -> str:
        return str(self.database.psql(sql)).strip()

    def rows(self, sql: str) -> list[dict[str, Any]]:
        found = self.ask(f"SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM ({sql}) r")
        return list(json.loads(found))

    def _python(self, word: str) -> str:
        program = [sys.executable, str(HERE / "small_regency.py"), word]
        done = subprocess.run(program, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _start(self, children: ExitStack, *words: str) -> None:
        log = (self.folder / f"{words[0]}.log").open("w")
        child = subprocess.Popen([*RONDA, *words], env=self.environment, stdout=log, stderr=log)
        children.callback(_stop, child)

    def _await(self, ready: Any, who: str, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > until:
                logs = {path.name: path.read_text()[-2000:] for path in self.folder.glob("*.log")}
                raise AssertionError(f"{who} not ready after {seconds} s: {logs}")
            time.sleep(0.3)


def _stop(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_messages_sent_are_the_ones_of_the_seed(day: Played) -> None:
    assert f"{day.truth['messages']} messages sent, 0 refused" in day.said
    assert day.truth["digest"] in day.said


def test_every_message_reached_its_context(day: Played) -> None:
    assert (
        day.rows("SELECT state, count(*) AS n FROM gate_outcome WHERE state <> 'done' GROUP BY state") == []
    )
    counts = day.rows(
        "SELECT kind, count(*)::int AS n FROM gate_message WHERE agency <> 'system' GROUP BY kind"
    )
    assert {row["kind"]: row["n"] for row in counts} == {
        "report": day.truth["reports"],
        "checkin": day.truth["checkins"],
        "sheet": day.truth["sheets"],
        "recap": day.truth["recaps"],
    }


@pytest.mark.parametrize("rule", ["R05", "R08", "R14"])
def test_every_planted_slip_of_a_sheet_is_a_failed_check_and_no_other_sheet_has_one(
    day: Played, rule: str
) -> None:
    found = day.rows(f"SELECT station, source FROM results_failed_check WHERE rule = '{rule}'")
    planted = {(fault["station"], fault["source"]) for fault in day.truth["faults"] if rule in fault["rules"]}

    assert planted, f"the seed plants no {rule}"
    assert {(row["station"], row["source"]) for row in found} == planted


def test_every_pair_of_copies_that_differs_is_found(day: Played) -> None:
    found = day.rows("SELECT DISTINCT station FROM results_failed_check WHERE rule = 'X02'")

    assert sorted(row["station"] for row in found) == day.truth["sheets_differ"]


def test_the_moved_votes_are_found_in_their_recap_and_the_right_recap_is_left_alone(day: Played) -> None:
    found = day.rows(
        "SELECT area, deltas, stake FROM results_failed_check WHERE level = 'unit' AND rule = 'X05'"
    )
    shift = day.truth["shift"]
    moved = [0, 0, 0]
    moved[shift["from_choice"]], moved[shift["to_choice"]] = -37, 37

    assert [(row["area"], row["deltas"]) for row in found] == [(shift["district"], moved)]
    assert day.truth["clean_recaps"], "a right recap was sent too"


def test_the_silent_village_the_missed_roll_call_and_the_leak_are_reports_of_the_machine(day: Played) -> None:
    found = day.rows(
        "SELECT f.kind, f.area, f.count, f.incident_kind, r.source, r.area AS filed"
        " FROM readiness_finding f JOIN reports_report r ON r.message = f.message ORDER BY f.kind"
    )
    agency, _, area = day.truth["missed_roll_call"].partition(":")

    assert agency == "polri"
    assert [(row["kind"], row["area"], row["count"], row["incident_kind"]) for row in found] == [
        ("roll_call", area, 1, "station_silent"),
        ("silent", day.truth["silent_village"], len(day.truth["silent_stations"]), "station_silent"),
        ("warehouse", day.truth["leaking_area"], len(day.truth["leaking"]), "warehouse_condition"),
    ]
    assert {row["source"] for row in found} == {"machine"}
    assert [row["filed"] for row in found] == [row["area"] for row in found]


def test_the_moved_votes_and_the_differing_copies_are_reports_of_the_machine_and_nothing_else_is(
    day: Played,
) -> None:
    found = day.rows(
        "SELECT kind, area, text, page FROM reports_report"
        " WHERE source = 'machine' AND kind IN ('recap_mismatch', 'sheet_mismatch')"
    )

    assert {(row["kind"], row["area"]) for row in found} == day.results_told()
    assert len(found) == len(day.results_told()), "each once"
    (recap,) = [row for row in found if row["kind"] == "recap_mismatch"]
    assert "perlu dicek pada dokumen" in recap["text"]
    assert "37" not in recap["text"]
    assert recap["page"].endswith(f"/{day.truth['shift']['district']}/")


def test_every_report_is_in_the_inbox_or_beyond_it(day: Played) -> None:
    told = 3 + len(day.results_told())
    assert day.ask("SELECT count(*) FROM reports_report") == str(day.truth["reports"] + told)


def test_every_station_is_counted_to_the_end_of_its_day(day: Played) -> None:
    states = day.rows("SELECT step, count(*)::int AS n FROM readiness_station GROUP BY step")

    assert states == [{"step": "counted", "n": 100}]


def test_duty_officers_worked_and_left_work(day: Played) -> None:
    states = day.rows("SELECT state, count(*)::int AS n FROM reports_report GROUP BY state")
    assert {row["state"] for row in states} >= {"new", "verified"}
    steps = {row["state"] for row in day.rows("SELECT DISTINCT state FROM incidents_handover_step")}
    assert {"sent", "accepted"} <= steps


def test_playing_it_again_adds_no_message(day: Played) -> None:
    before = day.ask("SELECT count(*) FROM gate_message")

    day.simulate("--no-duty")

    assert day.ask("SELECT count(*) FROM gate_message") == before


def test_another_node_refuses_the_tokens_of_this_one(day: Played, tmp_path: Path) -> None:
    """Tokens are signed with the node's own key: a simulation cannot be aimed at a real node."""
    from ronda.gate.domain import Grant
    from ronda.gate.tokens import TokenRefused, token_key, token_make, token_read
    from ronda.kernel.keys import node_keys

    mine, other = node_keys(tmp_path / "mine"), node_keys(tmp_path / "other")
    token = token_make(Grant.public(), expires_s=2**33, key=token_key(mine), key_id=mine.kid)

    with pytest.raises(TokenRefused):
        token_read(token, now_s=0, key=token_key(other), key_id=other.kid)

"""The programs people run: they start from nothing, answer, say what is wrong, and leave nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from ronda.config.testing import LiveDatabase

pytestmark = pytest.mark.serial
RONDA = [sys.executable, "-m", "ronda.config.cli"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetched(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def awaited(url: str, process: "subprocess.Popen[str]", within_s: float = 60) -> None:
    until = time.monotonic() + within_s
    while time.monotonic() < until and process.poll() is None:
        try:
            if fetched(url)[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    process.kill()
    pytest.fail(f"{url} did not answer: {process.communicate()[0]}")


@pytest.fixture
def site(live_database: LiveDatabase) -> Iterator[tuple[str, str, "subprocess.Popen[str]"]]:
    """A running `ronda serve`: its address, the address of its figures, the process."""
    port, figures = free_port(), free_port()
    environment = {**live_database.environment, "RONDA_METRICS_PORT": str(figures), "RONDA_LOG": "json"}
    process = subprocess.Popen(
        [*RONDA, "serve", "--port", str(port), "--workers", "2"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    awaited(f"http://127.0.0.1:{port}/healthz", process)
    yield f"http://127.0.0.1:{port}", f"http://127.0.0.1:{figures}", process
    process.terminate()  # not killed: its workers would stay behind
    process.wait(timeout=40)


def test_a_port_that_another_node_serves_is_refused_in_one_sentence(
    site: tuple[str, str, "subprocess.Popen[str]"], live_database: LiveDatabase
) -> None:
    port = site[0].rsplit(":", 1)[1]
    environment = {**live_database.environment, "RONDA_METRICS_PORT": "0"}
    second = subprocess.run(
        [*RONDA, "serve", "--port", port], env=environment, capture_output=True, text=True, timeout=60
    )
    assert second.returncode == 1
    assert f"port {port}" in second.stderr
    assert "Traceback" not in second.stderr


def test_serves_is_measured_and_ends_gracefully(site: tuple[str, str, "subprocess.Popen[str]"]) -> None:
    address, figures, process = site
    assert fetched(f"{address}/readyz") == (200, '{"ready": true, "database": "ok", "tables": "ok"}')
    assert fetched(f"{address}/laporan/rahasia-Fajar?nama=Fajar")[0] in (200, 302, 403, 404)
    status, text = fetched(f"{figures}/metrics")
    assert status == 200
    assert 'ronda_requests_total{method="GET",route="readyz",status="200"} 1.0' in text
    assert "Fajar" not in text
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=40)[0]
    assert process.returncode == 0, said
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert ("readyz", 200) in [(line.get("route"), line.get("status")) for line in lines]
    assert "Fajar" not in said
    assert "127.0.0.1" not in said
    assert "Traceback" not in said


def test_figures_are_on_loopback_only(site: tuple[str, str, "subprocess.Popen[str]"]) -> None:
    address, figures, _ = site
    assert fetched(f"{address}/metrics")[0] == 404
    port = int(figures.rsplit(":", 1)[1])
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    found = {local for _, local, _, state, *_ in listening if state == "0A" and int(local[-4:], 16) == port}
    assert found == {f"0100007F:{port:04X}"}


def test_is_not_ready_without_its_database(
    site: tuple[str, str, "subprocess.Popen[str]"], live_database: LiveDatabase
) -> None:
    address = site[0]
    live_database.server.psql(
        f'ALTER DATABASE "{live_database.name}" WITH ALLOW_CONNECTIONS false;'
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{live_database.name}'",
        dbname="postgres",
    )
    status, text = fetched(f"{address}/readyz")
    assert (status, json.loads(text)["ready"]) == (503, False)
    assert fetched(f"{address}/healthz")[0] == 200


def test_refuses_to_serve_a_database_without_its_tables(tmp_path: Path) -> None:
    environment = {**os.environ, "RONDA_VAR": str(tmp_path), "RONDA_METRICS_PORT": "0"}
    environment.pop("RONDA_DB_NAME", None)
    try:
        done = subprocess.run(
            [*RONDA, "serve"], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 1
        assert done.stderr.strip().endswith("run `ronda migrate` first.")
    finally:
        subprocess.run([*RONDA, "db", "stop"], env=environment, check=True, capture_output=True)


def test_the_worker_ends_gracefully(live_database: LiveDatabase) -> None:
    environment = {**live_database.environment, "RONDA_LOG": "json"}
    with subprocess.Popen([*RONDA, "worker"], env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert json.loads(process.stderr.readline())["event"] == "started"
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)[1]
    assert process.returncode == 0, said


def test_the_doctor_finds_nothing_wrong_and_then_something(live_database: LiveDatabase) -> None:
    run = {"env": live_database.environment, "capture_output": True, "text": True, "check": False}
    healthy = subprocess.run([*RONDA, "doctor"], **run)  # type: ignore[call-overload]
    findings = [line for line in healthy.stdout.splitlines() if " fail " in f" {line.strip()} "]
    assert [line for line in findings if "pages" not in line] == []
    assert "every table the pages can reach has row policies" in healthy.stdout
    live_database.psql("ALTER TABLE places_area NO FORCE ROW LEVEL SECURITY")
    live_database.psql("CREATE VIEW leak AS SELECT * FROM places_area; GRANT SELECT ON leak TO ronda_web")
    sick = subprocess.run([*RONDA, "doctor"], **run)  # type: ignore[call-overload]
    assert sick.returncode == 1
    assert "tables without row policies: places_area" in sick.stdout
    assert "views past the row policies: leak" in sick.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_demo_starts_from_nothing_and_leaves_nothing_running(tmp_path: Path, number: int) -> None:
    environment = {**os.environ, "RONDA_VAR": str(tmp_path)}
    for name in ("RONDA_DB_NAME", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    port = free_port()
    command = [*RONDA, "demo", "--no-simulate", "--port", str(port)]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said = ""
    while "Ctrl-C stops everything" not in said and (line := process.stdout.readline()):
        said += line
    assert fetched(f"http://127.0.0.1:{port}/readyz")[0] == 200, said
    process.send_signal(number)
    said += process.communicate(timeout=60)[0]
    assert f"http://127.0.0.1:{port}" in said
    assert "Citra" in said
    database = {"env": {**environment, "RONDA_VAR": str(tmp_path / "demo-51.01")}, "capture_output": True}
    if number == signal.SIGINT:
        assert process.returncode == 0, said
    else:  # nobody could stop the database; the children must be gone all the same
        assert subprocess.run([*RONDA, "db", "stop"], check=True, **database).returncode == 0  # type: ignore[call-overload]
    until = time.monotonic() + 30
    while left := _processes_of(tmp_path):
        assert time.monotonic() < until, left
        time.sleep(0.2)


def _processes_of(folder: Path) -> list[str]:
    """Commands of processes that were told to work in `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if os.fsencode(folder) in (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes():
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
    return found

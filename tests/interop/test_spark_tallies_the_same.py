"""`ronda tally --engine spark` on a cluster of two workers gives what `--engine local` gives, to the byte.

Also when one worker is killed while it works. Master and workers are processes of this test on loopback.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.interop

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 90
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
CONF = f"""
spark.ui.enabled false
spark.driver.bindAddress 127.0.0.1
spark.driver.extraJavaOptions {QUICK}
spark.executor.extraJavaOptions {QUICK}
spark.executor.memory 700m
spark.sql.shuffle.partitions 4
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def until(what, *, told):
    """Waits for a state of other processes; that it never comes is a failure, how long it takes is none."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{told} did not happen in {WAIT_S} s")


class Cluster:
    """A master and its workers, each in a process group of its own."""

    def __init__(self, folder):
        import pyspark

        self.folder = folder
        (folder / "spark-defaults.conf").write_text(CONF, encoding="utf-8")
        self.environment = {
            **os.environ,
            "SPARK_CONF_DIR": str(folder),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": QUICK,
            "PYSPARK_PYTHON": sys.executable,
        }
        self.program = str(Path(pyspark.__file__).parent / "bin" / "spark-class")
        self.master = f"spark://127.0.0.1:{free_port()}"
        self.words = ["--engine", "spark", "--master", self.master]
        self.processes = {}

    def start(self, workers):
        port = self.master.rpartition(":")[2]
        where = ["--host", "127.0.0.1", "--webui-port", free_port()]
        self._run("master", "master.Master", *where, "--port", port)
        until(lambda: "I have been elected leader" in self.log("master"), told="the start of the master")
        for name in workers:
            more = ["--cores", "1", "--memory", "1g", "--work-dir", str(self.folder / name)]
            where = ["--host", "127.0.0.1", "--webui-port", free_port()]
            self._run(name, "worker.Worker", *where, *more, self.master)
        until(
            lambda: self.log("master").count("Registering worker") == len(workers),
            told="the start of workers",
        )

    def _run(self, name, what, *words):
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [self.program, f"org.apache.spark.deploy.{what}", *words],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")

    def is_working(self, worker, *, before):
        """Whether an executor of this worker has begun a task of the newest application."""
        newest = max((self.folder / worker).glob("app-*"), default=self.folder)
        logs = [log.read_text(encoding="utf-8", errors="replace") for log in newest.glob("*/stderr")]
        return newest.name not in before and any("Running task" in log for log in logs)

    def applications(self, worker):
        return {path.name for path in (self.folder / worker).glob("app-*")}

    def kill(self, name, with_signal=signal.SIGKILL):
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, with_signal)
        process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    assert shutil.which("java"), "Spark needs Java: install it (Debian: apt install openjdk-17-jre-headless)"
    assert importlib.util.find_spec("pyspark"), "Spark is not installed: run `make test-interop`, which does"
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start(["one", "two"])
        yield cluster
    finally:
        for name in [*cluster.processes]:
            cluster.kill(name)


@pytest.fixture(scope="module")
def nation():
    """A province of the made-up nation of the measurement."""
    sys.path.append(str(ROOT / "bench"))
    from _nation import nation

    return nation(2024, only="51")


def tally(sheets, target, *more, environment=None):
    """The command as a process that runs; it writes its figures and its areas below `target`."""
    target.mkdir()
    words = ["tally", str(sheets), "--format", "sheets", "--election", "pemilu-2024", "--json"]
    with (target / "figures.json").open("wb") as figures, (target / "errors").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "ronda.config.cli", *words, "--totals", str(target / "areas.csv"), *more],
            stdout=figures,
            stderr=errors,
            env=environment,
        )


def told(target):
    return (target / "errors").read_text(encoding="utf-8")


def files(target):
    return {name: (target / name).read_bytes() for name in ("figures.json", "areas.csv")}


@pytest.fixture
def known(nation, tmp_path):
    assert tally(nation, tmp_path / "local").wait() == 0
    return files(tmp_path / "local")


def test_spark_gives_the_same_to_the_byte(cluster, nation, known, tmp_path):
    run = tally(nation, tmp_path / "spark", *cluster.words, environment=cluster.environment)
    assert run.wait() == 0, told(tmp_path / "spark")
    assert "Lost executor" not in told(tmp_path / "spark")
    assert [bool(cluster.applications(name)) for name in ("one", "two")] == [True, True]
    assert files(tmp_path / "spark") == known


def test_a_refusal_on_a_worker_is_the_same_sentence(cluster, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    sheet = {"station": 5101010001001, "contest": "GUB", "source": "ptps", "choices": 1, "v01": 5}
    pq.write_table(pa.Table.from_pylist([sheet]), tmp_path / "sheets.parquet")
    words = ["--engine", "spark", "--master", "local[1]"]  # a cluster tries four times before it gives up
    for name, more in {"local": [], "spark": words}.items():
        run = tally(tmp_path / "sheets.parquet", tmp_path / name, *more, environment=cluster.environment)
        assert run.wait() == 1
        last = told(tmp_path / name).splitlines()[-1]
        assert last.endswith("wanted contests of PPWP, DPR, DPD, DPRD_PROV, DPRD_KABKO, came GUB")


def test_a_worker_killed_midway_changes_nothing(cluster, nation, known, tmp_path):
    before = cluster.applications("two")
    run = tally(nation, tmp_path / "spark", *cluster.words, environment=cluster.environment)
    try:
        until(lambda: cluster.is_working("two", before=before), told="work of the second worker")
        cluster.kill("two")
        assert run.poll() is None
        assert run.wait() == 0, told(tmp_path / "spark")
    finally:
        run.kill()
    assert "Lost executor" in told(tmp_path / "spark")
    assert files(tmp_path / "spark") == known

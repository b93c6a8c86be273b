"""Debian's Kannel with its fake SMS centre: a text message, the reply, and the delivery report of the reply."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_plus
from uuid import uuid4

import pytest

from ronda.config.testing import LiveDatabase
from ronda.gate.tests.running import environment_of, free_port, wait_until

pytestmark = [pytest.mark.interop, pytest.mark.serial]
FAKE = Path("/usr/lib/kannel/test/fakesmsc")
SECRET = "rahasia-kannel-uji"
AYU = "+628111111111"
FILLED = """
import sys, django
django.setup()
from ronda.agencies.services import demo_people
from ronda.elections.models import PollingStation
from ronda.elections.services import election_create
from ronda.gate.devices import device_enrol
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
at = clock.now()
with scoped(Scope.system()):
    areas_load(area="51.01", at=at)
    election = election_create(law="pilkada-2024", area="51.01", at=at)
    PollingStation.objects.create(
        election=election, code="5101022007007", number=7, kind="regular", area="51.01.02.2007"
    )
    ayu = demo_people(area="51.01", at=at).posts["ayu"]
    device_enrol(post=ayu, label="HP", days=60, by=None, at=at, phone=sys.argv[1])
"""
BEARERBOX = """
group = core
admin-port = {admin}
admin-password = uji
admin-allow-ip = 127.0.0.1
smsbox-port = {box}
box-allow-ip = 127.0.0.1
log-file = {folder}/bearerbox.log
log-level = 0
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = pusat
host = 127.0.0.1
port = {centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sending}
log-file = {folder}/smsbox.log
log-level = 0
http-request-retry = 10
http-queue-delay = 1

group = sms-service
keyword = default
get-url = "http://127.0.0.1:{ronda}/masuk/sms/kannel/?kunci={secret}&dari=%p&teks=%a&id=%I&waktu=%T"
catch-all = true
max-messages = 1
accept-x-kannel-headers = true
"""
CHANNELS = """
[sms.kannel]
secret = "{secret}"
addresses = ["127.0.0.1"]
delivery_url = "http://127.0.0.1:{ronda}/masuk/sms/kannel/kabar/"
"""


@pytest.fixture
def ports() -> dict[str, int]:
    return {name: free_port() for name in ("admin", "box", "centre", "sending", "ronda", "figures")}


@pytest.fixture
def ronda(live_database: LiveDatabase, ports: dict[str, int], tmp_path: Path) -> Iterator[Path]:
    """The site as it is served, with Ayu's telephone; its figures tell what became of the answers."""
    channels = tmp_path / "channels.toml"
    channels.write_text(CHANNELS.format(secret=SECRET, **ports))
    environment = environment_of(live_database) | {"RONDA_CHANNELS": str(channels)}
    environment |= {"RONDA_LOG_LEVEL": "INFO", "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "figures")}
    (tmp_path / "figures").mkdir()
    subprocess.run([sys.executable, "-c", FILLED, AYU], env=environment, check=True)
    words = ["--interface", "rsgi", "--port", str(ports["ronda"]), "--workers", "1", "--no-ws"]
    command = [sys.executable, "-m", "granian", *words, "ronda.config.server:application"]
    with child(command, tmp_path / "ronda.log", environment):
        assert wait_until(lambda: answers(ports["ronda"])), (tmp_path / "ronda.log").read_text()[-2000:]
        yield tmp_path


@contextmanager
def child(command: list[str], log: Path, environment: dict[str, str] | None = None) -> Iterator[Any]:
    """A program with its own log, ended by its id."""
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def answers(port: int) -> bool:
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).status == 200
    except OSError:
        return False


@contextmanager
def kannel(folder: Path, ports: dict[str, int]) -> Iterator[None]:
    """bearerbox and smsbox on ports of their own."""
    for name in ("bearerbox", "smsbox"):
        assert shutil.which(name) or Path(f"/usr/sbin/{name}").is_file(), (
            f"{name} is not installed: run `make test-interop`, which says how to install it"
        )
    file = folder / "kannel.conf"
    file.write_text(BEARERBOX.format(folder=folder, secret=SECRET, **ports))
    with ExitStack() as stack:
        stack.enter_context(child(["/usr/sbin/bearerbox", str(file)], folder / "bearerbox.out"))
        assert wait_until(lambda: "entering mainloop" in read(folder / "bearerbox.out"), seconds=20)
        stack.enter_context(child(["/usr/sbin/smsbox", str(file)], folder / "smsbox.out"))
        assert wait_until(lambda: "boxc_sender) maps" in read(folder / "bearerbox.out"), seconds=20)
        yield


def read(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""


@contextmanager
def centre(folder: Path, ports: dict[str, int], text: str) -> Iterator[Path]:
    """The fake centre sends one text message from Ayu's number and takes what comes back into its log."""
    log = folder / f"fakesmsc-{uuid4().hex}.log"
    message = f"{AYU} 2011 data {quote(text)}"
    with child([str(FAKE), "-H", "127.0.0.1", "-r", str(ports["centre"]), "-m", "1", message], log):
        yield log


def delivered(folder: Path) -> float:
    """Replies of which the centre said that they arrived."""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder / "figures")}
    program = (
        "from prometheus_client import CollectorRegistry, generate_latest\n"
        "from prometheus_client.multiprocess import MultiProcessCollector\n"
        "registry = CollectorRegistry(); MultiProcessCollector(registry)\n"
        "print(generate_latest(registry).decode())"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    found = re.search(r'ronda_sms_answers_total\{gateway="kannel",state="delivered"\} ([\d.]+)', told.stdout)
    return float(found[1]) if found else 0.0


def test_a_message_is_kept_answered_and_its_answer_delivered(
    ronda: Path, ports: dict[str, int], live_database: LiveDatabase
) -> None:
    texts = {"tps 7 buka": "TPS dibuka", "tps 7 uang ada amplop": "Politik uang"}
    with kannel(ronda, ports):
        for number, (text, answer) in enumerate(texts.items(), start=1):
            with centre(ronda, ports, text) as log:
                came = lambda log=log, answer=answer: answer in unquote_plus(read(log))  # noqa: E731
                assert wait_until(came, seconds=30), read(log) + read(ronda / "smsbox.out")[-3000:]
                arrived = lambda number=number: delivered(ronda) >= number  # noqa: E731
                assert wait_until(arrived, seconds=30), read(ronda / "smsbox.out")[-3000:]
    kinds = live_database.psql("SELECT kind, agency FROM gate_message ORDER BY n").splitlines()
    assert kinds == ["checkin\tbawaslu", "report\tbawaslu"]

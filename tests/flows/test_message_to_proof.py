"""Ayu's phone sends a report with a photo over a bad link; months later anyone can check that nothing was changed."""

import http.client
import json
import subprocess
import sys
from hashlib import sha256

import pytest

from ronda.gate.tests.at_the_door import device_in, raw, token
from ronda.gate.tests.running import environment_of, free_port, gate_process, post, wait_until, worker_process

pytestmark = pytest.mark.serial
PHOTO = b"\xff\xd8\xff" + bytes(200_000)
NAME = sha256(PHOTO).hexdigest()


class Phone:
    """Talks to the gate as a phone would: plain HTTP and a token."""

    def __init__(self, port: int, bearer: str) -> None:
        self.port, self.bearer = port, bearer

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        given = {"Authorization": f"Bearer {self.bearer}"} | {
            n.replace("_", "-"): v for n, v in headers.items()
        }
        connection.request(method, path, body or None, given)
        answer = connection.getresponse()
        found = answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def send_photo(self) -> list[int]:
        """In two pieces, asking in between how far it is."""
        path, total = f"/gate/v1/files/{NAME}", len(PHOTO)
        first = self.ask("PUT", path, PHOTO[:90_000], Content_Range=f"bytes 0-89999/{total}")
        state = self.ask("HEAD", path)
        start = int(state[1]["upload-offset"])
        last = self.ask("PUT", path, PHOTO[start:], Content_Range=f"bytes {start}-{total - 1}/{total}")
        done = self.ask("HEAD", path)
        return [first[0], state[0], last[0], done[0]]


def command(database, *words: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-m", "ronda.config.cli", *words]
    return subprocess.run(run, env=environment_of(database), capture_output=True, text=True, check=False)


def test_from_the_phone_to_a_proof_that_needs_no_trust(live_database, tmp_path):
    grant = device_in(live_database)
    port, bearer = free_port(), token(grant)
    gate, worker = gate_process(live_database, port, workers=2), worker_process(live_database)
    gate.start()
    worker.start()
    phone = Phone(port, bearer)
    sent = raw(files=[{"sha256": NAME, "size": len(PHOTO), "type": "image/jpeg"}])
    id_ = json.loads(sent)["id"]
    try:
        assert wait_until(lambda: post(port, bearer, sent)[0] == 201)
        first = phone.ask("POST", "/gate/v1/messages", sent)
        assert phone.ask("POST", "/gate/v1/messages", sent)[2] == first[2]
        assert phone.ask("POST", "/gate/v1/messages", b"x" * 300_000)[0] == 413
        assert phone.send_photo() == [202, 200, 201, 200]

        def status() -> dict[str, str]:
            return json.loads(phone.ask("GET", f"/gate/v1/messages/{id_}")[2])

        assert wait_until(lambda: status()["state"] == "logged" and status()["outcome"] == "done")
        answer, message, log = tmp_path / "answer.json", tmp_path / "message.json", tmp_path / "log"
        answer.write_text(json.dumps(status()))
        message.write_bytes(sent)
        older = tmp_path / "checkpoint-of-that-day"
        older.write_bytes(phone.ask("GET", "/gate/v1/log/checkpoint")[2])
        for _ in range(3):
            assert post(port, bearer, raw())[0] == 201
        assert wait_until(lambda: live_database.psql("SELECT count(*) FROM ledger_entry") == "4")
    finally:
        gate.kill()
        worker.kill()
    made = command(live_database, "log", "export", str(log))
    assert made.returncode == 0, made.stderr
    key = command(live_database, "log", "key").stdout.strip()
    words = ["--older", str(older), "--receipt", str(answer), "--message", str(message)]
    checked = command(live_database, "verify", str(log), "--key", key, *words)
    assert (checked.returncode, checked.stdout.splitlines()[-1]) == (0, "nothing was changed"), checked.stdout
    message.write_bytes(sent.replace(b"kotak suara terbuka", b"kotak suara tertutup"))
    checked = command(live_database, "verify", str(log), "--key", key, *words)
    assert checked.returncode == 1
    assert "WRONG    receipt" in checked.stdout

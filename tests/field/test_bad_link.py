"""S4, S6: over a link that loses a third of all requests, with the node killed on the way, all arrive once."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.error
import urllib.request
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ronda.gate.tests.running import wait_until
from tests.counts import count
from tests.field.conftest import Node
from tests.field.relay import Faults, Relay
from tests.field.test_survives_kill import PAGE, built

PHOTO_BYTES = 180_000
SEED = 3107
STEP_BYTES = 64 * 1024
NO_FAULTS = Faults(lost=0, unanswered=0, cut=0, doubled=0, delayed=0)
pytestmark = pytest.mark.serial


@pytest.fixture
def link(node: Node, tmp_path: Path) -> Any:
    pages = {
        "/index.html": ("text/html", PAGE.encode()),
        "/harness.js": ("text/javascript", (built(tmp_path / "page") / "harness.js").read_bytes()),
    }
    relay = Relay(node.port, SEED, pages)
    relay.start()
    yield relay
    relay.stop()


@pytest.fixture
def page(link: Relay, chromium: Browser) -> Any:
    page = chromium.new_page()
    page.set_default_timeout(0)
    page.goto(f"http://127.0.0.1:{link.port}/index.html")
    yield page
    page.context.close()


def keys_of(node: Node) -> dict[str, str]:
    asked = urllib.request.Request(
        f"{node.origin}/lapangan/saya.json", headers={"Authorization": f"Bearer {node.token()}"}
    )
    told: dict[str, dict[str, str]] = json.load(urllib.request.urlopen(asked))
    return told["node"]


def photographed(node: Node, keys: dict[str, str]) -> dict[str, object]:
    return {"recipient": keys["recipient"], "place": node.people["ayu"]["area"], "photo": PHOTO_BYTES}


def reports(node: Node, wanted: str) -> int:
    return int(node.rows(f"SELECT count(*) FROM reports_report WHERE message IN ({wanted})")[0])


def outcomes(node: Node, wanted: str) -> list[str]:
    return node.rows(f"SELECT state, error, count(*) FROM gate_outcome WHERE id IN ({wanted}) GROUP BY 1, 2")


def arrived(node: Node, wanted: str) -> list[str]:
    """Messages, photos that were opened under their own hash, and messages that came under a taken id."""
    messages = f"SELECT count(*) FROM gate_message WHERE id IN ({wanted})"
    sealed = f"SELECT unnest(files) FROM gate_message WHERE id IN ({wanted})"
    photos = f"SELECT count(*) FROM gate_file WHERE sealed_as IN ({sealed})"
    conflicts = f"SELECT count(*) FROM gate_conflict WHERE message IN ({wanted})"
    return [row for asked in (messages, photos, conflicts) for row in node.rows(asked)]


def trouble(node: Node, link: Relay) -> None:
    """The network goes for a while, and then the node is killed and comes back."""
    time.sleep(2)
    link.is_down = True
    time.sleep(1)
    link.is_down = False
    time.sleep(2)
    node.gate.kill()
    time.sleep(1)
    node.gate.start()


def test_every_message_with_its_photo_arrives_exactly_once(
    node: Node, link: Relay, page: Page, tell: Any
) -> None:
    messages, keys = count("field_messages"), keys_of(node)
    given = photographed(node, keys)
    ids = page.evaluate("([given, count]) => saveMany(given, count)", [given, messages])
    helper = threading.Thread(target=trouble, args=(node, link))
    helper.start()

    left = page.evaluate("([token, key]) => sendUntilDone(token, key, 5000)", [node.token(), keys["log_key"]])

    helper.join()
    told = page.evaluate("told()")
    tell(f"S4: {messages} messages over a bad link, seed {SEED}, {dict(link.done)}, {left} left")
    assert (left, told["problems"], told["files"]) == (0, [], 0)
    wanted = ", ".join(f"'{id_}'" for id_ in ids)
    assert wait_until(lambda: reports(node, wanted) == messages, seconds=120), outcomes(node, wanted)
    assert arrived(node, wanted) == [str(messages), str(messages), "0"]


def test_control_a_phone_that_tries_only_once_leaves_messages(node: Node, link: Relay, page: Page) -> None:
    keys = keys_of(node)
    page.evaluate("([given, count]) => saveMany(given, count)", [photographed(node, keys), 10])

    left = page.evaluate("([token, key]) => sendUntilDone(token, key, 1)", [node.token(), keys["log_key"]])

    assert left > 0


def test_a_file_cut_at_every_64_kib_leaves_the_outbox_whole_and_arrives_later(
    node: Node, link: Relay, page: Page, tell: Any
) -> None:
    """S6: whatever part of a photo came through, the phone keeps all of it until the node has signed."""
    cuts, keys = count("field_cuts"), keys_of(node)
    link.faults = NO_FAULTS
    given = photographed(node, keys) | {"photo": cuts * STEP_BYTES}
    to_send = [node.token(), keys["log_key"]]
    ids = []
    for cut in range(1, cuts + 1):
        link.file_bytes_left = cut * STEP_BYTES
        (id_,) = page.evaluate("([given, count]) => saveMany(given, count)", [given, 1])
        left = page.evaluate("([token, key]) => sendUntilDone(token, key, 1)", to_send)
        assert (left, page.evaluate("whole()")) == (1, [id_]), cut
        assert arrived(node, f"'{id_}'") == ["0", "0", "0"], cut
        link.is_down, link.file_bytes_left = False, None
        assert page.evaluate("([token, key]) => sendUntilDone(token, key, 50)", to_send) == 0, cut
        ids.append(f"'{id_}'")

    tell(f"S6: {cuts} photos cut at every 64 KiB, {link.done['cut_file']} cuts, 0 left")
    assert (link.done["cut_file"], page.evaluate("told()")["problems"]) == (cuts, [])
    assert wait_until(lambda: arrived(node, ", ".join(ids)) == [str(cuts), str(cuts), "0"], seconds=60)


def test_the_beginning_of_a_file_is_refused_for_the_whole(node: Node, tell: Any) -> None:
    """S6: every 64 KiB of a file, handed in as if that were all: refused with the reason, and nothing is kept."""
    cuts = count("field_cuts")
    whole = random.Random(SEED).randbytes(cuts * STEP_BYTES)
    digest = sha256(whole).hexdigest()

    told = [put_file(node, digest, whole[: cut * STEP_BYTES]) for cut in range(cuts)]

    tell(f"S6: {len(told)} beginnings of a file, {told.count((422, 'sha256'))} refused")
    assert told == [(422, "sha256")] * cuts
    assert put_file(node, digest, whole) == (201, "")


def put_file(node: Node, digest: str, content: bytes) -> tuple[int, str]:
    """Status and the field that was wrong."""
    asked = urllib.request.Request(
        f"{node.origin}/gate/v1/files/{digest}",
        content,
        {"Authorization": f"Bearer {node.token()}", "Content-Type": "application/age"},
        method="PUT",
    )
    try:
        return urllib.request.urlopen(asked, timeout=30).status, ""
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)["error"]["field"]

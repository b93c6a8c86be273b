"""S4, S6: over a link that loses a third of all requests, with the node killed on the way, all arrive once."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ronda.gate.tests.running import wait_until
from tests.counts import count
from tests.field.conftest import Node
from tests.field.relay import Relay
from tests.field.test_survives_kill import PAGE, built

PHOTO_BYTES = 180_000
SEED = 3107
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

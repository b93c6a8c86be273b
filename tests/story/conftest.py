"""A node that people work on: its gate, its pages, its worker, a gateway of text messages, and two kinds of browser."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ronda.config.testing import LiveDatabase, _own_database
from ronda.gate.tests.running import APPLICATION, Process, environment_of, free_port, wait_until
from tests.field.conftest import AXE, PHONE, Node, Phone, chromium_path, is_answering, phone_in

ROOT = Path(__file__).resolve().parents[2]
DESK = {"width": 1440, "height": 900}
GATEWAY, SECRET = "uji", "rahasia-gerbang-cerita"


@pytest.fixture(scope="package")
def site(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The node of the field tests with desks beside the phones, in a database of its own."""
    channels = tmp_path_factory.mktemp("story") / "channels.toml"
    channels.write_text(f'[sms.{GATEWAY}]\nsecret = "{SECRET}"\n')
    with _own_database(postgres, "story") as database:
        yield from served(database, {"RONDA_DEMO": "1", "RONDA_CHANNELS": str(channels)})


def served(database: LiveDatabase, more: dict[str, str]) -> Iterator[Node]:
    environment = environment_of(database) | more
    filling = [sys.executable, "-m", "tests.field.fill"]
    done = subprocess.run(filling, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    filled, port = json.loads(done.stdout), free_port()
    words = ["--interface", "rsgi", "--port", str(port), "--workers", "1", "--log-level", "critical"]
    pages = Process([sys.executable, "-m", "granian", *words, APPLICATION], environment)
    worker = Process([sys.executable, "-m", "ronda.config.cli", "worker"], environment)
    pages.start()
    worker.start()
    try:
        assert wait_until(lambda: is_answering(port), seconds=90)
        yield Node(port, database, filled["people"], filled["incident"], pages)
    finally:
        worker.kill()
        pages.kill()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def phone(site: Node, chromium: Browser) -> Iterator[Phone]:
    """A cheap phone in the village, before anybody was enrolled on it."""
    context = chromium.new_context(
        viewport=PHONE,
        has_touch=True,
        locale="id-ID",
        permissions=["geolocation"],
        geolocation={"latitude": -8.36, "longitude": 114.74, "accuracy": 8},
        timezone_id="Asia/Makassar",
    )
    yield phone_in(context, site.origin)
    context.close()


@pytest.fixture
def desk(site: Node, chromium: Browser) -> Iterator[Any]:
    """`desk("Citra")`: the page of somebody who is signed in; `desk("")`: of anybody from the street."""
    open_ones: dict[str, Page] = {}

    def _desk(name: str) -> Page:
        if name not in open_ones:
            context = chromium.new_context(base_url=site.origin, viewport=DESK, locale="id-ID")
            context.add_init_script(path=AXE)
            open_ones[name] = context.new_page()
            if name:
                open_ones[name].goto("/masuk/")
                who = open_ones[name].get_by_text(name, exact=True)
                open_ones[name].locator(".cast-list button", has=who).first.click()
                open_ones[name].wait_for_url(lambda url: "/masuk/" not in url)
        return open_ones[name]

    yield _desk
    for page in open_ones.values():
        page.context.close()

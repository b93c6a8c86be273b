"""Passkeys in a real browser with a virtual authenticator: set up, sign in without a password, prove oneself again."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from ronda.config.testing import LiveDatabase

pytestmark = [pytest.mark.browser, pytest.mark.serial]

PASSWORD = "bambu-kuning-pagi-17"
PREPARE = """
import json
from datetime import timedelta
import django
django.setup()
from ronda.agencies.selectors import scope_of
from ronda.agencies.services import agency_open, invitation_issue, unit_open
from ronda.agencies.services.invitations import Invitee
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
with scoped(Scope.system()):
    unit = unit_open(agency=agency_open(code="bawaslu", kind="bawaslu", name="Bawaslu"), area="51.01",
                     name="Bawaslu Jembrana", kind="kabupaten")
    token = invitation_issue(unit=unit, role="admin", invitee=Invitee(name="Nyoman", email="nyoman@contoh.id"),
                             by=None, at=clock.now())[1]
print(token)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def python(environment: dict[str, str], code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def invited(live_database: LiveDatabase) -> Iterator[tuple[str, str]]:
    """A running site without demo mode, and the link of its first administrator."""
    port = free_port()
    environment = {
        **live_database.environment,
        "DJANGO_SETTINGS_MODULE": "ronda.config.settings",
        "RONDA_METRICS_PORT": "0",
        "PYTHONPATH": "src",
    }
    environment.pop("RONDA_DEMO", None)
    token = python(environment, PREPARE)
    command = [sys.executable, "-m", "ronda.config.cli", "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    address = f"http://localhost:{port}"
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                break
        except OSError:
            time.sleep(0.1)
    try:
        yield address, f"{address}/masuk/undangan/{token}/"
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def browser_context() -> Iterator[BrowserContext]:
    """Chromium from CHROMIUM_PATH or the PATH, else the one that playwright keeps."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser.new_context(viewport={"width": 360, "height": 740})
        browser.close()


def give_authenticator(page: Page, *, copied: bool = False) -> tuple[object, str]:
    """A device with a screen lock; `copied`: it shares its keys with others through an account, as most phones do."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    made = tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
                "defaultBackupEligibility": copied,
                "defaultBackupState": copied,
            }
        },
    )
    return tools, made["authenticatorId"]


def accept(page: Page, link: str) -> None:
    """Take up the invitation; the next page wants a second factor, and a passkey is chosen."""
    page.goto(link)
    page.get_by_label("Surel").fill("nyoman@contoh.id")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Terima undangan").click()
    expect(page.get_by_role("heading", name="Satu langkah lagi")).to_be_visible()
    page.get_by_role("link", name="Kunci masuk").click()


def set_up_key(page: Page, name: str) -> None:
    page.get_by_label("Nama kunci").fill(name)
    page.get_by_role("button", name="Pasang di perangkat ini").click()


def test_invited_sets_up_a_passkey_and_comes_back_with_it(
    invited: tuple[str, str], browser_context: BrowserContext
) -> None:
    address, link = invited
    page = browser_context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    tools, device = give_authenticator(page)

    accept(page, link)
    set_up_key(page, "HP dinas")
    expect(page.get_by_role("heading", name="Kode cadangan")).to_be_visible()
    stored = tools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]  # type: ignore[attr-defined]
    assert [key["isResidentCredential"] for key in stored] == [True]
    page.goto(f"{address}/akun/")
    expect(page.get_by_text("HP dinas")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{address}/orang/")
    expect(page).to_have_url(re.compile("/masuk/"))
    page.get_by_role("button", name="Masuk dengan kunci masuk").click()
    page.wait_for_url(lambda url: "/masuk/" not in url)
    page.goto(f"{address}/orang/")
    expect(page.get_by_role("heading", name="Orang dan jabatan")).to_be_visible()

    page.goto(f"{address}/masuk/ulang/?next=/akun/")
    page.get_by_role("button", name="Pakai kunci masuk").click()
    expect(page).to_have_url(f"{address}/akun/")
    assert not complaints


def test_an_administrator_needs_a_key_that_stays_on_its_device(
    invited: tuple[str, str], browser_context: BrowserContext
) -> None:
    """The control is the test above: the same way with a key that is not copied opens the post."""
    address, link = invited
    page = browser_context.new_page()
    tools, phone = give_authenticator(page, copied=True)
    accept(page, link)
    set_up_key(page, "HP pribadi")
    expect(page.get_by_role("heading", name="Kode cadangan")).to_be_visible()

    page.goto(f"{address}/orang/")
    expect(page.get_by_role("heading", name="Jabatan ini perlu kunci tersendiri")).to_be_visible()

    tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": phone})  # type: ignore[attr-defined]
    give_authenticator(page)
    page.get_by_role("link", name="Pasang kunci").click()
    set_up_key(page, "Kunci USB")
    expect(page.get_by_text("Kunci masuk, menetap di perangkat")).to_be_visible()
    expect(page.get_by_text("Kunci masuk, dapat tersalin ke perangkat lain")).to_be_visible()
    page.goto(f"{address}/orang/")
    expect(page.get_by_role("heading", name="Orang dan jabatan")).to_be_visible()


def test_a_device_that_does_not_know_its_owner_opens_nothing(
    invited: tuple[str, str], browser_context: BrowserContext
) -> None:
    address, _link = invited
    page = browser_context.new_page()
    give_authenticator(page)

    page.goto(f"{address}/masuk/")
    page.get_by_role("button", name="Masuk dengan kunci masuk").click()

    expect(page.get_by_role("alert")).to_contain_text("coba", ignore_case=True)
    page.goto(f"{address}/akun/")
    expect(page).to_have_url(re.compile("/masuk/"))


def test_a_forged_answer_opens_nothing(invited: tuple[str, str], browser_context: BrowserContext) -> None:
    """Somebody else's answer to the server's question, sent without any device."""
    address, _link = invited
    page = browser_context.new_page()
    page.goto(f"{address}/masuk/")
    forged = {
        "id": "AAAA",
        "rawId": "AAAA",
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": "e30",
            "authenticatorData": "AAAA",
            "signature": "AAAA",
            "userHandle": "AAAA",
        },
    }
    page.evaluate(
        """text => { const form = document.querySelector('.door-key');
                     form.elements.credential.value = text; form.submit(); }""",
        json.dumps(forged),
    )
    page.wait_for_load_state()

    expect(page).to_have_url(re.compile("/masuk/$"))
    page.goto(f"{address}/akun/")
    expect(page).to_have_url(re.compile("/masuk/"))

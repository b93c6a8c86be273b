"""The public form in a browser: the phone works for the report, nothing is left behind, it goes without script too."""

import json
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from ronda.gate.work import zero_bits

WORDS = "Ada yang membagi amplop di depan balai banjar."
FORM = "/lapor?wilayah=51.01"


def told(page: Any, words: str) -> str:
    """Fill in and send; the receipt code that comes."""
    page.fill("[name=text]", words)
    page.click(".pub .acts button")
    page.wait_for_selector(".receipt-box", timeout=120_000)
    return str(page.locator(".receipt-box .code").inner_text())


def kept(site: Any, words: str) -> dict[str, Any]:
    """The message with these words as it lies at the gate."""
    said = site.database.psql("SELECT convert_from(raw, 'UTF8') FROM gate_message WHERE agency = 'publik'")
    messages = [json.loads(line) for line in said.splitlines() if line.strip()]
    return next(one for one in messages if one["body"]["text"] == words)


def test_the_browser_works_for_the_report_and_nothing_stays_in_it(visit: Any, site: Any) -> None:
    seen = visit(FORM, person="", phone=True)
    told(seen.page, WORDS)
    message = kept(site, WORDS)
    bits = int(message["body"]["work"].split("~")[2])

    assert zero_bits(UUID(message["id"]), message["body"]["work"]) >= bits >= 14
    assert seen.page.context.cookies() == []
    assert seen.page.evaluate("Object.keys(localStorage)") == []
    # htmx keeps the address of the open page until the tab is closed.
    assert set(seen.page.evaluate("Object.keys(sessionStorage)")) <= {"htmx-current-path-for-history"}
    assert (seen.foreign, seen.complaints) == ([], [])


@pytest.mark.parametrize("broken", ["**/work.js", "**/lapor/bukti-kerja*"])
def test_where_the_work_fails_the_report_goes_without(visit: Any, site: Any, broken: str) -> None:
    words = f"{WORDS} {broken}"
    page = visit(FORM, person="").page
    page.route(broken, lambda route: route.abort())

    assert told(page, words)
    assert "work" not in kept(site, words)["body"]


def test_without_javascript_the_form_says_so_and_sends(chromium: Browser, site: Any) -> None:
    context = chromium.new_context(base_url=site.origin, java_script_enabled=False)
    page = context.new_page()
    page.goto(FORM)
    said = page.locator("noscript").inner_text()
    words = f"{WORDS} Tanpa skrip."

    assert "JavaScript mati" in said
    assert told(page, words)
    assert "work" not in kept(site, words)["body"]
    assert context.cookies() == []
    context.close()

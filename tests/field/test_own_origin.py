"""S20 in a real browser: the app asks no other origin, and a script that somebody puts into its page does not run."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.field.conftest import Node, Phone

PLANTED = "<script>window.planted = true</script>"
NO_PAGES = ("/gate/v1/recipient", "/gate/v1/messages", "/gate/v1/log/checkpoint", "/gate/v1/files/x")
STRICT = ("x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-resource-policy")


def headers_of(node: Node, path: str) -> Any:
    try:
        return urllib.request.urlopen(f"{node.origin}{path}", timeout=10).headers
    except urllib.error.HTTPError as refused:
        return refused.headers


@pytest.mark.parametrize("path", NO_PAGES)
def test_answers_of_the_gate_can_be_taken_for_no_page(node: Node, path: str) -> None:
    headers = headers_of(node, path)

    assert [name for name in STRICT if not headers[name]] == []
    assert headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "path", ["/lapangan/", "/lapangan/worker.js", "/lapangan/saya.json", "/static/field/build/app.js", "/x"]
)
def test_what_the_server_hands_out_has_the_full_set(node: Node, path: str) -> None:
    headers = headers_of(node, path)

    assert [name for name in STRICT if not headers[name]] == []
    assert "require-trusted-types-for 'script'" in headers["content-security-policy"]


def test_a_whole_walk_through_the_app_asks_nobody_else(node: Node, phone: Any, tell: Any) -> None:
    asked: list[str] = []
    seen: Phone = phone()
    seen.page.on("request", lambda request: asked.append(request.url))
    seen.enrol(node.token("ayu"))
    for tab in ("Lapor", "Kiriman", "Lainnya", "Tugas"):
        seen.tab(tab)
    seen.page.get_by_role("button", name="Laporkan kejadian").click()
    seen.page.locator(".fact-bar button").click()
    expect(seen.page.get_by_text("Ambil foto")).to_be_visible()

    tell(f"S20: {len(asked)} requests, {len(seen.foreign)} to other origins")
    assert len(asked) > 5
    assert (seen.foreign, seen.complaints) == ([], [])


def with_a_script(seen: Phone, *, guarded: bool) -> bool:
    """Whether a script ran that stands in the page itself, with the policy of the node or without one."""

    def plant(route: Any) -> None:
        answer = route.fetch()
        headers = dict(answer.headers)
        if not guarded:
            del headers["content-security-policy"]
        route.fulfill(
            response=answer, headers=headers, body=answer.text().replace("</body>", f"{PLANTED}</body>")
        )

    seen.page.context.route("**/lapangan/", plant)
    seen.page.goto(f"{seen.origin}/lapangan/")
    expect(seen.page.get_by_role("heading").first).to_be_visible()
    return bool(seen.page.evaluate("window.planted === true"))


def test_a_script_in_the_page_is_refused(phone: Any) -> None:
    seen = phone(workers=False)

    assert not with_a_script(seen, guarded=True)
    assert any("Content Security Policy" in said for said in seen.complaints)


def test_control_without_the_policy_that_script_runs(phone: Any) -> None:
    assert with_a_script(phone(workers=False), guarded=False)


def test_markup_from_text_is_refused(node: Node, phone: Any) -> None:
    seen = phone()
    seen.page.goto(f"{node.origin}/lapangan/")

    refused = seen.page.evaluate(
        """() => ['innerHTML', 'outerHTML'].map((name) => {
             try { document.body[name] = '<b>x</b>'; return 'done'; } catch (error) { return error.name; } })"""
    )

    assert refused == ["TypeError", "TypeError"]

"""The page of one report and of one incident: nothing for axe to find, light and dark, and on a phone."""

from typing import Any

import pytest


def first_link(visit: Any, path: str) -> str:
    """The address of the first record of a list."""
    seen = visit(path)
    link = seen.page.locator("[data-row] a").first
    return str(link.get_attribute("href"))


def is_clean(seen: Any) -> None:
    assert seen.faults() == []
    assert seen.foreign == []
    assert seen.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", ["/laporan", "/kejadian"])
def test_a_record_is_clean(visit: Any, path: str, dark: bool) -> None:
    is_clean(visit(first_link(visit, path), dark=dark))


@pytest.mark.parametrize("path", ["/laporan", "/kejadian"])
def test_a_record_fits_a_phone(visit: Any, path: str) -> None:
    seen = visit(first_link(visit, path), phone=True)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
    is_clean(seen)


def test_j_and_enter_open_a_report_beside_the_list(visit: Any) -> None:
    page = visit("/laporan").page
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(".report-two")
    assert page.locator(".triage-list [data-row]").count() > 0
    assert "/laporan/" in page.url


def test_the_form_of_an_act_slides_over_the_incident(visit: Any) -> None:
    page = visit(first_link(visit, "/kejadian")).page
    page.click("a[data-over]")
    page.wait_for_selector("#over form textarea")
    page.keyboard.press("Escape")
    assert page.locator("#over[open]").count() == 0

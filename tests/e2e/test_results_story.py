"""One night of results in a browser: a form entered twice, a recapitulation that moves three votes, the evidence."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ronda.verify.__main__ import main as verify
from tests.e2e.fill import LISTS, STORY_STATION, VOTES

DISTRICT = f"{STORY_STATION[:2]}.{STORY_STATION[2:4]}.{STORY_STATION[4:6]}"
OTHER_STATION = "5101011006003"
RIGHT = {f"v{at}": number for at, number in enumerate(VOTES)}
RIGHT |= {"sah": sum(VOTES), "tidak_sah": 6, "sah_tidak_sah": sum(VOTES) + 6}
RIGHT |= {"pengguna_j": sum(VOTES) + 6, "dpt_j": 200}


def open_form(page: Page, station: str = STORY_STATION) -> None:
    page.goto("/entri/")
    page.select_option("#ent-contest", label=LISTS)
    page.fill("#ent-station", station)
    page.get_by_role("button", name="Buka formulir").click()
    expect(page.locator("[data-entry]")).to_be_visible()


def type_form(page: Page, figures: Mapping[str, int]) -> None:
    """With the keyboard alone: a figure, Enter, the next box; a point is a zero."""
    for box in page.locator(".ent-boxes input").all():
        name = box.get_attribute("name") or ""
        if figures.get(name) == 0:
            box.press(".")
            continue
        if name in figures:
            box.fill(str(figures[name]))
        box.press("Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/entri/")


def test_a_form_is_entered_twice_and_a_third_decides(visit: Any) -> None:
    first = visit("/entri/").page
    open_form(first)
    type_form(first, RIGHT | {"v3": 16})
    expect(first.locator("body")).to_contain_text("orang lain akan mengentri ulang")

    second = visit("/entri/", person="Putri").page
    open_form(second)
    expect(second.locator(".meta").first).to_contain_text("tanpa melihat yang pertama")
    assert second.locator('input[name="v3"]').input_value() == ""
    type_form(second, RIGHT)
    expect(second.locator("body")).to_contain_text("orang ketiga memutus")

    third = visit("/entri/", person="Nyoman").page
    open_form(third)
    expect(third.locator(".ent-read")).to_have_text("16 / 61")
    type_form(third, RIGHT)
    expect(third.locator("body")).to_contain_text("Formulir ini selesai")


def test_three_votes_that_move_inside_a_party_become_an_objection_a_judge_can_check(
    visit: Any, tmp_path: Path
) -> None:
    watched = visit("/pleno/")
    page = watched.page
    page.select_option("#pl-area", DISTRICT)
    page.select_option("#pl-contest", label=LISTS)
    page.get_by_role("button", name="Buka pleno").click()
    for at, number in enumerate(VOTES):
        moved = {4: -3, 6: 3}.get(at, 0)
        cell = page.locator(f'.pl-tb input[name="v{at}"]').first
        with page.expect_response("**/kotak/**"):
            cell.fill(str(number + moved))
            cell.press("Enter")
    finding = page.locator("#pl-findings .rule").first
    expect(finding).to_contain_text("Caleg 1 Partai 12 −3, caleg 3 Partai 12 +3 di 1 TPS")

    finding.get_by_role("button", name="Buat keberatan").click()
    expect(page.locator("h1")).to_contain_text("Keberatan")
    assert watched.faults() == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh bukti").click()
    archive = tmp_path / "bukti"
    zipfile.ZipFile(str(download.value.path())).extractall(archive)

    assert verify(["--bundle", str(archive)]) == 0


def test_a_box_typed_without_a_network_says_so_and_is_kept_when_it_is_back(visit: Any) -> None:
    page = visit("/pleno/").page
    page.select_option("#pl-area", DISTRICT)
    page.select_option("#pl-contest", label=LISTS)
    page.get_by_role("button", name="Buka pleno").click()
    box = page.locator('.pl-tb input[name="tidak_sah"]').nth(1)
    page.context.set_offline(True)
    box.fill("6")
    box.press("Enter")
    expect(page.locator("[data-unsaved]")).to_contain_text("1 kotak belum tersimpan")
    page.context.set_offline(False)
    expect(page.locator("[data-unsaved]")).to_be_hidden(timeout=15_000)
    page.reload()
    expect(page.locator('.pl-tb input[name="tidak_sah"]').nth(1)).to_have_value("6")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", ["/entri/", "/pleno/"])
def test_the_pages_are_clean_and_fit_a_phone(visit: Any, path: str, dark: bool) -> None:
    seen = visit(path, dark=dark, phone=True)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert seen.faults() == []
    assert seen.foreign == []
    assert seen.complaints == []


def test_a_point_writes_a_zero_and_goes_on_and_never_changes_a_figure(visit: Any) -> None:
    page = visit("/entri/").page
    open_form(page, OTHER_STATION)
    boxes = page.locator(".ent-boxes input")
    boxes.nth(0).fill("12")
    with page.expect_response("**/kotak/"):
        boxes.nth(0).press(".")
    with page.expect_response("**/kotak/"):
        boxes.nth(1).press(".")
    expect(boxes.nth(2)).to_be_focused()
    assert [boxes.nth(at).input_value() for at in range(3)] == ["12", "0", ""]
    page.reload()
    assert [boxes.nth(at).input_value() for at in range(3)] == ["12", "0", ""]
    search = page.locator("input[name=q]")
    search.focus()
    search.press(".")
    assert search.input_value() == "."

"""Changes arrive within two seconds; nothing moves under the cursor."""

import re
import time
from datetime import timedelta
from typing import Any

from bench.pages_fill import NOW
from playwright.sync_api import expect

from ronda.kernel import clock

from .conftest import Site

NEWS = """
INSERT INTO kernel_event (id, sensitivity, agency, audience, area, created_at, name, subject, record, data)
VALUES (gen_random_uuid(), {sensitivity}, 'bawaslu', '{{}}', '{area}', timestamptz '2024-02-14T08:42:00Z',
  'incident.noted', gen_random_uuid(), '{record}', '{{"number": "K-9001", "state": "handling"}}')
"""


def happens(site: Site, area: str = "51.01.02.2007", sensitivity: int = 1, record: str = "incident") -> None:
    site.database.psql(NEWS.format(area=area, sensitivity=sensitivity, record=record))


def test_news_is_counted_within_two_seconds_and_taken_when_asked(visit: Any, site: Site) -> None:
    page = visit("/siaga/").page
    expect(page.locator("[data-conn]")).to_have_attribute("data-state", "on")
    before = page.locator("#feed .ev").all_inner_texts()
    time.sleep(0.6)
    happens(site)
    pill = page.locator("#feed [data-news]")
    expect(pill).to_have_text("1 baru", timeout=2_000)
    happens(site)
    expect(pill).to_have_text("2 baru", timeout=2_000)
    assert page.locator("#feed .ev").all_inner_texts() == before
    pill.click()
    expect(page.locator("#feed .ev").first).to_contain_text("K-9001")
    expect(page.locator("#feed [data-news]")).to_be_hidden()


def test_figures_are_refreshed_in_place(visit: Any, site: Site) -> None:
    page = visit("/siaga/").page
    expect(page.locator("[data-conn]")).to_have_attribute("data-state", "on")
    time.sleep(0.6)
    with page.expect_response("**bagian=angka", timeout=4_000):
        happens(site)
    expect(page.locator(".fig")).to_have_count(5)


def test_totals_of_results_are_refreshed_in_place_and_only_by_news_from_there(visit: Any, site: Site) -> None:
    page = visit("/hasil/pemilu-2024/PPWP/51.01.02/").page
    expect(page.locator("[data-conn]")).to_have_attribute("data-state", "on")
    time.sleep(0.6)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/hasil/" in request.url else None)
    happens(site, area="51.01.03.2001", record="sheet")
    page.wait_for_timeout(1_500)
    assert asked == []
    with page.expect_response("**/hasil/pemilu-2024/PPWP/51.01.02/", timeout=4_000):
        happens(site, record="sheet")
    expect(page.locator("#res-live table").first).to_be_visible()


def test_news_of_another_regency_or_of_a_higher_class_is_not_told(visit: Any, site: Site) -> None:
    page = visit("/siaga/", person="Ayu").page
    expect(page.locator("[data-conn]")).to_have_attribute("data-state", "on")
    time.sleep(0.6)
    happens(site, area="51.02.01.2001")
    happens(site, sensitivity=4)
    page.wait_for_timeout(2_000)
    expect(page.locator("#feed [data-news]")).to_be_hidden()
    happens(site)
    expect(page.locator("#feed [data-news]")).to_have_text("1 baru", timeout=2_500)


def test_two_tabs_share_one_connection(visit: Any, site: Site) -> None:
    first = visit("/siaga/").page
    expect(first.locator("[data-conn]")).to_have_attribute("data-state", "on")
    second = first.context.new_page()
    lines: list[str] = []
    second.on("request", lambda asked: lines.append(asked.url) if "/aliran/" in asked.url else None)
    second.goto("/siaga/")
    expect(second.locator("[data-conn]")).to_have_attribute("data-state", "on")
    time.sleep(0.6)
    happens(site)
    expect(second.locator("#feed [data-news]")).to_have_text("1 baru", timeout=2_500)
    assert lines == []


def test_the_shown_clock_stands_and_runs_as_the_clock_of_the_drill_does(visit: Any, site: Site) -> None:
    page = visit("/siaga/").page
    shown = page.locator("[data-clock]")
    expect(shown).to_have_text("16.42 WITA")
    expect(page.locator("[data-conn]")).to_have_attribute("data-state", "on")
    page.wait_for_timeout(1_500)
    expect(shown).to_have_text("16.42 WITA")
    try:
        clock.set_drill(site.clock_file, simulated=NOW + timedelta(hours=1), speed=120)
        expect(shown).to_have_text(re.compile(r"17\.4\d WITA"), timeout=4_000)
        expect(shown).to_have_text(re.compile(r"17\.5\d WITA"), timeout=8_000)
    finally:
        clock.set_drill(site.clock_file, simulated=NOW, speed=0)
    expect(shown).to_have_text("16.42 WITA", timeout=4_000)


def test_the_clock_is_told_in_words_without_scripts(site: Site, chromium: Any, visit: Any) -> None:
    signed_in = visit("/siaga/").page.context.storage_state()
    context = chromium.new_context(base_url=site.origin, java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    page.goto("/siaga/")
    expect(page.locator("[data-clock]")).to_have_text("16.42 WITA")
    context.close()

"""The first page after sign-in, as an officer uses it."""

from typing import Any

from playwright.sync_api import expect

VILLAGE = "51.01.02.2007"
ASKING = ("document", "xhr", "fetch")
POINT_INSIDE = """selector => {
  const shape = document.querySelector(selector), box = shape.getBoundingClientRect();
  for (let step = 1; step < 400; step++) {
    const x = box.left + box.width * ((step * 0.618) % 1), y = box.top + box.height * (step / 400);
    if (document.elementFromPoint(x, y) === shape) return [x, y];
  }
}"""


def test_all_three_questions_are_answered_without_scrolling(visit: Any) -> None:
    page = visit("/siaga/").page
    for heading in ("Di mana", "Perlu Anda", "Baru saja"):
        expect(page.get_by_role("heading", name=heading)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight") <= 900
    expect(page.locator(".fig")).to_have_count(5)
    expect(page.locator(".need").first).to_be_in_viewport()
    expect(page.locator("#rows tfoot")).to_be_in_viewport()


def test_what_is_due_first_stands_first_and_overdue_is_marked(visit: Any) -> None:
    page = visit("/siaga/").page
    dues = page.locator("#needs .need time").evaluate_all("all => all.map(one => one.dateTime)")
    assert dues == sorted(dues)
    first = page.locator("#needs .need").first
    expect(first).to_have_class("need late")
    expect(first).to_contain_text("lewat")


def test_from_a_place_on_the_map_to_its_page_in_one_click(visit: Any) -> None:
    page = visit("/siaga/").page
    page.mouse.click(*page.evaluate(POINT_INSIDE, f'.m-area a[href="/tempat/{VILLAGE}/"] path'))
    expect(page.get_by_role("heading", level=1)).to_have_text("Penyaringan")
    expect(page.locator("main")).to_contain_text("TPS")


def test_a_layer_is_switched_without_asking_the_server(visit: Any) -> None:
    page = visit("/siaga/").page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type in ASKING else None)
    colour = "el => getComputedStyle(el).fill"
    shape = page.locator(f'.m-area a[href="/tempat/{VILLAGE}/"] path')
    before = shape.evaluate(colour)
    page.get_by_role("link", name="Melapor", exact=True).click()
    expect(page.locator("#where")).to_have_attribute("data-layer", "kabar")
    expect(page.get_by_text("TPS yang melapor per desa")).to_be_visible()
    assert shape.evaluate(colour) != before
    assert "lapisan=kabar" in page.url
    assert asked == []


def test_the_map_is_walked_with_arrows_and_opened_with_enter(visit: Any) -> None:
    page = visit("/siaga/").page
    page.locator('.m-area a[tabindex="0"]').focus()
    start = page.evaluate("document.activeElement.dataset.name")
    page.keyboard.press("ArrowRight")
    after = page.evaluate("document.activeElement.dataset.name")
    assert after != start
    expect(page.locator(".tip")).to_be_visible()
    expect(page.locator("[data-tip-name]")).to_have_text(after)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(after)


def test_keys_search_move_and_help(visit: Any) -> None:
    page = visit("/siaga/").page
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("penyar")
    expect(page.locator(".found .hit").first).to_contain_text("Penyaringan")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".need").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".need").first).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/siaga/" not in url)


def test_the_chosen_theme_comes_from_the_server_so_nothing_flashes(visit: Any) -> None:
    page = visit("/siaga/").page
    with page.expect_response("**/tampilan"):
        page.locator(".rail button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    html = page.request.get("/siaga/").text()
    assert '<html lang="id" data-theme="dark">' in html


def test_the_language_switch_changes_the_whole_page(visit: Any) -> None:
    page = visit("/siaga/").page
    page.locator(".who summary").click()
    page.locator(".who").get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Needs you")).to_be_visible()


def test_without_javascript_links_still_work(visit: Any) -> None:
    html = visit("/siaga/?lapisan=uji").page.request.get("/siaga/?lapisan=uji").text()
    assert 'data-layer="uji"' in html
    assert f'href="/tempat/{VILLAGE}/"' in html


def test_another_regency_sees_nothing_of_this_one(visit: Any) -> None:
    seen = visit("/siaga/", person="Dewa")
    expect(seen.page.locator(".crumb")).not_to_contain_text("Jembrana")
    for path in ("/siaga/51.01/", "/tempat/51.01/", f"/tempat/{VILLAGE}/", "/tempat/5101022007007/"):
        assert seen.page.request.get(path).status == 404
    assert "Penyaringan" not in seen.page.request.get("/cari/?q=penyaringan").text()
    assert "Kejadian di TPS" not in seen.page.request.get("/cari/?q=K-0001").text()


def test_police_see_no_counts(visit: Any) -> None:
    page = visit("/siaga/", person="Oka").page
    expect(page.locator(".nav")).not_to_contain_text("Hasil")
    expect(page.locator(".figs")).not_to_contain_text("gagal uji")
    expect(page.locator(".seg")).not_to_contain_text("Gagal uji")


def test_the_bottom_bar_of_a_phone_has_five_places(visit: Any) -> None:
    page = visit("/siaga/", phone=True).page
    bar = page.get_by_role("navigation", name="Bawah")
    expect(bar.locator("> a, > details")).to_have_count(5)
    for place in bar.locator("> a, > details > summary").all():
        box = place.bounding_box()
        assert box is not None
        assert box["height"] >= 44

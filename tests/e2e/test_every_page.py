"""Every page of the desk: nothing for axe to find, nothing from elsewhere, nothing refused, nothing cut off."""

from typing import Any

import pytest

VILLAGE, STATION = "51.01.02.2007", "5101022007007"
PAGES = (
    "/siaga/",
    "/siaga/51.01.02/",
    f"/siaga/{VILLAGE}/",
    "/siaga/urusan/",
    "/siaga/kabar/",
    "/tempat/51.01/",
    "/tempat/51.01.02/",
    f"/tempat/{VILLAGE}/",
    f"/tempat/{STATION}/",
    "/cari/?q=penya",
    "/cari/?q=zzzz",
    "/laporan",
    "/laporan/baru",
    "/kejadian",
    "/hasil/",
    "/hasil/pemilu-2024/PPWP/51.01/",
    "/hasil/pemilu-2024/PPWP/51.01/penapisan/",
    f"/hasil/pemilu-2024/PPWP/{VILLAGE}/penapisan/",
    "/hasil/pemilu-2024/PPWP/51.01/audit/",
    f"/hasil/pemilu-2024/PPWP/tps/{STATION}/",
    "/kesiapan/",
    "/tahapan/",
    "/akun/",
    "/tidak-ada",
)
PUBLIC = ("/", "/lapor", "/lapor/ikuti", "/lapor/perlindungan", "/masuk/")


def _is_clean(seen: Any) -> None:
    assert seen.faults() == []
    assert seen.foreign == []
    assert seen.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_desk_is_clean(visit: Any, path: str, dark: bool) -> None:
    _is_clean(visit(path, dark=dark))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(visit: Any, path: str) -> None:
    seen = visit(path, phone=True)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
    _is_clean(seen)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_clean(visit: Any, path: str) -> None:
    _is_clean(visit(path, person=""))


@pytest.mark.parametrize("person", ["Ayu", "Oka", "Eka", "Gita", "Nyoman", "Dewa"])
def test_siaga_is_clean_for_every_agency(visit: Any, person: str) -> None:
    _is_clean(visit("/siaga/", person=person))


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_list_of_devices_is_clean(visit: Any, phone: bool) -> None:
    _is_clean(visit("/perangkat/", person="Surya", phone=phone))


def test_the_code_of_a_new_device_is_shown_on_a_clean_page(visit: Any) -> None:
    seen = visit("/akun/perangkat/daftar/", person="Hadi", phone=True)
    seen.page.get_by_label("Nama perangkat").fill("HP dinas")
    _is_clean(seen)

    seen.page.get_by_role("button", name="Daftarkan dan tampilkan kode").click()

    seen.page.get_by_role("heading", name="Kode untuk HP dinas").wait_for()
    assert seen.page.locator("img.qr").evaluate("image => image.naturalWidth") > 100
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
    _is_clean(seen)


def test_english_pages_say_nothing_in_indonesian_in_the_frame(visit: Any) -> None:
    seen = visit("/siaga/", language="en")
    words = seen.page.locator(".rail, .top, .hd, .figs").all_inner_texts()
    for word in ("Laporan", "Kejadian", "Perlu Anda", "Baru saja", "Lewat waktu", "TPS melapor"):
        assert word not in " ".join(words)
    _is_clean(seen)

"""One event, from a village without signal to the officer who must act, and back to those who told of it.

Ayu of Bawaslu stands in the village with her phone, Fajar has a telephone and no account, Citra is on duty at Bawaslu,
Bagas at the Polsek, Putri is Citra's head. Dewa sits in another regency, Eka is a party witness, Gita is of the KPU.
"""

from __future__ import annotations

import os
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from ronda.evidence.tests.pictures import jpeg
from ronda.gate.tests.running import wait_until
from tests.field.conftest import Node, Phone
from tests.field.test_app import forward
from tests.story.conftest import GATEWAY, SECRET

TOLD = "Sekelompok orang menghalangi warga masuk ke TPS 03, saksi diminta pulang."
TEXTED = "Warga dihalangi sekelompok orang masuk TPS 03, saksi disuruh pulang"
RECEIVED, VERIFIED = "Laporan Anda diterima dan tersimpan", "Laporan Anda sudah diperiksa dan ditindaklanjuti"
CLOSED = "Penanganan selesai dengan bukti"
PICTURES = Path(os.environ["RONDA_PICTURES"]) if os.environ.get("RONDA_PICTURES") else None
OUTSIDERS = ("Dewa", "Eka", "Gita")


def test_from_a_village_without_signal_to_the_officer_who_acts_and_back(
    site: Node, phone: Phone, desk: Any
) -> None:
    village = site.people["ayu"]["area"]
    ayu_saves_it_without_signal(site, phone)
    nobody_sees(site, desk, ("Citra", "Bagas", *OUTSIDERS))
    the_signal_returns(phone)
    report = site_waits_for(site, f"SELECT id FROM reports_report WHERE text = '{TOLD}'")
    code = fajar_texts_the_same(site, f"{village.replace('.', '')}003")
    other = site_waits_for(site, f"SELECT id FROM reports_report WHERE text LIKE '%{TEXTED}'")
    nobody_sees(site, desk, ("Bagas", *OUTSIDERS), f"/laporan/{report}", f"/laporan/{other}")

    citra = desk("Citra")
    page = citra_verifies_both_as_one(citra, site, report, other)
    nobody_sees(site, desk, ("Bagas", *OUTSIDERS), page)
    assert what_fajar_sees(desk, code) == [RECEIVED, VERIFIED]

    bagas = desk("Bagas")
    hands_to_the_police(citra, page, "Amankan pintu TPS 03.")
    bagas_refuses(bagas, page, "Personel Polsek sedang di TPS 01.")
    expect_on(citra, page, "Personel Polsek sedang di TPS 01.")
    hands_to_the_police(citra, page, "Amankan pintu TPS 03 sesudah TPS 01.")
    bagas_accepts_and_acts(bagas, page)
    the_police_read_no_word_of_the_reporters(bagas, page, code)
    nobody_sees(site, desk, OUTSIDERS, page)

    cannot_close(bagas, page)
    assert CLOSED not in what_fajar_sees(desk, code)
    another_person_closes(desk("Putri"), page)

    nobody_sees(site, desk, OUTSIDERS, page, f"/laporan/{report}", f"/laporan/{other}")
    assert what_fajar_sees(desk, code)[-1] == CLOSED
    ayu_sees_what_became_of_it(phone)


def look(page: Page, name: str) -> None:
    """A picture for whoever wants to look at the story: RONDA_PICTURES=folder."""
    if PICTURES:
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def ayu_saves_it_without_signal(site: Node, phone: Phone) -> None:
    phone.enrol(site.token("ayu"))
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.page.wait_for_function("navigator.serviceWorker.controller !== null")
    phone.page.context.set_offline(True)
    phone.page.reload()
    phone.unlock()
    phone.page.get_by_role("button", name="Laporkan kejadian").click()
    phone.page.get_by_role("radio", name="Intimidasi pemilih").check()
    forward(phone)
    photo = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": jpeg(3, size=(1280, 960))}
    phone.page.locator("input[capture]").set_input_files(photo)
    expect(phone.page.locator(".taken")).to_have_count(1)
    phone.page.get_by_label("Yang terjadi").fill(TOLD)
    look(phone.page, "01-ayu-menulis")
    forward(phone)
    phone.page.get_by_role("radio", name="03").check(force=True)
    forward(phone)
    expect(phone.page.get_by_text("Tersimpan di HP ini. Dikirim saat ada sinyal.")).to_be_visible()
    look(phone.page, "02-tersimpan")


def the_signal_returns(phone: Phone) -> None:
    phone.page.context.set_offline(False)
    expect(phone.page.locator(".msg").first).to_have_attribute("data-state", "logged", timeout=60_000)
    look(phone.page, "03-tercatat")


def fajar_texts_the_same(site: Node, station: str) -> str:
    """The code in the answer to his text message."""
    given = {"kunci": SECRET, "dari": "+62877000111", "teks": f"{station} ANCAM {TEXTED}", "id": "sms-1"}
    address = f"{site.origin}/masuk/sms/{GATEWAY}/?{urllib.parse.urlencode(given)}"
    with urllib.request.urlopen(address, timeout=20) as answer:
        said = answer.read().decode()
    assert "Ikuti dengan kode" in said
    return str(said.rsplit(" ", 1)[1])


def site_waits_for(site: Node, sql: str) -> str:
    assert wait_until(lambda: len(site.rows(sql)) == 1, seconds=60), sql
    return site.rows(sql)[0]


def nobody_sees(site: Node, desk: Any, names: tuple[str, ...], *addresses: str) -> None:
    """Neither the pages at those addresses nor a word of it in their lists."""
    for name in ("", *names):
        request = desk(name).context.request
        for address in addresses:
            answer = request.get(site.origin + address, max_redirects=0)
            assert answer.status in (302, 404), (name, address)
        for address in ("/laporan", "/kejadian", "/siaga") if name else ():
            answer = request.get(site.origin + address)
            assert "menghalangi warga" not in answer.text(), (name, address)
            assert "Warga dihalangi di TPS 03" not in answer.text(), (name, address)


def citra_verifies_both_as_one(citra: Page, site: Node, report: str, other: str) -> str:
    """The address of the incident: two sources that agree, merged, and one incident."""
    citra.goto("/laporan")
    expect(citra.locator("#laporan [data-row]", has_text="2 laporan").first).to_be_visible()
    look(citra, "04-kotak-masuk")
    citra.goto(f"/laporan/{report}")
    expect(citra.get_by_role("heading", name="Diduga kejadian yang sama")).to_be_visible()
    expect(citra.locator(".side-text", has_text="disuruh pulang")).to_be_visible()
    look(citra, "05-laporan")
    citra.get_by_role("radio", name="Dua sumber").check()
    citra.get_by_label("Laporan kedua").select_option(other)
    citra.get_by_label("Judul kejadian").fill("Warga dihalangi di TPS 03")
    citra.get_by_label("Fakta yang sudah pasti").fill("Pintu TPS 03 dihalangi; saksi diminta pulang.")
    look(citra, "06-periksa")
    citra.get_by_role("button", name="Nyatakan terverifikasi").click()
    expect(citra.get_by_role("heading", name="Warga dihalangi di TPS 03")).to_be_visible()
    look(citra, "07-kejadian")
    return urllib.parse.urlparse(citra.url).path


def act(page: Page, word: str, fields: dict[str, str]) -> None:
    """Open the form of an act over the incident, fill it in, send it."""
    page.get_by_role("link", name=word, exact=True).first.click()
    form = page.locator("#over form")
    for label, value in fields.items():
        form.get_by_label(label).fill(value)
    form.locator("button.btn-1").click()
    expect(page.locator("#over[open]")).to_have_count(0)


def hands_to_the_police(citra: Page, page: str, request: str) -> None:
    citra.goto(page)
    act(citra, "Serahkan kepada lembaga lain", {"Yang diminta": request})
    expect(citra.get_by_text(request).first).to_be_visible()
    look(citra, "08-diserahkan")


def bagas_refuses(bagas: Page, page: str, reason: str) -> None:
    bagas.goto("/siaga")
    expect(bagas.get_by_text("K-0002 diserahkan ke Polri").first).to_be_visible()
    look(bagas, "09-bagas-siaga")
    bagas.goto(page)
    act(bagas, "Tolak dengan alasan", {"Alasan": reason})
    look(bagas, "10-bagas-menolak")


def expect_on(seen: Page, page: str, words: str) -> None:
    seen.goto(page)
    expect(seen.get_by_text(words).first).to_be_visible()


def bagas_accepts_and_acts(bagas: Page, page: str) -> None:
    bagas.goto(page)
    bagas.get_by_role("button", name="Terima penanganan").click()
    act(bagas, "Beri tindakan", {"Yang harus dikerjakan": "Dua personel di pintu TPS 03"})
    look(bagas, "11-bagas-bertindak")
    act(bagas, "Catat sudah dikerjakan", {"Apa yang dikerjakan": "Dua personel berjaga sejak pukul ini."})
    bagas.get_by_role("link", name="Ajukan bukti selesai").first.click()
    form = bagas.locator("#over form")
    form.get_by_label("Apa yang dikerjakan dan hasilnya").fill("Pintu TPS terbuka, warga masuk.")
    photo = {"name": "pintu.jpg", "mimeType": "image/jpeg", "buffer": jpeg(9, size=(1280, 960))}
    form.locator("input[type=file]").set_input_files(photo)
    form.locator("button.btn-1").click()
    expect(bagas.get_by_text("Bukti diajukan").first).to_be_visible()
    look(bagas, "12-bagas-selesai")


def the_police_read_no_word_of_the_reporters(bagas: Page, page: str, code: str) -> None:
    bagas.goto(page)
    shown = bagas.content()
    for word in (TOLD, TEXTED, "77000111", code, "Ayu"):
        assert word not in shown


def cannot_close(bagas: Page, page: str) -> None:
    bagas.goto(page)
    expect(bagas.get_by_role("link", name="Tutup kejadian")).to_have_count(0)


def another_person_closes(putri: Page, page: str) -> None:
    putri.goto(page)
    look(putri, "13-putri-memeriksa")
    act(putri, "Tutup kejadian", {"Yang Anda periksa": "Foto pintu TPS dan keterangan Polsek."})
    expect(putri.get_by_text("Ditutup oleh orang kedua").first).to_be_visible()
    look(putri, "14-ditutup")


def what_fajar_sees(desk: Any, code: str) -> list[str]:
    """The words under his code, which he types on any phone."""
    fajar = desk("")
    fajar.set_viewport_size({"width": 360, "height": 740})
    fajar.goto("/lapor/ikuti")
    fajar.get_by_label("Kode").fill(code)
    fajar.locator("main form button").first.click()
    expect(fajar.locator("ol.steps li").first).to_be_visible()
    look(fajar, "15-fajar")
    return fajar.locator("ol.steps p").all_inner_texts()


def ayu_sees_what_became_of_it(phone: Phone) -> None:
    phone.page.reload()
    phone.unlock()
    phone.tab("Kiriman")
    expect(phone.page.locator(".msg .became").first).to_contain_text(CLOSED, timeout=20_000)
    look(phone.page, "16-ayu-melihat")

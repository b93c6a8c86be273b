"""The app as people use it: enrolled by a code, opened with a PIN, without a network, on a shared phone, revoked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from ronda.gate.tests.running import wait_until
from tests.field.conftest import PIN, Node, Phone

PHOTO = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0" + b"kertas" * 9_000}


def is_clean(seen: Phone, *excused: str) -> None:
    assert seen.faults() == []
    assert seen.foreign == []
    assert [said for said in seen.complaints if not any(word in said for word in excused)] == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360


def forward(seen: Phone) -> None:
    seen.page.locator(".fact-bar button").click()


def report(seen: Phone, text: str, *, photo: bool = True) -> None:
    """A whole report, up to its place in the outbox."""
    seen.tab("Tugas")
    seen.page.get_by_role("button", name="Laporkan kejadian").click()
    seen.page.get_by_role("radio", name="Intimidasi pemilih").check()
    forward(seen)
    if photo:
        seen.page.locator("input[capture]").set_input_files(PHOTO)
        expect(seen.page.locator(".taken")).to_have_count(1)
    seen.page.get_by_label("Yang terjadi").fill(text)
    forward(seen)
    seen.page.get_by_role("radio", name="03").check(force=True)
    forward(seen)
    expect(seen.page.get_by_role("heading", name="Kiriman")).to_be_visible()


def stored(node: Node, text: str) -> list[str]:
    return node.rows(f"SELECT message FROM reports_report WHERE text = '{text}'")


def test_a_report_from_a_village_arrives_is_receipted_and_logged(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("ayu"))

    report(seen, "Warga dihalangi di pintu.")

    expect(seen.page.locator(".msg").first).to_have_attribute("data-state", "logged", timeout=30_000)
    expect(seen.page.locator(".msg .st").first).to_contain_text("Tercatat di buku besar no.")
    arrives_once(node, "Warga dihalangi di pintu.")
    assert seen.page.evaluate(COUNT_FILES) == 0
    is_clean(seen)


def arrives_once(node: Node, text: str) -> None:
    """One report with that text; else what the node says of what came."""
    became = "SELECT m.kind, o.kind, o.state, o.error FROM gate_message m LEFT JOIN gate_outcome o USING (id)"
    assert wait_until(lambda: len(stored(node, text)) == 1), (stored(node, text), node.rows(became))


COUNT_FILES = """async () => new Promise((give) => {
  const asked = indexedDB.open("ronda-lapangan");
  asked.onsuccess = () => {
    const all = asked.result.transaction("files").objectStore("files").count();
    all.onsuccess = () => give(all.result);
  };
})"""


def test_it_opens_and_saves_without_a_network_and_sends_when_there_is_one(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("ayu"))
    seen.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    seen.page.wait_for_function("navigator.serviceWorker.controller !== null")
    seen.page.context.set_offline(True)
    seen.page.reload()
    seen.unlock()

    report(seen, "Tanpa sinyal di desa.")

    expect(seen.page.get_by_text("Tersimpan di HP ini. Dikirim saat ada sinyal.")).to_be_visible()
    assert (seen.count("saved"), stored(node, "Tanpa sinyal di desa.")) == (1, [])
    seen.page.context.set_offline(False)
    expect(seen.page.locator(".msg").first).not_to_have_attribute("data-state", "saved", timeout=30_000)
    expect(seen.page.locator(".msg").first).to_have_attribute("data-state", "logged", timeout=30_000)
    arrives_once(node, "Tanpa sinyal di desa.")


def test_a_station_check_and_a_roll_call_leave_the_list_of_duties(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("ayu"))
    seen.page.get_by_role("button", name="Apel pagi").click()
    forward(seen)
    expect(seen.page.locator(".msg").first).to_have_attribute("data-state", "logged", timeout=30_000)
    seen.tab("Tugas")
    expect(seen.page.get_by_role("button", name="Apel malam")).to_be_visible()
    expect(seen.page.get_by_role("button", name="Apel pagi")).to_have_count(0)
    seen.page.get_by_role("button", name="TPS dibuka").click()
    seen.page.get_by_role("radio", name="04").check(force=True)
    forward(seen)
    forward(seen)
    expect(seen.page.locator(".msg")).to_have_count(2)
    seen.tab("Tugas")
    expect(seen.page.get_by_role("button", name="TPS dibuka")).to_contain_text("7 dari 8 TPS belum")
    opened = "SELECT count(*) FROM readiness_checkin WHERE step = 'opened' AND station_code LIKE '%004'"
    assert wait_until(lambda: node.rows(opened) == ["1"])
    call = "SELECT count(*) FROM readiness_roll_call WHERE call = 'morning'"
    assert wait_until(lambda: node.rows(call) == ["1"])


def test_a_sheet_says_at_once_which_sum_does_not_hold_and_is_sent_as_written(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("ayu"))
    seen.tab("Lapor")
    seen.page.get_by_role("button", name="Bupati").click()
    seen.page.locator("input[capture]").set_input_files(PHOTO)
    expect(seen.page.locator(".taken")).to_have_count(1)
    forward(seen)
    seen.page.get_by_role("radio", name="02").check(force=True)
    forward(seen)
    for name, value in (("1 Pasangan 1", "120"), ("2 Pasangan 2", "80"), ("V.A Suara sah", "190")):
        seen.page.get_by_label(name).fill(value)
    expect(seen.page.get_by_text("Periksa lagi: 200 ≠ 190")).to_be_visible()
    is_clean(seen)

    forward(seen)

    expect(seen.page.locator(".msg").first).to_have_attribute("data-state", "logged", timeout=30_000)
    assert wait_until(lambda: "190" in node.rows("SELECT valid FROM results_sheet WHERE contest = 'BUP'"))


def test_what_was_done_about_an_incident_stands_in_it(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("bagas"))
    seen.page.get_by_role("button", name="Amankan pintu TPS 01.").click()
    expect(seen.page.get_by_role("radio", name="Amankan pintu TPS 01.")).to_be_checked()
    is_clean(seen)
    forward(seen)
    seen.page.get_by_label("Yang dilakukan").fill("Pintu TPS sudah aman.")

    forward(seen)

    expect(seen.page.locator(".msg").first).to_have_attribute("data-state", "logged", timeout=30_000)
    notes = f"SELECT text FROM incidents_entry WHERE incident_id = '{node.incident}' AND kind = 'note'"
    assert wait_until(lambda: node.rows(notes) == ["Pintu TPS sudah aman."])


def test_on_a_shared_phone_each_person_sees_only_their_own(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("bagas"))
    seen.page.context.set_offline(True)
    report_without_station(seen, "Rahasia Bagas.")
    seen.tab("Lainnya")
    seen.page.get_by_role("button", name="Kunci / ganti orang").click()
    seen.page.context.set_offline(False)

    seen.enrol(node.token("ayu"), pin="314159")

    seen.tab("Kiriman")
    expect(seen.page.get_by_text("Belum ada kiriman")).to_be_visible()
    seen.tab("Lainnya")
    seen.page.get_by_role("button", name="Kunci / ganti orang").click()
    expect(seen.page.get_by_text("1 kiriman menunggu")).to_be_visible()
    is_clean_but_for_the_network(seen)


def test_wrong_pins_are_counted_and_then_slowed_down(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("ayu"))
    seen.page.reload()
    for left in (4, 3, 2, 1):
        wrong(seen, f"Sisa {left} kali")
    wrong(seen, "Coba lagi dalam 30 detik")
    seen.page.reload()
    wrong(seen, "Terlalu banyak PIN salah")
    seen.page.get_by_label("PIN Ayu").fill(PIN)
    seen.page.get_by_role("button", name="Buka", exact=True).click()
    expect(seen.page.get_by_text("Terlalu banyak PIN salah")).to_be_visible()
    expect(seen.page.locator(".deliv")).to_have_count(0)


def wrong(seen: Phone, words: str) -> None:
    if seen.page.get_by_label("PIN Ayu").count() == 0:
        seen.page.get_by_role("button", name="Ayu").click()
    seen.page.get_by_label("PIN Ayu").fill("000000")
    seen.page.get_by_role("button", name="Buka", exact=True).click()
    expect(seen.page.get_by_text(words)).to_be_visible(timeout=15_000)


def test_nothing_that_a_thief_finds_can_be_read(node: Node, phone: Any) -> None:
    """Names and units stand on the door; all else is shut with the PIN or sealed to the node."""
    seen = phone()
    seen.enrol(node.token("ayu"))
    seen.page.context.set_offline(True)
    report(seen, "Pelapor takut pulang.")

    found = seen.page.evaluate(EVERYTHING)

    assert "Ayu" in found  # the control: what lies open is found
    for word in ("takut pulang", node.token("ayu"), "kertaskertas", "ntimidasi", "51.01.02", "510102"):
        assert word not in found


# Every row of every table as text, and what else the browser keeps of the page.
EVERYTHING = """async () => {
  const text = (value) => value instanceof Uint8Array ? new TextDecoder("latin1").decode(value)
    : value && typeof value === "object" ? Object.values(value).map(text).join(" ") : String(value);
  const db = await new Promise((give) => {
    const a = indexedDB.open("ronda-lapangan"); a.onsuccess = () => give(a.result); });
  const rows = await Promise.all(["people", "drafts", "outbox", "files"].map((name) => new Promise((give) => {
    const a = db.transaction(name).objectStore(name).getAll(); a.onsuccess = () => give(a.result); })));
  return rows.flat().map(text).join(" ") + JSON.stringify({...localStorage}) + location.href;
}"""


def test_a_revoked_phone_locks_its_person_says_so_and_takes_a_new_code(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("citra"))
    seen.page.context.set_offline(True)
    report_without_station(seen, "Belum sempat terkirim.")
    device = node.people["citra"]["device"]
    node.database.psql(f"UPDATE agencies_device SET revoked_at = now() WHERE id = '{device}'")

    seen.page.context.set_offline(False)

    expect(seen.page.get_by_text("Perangkat ini dicabut atau jabatannya berakhir")).to_be_visible(
        timeout=30_000
    )
    seen.page.get_by_role("button", name="Citra").click()
    expect(seen.page.get_by_text("1 kiriman menunggu")).to_be_visible()
    is_clean_but_for_the_network(seen)
    node.database.psql(f"UPDATE agencies_device SET revoked_at = NULL WHERE id = '{device}'")
    seen.page.goto("about:blank")
    seen.page.goto(f"{node.origin}/lapangan/#kunci={node.token('citra')}")
    seen.page.get_by_label("PIN", exact=True).fill("271828")
    seen.page.get_by_role("button", name="Buka", exact=True).click()
    expect(seen.page.locator(".deliv [data-state=saved] b")).to_have_text("0", timeout=30_000)


def test_a_forgotten_pin_is_replaced_and_what_waited_is_sent(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("citra"))
    seen.page.context.set_offline(True)
    report_without_station(seen, "Sebelum PIN dilupakan.")
    seen.page.goto("about:blank")
    seen.page.context.set_offline(False)
    seen.page.goto(f"{node.origin}/lapangan/#kunci={node.token('citra')}")

    seen.page.get_by_role("button", name="Lupa PIN: buat yang baru").click()
    seen.page.get_by_label("PIN", exact=True).fill("161803")
    seen.page.get_by_label("Ulangi PIN").fill("161803")
    seen.page.get_by_role("button", name="Pakai HP ini").click()

    expect(seen.page.locator(".deliv [data-state=saved] b")).to_have_text("0", timeout=30_000)
    arrives_once(node, "Sebelum PIN dilupakan.")
    seen.tab("Kiriman")
    expect(seen.page.get_by_text("Dikirim sebelum PIN diganti")).to_be_visible()
    seen.tab("Lainnya")
    seen.page.get_by_role("button", name="Kunci / ganti orang").click()
    expect(seen.page.get_by_role("button", name="Citra")).to_have_count(1)
    is_clean(seen, "ERR_INTERNET")


def test_the_code_of_an_event_opens_its_form_after_the_pin(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("ayu"))
    seen.page.goto("about:blank")
    seen.page.goto(f"{node.origin}/lapangan/#acara={node.event}")
    seen.unlock()

    expect(seen.page.get_by_label("Kode acara")).to_have_value(node.event)
    is_clean(seen)
    forward(seen)

    expect(seen.page.locator(".msg").first).to_have_attribute("data-state", "logged", timeout=30_000)
    assert wait_until(lambda: node.rows("SELECT name FROM field_attendance") == ["Ayu"])


def test_another_village_takes_back_the_number_of_the_station(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("citra"))
    seen.tab("Lapor")
    seen.page.get_by_role("button", name="TPS dibuka").click()
    village = seen.page.get_by_label("Desa atau kelurahan")
    village.select_option(index=1)
    seen.page.get_by_role("radio", name="01", exact=True).check(force=True)

    village.select_option(index=2)

    expect(seen.page.get_by_role("radio", name="01", exact=True)).not_to_be_checked()
    forward(seen)
    expect(seen.page.locator("[data-problem]")).to_have_text("Isi dulu: Nomor TPS")


def report_without_station(seen: Phone, text: str) -> None:
    seen.tab("Tugas")
    seen.page.get_by_role("button", name="Laporkan kejadian").click()
    forward(seen)
    seen.page.get_by_label("Yang terjadi").fill(text)
    forward(seen)
    forward(seen)
    expect(seen.page.get_by_role("heading", name="Kiriman")).to_be_visible()


def is_clean_but_for_the_network(seen: Phone) -> None:
    is_clean(seen, "401", "ERR_INTERNET")


def test_a_code_that_is_not_in_force_is_refused_in_words(node: Node, phone: Any) -> None:
    seen = phone()
    seen.page.goto(f"{node.origin}/lapangan/#kunci=r1~1~salah")

    expect(seen.page.get_by_text("Kode ini tidak berlaku")).to_be_visible()
    assert "kunci" not in seen.page.url


def test_a_draft_goes_on_with_the_version_of_the_form_it_was_begun_with(node: Node, phone: Any) -> None:
    seen = phone(workers=False)
    seen.enrol(node.token("ayu"))
    seen.page.get_by_role("button", name="Laporkan kejadian").click()
    forward(seen)
    seen.page.get_by_label("Yang terjadi").fill("Draf lama.")
    seen.page.wait_for_timeout(1_000)
    seen.page.context.route("**/lapangan/formulir.json", changed)
    seen.page.reload()
    with seen.page.expect_response("**/lapangan/formulir.json"):
        seen.unlock()

    seen.page.get_by_role("button", name="Laporkan kejadian Draf").click()

    expect(seen.page.get_by_text("Formulir ini versi saat draf dibuat.")).to_be_visible()
    expect(seen.page.get_by_label("Yang terjadi")).to_have_value("Draf lama.")
    forward(seen)
    forward(seen)
    expect(seen.page.locator(".msg").first).to_have_attribute("data-state", "logged", timeout=30_000)
    arrives_once(node, "Draf lama.")
    seen.tab("Tugas")
    seen.page.get_by_role("button", name="Laporkan kejadian").click()
    expect(seen.page.get_by_role("heading", name="Pertanyaan baru")).to_be_visible()


def changed(route: Any) -> None:
    """The forms of tomorrow: another question first, another field for the text."""
    told = json.loads(route.fetch().text())
    told["version"] = "besok"
    form = next(one for one in told["forms"] if one["id"] == "report")
    form["steps"] = [
        {
            "name": {"id": "Pertanyaan baru", "en": "New question"},
            "hint": None,
            "fields": [
                {
                    "id": "new",
                    "type": "text",
                    "needed": True,
                    "into": "body.new",
                    "name": {"id": "Baru", "en": "New"},
                }
            ],
        }
    ]
    route.fulfill(json=told)


def test_without_a_trace_nothing_is_listed_after_it_was_received(node: Node, phone: Any) -> None:
    seen = phone()
    seen.enrol(node.token("ayu"))
    seen.tab("Lainnya")
    seen.page.get_by_role("checkbox", name="Mode tanpa jejak").check(force=True)
    expect(seen.page.get_by_role("button", name="Keluar cepat")).to_be_visible()
    is_clean(seen)

    report(seen, "Tanpa jejak.")

    expect(seen.page.get_by_text("Mode tanpa jejak: yang sudah diterima tidak didaftar.")).to_be_visible(
        timeout=30_000
    )
    arrives_once(node, "Tanpa jejak.")
    seen.page.get_by_role("button", name="Keluar cepat").click()
    seen.page.wait_for_url("about:blank")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("tab", ["Tugas", "Lapor", "Kiriman", "Lainnya"])
def test_every_screen_is_clean(node: Node, phone: Any, tab: str, dark: bool) -> None:
    seen = phone(dark=dark)
    seen.enrol(node.token("ayu"))
    seen.tab(tab)
    seen.page.wait_for_timeout(300)

    is_clean(seen)


def test_the_app_speaks_english(node: Node, phone: Any) -> None:
    seen = phone(language="en")
    seen.page.goto(f"{node.origin}/lapangan/#kunci={node.token('ayu')}")
    seen.page.get_by_label("PIN", exact=True).fill("271828")
    seen.page.get_by_label("PIN again").fill("271828")
    seen.page.get_by_role("button", name="Use this phone").click()
    expect(seen.page.get_by_role("button", name="Report an incident")).to_be_visible(timeout=30_000)
    expect(seen.page.get_by_role("button", name="Station opened")).to_be_visible()
    seen.tab("Report")
    expect(seen.page.get_by_role("heading", name="Station checks")).to_be_visible()
    is_clean(seen)


YEARS_MS = 10 * 365 * 86_400_000
SHIFTED = """{
  const real = Date; const shift = %d;
  const Shifted = class extends real {
    constructor(...given) { given.length ? super(...given) : super(real.now() + shift); }
    static now() { return real.now() + shift; }
  };
  window.Date = Shifted;
}"""


@pytest.mark.parametrize("shift", [YEARS_MS, -YEARS_MS], ids=["ahead", "behind"])
def test_a_clock_ten_years_off_is_said_and_everything_arrives(node: Node, phone: Any, shift: int) -> None:
    seen = phone(scripts=SHIFTED % shift)
    seen.enrol(node.token("ayu"))
    expect(seen.page.get_by_text("Jam HP ini beda 10 tahun dari server.")).to_be_visible()
    is_clean(seen)

    report(seen, f"Jam salah {shift}.", photo=False)

    expect(seen.page.locator(".msg").first).to_have_attribute("data-state", "logged", timeout=30_000)
    arrives_once(node, f"Jam salah {shift}.")


ROOM = 3_000_000


def test_a_full_phone_says_so_and_keeps_what_it_had(node: Node, phone: Any) -> None:
    seen = phone()
    devtools = seen.page.context.new_cdp_session(seen.page)
    origin = {"origin": f"{node.origin}/"}
    devtools.send("Storage.overrideQuotaForOrigin", origin | {"quotaSize": ROOM})
    seen.enrol(node.token("ayu"))
    seen.page.context.set_offline(True)
    report(seen, "Sebelum penuh.")
    seen.tab("Tugas")
    seen.page.get_by_role("button", name="Laporkan kejadian").click()
    forward(seen)
    large = PHOTO | {"buffer": PHOTO["buffer"] * (ROOM // len(PHOTO["buffer"]) + 1)}
    seen.page.locator("input[capture]").set_input_files(large)
    expect(seen.page.get_by_text("Penyimpanan HP penuh.").first).to_be_visible(timeout=20_000)
    assert (seen.page.locator(".taken").count(), seen.count("saved")) == (0, 1)
    is_clean_but_for_the_network(seen)

    devtools.send("Storage.overrideQuotaForOrigin", origin)

    seen.page.locator("input[capture]").set_input_files(large)
    expect(seen.page.locator(".taken")).to_have_count(1)
    seen.page.get_by_label("Yang terjadi").fill("Sesudah ada ruang.")
    forward(seen)
    forward(seen)
    expect(seen.page.get_by_role("heading", name="Kiriman")).to_be_visible()
    assert seen.count("saved") == 2
    seen.page.context.set_offline(False)
    for text in ("Sebelum penuh.", "Sesudah ada ruang."):
        arrives_once(node, text)

"""The pages: a report checked beside its form, an incident handed over and closed, and who gets a 404."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronda.agencies.selectors import scope_of
from ronda.agencies.tests.factories import cast, sign_in
from ronda.evidence.tests.pictures import other as picture
from ronda.incidents.models import Handover, HandoverActor, HandoverStep, Incident, ProofFile
from ronda.incidents.tests.cast import said
from ronda.kernel import clock
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.reports.domain import receipt_code
from ronda.reports.models import Report, ReporterContact
from ronda.reports.services import contact_add, reports_receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None, settings: Any) -> Any:
    settings.GATE_INSIDE_TRANSACTION = True
    with scoped(Scope.system()):
        areas_load(area="51.01", at=datetime(2024, 11, 27, tzinfo=UTC))
    return cast()


@pytest.fixture
def browser(people: Any) -> Any:
    def open_as(name: str) -> Client:
        client = Client()
        sign_in(client, people[name])
        return client

    return open_as


@pytest.fixture
def village(people: Any) -> str:
    return str(people["ayu"].area)


@pytest.fixture
def report(people: Any, village: str) -> Report:
    at = clock.now() - timedelta(minutes=5)
    return reports_receive(incoming=[said(received_at=at, captured_at=at, place=village)])[0]


def verified(client: Client, report: Report, **changes: str) -> Any:
    form = {
        "kind": "count_procedure",
        "place": report.area,
        "station": "7",
        "happened_at": "2024-11-27T13:00",
        "source_check": "document",
        "document": "LHP/7",
        "incident": "baru",
        "title": "Keributan di TPS 07",
        "summary": "Dua saksi berselisih.",
        **changes,
    }
    return client.post(f"/laporan/{report.id}/verifikasi", form)


def incident() -> Incident:
    with scoped(Scope.system()):
        return Incident.objects.get()


def test_the_inbox_shows_the_report_to_the_duty_officer_and_to_nobody_else(
    browser: Any, report: Report
) -> None:
    assert "Ribut saksi di TPS 7" in browser("citra").get("/laporan").content.decode()
    for other in ("bagas", "dewa", "eka"):
        assert "Ribut saksi" not in browser(other).get("/laporan").content.decode()


@pytest.mark.parametrize("who", ["bagas", "dewa", "eka"])
def test_a_foreign_report_does_not_exist(browser: Any, report: Report, who: str) -> None:
    client = browser(who)
    for path in ("", "/tolak", "/tempat"):
        assert client.get(f"/laporan/{report.id}{path}").status_code == 404
    assert verified(client, report).status_code == 404


def test_a_stranger_is_sent_to_sign_in(report: Report) -> None:
    for path in ("/laporan", "/kejadian", f"/laporan/{report.id}", "/laporan/baru"):
        assert Client().get(path).status_code == 302


def test_an_officer_reads_but_does_not_decide(browser: Any, report: Report) -> None:
    ayu = browser("ayu")
    page = ayu.get(f"/laporan/{report.id}")
    assert page.status_code == 200
    assert "Nyatakan terverifikasi" not in page.content.decode()
    assert verified(ayu, report).status_code == 404


def test_markup_in_a_report_is_shown_as_text(browser: Any, village: str) -> None:
    text = "<script>alert('x')</script>\u202e🗳️ שלום"
    (strange,) = reports_receive(incoming=[said(body={"text": text}, place=village)])
    for path in ("/laporan", f"/laporan/{strange.id}"):
        shown = browser("citra").get(path).content.decode()
        assert "<script>alert" not in shown
        assert "&lt;script&gt;" in shown


def test_a_duty_officer_verifies_hands_over_and_the_police_accept_and_finish(
    browser: Any, report: Report
) -> None:
    citra = browser("citra")
    answer = verified(citra, report)
    made = incident()
    assert answer["Location"] == f"/kejadian/{made.id}"
    shown = citra.get(f"/kejadian/{made.id}").content.decode()
    assert made.label in shown
    assert "Tentukan siapa yang menangani" in shown
    target = next(
        value for value in _choices(citra, made, "hand-over", "desk") if value.startswith("polri|51.01")
    )
    citra.post(f"/kejadian/{made.id}/hand-over", {"desk": target, "request": "Amankan TPS 07."})
    assert "Menunggu jawaban" in citra.get(f"/kejadian/{made.id}").content.decode()


def _choices(client: Client, made: Incident, slug: str, field: str) -> list[str]:
    form = client.get(f"/kejadian/{made.id}/{slug}").context["form"]
    return [value for value, _word in form.fields[field].choices]


def test_the_form_comes_back_with_what_was_filled_in_when_something_is_missing(
    browser: Any, report: Report
) -> None:
    answer = verified(browser("citra"), report, kind="")
    assert answer.status_code == 422
    assert "Belum tersimpan" in answer.content.decode()
    assert "Dua saksi berselisih." in answer.content.decode()


def test_an_incident_without_a_title_is_called_by_its_kind_and_place(browser: Any, report: Report) -> None:
    verified(browser("citra"), report, title="")
    assert incident().title.endswith(", TPS 07 Penyaringan")


def test_no_kind_is_chosen_for_a_report_that_names_none(browser: Any, report: Report) -> None:
    shown = browser("citra").get(f"/laporan/{report.id}").context["form"]
    assert shown.fields["kind"].choices[0][0] == ""


def test_a_verification_sent_twice_is_told_and_changes_nothing(browser: Any, report: Report) -> None:
    citra = browser("citra")
    verified(citra, report)
    again = verified(citra, report)
    assert again["Location"] == f"/laporan/{report.id}"
    assert "Anda sudah memutuskan laporan ini" in citra.get(again["Location"]).content.decode()
    assert incident().number == 1


@pytest.mark.parametrize("changes", [{}, {"kind": ""}])
def test_who_comes_second_reads_which_colleague_decided_when_and_where_it_went(
    browser: Any, report: Report, changes: dict[str, str]
) -> None:
    second = browser("putri")
    verified(browser("citra"), report)
    answer = verified(second, report, **changes)
    assert answer["Location"] == f"/laporan/{report.id}"
    shown = second.get(answer["Location"]).content.decode()
    assert "Rekan Anda, Citra · Piket, baru memutuskan laporan ini pada" in shown
    assert f'<a class="lnk" href="/kejadian/{incident().id}">Buka K-0001</a>' in shown
    assert "dinyatakan terverifikasi" in shown


def handed(client: Client, made: Incident, start: str) -> None:
    to = next(value for value in _choices(client, made, "hand-over", "desk") if value.startswith(start))
    client.post(f"/kejadian/{made.id}/hand-over", {"desk": to, "request": "Amankan TPS 07."})


def test_each_step_of_a_hand_over_names_its_person_to_the_two_agencies_and_to_nobody_else(
    browser: Any, people: Any, report: Report
) -> None:
    citra, bagas, hadi = browser("citra"), browser("bagas"), browser("hadi")
    verified(citra, report)
    made = incident()
    handed(citra, made, f"polri|{people['bagas'].area}")
    bagas.post(f"/kejadian/{made.id}/accept")
    shown = citra.get(f"/kejadian/{made.id}").content.decode()
    assert shown.count("Bagas · Petugas lapangan") >= 4  # arrival and answer, in the table and the timeline
    assert "Citra · Piket" in bagas.get(f"/kejadian/{made.id}").content.decode()
    handed(bagas, made, "kesbangpol|")
    third = hadi.get(f"/kejadian/{made.id}").content.decode()
    assert "Citra" not in third
    assert third.count("Bagas · Petugas lapangan") == 2  # only that Bagas sent it to Hadi
    with scoped(scope_of(people["hadi"])):
        assert list(HandoverActor.objects.values_list("name", "step__state")) == [("Bagas", "sent")]
        assert HandoverStep.objects.count() == 4
    followed = Client().post("/lapor/ikuti", {"code": receipt_code(report.message)}).content.decode()
    assert "Diserahkan kepada lembaga yang berwenang" in followed
    assert not any(name in followed for name in ("Bagas", "Citra", "Piket", "Amankan"))


def test_a_refusal_shows_request_and_reason_and_leaves_the_refusing_agency_its_own_part(
    browser: Any, people: Any, report: Report
) -> None:
    citra, bagas = browser("citra"), browser("bagas")
    verified(citra, report)
    made = incident()
    handed(citra, made, f"polri|{people['bagas'].area}")
    answer = bagas.post(f"/kejadian/{made.id}/refuse", {"reason": "Bukan wilayah kami."}, follow=True)
    assert answer.status_code == 200
    citra.post(f"/kejadian/{made.id}/note", {"text": "Dicatat sesudahnya."})
    kept = bagas.get(f"/kejadian/{made.id}").content.decode()
    for page in (kept, citra.get(f"/kejadian/{made.id}").content.decode()):
        assert "<b>Permintaan:</b> Amankan TPS 07." in page
        assert "<b>Jawaban:</b> Bukan wilayah kami." in page
        assert "Bagas · Petugas lapangan" in page
    assert "Kejadian ini tidak lagi pada lembaga Anda." in kept
    assert "Dicatat sesudahnya." not in kept
    assert bagas.get(f"/kejadian/{made.id}/note").status_code == 404
    assert browser("dewa").get(f"/kejadian/{made.id}").status_code == 404


def test_the_page_of_a_report_names_who_decided_and_does_not_suggest_its_own_incident(
    browser: Any, report: Report
) -> None:
    citra = browser("citra")
    verified(citra, report, happened_at="")
    verified(citra, report)
    for who in (citra, browser("ayu")):
        assert "Citra · Piket" in who.get(f"/laporan/{report.id}").content.decode()
    assert citra.get(f"/laporan/{report.id}").context["similar"] == []


@pytest.mark.parametrize("path", ["", "/note", "/hand-over", "/close"])
def test_a_foreign_incident_does_not_exist(browser: Any, report: Report, path: str) -> None:
    verified(browser("citra"), report)
    for who in ("bagas", "dewa", "eka"):
        assert browser(who).get(f"/kejadian/{incident().id}{path}").status_code == 404


def test_an_unknown_act_or_record_is_a_404(browser: Any, report: Report) -> None:
    citra = browser("citra")
    nowhere = UUID(int=7)
    for path in (
        f"/kejadian/{nowhere}",
        f"/laporan/{nowhere}",
        f"/tindakan/{nowhere}/selesai",
        f"/hubungan/{nowhere}/lepas",
    ):
        assert citra.get(path).status_code == 404
    verified(citra, report)
    assert citra.get(f"/kejadian/{incident().id}/hapus").status_code == 404


def test_an_act_that_is_not_open_is_refused_in_words(browser: Any, report: Report) -> None:
    citra = browser("citra")
    verified(citra, report)
    shown = citra.post(f"/kejadian/{incident().id}/accept", follow=True).content.decode()
    assert "sudah dijawab" in shown


def test_a_contact_opens_only_with_a_reason_for_the_regency(browser: Any, report: Report) -> None:
    contact_add(message=report.message, name="Fajar", phone="0812-3456", area=report.area, at=clock.now())
    citra = browser("citra")
    assert "0812-3456" not in citra.get(f"/laporan/{report.id}").content.decode()
    assert citra.post(f"/laporan/{report.id}/kontak", {"reason": ""}).status_code == 302
    assert "0812-3456" in citra.post(f"/laporan/{report.id}/kontak", {"reason": "tanya jam"}).content.decode()
    assert browser("ayu").post(f"/laporan/{report.id}/kontak", {"reason": "ingin tahu"}).status_code == 404
    with scoped(Scope.system()):
        assert ReporterContact.objects.count() == 1


def test_rejecting_moves_the_report_out_of_the_inbox_and_back(browser: Any, report: Report) -> None:
    citra = browser("citra")
    citra.post(f"/laporan/{report.id}/tolak", {"reason": "trial", "note": "Uji coba."})
    assert "Ribut saksi" not in citra.get("/laporan").content.decode()
    assert "Ribut saksi" in citra.get("/laporan?tab=ditolak").content.decode()
    citra.post(f"/laporan/{report.id}/kembalikan", {"reason": "Bukan uji coba."})
    assert "Ribut saksi" in citra.get("/laporan").content.decode()


@pytest.mark.parametrize(
    "query",
    ["?tab=apa", "?setelah=bukan-id", "?wilayah=%27", "?jenis=x&sumber=y", "?setelah=" + str(UUID(int=1))],
)
def test_strange_addresses_show_a_list_not_an_error(browser: Any, report: Report, query: str) -> None:
    citra = browser("citra")
    assert citra.get(f"/laporan{query}").status_code == 200
    assert citra.get(f"/kejadian{query}").status_code == 200


def test_an_officers_form_sends_through_the_gate(browser: Any, village: str) -> None:
    ayu = browser("ayu")
    form = ayu.get("/laporan/baru").context["form"]
    sent = ayu.post(
        "/laporan/baru",
        {
            "message": str(form["message"].value()),
            "text": "Kotak suara belum datang",
            "place": village,
            "station": "7",
        },
    )
    assert sent.status_code == 302, sent.content.decode()
    assert sent["Location"].startswith("/laporan/terkirim?kode=")


def test_handing_over_reaches_a_desk_by_its_choice_only(browser: Any, report: Report) -> None:
    citra = browser("citra")
    verified(citra, report)
    answer = citra.post(f"/kejadian/{incident().id}/hand-over", {"desk": "polri|35.09", "request": "x"})
    assert answer.status_code == 422
    with scoped(Scope.system()):
        assert Handover.objects.count() == 0


def test_a_report_joins_an_incident_by_its_number(browser: Any, report: Report) -> None:
    citra = browser("citra")
    verified(citra, report)
    at = clock.now() - timedelta(hours=9)
    (late,) = reports_receive(incoming=[said(received_at=at, captured_at=at, place=report.area)])
    assert verified(citra, late, incident="nomor", number="").status_code == 422
    assert verified(citra, late, incident="nomor", number="K-0099")["Location"] == f"/laporan/{late.id}"
    assert (
        verified(citra, late, incident="nomor", number="K-0001")["Location"] == f"/kejadian/{incident().id}"
    )


PHOTO = picture("PNG")


def finished(client: Client, made: Incident, content: bytes, name: str = "foto.png") -> Any:
    client.post(f"/kejadian/{made.id}/start")
    form = {"note": "Aman.", "evidence_kind": "file", "file": SimpleUploadedFile(name, content, "image/png")}
    return client.post(f"/kejadian/{made.id}/finish", form)


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


@pytest.mark.usefixtures("files")
def test_a_photo_is_handed_in_and_saved_by_who_checks_it_and_by_nobody_else(
    browser: Any, report: Report
) -> None:
    citra = browser("citra")
    verified(citra, report)
    assert finished(citra, incident(), PHOTO)["Location"] == f"/kejadian/{incident().id}"
    with scoped(Scope.system()):
        file = ProofFile.objects.get()
    shown = citra.get(f"/kejadian/{incident().id}").content.decode()
    assert f"/bukti/{file.id}" in shown
    assert file.sha256 in shown
    answer = citra.get(f"/bukti/{file.id}", follow=True)
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xff\xd8\xff"), "a picture anew, never the original"
    assert answer["Content-Disposition"].startswith('attachment; filename="salinan-')
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert f"/bukti/{file.id}" not in browser("ayu").get(f"/kejadian/{incident().id}").content.decode()
    for other in ("ayu", "bagas", "dewa", "eka"):
        assert browser(other).get(f"/bukti/{file.id}").status_code == 404
    with scoped(Scope.system()):
        assert AuditLine.objects.filter(action="proof_file.read").count() == 1


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html><script>alert(1)</script>", "bukan foto JPEG, PNG, WEBP, HEIC atau PDF"),
        (PHOTO + bytes(20 * 2**20), "paling besar 20 MB"),
        (b"", "Berkas"),
    ],
)
def test_a_file_that_is_no_proof_is_refused_at_its_field(
    browser: Any, report: Report, content: bytes, sentence: str
) -> None:
    citra = browser("citra")
    verified(citra, report)
    answer = finished(citra, incident(), content)
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors["file"])
    assert "Aman." in answer.content.decode()
    assert incident().state == "handling"


def test_a_file_that_was_altered_is_told_on_the_incidents_page(
    browser: Any, report: Report, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    citra = browser("citra")
    verified(citra, report)
    finished(citra, incident(), PHOTO)
    with scoped(Scope.system()):
        file = ProofFile.objects.get()
    (tmp_path / "files" / file.sha256[:2] / file.sha256[2:4] / file.sha256).write_bytes(b"lain")
    answer = citra.get(f"/bukti/{file.id}", follow=True)
    assert answer.redirect_chain == [(f"/kejadian/{incident().id}", 302)]
    assert "tidak lagi sama" in answer.content.decode()

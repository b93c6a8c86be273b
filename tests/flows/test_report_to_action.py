"""A citizen sees something; it becomes an incident, an action, and an outcome the citizen can follow.

Fajar has no account. Citra is on duty at Bawaslu, Bagas at the Polsek, Putri is Citra's head, Eka a party witness,
Dewa sits in another regency. Everything goes through the pages and the gate's own door, as in production.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.tests.factories import cast, sign_in
from ronda.gate.inbox import messages_consume
from ronda.incidents.models import Action, Handover, Incident
from ronda.kernel import clock
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.reports.models import Report

pytestmark = pytest.mark.django_db
STORY = "Dua saksi ribut soal surat suara. Empat puluh orang mendekat ke pintu TPS. <b>Tolong</b> 🙏"
TELEPHONE = "0812-3456-789"


@pytest.fixture
def people(db: None, settings: Any) -> Any:
    settings.GATE_INSIDE_TRANSACTION = True
    with scoped(Scope.system()):
        areas_load(area="51.01", at=datetime(2024, 11, 27, tzinfo=UTC))
    return cast()


@pytest.fixture
def desk(people: Any) -> Any:
    def open_as(name: str) -> Client:
        client = Client()
        sign_in(client, people[name])
        return client

    return open_as


def tells(fajar: Client, village: str) -> str:
    """Fajar fills in the public form and keeps the code."""
    form = fajar.get("/lapor?wilayah=51.01").context["form"]
    answers = {"text": STORY, "kind": "violence", "place": village, "station": "7", "is_danger": "on"}
    contact = {"name": "Fajar", "phone": TELEPHONE}
    page = fajar.post("/lapor?wilayah=51.01", {"message": str(form["message"].value()), **answers, **contact})
    return str(page.context["code"])


def follows(fajar: Client, code: str) -> list[str]:
    page = fajar.post("/lapor/ikuti", {"code": code})
    return [step["state"] for step in page.context["steps"] or []]


def the_worker_runs() -> None:
    with scoped(Scope.system()):
        messages_consume(at=clock.now())


def report_in_the_inbox(citra: Client) -> Report:
    page = citra.get("/laporan")
    assert "Empat puluh orang" in page.content.decode()
    return page.context["rows"][0]


def verifies(citra: Client, report: Report, village: str) -> str:
    facts = {
        "kind": "violence",
        "place": village,
        "station": "7",
        "happened_at": "2024-11-27T15:22",
        "source_check": "document",
        "document": "LHP/7",
        "incident": "baru",
        "title": "Keributan di luar TPS 07",
        "summary": "Dua saksi berselisih. Sekitar 40 orang di pintu TPS.",
    }
    return str(citra.post(f"/laporan/{report.id}/verifikasi", facts)["Location"])


def acts(client: Client, page: str, act: str, **filled: str) -> str:
    answer = client.post(f"{page}/{act}", filled, follow=True)
    assert answer.status_code == 200, act
    return str(answer.content.decode())


def test_from_what_fajar_saw_to_what_was_done_about_it(people: Any, desk: Any) -> None:
    village = str(people["ayu"].area)
    fajar, citra, bagas, putri = Client(), desk("citra"), desk("bagas"), desk("putri")

    code = tells(fajar, village)
    assert follows(fajar, code) == []  # kept by the gate, not yet taken by the worker
    the_worker_runs()
    assert follows(fajar, code) == ["received"]

    report = report_in_the_inbox(citra)
    page = verifies(citra, report, village)
    assert "K-0001" in citra.get(page).content.decode()
    assert bagas.get(page).status_code == 404  # nothing was handed to the police yet

    acts(citra, page, "hand-over", desk=f"polri|{village[:8]}", request="Amankan TPS 07.")
    assert "Jawab serah terima" in bagas.get(page).content.decode()
    acts(bagas, page, "receive")
    acts(bagas, page, "accept")
    due = {"due_at": "2099-01-01T10:00", "desk": f"polri|{village[:8]}"}
    acts(bagas, page, "assign", title="Tempatkan empat personel", **due)
    with scoped(Scope.system()):
        action = Action.objects.get()
    bagas.post(f"/tindakan/{action.id}/selesai", {"reason": "Empat personel di tempat."})
    acts(bagas, page, "note", text="Massa bubar.")
    proof = {
        "note": "Massa bubar, penghitungan berlanjut.",
        "evidence_kind": "document",
        "document": "LP/12/XI",
    }
    acts(bagas, page, "finish", **proof)

    assert "Yang mengerjakan tidak boleh menutup sendiri" in bagas.get(page).content.decode()
    acts(bagas, page, "close", note="")
    assert "closed" not in follows(fajar, code)
    acts(putri, page, "close", note="Berita acara diperiksa.")
    assert follows(fajar, code) == ["received", "verified", "handed", "accepted", "closed"]

    shown = citra.get(page).content.decode()
    for words in (
        "Ditutup oleh orang kedua",
        "Massa bubar.",
        "Tempatkan empat personel",
        "menerima penanganan",
    ):
        assert words in shown
    every_change_left_one_event_and_one_audit_line()


def every_change_left_one_event_and_one_audit_line() -> None:
    with scoped(Scope.system()):
        names = list(
            EventRow.objects.filter(record__in=["report", "incident"])
            .order_by("position")
            .values_list("name", flat=True)
        )
        lines = list(
            AuditLine.objects.filter(record__in=["report", "incident"]).values_list("action", flat=True)
        )
    assert names == [
        "report.received",
        "report.verified",
        "incident.opened",
        "handover.sent",
        "handover.received",
        "handover.accepted",
        "action.assigned",
        "action.done",
        "incident.noted",
        "incident.finished",
        "incident.closed",
    ]
    assert sorted(lines) == sorted(names)


def test_those_outside_see_nothing_at_any_step(people: Any, desk: Any) -> None:
    village = str(people["ayu"].area)
    fajar, citra = Client(), desk("citra")
    tells(fajar, village)
    the_worker_runs()
    report = report_in_the_inbox(citra)
    page = verifies(citra, report, village)
    acts(citra, page, "hand-over", desk=f"polri|{village[:8]}", request="Amankan.")
    for name in ("dewa", "eka", "lestari", "gita", "hadi"):
        outsider = desk(name)
        assert outsider.get(page).status_code == 404
        assert outsider.get(f"/laporan/{report.id}").status_code == 404
        for path in ("/laporan", "/kejadian"):
            shown = outsider.get(path).content.decode()
            assert "Empat puluh" not in shown
            assert "K-0001" not in shown


def test_what_the_police_receive_holds_no_word_of_the_reporter(people: Any, desk: Any) -> None:
    village = str(people["ayu"].area)
    fajar, citra, bagas = Client(), desk("citra"), desk("bagas")
    code = tells(fajar, village)
    the_worker_runs()
    page = verifies(citra, report_in_the_inbox(citra), village)
    acts(citra, page, "hand-over", desk=f"polri|{village[:8]}", request="Amankan.")
    shown = bagas.get(page).content.decode()
    assert "Keributan di luar TPS 07" in shown
    for word in ("Fajar", TELEPHONE, code, "Empat puluh orang mendekat"):
        assert word not in shown
    with scoped(Scope.system()):
        stored = str(list(EventRow.objects.values_list("data", flat=True))) + str(
            list(AuditLine.objects.values_list("detail", flat=True))
        )
    for word in ("Fajar", TELEPHONE, "Empat puluh"):
        assert word not in stored


def test_a_refusal_comes_back_with_its_reason_and_a_closed_incident_can_be_reopened(
    people: Any, desk: Any
) -> None:
    village = str(people["ayu"].area)
    fajar, citra, bagas, putri = Client(), desk("citra"), desk("bagas"), desk("putri")
    code = tells(fajar, village)
    the_worker_runs()
    page = verifies(citra, report_in_the_inbox(citra), village)
    acts(citra, page, "hand-over", desk=f"polri|{village[:8]}", request="Amankan.")
    acts(bagas, page, "refuse", reason="Sudah ditangani Polres.")
    assert "Sudah ditangani Polres." in citra.get(page).content.decode()
    acts(citra, page, "start")
    acts(citra, page, "finish", note="Selesai di tempat.", evidence_kind="document", document="BA-7")
    acts(putri, page, "close", note="")
    acts(putri, page, "reopen", reason="Massa kembali.")
    assert follows(fajar, code)[-2:] == ["closed", "reopened"]
    with scoped(Scope.system()):
        assert (Incident.objects.get().state, Handover.objects.get().state) == ("handling", "refused")

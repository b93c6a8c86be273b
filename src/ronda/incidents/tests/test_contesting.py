"""A reporter who is not content asks once to look again: through the same door, seen by the supervisor, unnamed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from ronda.gate.inbox import messages_consume
from ronda.incidents import selectors, services
from ronda.incidents.models import IncidentEntry
from ronda.incidents.tests.cast import CITRA, FAJAR, NOON, said
from ronda.incidents.tests.test_acting_and_closing import finish, handled_by_polsek
from ronda.incidents.tests.test_handover import now
from ronda.incidents.tests.test_opening import FACTS
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.reports.domain import MoveRefused, receipt_code
from ronda.reports.models import FollowStep, Report
from ronda.reports.selectors import follow_steps
from ronda.reports.services import reports_receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]


@pytest.fixture
def closed(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, str]:
    """An incident with a report of a citizen, closed; and the citizen's receipt code."""
    settings.VAR, settings.GATE_INSIDE_TRANSACTION = tmp_path, True
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=1))
    incident = handled_by_polsek()
    (report,) = reports_receive(incoming=[said()])
    with scoped(CITRA):
        services.report_link(incident=incident.id, report=report.id, facts=FACTS, by=CITRA, at=NOON)
    finish(incident)
    with scoped(CITRA):
        services.incident_close(incident=incident.id, note="Sesuai.", by=CITRA, at=NOON)
    return incident, receipt_code(report.message)


def contest(code: str, text: str = "Massa masih di sana.") -> str:
    with scoped(FAJAR):
        return services.contest(code=code, text=text, at=clock.now())


def states(code: str) -> list[str]:
    with scoped(FAJAR):
        return [step["state"] for step in follow_steps(code)]


def test_the_question_stands_in_the_inbox_with_the_incident_it_is_about(closed: tuple[Any, str]) -> None:
    incident, code = closed
    receipt = contest(code)
    with scoped(Scope.system()):
        messages_consume(at=clock.now())
        report = Report.objects.order_by("-received_at", "-id")[0]
    assert report.text == f"Keberatan pelapor {now(incident).label}: Massa masih di sana."
    assert (report.area, report.source, report.sent_by) == (incident.area, "public", None)
    assert receipt == receipt_code(report.message)
    assert states(code)[-1] == "contested"
    with scoped(Scope.system()):
        assert (
            IncidentEntry.objects.filter(incident=incident, text__startswith="Pelapor meminta").count() == 1
        )


def test_it_is_asked_once(closed: tuple[Any, str]) -> None:
    _incident, code = closed
    contest(code)
    with pytest.raises(MoveRefused, match="satu kali"):
        contest(code, "Sekali lagi.")
    with scoped(Scope.system()):
        messages_consume(at=clock.now())
        assert Report.objects.filter(text__startswith="Keberatan").count() == 1


def test_what_is_still_being_worked_on_cannot_be_contested(closed: tuple[Any, str]) -> None:
    incident, code = closed
    with scoped(CITRA):
        services.incident_reopen(incident=incident.id, reason="Dilihat lagi.", by=CITRA, at=NOON)
    with pytest.raises(MoveRefused, match="sesudah penanganan selesai"):
        contest(code)


def test_an_unknown_code_and_an_empty_question_are_refused(closed: tuple[Any, str]) -> None:
    _incident, code = closed
    for given, text in (("0000-0000-0000", "x"), (code, "  ")):
        with pytest.raises(MoveRefused):
            contest(given, text)
    with scoped(Scope.system()):
        assert not FollowStep.objects.filter(state="contested").exists()


def test_the_supervisor_opens_it_again_and_the_reporter_sees_it(closed: tuple[Any, str]) -> None:
    incident, code = closed
    contest(code)
    with scoped(CITRA):
        assert "reopen" in selectors.acts_for(now(incident), CITRA)
        services.incident_reopen(incident=incident.id, reason="Pelapor benar.", by=CITRA, at=clock.now())
    assert states(code)[-2:] == ["contested", "reopened"]


def test_the_page_offers_it_after_the_end_and_gives_the_code_of_the_question(
    closed: tuple[Any, str], client: Client
) -> None:
    _incident, code = closed
    page = client.post("/lapor/ikuti", {"code": code}).content.decode()
    assert "Belum selesai menurut Anda?" in page
    answer = client.post("/lapor/keberatan", {"code": code, "text": "Belum aman."}).content.decode()
    assert "Petugas memeriksa sekali lagi" in answer
    again = client.post("/lapor/keberatan", {"code": code, "text": "Lagi."})
    assert again.status_code == 422
    assert "satu kali" in again.content.decode()
    assert "Belum selesai menurut Anda?" not in client.post("/lapor/ikuti", {"code": code}).content.decode()


def test_a_rejected_report_may_be_contested_too(closed: tuple[Any, str]) -> None:
    from ronda.reports.domain import RejectReason
    from ronda.reports.services import report_reject

    (report,) = reports_receive(incoming=[said(station=8)])
    with scoped(CITRA):
        report_reject(
            report=report.id, reason=RejectReason.NOT_HAPPENED, note="Tidak ada.", by=CITRA, at=clock.now()
        )
    code = receipt_code(report.message)
    contest(code)
    assert states(code)[-1] == "contested"

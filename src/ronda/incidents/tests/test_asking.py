"""An agency that reads an incident asks to be given it; the holder answers by handing over, or in words."""

from datetime import timedelta

import pytest

from ronda.incidents.models import Incident, IncidentEntry
from ronda.incidents.selectors import acts_for, needs_me
from ronda.incidents.services import (
    handover_accept,
    handover_return,
    handover_send,
    incident_ask,
    incident_note,
    incident_open_from_report,
)
from ronda.incidents.tests.cast import (
    BAGAS,
    CITRA,
    DEWA,
    KESBANGPOL,
    NOON,
    POLSEK,
    VILLAGE,
    said,
    stage_set,
)
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.reports.domain import MoveRefused, SourceCheck
from ronda.reports.services import VerifiedFacts, reports_receive

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def held(db: None) -> Incident:
    """Polsek holds it; Bawaslu opened it and reads on."""
    stage_set()
    (report,) = reports_receive(incoming=[said()])
    facts = VerifiedFacts("violence", VILLAGE, NOON, SourceCheck.DOCUMENT, document="LHP/7")
    with scoped(CITRA):
        incident = incident_open_from_report(
            report=report.id, facts=facts, title="Ribut", summary="Dua saksi.", by=CITRA, at=NOON
        )
        handover = handover_send(incident=incident.id, to=POLSEK, request="Amankan.", by=CITRA, at=NOON)
    with scoped(BAGAS):
        handover_accept(handover=handover.id, by=BAGAS, at=NOON)
    return incident


def _ask(incident: Incident, by: Scope = CITRA) -> IncidentEntry:
    with scoped(by):
        return incident_ask(incident=incident.id, reason="Ada unsur politik uang.", by=by, at=LATER)


def _asked(by: Scope) -> list[str]:
    with scoped(by):
        return [need.title for need in needs_me(by) if need.kind == "asked"]


def test_the_request_stands_among_what_needs_the_holder(held: Incident) -> None:
    _ask(held)

    assert _asked(BAGAS) == ["Ada unsur politik uang."]
    assert _asked(CITRA) == []
    with scoped(Scope.system()):
        assert AuditLine.objects.filter(action="incident.asked").count() == 1


def test_asked_again_it_is_one_request(held: Incident) -> None:
    assert _ask(held).pk == _ask(held).pk


def test_words_of_the_holder_answer_it(held: Incident) -> None:
    _ask(held)
    with scoped(BAGAS):
        incident_note(incident=held.id, text="Kami selesaikan dahulu.", by=BAGAS, at=LATER)

    assert _asked(BAGAS) == []
    assert _ask(held).at == LATER, "and then it may be asked anew"


def test_giving_it_back_answers_it(held: Incident) -> None:
    _ask(held)
    with scoped(BAGAS):
        handover_return(handover=held.handovers.get().id, reason="Silakan.", by=BAGAS, at=LATER)

    assert _asked(CITRA) == [], "who asked holds it now"


def test_the_holder_cannot_ask_for_what_it_holds(held: Incident) -> None:
    with pytest.raises(MoveRefused):
        _ask(held, BAGAS)
    with scoped(BAGAS):
        held.refresh_from_db()
        assert "ask" not in acts_for(held, BAGAS)
    with scoped(CITRA):
        assert "ask" in acts_for(held, CITRA)


@pytest.mark.parametrize("who", [DEWA, KESBANGPOL])
def test_who_does_not_read_it_cannot_ask(held: Incident, who: Scope) -> None:
    with pytest.raises(Incident.DoesNotExist):
        _ask(held, who)


def test_a_request_needs_its_reason(held: Incident) -> None:
    with scoped(CITRA), pytest.raises(MoveRefused):
        incident_ask(incident=held.id, reason=" ", by=CITRA, at=LATER)

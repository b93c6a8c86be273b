"""What nobody does in time goes up a unit at a time, is told once, and stops when somebody acts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronda.incidents import selectors, services
from ronda.incidents.models import Escalation, Incident, IncidentEntry
from ronda.incidents.services.escalating import escalations_raise
from ronda.incidents.tests.cast import BAGAS, CITRA, DEWA, NOON, person
from ronda.incidents.tests.test_handover import now, open_incident, send
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]

POLRES = Scope("polri", "polri", "51.01", (0, 1, 2, 3), person(20))
MINUTE = timedelta(minutes=1)


def due(incident: Incident):
    found = now(incident).due_at
    assert found is not None
    return found


def told() -> list[tuple[str, str, str]]:
    with scoped(Scope.system()):
        return list(Escalation.objects.order_by("at").values_list("desk_agency", "desk_area", "to_area"))


def test_a_hand_over_that_nobody_answers_goes_up_to_the_unit_above_and_is_told_once() -> None:
    incident = open_incident()
    send(incident)  # to the Polsek
    late = due(incident) + MINUTE
    assert escalations_raise(at=late - 2 * MINUTE) == []
    assert len(escalations_raise(at=late)) == 1
    assert escalations_raise(at=late + MINUTE) == []
    assert told() == [("polri", "51.01.02", "51.01")]


def test_both_agencies_read_on_the_incident_that_it_went_up() -> None:
    incident = open_incident()
    send(incident)
    escalations_raise(at=due(incident) + MINUTE)
    for scope in (CITRA, BAGAS):
        with scoped(scope):
            page = selectors.incident_page(now(incident), by=scope, at=NOON)
            assert any("Lewat waktu, dinaikkan: Polres" in line.text for line in page.timeline), scope
    with scoped(Scope.system()):
        (event,) = EventRow.objects.filter(name="incident.escalated")
    assert event.audience == ["polri"]


def test_the_unit_above_finds_it_first_in_its_list_and_the_unit_itself_as_before() -> None:
    first, second = open_incident(), open_incident()
    send(first)
    late = due(first) + MINUTE
    with scoped(CITRA):
        services.handover_send(
            incident=second.id,
            to=selectors.handovers_of(now(first))[0] and _polsek(),
            request="Jaga.",
            by=CITRA,
            at=NOON - timedelta(hours=5),
        )
    escalations_raise(at=NOON - timedelta(hours=5))  # nothing is late yet
    with scoped(Scope.system()):
        Incident.objects.filter(pk=second.pk).update(due_at=late + timedelta(days=1))
    escalations_raise(at=late)
    with scoped(POLRES):
        needs = selectors.needs_me(POLRES)
        assert [(need.url_id, need.is_escalated) for need in needs] == [
            (first.pk, True),
            (second.pk, False),
        ]
    with scoped(BAGAS):
        assert not any(need.is_escalated for need in selectors.needs_me(BAGAS))


def _polsek():
    from ronda.incidents.domain import Desk

    return Desk("polri", "51.01.02")


def test_it_stops_when_somebody_acts() -> None:
    incident = open_incident()
    handover = send(incident)
    late = due(incident) + MINUTE
    escalations_raise(at=late)
    with scoped(BAGAS):
        services.handover_accept(handover=handover.id, by=BAGAS, at=late)
    assert escalations_raise(at=late + MINUTE) == []
    with scoped(POLRES):
        assert not any(need.is_escalated for need in selectors.needs_me(POLRES))


def test_a_desk_without_a_unit_above_is_only_told_as_late() -> None:
    incident = open_incident()  # with the supervisor of the regency, who has no unit above here
    escalations_raise(at=due(incident) + timedelta(days=9))
    assert told() in ([], [("bawaslu", "51.01", "51")])


def test_the_longer_it_waits_the_higher_it_goes() -> None:
    from ronda.incidents.domain import escalations_due

    assert [escalations_due(NOON, NOON + timedelta(minutes=m), 1) for m in (-1, 0, 59, 60, 150)] == [
        0,
        1,
        1,
        2,
        3,
    ]


def test_another_regency_reads_nothing_of_it() -> None:
    incident = open_incident()
    send(incident)
    escalations_raise(at=due(incident) + MINUTE)
    with scoped(DEWA):
        assert not Escalation.objects.exists()
        assert not IncidentEntry.objects.exists()

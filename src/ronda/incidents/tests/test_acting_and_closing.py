"""Actions with owner and due time, proof by one person, closing by another."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from ronda.evidence.tests.pictures import jpeg
from ronda.incidents import selectors, services
from ronda.incidents.domain import Desk, EvidenceKind, NotYourDesk
from ronda.incidents.models import Action, Closure, Incident, IncidentEntry, Proof
from ronda.incidents.services import Evidence
from ronda.incidents.tests.cast import (
    AYU,
    AYU_HEAD,
    BAGAS,
    BAWASLU,
    CITRA,
    DEWA,
    EKA,
    FAJAR,
    KESBANGPOL,
    NOON,
    POLSEK,
    VILLAGE,
    person,
)
from ronda.incidents.tests.test_handover import now, open_incident, send
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.reports.domain import MoveRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]
PHOTO = jpeg(4)
SOON = NOON + timedelta(hours=3)


def handled_by_polsek() -> Incident:
    incident = open_incident()
    handover = send(incident)
    with scoped(BAGAS):
        services.handover_accept(handover=handover.id, by=BAGAS, at=NOON)
    return now(incident)


def assign(incident: Incident, by: Scope = BAGAS, owner: Desk = POLSEK) -> Action:
    with scoped(by):
        return services.action_assign(
            incident=incident.id, title="Tempatkan 4 personel", owner=owner, due_at=SOON, by=by, at=NOON
        )


def photo(content: bytes = PHOTO) -> Evidence:
    return Evidence(EvidenceKind.FILE, content=BytesIO(content))


def finish(incident: Incident, by: Scope = BAGAS, evidence: Evidence | None = None) -> Proof:
    with scoped(by):
        return services.incident_finish(
            incident=incident.id, note="Massa bubar.", evidence=evidence or photo(), by=by, at=NOON
        )


def test_an_action_has_owner_and_due_time_and_sets_the_incidents_clock() -> None:
    incident = handled_by_polsek()
    action = assign(incident)
    assert (action.owner_agency, action.due_at, now(incident).due_at) == ("polri", SOON, SOON)
    with scoped(BAGAS):
        assert [need.kind for need in selectors.needs_me(BAGAS)] == ["action"]
        services.action_finish(action=action.id, note="Empat orang di tempat.", by=BAGAS, at=NOON)
    assert now(incident).due_at == NOON + timedelta(hours=1)
    with scoped(Scope.system()):
        names = list(EventRow.objects.filter(name__startswith="action.").values_list("name", flat=True))
    assert sorted(names) == ["action.assigned", "action.done"]


def test_assigning_in_an_open_incident_starts_the_handling() -> None:
    incident = open_incident()
    assign(incident, by=CITRA, owner=BAWASLU)
    assert now(incident).state == "handling"


@pytest.mark.parametrize(
    ("owner", "due_in", "title"),
    [
        (Desk("kesbangpol", "51.01"), 1, "Temui tokoh"),  # it never received the incident
        (Desk("polri", "35.09"), 1, "Patroli"),
        (POLSEK, -1, "Patroli"),
        (POLSEK, 1, "  "),
    ],
)
def test_an_assignment_that_cannot_work_is_refused(owner: Desk, due_in: int, title: str) -> None:
    incident = handled_by_polsek()
    with scoped(BAGAS), pytest.raises(MoveRefused):
        services.action_assign(
            incident=incident.id,
            title=title,
            owner=owner,
            due_at=NOON + timedelta(hours=due_in),
            by=BAGAS,
            at=NOON,
        )


def test_only_the_owner_finishes_and_only_the_holder_cancels() -> None:
    incident = handled_by_polsek()
    action = assign(incident, owner=BAWASLU)
    with scoped(BAGAS), pytest.raises(NotYourDesk):
        services.action_finish(action=action.id, note="sudah", by=BAGAS, at=NOON)
    with scoped(CITRA):
        with pytest.raises(NotYourDesk):
            services.action_cancel(action=action.id, reason="tidak perlu", by=CITRA, at=NOON)
        services.action_finish(action=action.id, note="sudah", by=CITRA, at=NOON)
    with scoped(BAGAS):
        services.action_reopen(action=action.id, reason="belum lengkap", by=BAGAS, at=NOON)
        services.action_cancel(action=action.id, reason="tidak perlu lagi", by=BAGAS, at=NOON)
    with scoped(CITRA):
        states = list(action.steps.order_by("id").values_list("state", flat=True))
    assert states == ["open", "done", "open", "cancelled"]


@pytest.mark.parametrize("who", [DEWA, EKA, FAJAR, KESBANGPOL])
def test_those_outside_find_no_action(who: Scope) -> None:
    action = assign(handled_by_polsek())
    with scoped(who), pytest.raises(Action.DoesNotExist):
        services.action_finish(action=action.id, note="sudah", by=who, at=NOON)


def test_nothing_is_finished_while_an_action_is_open() -> None:
    incident = handled_by_polsek()
    assign(incident)
    with pytest.raises(MoveRefused, match="belum dikerjakan"):
        finish(incident)


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(EvidenceKind.FILE, "bukan sidik"),
        Evidence(EvidenceKind.FILE, ""),
        Evidence(EvidenceKind.FILE, "a" * 64),
        Evidence(EvidenceKind.DOCUMENT, "  "),
        Evidence(EvidenceKind.REPORT, "bukan id"),
        Evidence(EvidenceKind.REPORT, str(uuid4())),
    ],
)
def test_no_proof_without_evidence_that_can_be_looked_up(evidence: Evidence) -> None:
    with pytest.raises(MoveRefused):
        finish(handled_by_polsek(), evidence=evidence)


def test_no_proof_without_words() -> None:
    incident = handled_by_polsek()
    with scoped(BAGAS), pytest.raises(MoveRefused):
        services.incident_finish(incident=incident.id, note=" ", evidence=photo(), by=BAGAS, at=NOON)


def test_the_one_who_brought_the_proof_does_not_close_another_does() -> None:
    incident = handled_by_polsek()
    finish(incident)
    with scoped(BAGAS), pytest.raises(MoveRefused, match="Orang lain"):
        services.incident_close(incident=incident.id, note="", by=BAGAS, at=NOON)
    with scoped(CITRA):
        services.incident_close(incident=incident.id, note="Foto sesuai.", by=CITRA, at=NOON)
    closed = now(incident)
    assert (closed.state, closed.due_at) == ("closed", None)
    with scoped(BAGAS):
        assert str(Closure.objects.get(incident=incident).closed_by) == CITRA.person


def test_one_who_did_an_action_does_not_close_either() -> None:
    incident = open_incident()
    action = assign(incident, by=CITRA, owner=BAWASLU)
    with scoped(CITRA):
        services.action_finish(action=action.id, note="sudah", by=CITRA, at=NOON)
    other = Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2, 3), person(8))
    finish(incident, by=other)
    for doer in (CITRA, other):
        with scoped(doer), pytest.raises(MoveRefused):
            services.incident_close(incident=incident.id, note="", by=doer, at=NOON)
    with scoped(AYU_HEAD):
        services.incident_close(incident=incident.id, note="", by=AYU_HEAD, at=NOON)


def test_the_database_itself_refuses_a_closing_by_the_same_person() -> None:
    incident = handled_by_polsek()
    finish(incident)
    with scoped(CITRA):
        proof = incident.proofs.get()
        row = Closure(
            incident=incident,
            proof=proof,
            proved_by=proof.by,
            closed_by=proof.by,
            at=NOON,
            created_at=NOON,
            area=VILLAGE,
            agency="bawaslu",
            sensitivity=2,
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_a_machine_or_nameless_scope_neither_proves_nor_closes() -> None:
    incident = handled_by_polsek()
    nameless = Scope("polri", "polri", POLSEK.area, (0, 1, 2))
    with pytest.raises(MoveRefused):
        finish(incident, by=nameless)
    finish(incident)
    unnamed = Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2))
    with scoped(unnamed), pytest.raises(MoveRefused):
        services.incident_close(incident=incident.id, note="", by=unnamed, at=NOON)


def test_a_proof_that_is_not_enough_goes_back_with_what_is_missing() -> None:
    incident = handled_by_polsek()
    finish(incident)
    with scoped(CITRA):
        with pytest.raises(MoveRefused):
            services.incident_send_back(incident=incident.id, reason="", by=CITRA, at=NOON)
        services.incident_send_back(incident=incident.id, reason="Foto buram.", by=CITRA, at=NOON)
    assert now(incident).state == "handling"
    finish(incident)
    with scoped(CITRA):
        services.incident_close(incident=incident.id, note="", by=CITRA, at=NOON)


def test_a_closed_incident_is_reopened_and_closed_again() -> None:
    incident = handled_by_polsek()
    finish(incident)
    with scoped(CITRA):
        services.incident_close(incident=incident.id, note="", by=CITRA, at=NOON)
        with pytest.raises(MoveRefused):
            services.incident_note(incident=incident.id, text=" ", by=CITRA, at=NOON)
        services.incident_reopen(incident=incident.id, reason="Massa kembali.", by=CITRA, at=NOON)
    reopened = now(incident)
    assert (reopened.state, reopened.holder_agency, reopened.due_at is not None) == (
        "handling",
        "polri",
        True,
    )
    finish(incident)
    with scoped(CITRA):
        services.incident_close(incident=incident.id, note="", by=CITRA, at=NOON)
        kinds = list(IncidentEntry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["opened", "finished", "closed", "reopened", "finished", "closed"]


def test_closing_waits_for_a_second_person_in_the_list_of_those_who_may() -> None:
    incident = handled_by_polsek()
    finish(incident)
    with scoped(CITRA):
        assert [need.kind for need in selectors.needs_me(CITRA)] == ["close"]
        assert {"close", "send_back"} <= selectors.acts_for(now(incident), CITRA)
    with scoped(BAGAS):
        assert selectors.needs_me(BAGAS) == []
        assert not {"close", "send_back"} & selectors.acts_for(now(incident), BAGAS)


def test_the_list_of_one_area_leaves_out_what_waits_elsewhere() -> None:
    held, done = open_incident(title="Dipegang"), handled_by_polsek()
    finish(done)
    with scoped(CITRA):
        here = {need.kind for need in selectors.needs_me(CITRA, area=VILLAGE[:8])}
        there = {need.label for need in selectors.needs_me(CITRA, area="51.01.01")}
    assert {"incident", "close"} <= here
    assert not {held.label, done.label} & there


def test_a_village_supervisor_reads_and_notes_but_does_not_act_for_the_regency() -> None:
    incident = open_incident()
    with scoped(AYU):
        services.incident_note(incident=incident.id, text="Penghitungan berlanjut.", by=AYU, at=NOON)
        with pytest.raises(NotYourDesk):
            services.incident_start(incident=incident.id, by=AYU, at=NOON)

"""Verifying, rejecting, returning and placing a report, and who may."""

from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from ronda.incidents.tests.cast import (
    AYU,
    AYU_HEAD,
    BAGAS,
    CITRA,
    DEWA,
    EKA,
    FAJAR,
    NEXT_VILLAGE,
    NOON,
    STATION,
    VILLAGE,
    said,
    stage_set,
)
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.reports import selectors, services
from ronda.reports.adapters import Sender
from ronda.reports.domain import MoveRefused, RejectReason, ReportState, SourceCheck
from ronda.reports.models import FollowStep, Report, ReportDecision, ReporterContact
from ronda.reports.services import VerifiedFacts

pytestmark = pytest.mark.django_db
FACTS = VerifiedFacts(
    "count_procedure", VILLAGE, NOON, SourceCheck.DOCUMENT, STATION, "PTPS dihubungi", document="LHP/7"
)


@pytest.fixture
def report(db: None) -> Report:
    stage_set()
    return services.reports_receive(incoming=[said(FAJAR)])[0]


def names(subject: UUID) -> list[str]:
    with scoped(Scope.system()):
        return list(
            EventRow.objects.filter(subject=subject).order_by("position").values_list("name", flat=True)
        )


def test_verifying_writes_decision_event_audit_line_and_follow_step(report: Report) -> None:
    with scoped(CITRA):
        services.report_verify(report=report.id, facts=FACTS, by=CITRA, at=NOON)
        decision = ReportDecision.objects.get(report=report)
    assert (decision.verdict, decision.kind, decision.place, str(decision.by)) == (
        "verified",
        "count_procedure",
        VILLAGE,
        CITRA.person,
    )
    assert names(report.id) == ["report.received", "report.verified"]
    with scoped(Scope.system()):
        line = AuditLine.objects.get(action="report.verified")
        assert (str(line.person), line.agency) == (CITRA.person, "bawaslu")
        assert list(FollowStep.objects.order_by("at", "id").values_list("state", flat=True)) == [
            "received",
            "verified",
        ]


def test_verifying_twice_has_one_effect(report: Report) -> None:
    with scoped(CITRA):
        services.report_verify(report=report.id, facts=FACTS, by=CITRA, at=NOON)
        with pytest.raises(MoveRefused):
            services.report_verify(report=report.id, facts=FACTS, by=CITRA, at=NOON)
        assert ReportDecision.objects.count() == 1


def test_nobody_verifies_the_own_report(report: Report) -> None:
    (own,) = services.reports_receive(incoming=[said(CITRA)])
    with scoped(CITRA), pytest.raises(MoveRefused, match="orang lain"):
        services.report_verify(report=own.id, facts=FACTS, by=CITRA, at=NOON)
    with scoped(AYU_HEAD):
        assert services.report_verify(report=own.id, facts=FACTS, by=AYU_HEAD, at=NOON).state == "verified"


@pytest.mark.parametrize("who", [DEWA, EKA, BAGAS, FAJAR])
def test_those_without_the_mandate_find_no_report_to_verify(report: Report, who: Scope) -> None:
    with scoped(who), pytest.raises(Report.DoesNotExist):
        services.report_verify(report=report.id, facts=FACTS, by=who, at=NOON)


def test_the_police_cannot_decide_even_their_own_report() -> None:
    stage_set()
    (own,) = services.reports_receive(incoming=[said(BAGAS)])
    with scoped(BAGAS), pytest.raises(Report.DoesNotExist):
        services.report_verify(report=own.id, facts=FACTS, by=BAGAS, at=NOON)


def test_an_unknown_kind_or_place_is_refused_in_words(report: Report) -> None:
    for wrong in (
        VerifiedFacts("rumor", VILLAGE, NOON, SourceCheck.SEEN),
        VerifiedFacts("violence", "51.01.02.2999", NOON, SourceCheck.SEEN),
        VerifiedFacts("violence", "", NOON, SourceCheck.SEEN),
    ):
        with scoped(CITRA), pytest.raises(MoveRefused, match="daftar"):
            services.report_verify(report=report.id, facts=wrong, by=CITRA, at=NOON)


def test_rejecting_needs_a_sentence_and_can_be_taken_back(report: Report) -> None:
    with scoped(CITRA):
        with pytest.raises(MoveRefused):
            services.report_reject(report=report.id, reason=RejectReason.TRIAL, note=" ", by=CITRA, at=NOON)
        services.report_reject(
            report=report.id, reason=RejectReason.TRIAL, note="Uji coba.", by=CITRA, at=NOON
        )
        assert selectors.report_for(report.id).state == ReportState.REJECTED
        services.report_return(report=report.id, note="Ternyata bukan uji coba.", by=CITRA, at=NOON)
        assert selectors.report_for(report.id).state == ReportState.NEW
    assert names(report.id) == ["report.received", "report.rejected", "report.returned"]


def test_placing_is_a_new_row_and_leaves_what_came_in_alone(report: Report) -> None:
    (lost,) = services.reports_receive(
        incoming=[said(FAJAR, place="Yeh Embang", station=None, sender=Sender(area="51.01"))]
    )
    with scoped(CITRA):
        with pytest.raises(MoveRefused):
            services.report_place(report=lost.id, place="51.01.09.9999", by=CITRA, at=NOON)
        services.report_place(report=lost.id, place=NEXT_VILLAGE, note="dari nama banjar", by=CITRA, at=NOON)
        now = selectors.report_for(lost.id)
        assert (now.place, now.area, now.is_placed) == ("Yeh Embang", NEXT_VILLAGE, True)
        assert selectors.placements_of(lost.id)[0].place == NEXT_VILLAGE


@pytest.mark.parametrize("column", ["text", "place", "received_at", "sent_by", "kind", "message"])
def test_the_database_refuses_to_change_what_came_in(report: Report, column: str) -> None:
    with scoped(CITRA), pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=report.id).update(
            **{column: None if column == "sent_by" else getattr(report, column)}
        )


def test_the_database_refuses_a_rejection_without_reason(report: Report) -> None:
    row = ReportDecision(
        report=report,
        verdict="rejected",
        area=VILLAGE,
        agency="bawaslu",
        sensitivity=2,
        created_at=NOON,
        at=NOON,
    )
    with scoped(CITRA), pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_only_the_regency_supervisor_reads_a_contact_and_each_reading_is_audited(report: Report) -> None:
    given = {"message": report.message, "name": "Fajar", "phone": "0812", "area": VILLAGE, "at": NOON}
    services.contact_add(**given)
    services.contact_add(**given)
    with scoped(Scope.system()):
        assert ReporterContact.objects.count() == 1
    for who in (AYU, AYU_HEAD, BAGAS, DEWA, EKA, FAJAR):
        with scoped(who):
            assert not selectors.has_contact(report)
    with scoped(CITRA):
        contact = services.contact_reveal(report=report.id, reason="Menanyakan waktu", by=CITRA, at=NOON)
        assert contact.phone == "0812"
    with scoped(Scope.system()):
        line = AuditLine.objects.get(action="reporter_contact.revealed")
        assert (line.detail["reason"], str(line.person)) == ("Menanyakan waktu", CITRA.person)
        assert "0812" not in str(list(EventRow.objects.values_list("data", flat=True)))


def test_a_contact_is_not_opened_without_a_reason(report: Report) -> None:
    services.contact_add(message=report.message, name="Fajar", phone="", area=VILLAGE, at=NOON)
    with scoped(CITRA), pytest.raises(MoveRefused):
        services.contact_reveal(report=report.id, reason="", by=CITRA, at=NOON)


def test_the_reporter_sees_states_and_times_under_the_code_and_nothing_else(report: Report) -> None:
    with scoped(CITRA):
        services.report_verify(report=report.id, facts=FACTS, by=CITRA, at=NOON)
    with scoped(FAJAR):
        steps = selectors.follow_steps(selectors.code_of(report))
        assert [step["state"] for step in steps] == ["received", "verified"]
        assert set(steps[0]) == {"state", "words", "at"}
        assert selectors.follow_steps("0000-0000-0000") == []
        for model in (Report, ReportDecision, ReporterContact):
            assert model.objects.count() == 0
        assert set(FollowStep.objects.values_list("area", flat=True)) == {"51.01"}

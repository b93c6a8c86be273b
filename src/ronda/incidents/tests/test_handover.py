"""Hand-over between desks: who may send and answer, what each step leaves behind, who sees it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ronda.incidents import selectors, services
from ronda.incidents.domain import Desk, IncidentState, NotYourDesk
from ronda.incidents.models import (
    Action,
    Handover,
    HandoverStep,
    Incident,
    IncidentEntry,
)
from ronda.incidents.services import IncidentFacts, handing
from ronda.incidents.tests.cast import (
    AYU,
    BAGAS,
    BAWASLU,
    CITRA,
    DEWA,
    EKA,
    ELECTION,
    FAJAR,
    KESBANGPOL,
    NOON,
    POLSEK,
    STATION,
    VILLAGE,
    said,
)
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.reports.domain import MoveRefused, SourceCheck, receipt_code
from ronda.reports.selectors import follow_steps
from ronda.reports.services import VerifiedFacts, reports_receive

KESBANG = Desk("kesbangpol", "51.01")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]


def open_incident(by: Scope = CITRA, **changes: object) -> Incident:
    given = {
        "kind": "violence",
        "title": "Keributan di luar TPS 07",
        "summary": "Dua saksi berselisih.",
        "area": VILLAGE,
        "happened_at": NOON,
        "known_at": NOON,
        "election": ELECTION,
        "station_code": STATION,
        **changes,
    }
    with scoped(by):
        return services.incident_open(facts=IncidentFacts(**given), by=by, at=NOON)  # type: ignore[arg-type]


def send(incident: Incident, to: Desk = POLSEK, by: Scope = CITRA) -> Handover:
    with scoped(by):
        return services.handover_send(incident=incident.id, to=to, request="Amankan TPS 07.", by=by, at=NOON)


def sees(who: Scope, incident: Incident) -> bool:
    with scoped(who):
        return Incident.objects.filter(pk=incident.id).exists()


def now(incident: Incident) -> Incident:
    with scoped(CITRA):
        return Incident.objects.get(pk=incident.id)


def steps(handover: Handover) -> list[tuple[str, str]]:
    with scoped(CITRA):
        rows = HandoverStep.objects.filter(handover=handover).order_by("at", "id")
        return [(row.state, str(row.by)) for row in rows]


def test_before_a_hand_over_only_the_supervisor_sees_the_incident() -> None:
    incident = open_incident()
    seen = [sees(who, incident) for who in (CITRA, AYU, BAGAS, KESBANGPOL, DEWA, EKA, FAJAR)]
    assert seen == [True, True, False, False, False, False, False]


def test_sending_shares_the_incident_and_its_history_with_the_receiver_alone() -> None:
    incident = open_incident()
    with scoped(CITRA):
        services.incident_note(
            incident=incident.id, text="KPPS menghentikan penghitungan.", by=CITRA, at=NOON
        )
    send(incident)
    assert [sees(who, incident) for who in (BAGAS, KESBANGPOL, DEWA, EKA, FAJAR)] == [True] + [False] * 4
    with scoped(BAGAS):
        assert set(IncidentEntry.objects.values_list("kind", flat=True)) == {"opened", "note"}
        assert Handover.objects.count() == 1


def test_sending_leaves_step_event_audit_line_and_an_answering_clock() -> None:
    incident = open_incident()
    handover = send(incident)
    assert handover.due_at == NOON + timedelta(hours=1)  # law/incident_kinds.yaml: violence, 1 hour
    assert (now(incident).state, now(incident).due_at) == (IncidentState.HANDED, handover.due_at)
    assert steps(handover) == [("sent", CITRA.person)]
    with scoped(Scope.system()):
        event = EventRow.objects.get(name="handover.sent")
        assert (event.subject, event.data["to"], event.audience) == (incident.id, "polri", ["polri"])
        assert AuditLine.objects.filter(action="handover.sent", subject=incident.id).count() == 1


def test_accepting_passes_the_incident_to_the_receiver() -> None:
    incident = open_incident()
    handover = send(incident)
    with scoped(BAGAS):
        services.handover_receive(handover=handover.id, by=BAGAS, at=NOON + timedelta(minutes=2))
        services.handover_accept(handover=handover.id, by=BAGAS, at=NOON + timedelta(minutes=4))
    held = now(incident)
    assert (held.holder_agency, held.holder_area, held.state) == ("polri", POLSEK.area, "handling")
    assert [state for state, _ in steps(handover)] == ["sent", "received", "accepted"]


def test_accepting_at_once_notes_the_receipt_too() -> None:
    handover = send(open_incident())
    with scoped(BAGAS):
        services.handover_accept(handover=handover.id, by=BAGAS, at=NOON)
    assert {state for state, _ in steps(handover)} == {"sent", "received", "accepted"}


def test_answering_twice_has_one_effect() -> None:
    handover = send(open_incident())
    with scoped(BAGAS):
        services.handover_accept(handover=handover.id, by=BAGAS, at=NOON)
        with pytest.raises(MoveRefused):
            services.handover_accept(handover=handover.id, by=BAGAS, at=NOON)
        with pytest.raises(MoveRefused):
            services.handover_refuse(handover=handover.id, reason="salah", by=BAGAS, at=NOON)
    assert len(steps(handover)) == 3


def test_refusing_needs_a_reason_and_gives_the_turn_back_to_the_sender() -> None:
    incident = open_incident()
    handover = send(incident)
    with scoped(BAGAS):
        with pytest.raises(MoveRefused):
            services.handover_refuse(handover=handover.id, reason=" ", by=BAGAS, at=NOON)
        services.handover_refuse(handover=handover.id, reason="Bukan wilayah kami.", by=BAGAS, at=NOON)
    back = now(incident)
    assert (back.state, back.holder_agency) == (IncidentState.OPEN, "bawaslu")


def test_the_sender_withdraws_and_may_send_to_another_desk() -> None:
    incident = open_incident()
    handover = send(incident)
    with scoped(CITRA):
        services.handover_withdraw(handover=handover.id, reason="Salah alamat.", by=CITRA, at=NOON)
    second = send(incident, Desk("kesbangpol", "51.01"))
    assert (second.sequence, now(incident).state) == (2, IncidentState.HANDED)


def test_the_receiver_returns_what_it_has_accepted() -> None:
    incident = open_incident()
    handover = send(incident)
    with scoped(BAGAS):
        services.handover_accept(handover=handover.id, by=BAGAS, at=NOON)
        services.handover_return(handover=handover.id, reason="Aman, urusan administrasi.", by=BAGAS, at=NOON)
    back = now(incident)
    assert (back.state, back.holder_agency, back.holder_area) == ("open", "bawaslu", BAWASLU.area)


def test_the_police_hand_on_to_a_third_desk_and_all_three_read_the_whole_trail() -> None:
    incident = open_incident()
    first = send(incident)
    with scoped(BAGAS):
        services.handover_accept(handover=first.id, by=BAGAS, at=NOON)
    send(incident, Desk("kesbangpol", "51.01"), by=BAGAS)
    for who in (CITRA, BAGAS, KESBANGPOL):
        with scoped(who):
            assert Handover.objects.count() == 2
            assert HandoverStep.objects.count() == 4
            assert IncidentEntry.objects.filter(kind="opened").count() == 1


def refused(handover: Handover) -> None:
    with scoped(BAGAS):
        services.handover_refuse(handover=handover.id, reason="Bukan wilayah kami.", by=BAGAS, at=NOON)


def returned(handover: Handover) -> None:
    with scoped(BAGAS):
        services.handover_accept(handover=handover.id, by=BAGAS, at=NOON)
        services.handover_return(handover=handover.id, reason="Aman.", by=BAGAS, at=NOON)


def withdrawn(handover: Handover) -> None:
    with scoped(CITRA):
        services.handover_withdraw(handover=handover.id, reason="Salah alamat.", by=CITRA, at=NOON)


def noted(incident: Incident, text: str) -> None:
    with scoped(CITRA):
        services.incident_note(incident=incident.id, text=text, by=CITRA, at=NOON)


@pytest.mark.parametrize("go_back", [refused, returned, withdrawn])
def test_an_agency_keeps_what_it_read_until_it_gave_back_and_reads_nothing_later(
    go_back: Callable[[Handover], None],
) -> None:
    incident = open_incident()
    noted(incident, "Sebelumnya.")
    handover = send(incident)
    go_back(handover)
    noted(incident, "Sesudahnya.")
    send(incident, KESBANG)
    assert [sees(who, incident) for who in (CITRA, BAGAS, KESBANGPOL)] == [True, False, True]
    with scoped(BAGAS):
        assert list(Handover.objects.values_list("id", "state")) == [(handover.id, go_back.__name__)]
        assert HandoverStep.objects.exclude(handover=handover).count() == 0
        assert list(IncidentEntry.objects.exclude(text="").values_list("text", flat=True)) == ["Sebelumnya."]
        kept = selectors.incident_left(incident.id, by=BAGAS, at=NOON)
        assert kept is not None
        assert (kept.incident.title, len(kept.trail)) == (incident.title, 1)
        with pytest.raises(Incident.DoesNotExist):
            kept.incident.refresh_from_db(fields=["state"])
    with scoped(Scope.system()):
        later = EventRow.objects.filter(subject=incident.id, name__in=["incident.noted", "handover.sent"])
        assert ["polri" in row.audience for row in later.order_by("position")] == [False, True, False, False]


def test_control_without_the_narrowing_the_refused_agency_reads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing, "unshare", lambda incident, agency: None)
    with pytest.raises(AssertionError):
        test_an_agency_keeps_what_it_read_until_it_gave_back_and_reads_nothing_later(refused)


def test_those_who_never_had_it_keep_nothing_of_it() -> None:
    incident = open_incident()
    refused(send(incident))
    for who in (KESBANGPOL, DEWA, EKA, FAJAR):
        with scoped(who):
            assert selectors.incident_left(incident.id, by=who, at=NOON) is None


def test_an_agency_that_is_asked_again_reads_all_of_it_again() -> None:
    incident = open_incident()
    refused(send(incident))
    noted(incident, "Sesudahnya.")
    send(incident)
    with scoped(BAGAS):
        assert IncidentEntry.objects.filter(text="Sesudahnya.").exists()
        assert Handover.objects.count() == 2


def accepted(handover: Handover, by: Scope) -> None:
    with scoped(by):
        services.handover_accept(handover=handover.id, by=by, at=NOON)


def test_giving_back_hides_what_others_still_move_and_leaves_the_sender_a_reader() -> None:
    incident = open_incident()
    accepted(send(incident), BAGAS)
    with scoped(BAGAS):
        services.action_assign(
            incident=incident.id,
            title="Jaga",
            owner=POLSEK,
            due_at=NOON + timedelta(hours=1),
            by=BAGAS,
            at=NOON,
        )
    second = send(incident, KESBANG, by=BAGAS)
    accepted(second, KESBANGPOL)
    with scoped(KESBANGPOL):
        assert (Action.objects.count(), Handover.objects.count()) == (1, 2)
        services.handover_return(handover=second.id, reason="Selesai.", by=KESBANGPOL, at=NOON)
        assert (Action.objects.count(), list(Handover.objects.all())) == (0, [second])
    assert [sees(who, incident) for who in (BAGAS, KESBANGPOL)] == [True, False]


def test_an_agency_with_an_open_action_finishes_it_before_it_gives_back() -> None:
    incident = open_incident()
    handover = send(incident)
    accepted(handover, BAGAS)
    due = NOON + timedelta(hours=1)
    with scoped(BAGAS):
        action = services.action_assign(
            incident=incident.id, title="Jaga", owner=POLSEK, due_at=due, by=BAGAS, at=NOON
        )
        with pytest.raises(MoveRefused):
            services.handover_return(handover=handover.id, reason="Aman.", by=BAGAS, at=NOON)
        services.action_finish(action=action.id, note="Dijaga.", by=BAGAS, at=NOON)
        services.handover_return(handover=handover.id, reason="Aman.", by=BAGAS, at=NOON)
    with scoped(CITRA):
        services.incident_start(incident=incident.id, by=CITRA, at=NOON)
        with pytest.raises(MoveRefused):
            services.action_reopen(action=action.id, reason="Belum.", by=CITRA, at=NOON)


def test_reporters_read_that_it_went_back_but_neither_who_nor_why() -> None:
    (report,) = reports_receive(incoming=[said(FAJAR)])
    facts = VerifiedFacts("violence", VILLAGE, NOON, SourceCheck.DOCUMENT, document="LHP/7")
    with scoped(CITRA):
        incident = services.incident_open_from_report(
            report=report.id, facts=facts, title="Ribut", summary="", by=CITRA, at=NOON
        )
    refused(send(incident))
    accepted(send(incident), BAGAS)
    second = send(incident, KESBANG, by=BAGAS)
    with scoped(KESBANGPOL):
        services.handover_refuse(handover=second.id, reason="Bukan kami.", by=KESBANGPOL, at=NOON)
    with scoped(FAJAR):
        steps = follow_steps(receipt_code(report.message))
    states = [step["state"] for step in sorted(steps, key=lambda step: step["at"])]
    assert states == ["received", "verified", "handed", "back", "handed", "accepted", "handed", "kept"]
    shown = " ".join(step["words"] for step in steps)
    assert "Kembali ke pengawas untuk diteruskan ke lembaga lain" in shown
    assert not any(word in shown for word in ("Bukan", "Polsek", "Kesbangpol", "polri"))


def test_only_one_hand_over_waits_at_a_time() -> None:
    incident = open_incident()
    handover = send(incident)
    with pytest.raises(MoveRefused):
        send(incident, Desk("kesbangpol", "51.01"))
    with scoped(CITRA), pytest.raises(IntegrityError), transaction.atomic():
        fields = {
            f.attname: getattr(handover, f.attname)
            for f in Handover._meta.fields
            if f.name not in ("id", "sequence")
        }
        Handover(sequence=9, **fields).save(force_insert=True)


@pytest.mark.parametrize(
    "to",
    [
        Desk("polri", "51.01.03"),  # the place lies elsewhere
        Desk("polri", VILLAGE),  # there is no such unit
        Desk("partai-02", "51.01"),  # parties hold no incidents
        Desk("bawaslu", "51.01"),  # it lies there already
    ],
)
def test_a_desk_that_cannot_hold_it_is_refused(to: Desk) -> None:
    with pytest.raises(MoveRefused):
        send(open_incident(), to)


def test_only_the_holder_sends_and_only_the_addressee_answers() -> None:
    incident = open_incident()
    with pytest.raises(NotYourDesk):
        send(incident, by=AYU)
    handover = send(incident)
    polres_elsewhere = Scope("polri", "polri", VILLAGE, (0, 1, 2), BAGAS.person)
    for who in (CITRA, polres_elsewhere):
        with scoped(who), pytest.raises(NotYourDesk):
            services.handover_accept(handover=handover.id, by=who, at=NOON)


@pytest.mark.parametrize("who", [DEWA, EKA, FAJAR, KESBANGPOL])
def test_those_outside_find_nothing_to_answer(who: Scope) -> None:
    handover = send(open_incident())
    with scoped(who), pytest.raises(Handover.DoesNotExist):
        services.handover_accept(handover=handover.id, by=who, at=NOON)


def test_steps_are_never_edited() -> None:
    handover = send(open_incident())
    for column, value in [("state", "accepted"), ("at", NOON), ("reason", "lain")]:
        with scoped(CITRA), pytest.raises(DatabaseError), transaction.atomic():
            HandoverStep.objects.filter(handover=handover).update(**{column: value})


def test_the_desk_list_of_each_agency_names_what_waits_with_the_overdue_first() -> None:
    late = open_incident(title="Lama")
    fresh = open_incident(title="Baru", kind="money_politics")
    send(late)
    send(fresh)
    with scoped(BAGAS):
        needs = selectors.needs_me(BAGAS)
    assert [(need.kind, need.label) for need in needs] == [
        ("handover", late.label),
        ("handover", fresh.label),
    ]
    assert needs[0].from_desk == BAWASLU
    with scoped(DEWA):
        assert selectors.needs_me(DEWA) == []


def test_the_acts_on_the_page_are_those_the_services_accept() -> None:
    incident = open_incident()
    with scoped(CITRA):
        assert selectors.acts_for(incident, CITRA) == {"note", "start", "hand_over", "assign", "finish"}
    handover = send(incident)
    current = now(incident)
    with scoped(CITRA):
        assert selectors.acts_for(current, CITRA) == {"note", "withdraw"}
    with scoped(BAGAS):
        assert selectors.acts_for(current, BAGAS) == {"note", "accept", "refuse", "receive"}
        services.handover_accept(handover=handover.id, by=BAGAS, at=NOON)
    with scoped(BAGAS):
        acts = selectors.acts_for(Incident.objects.get(pk=incident.id), BAGAS)
    assert acts == {"note", "hand_over", "assign", "give_back", "finish"}

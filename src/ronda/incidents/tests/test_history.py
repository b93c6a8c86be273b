"""What was known of incidents at an instant is exactly what the desk showed then."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from ronda.incidents import services
from ronda.incidents.domain import Desk, EvidenceKind
from ronda.incidents.models import Incident
from ronda.incidents.selectors import IncidentFilter, incident_counts_by_area, incident_list
from ronda.incidents.selectors.history import (
    closed_between,
    incidents_then,
    opened_between,
    unanswered_then,
)
from ronda.incidents.services import Evidence
from ronda.incidents.tests.cast import (
    BAGAS,
    CITRA,
    DEWA,
    EKA,
    KESBANGPOL,
    NOON,
    POLSEK,
    REGENCY,
    VILLAGE,
    person,
)
from ronda.incidents.tests.test_handover import open_incident
from ronda.kernel.areas import Level
from ronda.kernel.scope import Scope, scoped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]
PUTRI = Scope("bawaslu", "bawaslu", REGENCY, (0, 1, 2, 3), person(9))
Shown = list[tuple[str, str, Desk, datetime | None]]


def shown(at: datetime) -> Shown:
    """What the list of open incidents shows at an instant, when that instant is now."""
    with scoped(CITRA):
        rows = incident_list(IncidentFilter(), at=at)
    return sorted(
        (row.title, row.state, Desk(row.holder_agency, row.holder_area), row.due_at) for row in rows
    )


def told(at: datetime) -> Shown:
    """The same, told afterwards."""
    with scoped(CITRA):
        rows = incidents_then(at=at)
    return sorted((row.title, row.state, row.holder, row.due_at) for row in rows)


def night() -> list[tuple[datetime, Shown]]:
    """Two incidents through every kind of step, a quarter of an hour apart, and what was shown after each."""
    seen: list[tuple[datetime, Shown]] = []
    at = NOON
    made: dict[str, Any] = {}

    def act(service: Callable[..., Any], by: Scope, **given: Any) -> Any:
        nonlocal at
        at += timedelta(minutes=15)
        with scoped(by):
            result = service(by=by, at=at, **given)
        seen.append((at, shown(at)))
        return result

    first, second = open_incident(title="Satu").id, open_incident(title="Dua", kind="voter_list").id
    seen.append((at, shown(at)))
    made["sent"] = act(services.handover_send, CITRA, incident=first, to=POLSEK, request="Amankan.")
    act(services.handover_receive, BAGAS, handover=made["sent"].id)
    act(services.handover_refuse, BAGAS, handover=made["sent"].id, reason="Bukan wilayah kami.")
    made["sent"] = act(services.handover_send, CITRA, incident=first, to=POLSEK, request="Amankan lagi.")
    act(services.handover_accept, BAGAS, handover=made["sent"].id)
    task = {"incident": first, "title": "Patroli", "owner": POLSEK}
    made["task"] = act(services.action_assign, BAGAS, **task, due_at=at + timedelta(hours=9))
    made["other"] = act(services.action_assign, BAGAS, **task, due_at=at + timedelta(hours=4))
    act(services.action_finish, BAGAS, action=made["other"].id, note="Sudah.")
    act(services.action_finish, BAGAS, action=made["task"].id, note="Sudah.")
    act(services.incident_note, CITRA, incident=first, text="Massa bubar.")
    act(services.handover_return, BAGAS, handover=made["sent"].id, reason="Tugas kami selesai.")
    made["sent"] = act(services.handover_send, CITRA, incident=second, to=POLSEK, request="Cek.")
    act(services.handover_withdraw, CITRA, handover=made["sent"].id, reason="Salah alamat.")
    act(services.incident_start, CITRA, incident=first)
    proof = {"note": "Aman.", "evidence": Evidence(EvidenceKind.DOCUMENT, "LP/12")}
    act(services.incident_finish, CITRA, incident=first, **proof)
    act(services.incident_send_back, PUTRI, incident=first, reason="Kurang jelas.")
    act(services.incident_finish, CITRA, incident=first, **proof)
    act(services.incident_close, PUTRI, incident=first, note="Dilihat.")
    act(services.incident_reopen, PUTRI, incident=first, reason="Terulang.")
    return seen


def test_the_past_is_told_as_it_was_shown_at_every_moment() -> None:
    seen = night()

    assert len({str(was) for _at, was in seen}) > 12, "the night shows many different pictures"
    assert [told(at) for at, _was in seen] == [was for _at, was in seen]


def test_between_two_steps_the_earlier_one_holds() -> None:
    seen = night()

    between = [at + timedelta(minutes=7) for at, _was in seen]
    assert [told(at) for at in between] == [was for _at, was in seen]
    assert told(NOON - timedelta(seconds=1)) == []


def test_control_the_present_is_not_the_past() -> None:
    seen = night()

    assert any(shown(at) != was for at, was in seen)


def test_the_counts_of_the_map_are_those_of_the_past() -> None:
    night()
    at = NOON + timedelta(hours=9)
    with scoped(CITRA):
        counted = incident_counts_by_area(Level.VILLAGE, REGENCY, at=at)[VILLAGE]
        rows = incidents_then(REGENCY, at=at)
    assert (counted.open, counted.overdue) == (len(rows), sum(row.is_late(at) for row in rows))


@pytest.mark.parametrize("who", [DEWA, EKA, KESBANGPOL], ids=["dewa", "eka", "kesbangpol"])
def test_who_reads_no_incident_reads_no_past_of_it(who: Scope) -> None:
    night()
    with scoped(who):
        assert incidents_then(at=NOON + timedelta(hours=2)) == []
        assert unanswered_then(at=NOON + timedelta(minutes=20)).count == 0
        assert closed_between("", start=NOON, end=NOON + timedelta(days=1)) == {}


def test_the_police_read_the_past_of_what_they_were_handed_alone() -> None:
    first, _other = open_incident(title="Satu"), open_incident(title="Dua")
    at = NOON + timedelta(minutes=10)
    with scoped(CITRA):
        services.handover_send(incident=first.id, to=POLSEK, request="Amankan.", by=CITRA, at=at)
    with scoped(BAGAS):
        services.incident_note(
            incident=first.id, text="Menuju tempat.", by=BAGAS, at=at + timedelta(minutes=5)
        )
        assert [(row.title, row.state) for row in incidents_then(at=NOON)] == [("Satu", "open")]


def test_opened_closed_and_unanswered_are_counted_in_their_time() -> None:
    seen = night()
    end = seen[-1][0]
    with scoped(CITRA):
        assert opened_between(REGENCY, start=NOON, end=end) == {"violence": 1, "voter_list": 1}
        assert opened_between(REGENCY, start=NOON + timedelta(minutes=1), end=end) == {}
        assert closed_between(REGENCY, start=NOON, end=end) == {"violence": 1}
        assert closed_between(REGENCY, start=NOON, end=NOON + timedelta(hours=4)) == {}
        waiting = unanswered_then(REGENCY, at=NOON + timedelta(minutes=20))
        assert (waiting.count, waiting.late, waiting.by_desk) == (1, 0, {POLSEK: 1})
        assert unanswered_then(REGENCY, at=NOON + timedelta(minutes=46)).count == 0
        assert Incident.objects.count() == 2

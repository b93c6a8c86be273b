"""What the field did about an incident arrives as a line of it, once, and only from those who may read it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from ronda.gate.domain import Message
from ronda.incidents.models import Incident, IncidentEntry
from ronda.incidents.subscribers import UnreadableFollowUpError, take_followups
from ronda.incidents.tests.cast import BAGAS, DEWA, EKA, NOON
from ronda.incidents.tests.test_acting_and_closing import handled_by_polsek
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]
DONE = "Warga sudah ditenangkan, TPS dibuka lagi."


def told(by: Scope, body: dict[str, Any], *, id_: UUID | None = None, files: tuple[str, ...] = ()) -> Message:
    return Message(
        id=id_ or uuid4(),
        n=1,
        kind="followup",
        election="",
        place="",
        station=None,
        captured_at=NOON,
        received_at=NOON,
        is_ahead=False,
        body=body,
        files=tuple({"sha256": one, "size": 1, "type": "image/jpeg"} for one in files),
        missing_files=(),
        area=by.area,
        agency=by.agency,
        sender_kind=by.kind,
        sender_area=by.area,
        device=None,
        person=UUID(by.person),
        sha256="",
    )


def take(*messages: Message) -> None:
    with scoped(Scope.system()):
        take_followups(messages)


def notes(incident: Incident) -> list[str]:
    with scoped(Scope.system()):
        rows = IncidentEntry.objects.filter(incident=incident, kind="note").order_by("id")
        return list(rows.values_list("text", flat=True))


def test_what_the_field_did_is_a_line_of_the_incident_with_its_event() -> None:
    incident = handled_by_polsek()

    take(told(BAGAS, {"incident": str(incident.id), "text": DONE}))

    assert notes(incident) == [DONE]
    with scoped(Scope.system()):
        line = IncidentEntry.objects.get(incident=incident, kind="note")
        assert (line.agency, str(line.by)) == ("polri", BAGAS.person)
        assert EventRow.objects.filter(subject=incident.id, name="incident.noted").count() == 1


def test_the_same_message_taken_in_twice_is_one_line() -> None:
    incident = handled_by_polsek()
    message = told(BAGAS, {"incident": str(incident.id), "text": DONE})

    take(message)
    take(message)

    assert notes(incident) == [DONE]


def test_the_hashes_of_its_photos_stand_in_the_line() -> None:
    incident = handled_by_polsek()

    take(told(BAGAS, {"incident": str(incident.id), "text": DONE}, files=("a" * 64, "b" * 64)))

    assert notes(incident)[0].endswith("a" * 64 + "\n" + "b" * 64)


@pytest.mark.parametrize("stranger", [DEWA, EKA], ids=["Dewa", "Eka"])
def test_who_may_not_read_the_incident_writes_nothing_on_it(stranger: Scope) -> None:
    incident = handled_by_polsek()

    with pytest.raises(Incident.DoesNotExist):
        take(told(stranger, {"incident": str(incident.id), "text": DONE}))

    assert notes(incident) == []


@pytest.mark.parametrize("body", [{"incident": "K-1", "text": DONE}, {"incident": str(uuid4())}, {}])
def test_a_message_that_says_nothing_readable_is_set_aside(body: dict[str, Any]) -> None:
    with pytest.raises(UnreadableFollowUpError):
        take(told(BAGAS, body))

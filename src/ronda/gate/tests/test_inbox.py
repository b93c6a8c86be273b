"""From the gate to the context that owns a kind: each once, in batches, and a bad one stops no other."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from ronda.gate import consumers, services
from ronda.gate.commit import SCOPE
from ronda.gate.domain import FILE_PATIENCE, PUBLIC_PER_MINUTE, Grant, OutcomeState
from ronda.gate.inbox import messages_consume
from ronda.gate.models import Conflict, File, Message, Outcome
from ronda.gate.selectors import consumed_until, files_unnamed
from ronda.gate.tests.at_the_door import message, raw
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.ledger.models import Entry
from ronda.verify import VerifierKey, check_receipt

AT = datetime(2024, 11, 27, 1, 0, tzinfo=UTC)
BAWASLU = Grant("bawaslu", "bawaslu", "51.01")


@pytest.fixture
def taken(monkeypatch):
    """What the handlers of kinds `report` and `checkin` got, batch by batch."""
    batches: list = []
    monkeypatch.setattr(consumers, "_handlers", {})

    def handler(messages):
        batches.append([one.id for one in messages])
        if any(one.body.get("text") == "poison" for one in messages):
            raise ValueError("Fajar cannot be read")

    consumers.register("report", handler)
    consumers.register("checkin", handler)
    return batches


def accept(grant: Grant = BAWASLU, *, at: datetime = AT, **fields) -> UUID:
    sent = raw(**fields)
    services.message_accept(raw=sent, grant=grant, at=at)
    return UUID(json.loads(sent)["id"])


def consume(at: datetime = AT) -> int:
    with scoped(Scope.system()):
        return messages_consume(at=at)


def states() -> dict[UUID, str]:
    with scoped(Scope.system()):
        return dict(Outcome.objects.values_list("id", "state"))


pytestmark = pytest.mark.django_db


def test_the_inner_door_gives_the_same_receipt_as_the_outer(settings):
    sent = raw()
    answers = {services.message_accept(raw=sent, grant=BAWASLU, at=AT) for _ in range(3)}
    assert len(answers) == 1
    key = VerifierKey(settings.KEYS.node, settings.KEYS.public)
    assert check_receipt(answers.pop(), sent, key) == []


def test_the_inner_door_refuses_what_the_outer_refuses():
    first = message()
    services.message_accept(raw=json.dumps(first).encode(), grant=BAWASLU, at=AT)
    with pytest.raises(services.ConflictingMessage):
        services.message_accept(raw=json.dumps(first | {"station": 9}).encode(), grant=BAWASLU, at=AT)
    with pytest.raises(services.Malformed):
        services.message_accept(raw=b"{", grant=BAWASLU, at=AT)
    with pytest.raises(services.NotAllowed):
        services.message_accept(raw=raw(kind="sheet"), grant=Grant.public(), at=AT)
    with scoped(Scope.system()):
        assert Message.objects.count() == Conflict.objects.count() == 1


def test_messages_go_to_their_kind_once_and_in_order(taken):
    ids = [accept(kind="report") for _ in range(5)]
    other = accept(kind="checkin")
    assert consume() == 6
    assert consume() == 0
    assert sorted(taken, key=len) == [[other], ids]
    assert set(states().values()) == {"done"}


def test_a_message_carries_what_was_sent_and_who_sent_it(monkeypatch):
    got = []
    monkeypatch.setattr(consumers, "_handlers", {})
    consumers.register("report", got.extend)
    person = UUID(int=7)
    id_ = accept(Grant("polri", "polri", "51.01.02", None, person), station="TPS 3", place="51.01.02.2003")
    consume()
    one = got[0]
    assert (one.id, one.station, one.place, one.area) == (id_, "TPS 3", "51.01.02.2003", "51.01.02.2003")
    assert (one.agency, one.sender_kind, one.sender_area, one.person) == (
        "polri",
        "polri",
        "51.01.02",
        person,
    )
    assert one.body == {"text": "kotak suara terbuka"}
    assert one.received_at == AT
    assert one.captured_at.isoformat() == "2024-11-26T23:10:03+00:00"


def test_a_poison_message_is_set_aside_and_the_rest_goes_on(taken):
    good = [accept() for _ in range(3)]
    bad = accept(body={"text": "poison"})
    good.append(accept())
    assert consume() == 5
    assert states() == {bad: "failed", **dict.fromkeys(good, "done")}
    with scoped(Scope.system()):
        outcome = Outcome.objects.get(pk=bad)
        assert outcome.error.startswith("ValueError at ")
        assert "Fajar" not in outcome.error
        assert EventRow.objects.filter(name="message.failed", subject=bad).count() == 1
    assert consume() == 0


def test_a_handler_that_fails_leaves_none_of_its_rows(monkeypatch):
    monkeypatch.setattr(consumers, "_handlers", {})

    def handler(messages):
        File(area="", agency="x", sha256="0" * 64, size=1, created_at=AT).save()
        raise ValueError

    consumers.register("report", handler)
    accept()
    consume()
    with scoped(Scope.system()):
        assert not File.objects.exists()


def test_an_unknown_kind_is_held_and_goes_on_when_somebody_takes_it(taken):
    id_ = accept(kind="drone-video")
    consume()
    assert states() == {id_: "held"}
    assert consume() == 0
    consumers.register("drone-video", lambda messages: taken.append([one.id for one in messages]))
    assert consume() == 1
    assert taken == [[id_]]
    assert states() == {id_: "done"}


def test_a_flood_of_public_reports_is_held_not_refused_and_no_other_area_suffers(taken):
    flood = [accept(Grant.public("51.01"), place="51.01.02.2003") for _ in range(PUBLIC_PER_MINUTE + 5)]
    calm = accept(Grant.public("51.01"), place="51.01.02.2004")
    officer = accept(place="51.01.02.2003")
    for _ in range(4):
        with scoped(Scope.system()):
            messages_consume(at=AT, batch=10)
    assert [states()[id_] for id_ in flood] == ["done"] * PUBLIC_PER_MINUTE + ["held"] * 5
    assert states()[calm] == states()[officer] == "done"


def test_officers_go_on_before_a_flood_of_the_public_that_came_first(taken):
    flood = [accept(Grant.public("51.01"), place="51.01.02.2003") for _ in range(20)]
    officers = [accept() for _ in range(12)]
    with scoped(Scope.system()):
        messages_consume(at=AT, batch=10)
    assert taken == [[*flood[:2], *officers[:8]]]
    for _ in range(3):
        with scoped(Scope.system()):
            messages_consume(at=AT, batch=10)
    assert states() == dict.fromkeys([*flood, *officers], "done")


def test_a_public_message_that_went_first_says_nothing_of_the_registered_before_it(taken):
    def until() -> datetime:
        with scoped(Scope.system()):
            return consumed_until(now=AT + timedelta(hours=1))

    assert until() == AT + timedelta(hours=1)
    for minute in range(10):
        accept(at=AT + timedelta(minutes=minute))
    accept(Grant.public("51.01"), at=AT + timedelta(minutes=30))
    assert until() == AT
    with scoped(Scope.system()):
        messages_consume(at=AT, batch=5)
    assert until() == AT + timedelta(minutes=4)
    consume()
    assert until() == AT + timedelta(hours=1)


def test_a_held_message_goes_on_once_a_person_releases_it(taken):
    for _ in range(PUBLIC_PER_MINUTE):
        accept(Grant.public("51.01"))
    last = accept(Grant.public("51.01"))
    consume()
    assert states()[last] == "held"
    with scoped(Scope(agency="bawaslu", kind="bawaslu", area="51.01", classes=(0, 1, 2))):
        services.message_release(outcome=Outcome.objects.get(pk=last), at=AT)
        assert EventRow.objects.filter(name="message.released").count() == 1
    assert consume() == 1
    assert states()[last] == "done"
    with scoped(Scope.system()), pytest.raises(ValueError, match="cannot be released"):
        services.message_release(outcome=Outcome.objects.get(pk=last), at=AT)


def test_dewa_of_another_regency_sees_no_outcome_of_this_one(taken):
    accept(kind="drone-video")
    consume()
    with scoped(Scope(agency="bawaslu", kind="bawaslu", area="51.02", classes=(0, 1, 2, 3))):
        assert not Outcome.objects.exists()
        assert not Message.objects.exists()
    with scoped(Scope(agency="bawaslu", kind="bawaslu", area="51.01", classes=(0, 1, 2, 3))):
        assert Outcome.objects.count() == 1


def test_a_message_waits_for_its_files_but_not_for_ever(taken):
    digest = "ab" * 32
    waiting = accept(files=[{"sha256": digest, "size": 3}])
    plain = accept()
    assert consume() == 1
    assert taken == [[plain]]
    assert consume(AT + FILE_PATIENCE) == 1
    assert taken == [[plain], [waiting]]


def test_a_message_goes_on_when_its_file_is_there(monkeypatch):
    got = []
    monkeypatch.setattr(consumers, "_handlers", {})
    consumers.register("report", got.extend)
    digest = "ab" * 32
    accept(files=[{"sha256": digest, "size": 3}])
    assert consume() == 0
    with scoped(Scope(agency="gate", kind="gate", classes=(0, 1, 2, 3, 4))):
        File(area="", agency="bawaslu", sensitivity=3, sha256=digest, size=3, created_at=AT).save()
    assert consume() == 1
    assert got[0].missing_files == ()


def test_whole_files_that_no_message_names_are_counted():
    digests = ["ab" * 32, "cd" * 32]
    accept(files=[{"sha256": digests[0], "size": 3}])
    with scoped(SCOPE):
        for digest in digests:
            File(area="", agency="bawaslu", sensitivity=3, sha256=digest, size=3, created_at=AT).save()
    with scoped(Scope.system()):
        assert files_unnamed() == 1


def test_a_lower_number_that_commits_later_is_still_taken(taken):
    """Numbers do not commit in order: after the floor would have moved past it, nothing may be lost."""
    with scoped(SCOPE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('ledger_leaf_n')")
            lower = cursor.fetchone()[0]
        late = uuid4()
    accept()
    consume()
    with scoped(SCOPE):
        row = Message.objects.get()
        row.pk, row.n = late, lower
        row.save(force_insert=True)
    assert consume() == 1
    assert states()[late] == OutcomeState.DONE


def test_one_kind_has_one_handler(taken):
    with pytest.raises(ValueError, match="already go to"):
        consumers.register("report", lambda messages: None)
    assert consumers.known_kinds() == ("checkin", "report")


def test_rounds_come_when_due_and_one_that_fails_stops_no_other(monkeypatch):
    from ronda.gate import worker

    monkeypatch.setattr(consumers, "_rounds", {})
    done: list[str] = []

    def fails() -> int:
        done.append("fails")
        raise ValueError("no")

    consumers.register_round("a", fails, every_s=10)
    consumers.register_round("b", lambda: done.append("b") or 1, every_s=3)
    due: dict[str, float] = {}
    for now_s in (0, 1, 2, 3, 4, 10):
        worker.rounds_due(due, now_s)
    assert done == ["fails", "b", "b", "fails", "b"]
    with pytest.raises(ValueError, match="called 'a' already"):
        consumers.register_round("a", lambda: 0, every_s=1)


def test_the_worker_does_all_there_is_and_stops_when_told(taken, monkeypatch):
    import threading

    from ronda.gate import worker

    monkeypatch.setattr(consumers, "_rounds", {})
    id_ = accept()
    stop = threading.Event()
    consumers.register_round("stop", lambda: stop.set() or 0, every_s=1)
    worker.run(stop)
    assert states() == {id_: "done"}
    with scoped(Scope.system()):
        assert Entry.objects.count() == 1
    assert worker.work_once() == 0

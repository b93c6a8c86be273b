"""The call list: who is on it, that two clerks do not ring the same, and what becomes of a line."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.selectors import scope_of
from ronda.agencies.services import device_register, post_open, unit_open
from ronda.agencies.tests.factories import cast, sign_in
from ronda.kernel import clock
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.domain import CallAct, CallRefused
from ronda.readiness.models import SilenceCall
from ronda.readiness.selectors.calls import CallLine, CallList, call_list_for
from ronda.readiness.services import CallOf, call_mark, checkins_record
from ronda.readiness.tests.factories import (
    ELECTION,
    MEDEWI,
    MENDOYO,
    PENYARINGAN,
    REGENCY,
    VOTING_ON,
    YEHEMBANG,
    jembrana,
    local,
    message,
    step,
)

pytestmark = pytest.mark.django_db
NOW = local("08.00")


@pytest.fixture
def posts(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    people = dict(cast())
    jembrana()
    with scoped(Scope.system()):
        everybody = [step("opened", local("07.05"), MEDEWI, number) for number in (1, 2, 3)]
        checkins_record(messages=everybody, at=local("07.06"))
        unit = people["citra"].unit
        people["wayan"] = post_open(unit=unit, role="duty", name="Wayan", at=NOW, starts_on=VOTING_ON)
    return people


def _called(post: Any, *, area: str = REGENCY, at: Any = NOW) -> CallList:
    with scoped(Scope.system()):
        scope = scope_of(post)
    with scoped(scope):
        return call_list_for(election=ELECTION, voting_on=VOTING_ON, at=at, area=area, by=scope)


def _line(called: CallList, subject: str) -> CallLine:
    return next(line for line in (*called.lines, *called.answered) if line.subject == subject)


def _mark(post: Any, act: CallAct, *, at: Any = NOW, subject: str = PENYARINGAN) -> SilenceCall:
    with scoped(Scope.system()):
        scope = scope_of(post)
    with scoped(scope):
        return call_mark(call=CallOf(ELECTION, subject, subject, "opened"), act=act, by=scope, at=at)


def test_villages_stand_by_how_late_they_are_and_say_which_stations(posts: Any) -> None:
    called = _called(posts["citra"])

    assert [(line.subject, len(line.stations), line.all_stations) for line in called.lines] == [
        (PENYARINGAN, 6, 6),
        (YEHEMBANG, 3, 3),
    ]
    assert called.lines[0].late_from == local("07.30")
    assert [(one.area, one.villages, one.stations) for one in called.areas] == [(MENDOYO, 2, 9)]


def test_the_list_of_an_area_is_that_area(posts: Any) -> None:
    assert _called(posts["citra"], area="51.01.03").total == 0
    assert _called(posts["dewa"], area="35.09").total == 0


def test_an_officer_who_missed_the_roll_call_is_on_the_list_of_the_own_agency_only(posts: Any) -> None:
    with scoped(Scope.system()):
        late = post_open(unit=posts["ayu"].unit, role="officer", name="Ketut", at=NOW, starts_on=VOTING_ON)
        for post in (late, posts["ayu"]):
            device_register(post=post, label="HP", kid=1, at=NOW)
        there = message(
            {"step": "roll_call", "call": "morning"}, local("05.20"), person=posts["ayu"].person_id
        )
        checkins_record(messages=[there], at=local("05.21"))

    officers = [line for line in _called(posts["citra"]).lines if not line.is_village]

    assert [(line.name, line.occasion) for line in officers] == [("Ketut", "morning")]
    assert [line for line in _called(posts["oka"]).lines if not line.is_village] == []


def test_who_takes_a_line_sees_the_number_and_the_colleague_does_not(posts: Any) -> None:
    with scoped(Scope.system()):
        unit = unit_open(agency=posts["citra"].unit.agency, area=YEHEMBANG, name="Pengawas", kind="desa")
        post_open(unit=unit, role="officer", name="Ketut", at=NOW, phone="0813", starts_on=VOTING_ON)
    assert [one.phone for one in _line(_called(posts["citra"]), YEHEMBANG).people] == [""]

    _mark(posts["citra"], CallAct.TAKEN, subject=YEHEMBANG)

    assert [one.phone for one in _line(_called(posts["citra"]), YEHEMBANG).people] == ["0813"]
    other = _line(_called(posts["wayan"]), YEHEMBANG)
    assert (other.state, [one.phone for one in other.people]) == ("held", [""])


def test_two_clerks_never_have_one_line(posts: Any) -> None:
    _mark(posts["citra"], CallAct.TAKEN)

    with pytest.raises(CallRefused, match="Citra sedang menelepon"):
        _mark(posts["wayan"], CallAct.TAKEN)
    with pytest.raises(CallRefused, match="Citra sedang menelepon"):
        _mark(posts["wayan"], CallAct.ANSWERED)
    assert _mark(posts["wayan"], CallAct.TAKEN, at=NOW + timedelta(minutes=11)).number == 2


def test_the_same_mark_twice_is_one_mark(posts: Any) -> None:
    first, again = _mark(posts["citra"], CallAct.TAKEN), _mark(posts["citra"], CallAct.TAKEN)

    assert first.pk == again.pk
    with scoped(Scope.system()):
        assert SilenceCall.objects.count() == 1
        assert AuditLine.objects.filter(action="call.marked").count() == 1


def test_an_answer_takes_the_line_away_until_the_next_step_is_due(posts: Any) -> None:
    _mark(posts["citra"], CallAct.TAKEN)
    _mark(posts["citra"], CallAct.ANSWERED)

    assert [line.subject for line in _called(posts["wayan"]).answered] == [PENYARINGAN]
    later = _called(posts["wayan"], at=local("11.01"))
    assert _line(later, PENYARINGAN).occasion == "queue"
    assert _line(later, PENYARINGAN).state == "open"


def test_who_did_not_answer_comes_back_after_a_while(posts: Any) -> None:
    _mark(posts["citra"], CallAct.TAKEN)
    _mark(posts["citra"], CallAct.UNANSWERED)

    assert _line(_called(posts["wayan"]), PENYARINGAN).state == "waiting"
    later = _line(_called(posts["wayan"], at=NOW + timedelta(minutes=16)), PENYARINGAN)
    assert (later.state, later.tried) == ("again", 1)


def test_what_was_heard_leaves_the_list(posts: Any) -> None:
    with scoped(Scope.system()):
        words = [step("opened", NOW, PENYARINGAN, number) for number in range(1, 7)]
        checkins_record(messages=words, at=NOW)

    assert [line.subject for line in _called(posts["citra"]).lines] == [YEHEMBANG]


def test_marks_stay_in_the_agency(posts: Any) -> None:
    _mark(posts["citra"], CallAct.TAKEN)

    assert _line(_called(posts["oka"]), PENYARINGAN).state == "open"
    with scoped(Scope.system()):
        police = scope_of(posts["oka"])
    with scoped(police):
        assert SilenceCall.objects.count() == 0


def test_who_may_see_no_numbers_marks_nothing(posts: Any) -> None:
    with pytest.raises(CallRefused):
        _mark(posts["ayu"], CallAct.TAKEN)


def test_the_page_takes_a_line_and_notes_the_answer(client: Client, posts: Any) -> None:
    sign_in(client, posts["citra"])
    page = client.get("/kesiapan/telepon/")
    assert page.status_code == 200
    assert "6 dari 6 TPS tanpa kabar" in page.content.decode()
    line = {"subject": PENYARINGAN, "occasion": "opened", "wilayah": REGENCY}

    taken = client.post("/kesiapan/telepon/tandai/", line | {"act": "taken"}, follow=True)
    assert "Anda menelepon" in taken.content.decode()
    client.post("/kesiapan/telepon/tandai/", line | {"act": "answered", "note": "Sinyal lemah"})

    assert "Sinyal lemah" in client.get("/kesiapan/telepon/").content.decode()


@pytest.mark.parametrize("changed", [{"subject": "51.01.02.9999"}, {"act": "x"}, {"wilayah": "35.09"}])
def test_a_line_that_is_not_on_the_list_is_not_found(client: Client, posts: Any, changed: Any) -> None:
    sign_in(client, posts["citra"])
    line = {"subject": PENYARINGAN, "occasion": "opened", "wilayah": REGENCY, "act": "taken"} | changed

    assert client.post("/kesiapan/telepon/tandai/", line).status_code == 404


@pytest.mark.parametrize("name", ["eka", "made"])
def test_witnesses_and_observers_have_no_call_list(client: Client, posts: Any, name: str) -> None:
    sign_in(client, posts[name])

    assert client.get("/kesiapan/telepon/").status_code == 404

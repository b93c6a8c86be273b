"""An event has a code; who scans it is on the list of its agency, once, and on nobody else's."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ronda.agencies.models import Post
from ronda.agencies.selectors import scope_of
from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.field.domain import LETTERS, AttendanceUnreadableError, code_new, code_read
from ronda.field.models import Attendance, Gathering
from ronda.field.services import attendances_record, gathering_open
from ronda.field.subscribers import take_attendances
from ronda.field.tests.test_own_page import phone_of
from ronda.gate.domain import Message
from ronda.kernel import clock
from ronda.kernel.ids import uuid7
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Post]:
    monkeypatch.setattr(clock, "now", lambda: AT)
    return cast()


def announced(post: Post) -> Gathering:
    by = scope_of(post)
    with scoped(by):
        return gathering_open(name="Bimtek pengawas", starts_at=AT, by=by, at=AT)


def word(post: Post, code: object, **body: Any) -> Message:
    """What a phone of the post hands in."""
    return Message(
        id=uuid7(),
        n=1,
        kind="attendance",
        election="",
        place="",
        station=None,
        captured_at=AT,
        received_at=AT,
        is_ahead=False,
        body={"event": code, **body},
        files=(),
        missing_files=(),
        area=post.area,
        agency=post.agency,
        sender_kind=post.unit.agency.kind,
        sender_area=post.area,
        device=phone_of(post).device.pk,
        person=post.person_id,
        sha256="0" * 64,
    )


def test_who_scans_the_code_is_on_the_list_once_whatever_is_sent_again(people: Mapping[str, Post]) -> None:
    event = announced(people["citra"])
    first = word(people["ayu"], f" {event.code.lower()} ", note="Duduk di belakang")
    with scoped(Scope.system()):
        take_attendances([first])
        counts = [
            attendances_record(messages=[again], at=AT) for again in (first, word(people["ayu"], event.code))
        ]
        rows = list(Attendance.objects.values_list("name", "unit", "agency", "note"))

    assert counts == [0, 0]
    assert rows == [("Ayu", people["ayu"].unit.name, "bawaslu", "Duduk di belakang")]
    with scoped(Scope.system()):
        assert EventRow.objects.filter(name="attendance.taken").count() == 1


def test_somebody_of_another_agency_is_on_the_list_of_the_one_that_holds_it(
    people: Mapping[str, Post],
) -> None:
    event = announced(people["citra"])
    with scoped(Scope.system()):
        take_attendances([word(people["bagas"], event.code)])
    for name, seen in (("citra", 1), ("bagas", 0), ("dewa", 0)):
        with scoped(scope_of(people[name])):
            assert Attendance.objects.count() == seen, name


@pytest.mark.parametrize("code", ["", None, 7, "ABC", "OOOOOOOO", "ZZZZZZZZ"])
def test_a_code_of_no_event_is_set_aside_with_the_reason(people: Mapping[str, Post], code: object) -> None:
    with scoped(Scope.system()), pytest.raises(AttendanceUnreadableError, match="event: wanted"):
        take_attendances([word(people["ayu"], code)])


def test_codes_have_no_letter_that_is_taken_for_another() -> None:
    assert set(LETTERS).isdisjoint("01IOL")
    assert code_read(code_new(lambda letters: letters[-1])) == "ZZZZZZZZ"


def test_the_page_makes_an_event_shows_its_code_and_who_came(people: Mapping[str, Post]) -> None:
    citra = Client()
    sign_in(citra, people["citra"])
    made = citra.post(reverse("field:gathering-list"), {"name": "Bimtek", "starts_at": "2024-02-10T09:00"})
    with scoped(Scope.system()):
        event = Gathering.objects.get()
        take_attendances([word(people["ayu"], event.code)])

    page = citra.get(made["Location"]).content.decode()

    assert event.code in page
    assert "data:image/svg+xml;base64," in page
    assert "1 hadir" in page
    assert "Ayu" in page
    assert "1 hadir" in citra.get(reverse("field:gathering-list")).content.decode()


def test_dewa_finds_neither_the_event_nor_its_list(people: Mapping[str, Post]) -> None:
    event = announced(people["citra"])
    dewa = Client()
    sign_in(dewa, people["dewa"])

    assert dewa.get(reverse("field:gathering-detail", args=[event.pk])).status_code == 404
    assert "Bimtek" not in dewa.get(reverse("field:gathering-list")).content.decode()


def test_an_event_without_a_name_or_time_is_refused_in_words(people: Mapping[str, Post]) -> None:
    citra = Client()
    sign_in(citra, people["citra"])

    answer = citra.post(reverse("field:gathering-list"), {"name": "", "starts_at": "besok"})

    assert answer.status_code == 422
    assert "Tulis tanggal dan jam" in answer.content.decode()


def test_a_party_witness_has_no_page_of_events(people: Mapping[str, Post]) -> None:
    eka = Client()
    sign_in(eka, people["eka"])

    assert eka.get(reverse("field:gathering-list")).status_code == 404

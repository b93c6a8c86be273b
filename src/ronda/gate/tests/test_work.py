"""Work for public messages: asked by load, good for one message, one regency and a quarter of an hour (S17)."""

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import pytest

from ronda.gate import consumers, inbox, selectors, work
from ronda.gate.domain import PUBLIC_PER_MINUTE, Grant
from ronda.gate.tests.test_inbox import AT, accept, consume, states
from ronda.kernel.ids import uuid7

VILLAGE = "51.01.02.2003"
NOW_S = int(AT.timestamp())
SECRET = b"s" * 32
MESSAGE = UUID("0192f0c1-0000-7000-8000-000000000001")


def solved(message: UUID, challenge: str) -> str:
    """What a phone gives back."""
    bits = int(challenge.split("~")[2])
    return next(
        shown for number in count() if work.zero_bits(message, shown := f"{challenge}~{number}") >= bits
    )


def challenge(**changes) -> str:
    given = {"message": MESSAGE, "area": "51.01", "bits": 8, "now_s": NOW_S, "secret": SECRET, **changes}
    return work.challenge_make(given.pop("message"), given.pop("area"), **given)


def is_good(shown: object, message: UUID = MESSAGE, area: str = "51.01", *, at_s: float = NOW_S) -> bool:
    return work.is_worked(shown, message, area, at_s=at_s, secret=SECRET)


def test_a_solved_challenge_is_good_for_a_quarter_of_an_hour():
    shown = solved(MESSAGE, challenge())
    assert is_good(shown)
    assert is_good(shown, at_s=NOW_S + work.LIFE_S)
    assert not is_good(shown, at_s=NOW_S + work.LIFE_S + 1)
    assert not is_good(shown, at_s=NOW_S - work.AHEAD_S - 1)


def test_it_is_good_for_no_other_message_area_or_node_and_bits_cannot_be_lowered():
    shown = solved(MESSAGE, challenge())
    other = uuid7()
    assert not is_good(solved(other, challenge()), other)
    assert not is_good(shown, area="51.02")
    assert not is_good(solved(MESSAGE, challenge(secret=b"t" * 32)))
    assert not is_good(solved(MESSAGE, challenge(bits=12).replace("~12~", "~1~")))


def test_without_the_work_a_challenge_is_worth_nothing():
    asked = challenge(bits=20)
    number = next(n for n in count() if work.zero_bits(MESSAGE, f"{asked}~{n}") < 20)
    assert not is_good(f"{asked}~{number}")


@pytest.mark.parametrize(
    "shown", ["", "w1", "w1~51.01~0~1~x~1", "w1~" * 60, None, 7, [], "\x00", "w1~51.01~99~" + "9" * 40]
)
def test_whatever_is_no_work_is_none(shown):
    assert not is_good(shown)


@pytest.fixture
def _taken(monkeypatch):
    monkeypatch.setattr(consumers, "_handlers", {})
    consumers.register("report", lambda messages: None)


def worked(at: datetime = AT) -> UUID:
    """A public message with work for it."""
    message = uuid7(int(at.timestamp() * 1000))
    shown = solved(message, selectors.work_asked(message, "51.01", at=at))
    body = {"text": "Ada amplop.", "work": shown}
    return accept(Grant.public("51.01"), at=at, id=str(message), place=VILLAGE, body=body)


@pytest.mark.django_db
@pytest.mark.usefixtures("_taken")
def test_in_a_flood_whoever_worked_is_not_held_and_the_others_wait_for_a_person():
    flood = [accept(Grant.public("51.01"), place=VILLAGE) for _ in range(PUBLIC_PER_MINUTE + 3)]
    honest = [worked() for _ in range(3)]
    consume()
    assert [states()[id_] for id_ in flood] == ["done"] * PUBLIC_PER_MINUTE + ["held"] * 3
    assert [states()[id_] for id_ in honest] == ["done"] * 3


@pytest.mark.django_db
@pytest.mark.usefixtures("_taken")
def test_control_without_the_check_work_of_another_message_opens_the_door(monkeypatch):
    first = uuid7()
    shown = solved(first, selectors.work_asked(first, "51.01", at=AT))

    def flood() -> None:
        for _ in range(PUBLIC_PER_MINUTE):
            accept(Grant.public("51.01"), place=VILLAGE)
        copied = accept(Grant.public("51.01"), place=VILLAGE, body={"text": "x", "work": shown})
        consume()
        assert states()[copied] == "held"

    flood()
    monkeypatch.setattr(inbox, "is_worked", lambda *_given, **_more: True)
    with pytest.raises(AssertionError):
        flood()


@pytest.mark.django_db
def test_what_is_asked_rises_with_the_load_of_the_regency_and_falls_again():
    def asked(area: str = "51.01", at: datetime = AT) -> int:
        return int(selectors.work_asked(MESSAGE, area, at=at).split("~")[2])

    quiet = asked()
    for _ in range(4 * work.QUIET_PER_MINUTE):
        accept(Grant.public("51.01"), place=VILLAGE)
    assert (quiet, asked()) == (work.LEAST_BITS, work.LEAST_BITS + 3)
    assert asked("51.02") == asked(at=AT + timedelta(minutes=2)) == quiet

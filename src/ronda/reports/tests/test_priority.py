"""S22. The order of the inbox: what is at stake moves a report, a party or an author never does."""

import json
import re
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.counts import count

from ronda.law.duty_desk import duty_desk_rules
from ronda.reports.adapters import IncomingReport, Sender, file_report, read_body
from ronda.reports.adapters.stakes import stakes_of
from ronda.reports.domain.priority import (
    Ground,
    Stakes,
    order_at,
    priority_grounds,
    report_priority,
    source_of,
    sources_points,
)
from ronda.reports.services import receiving
from ronda.reports.tests.generated import WORDS

RULES = duty_desk_rules()
NOON = datetime(2024, 11, 27, 5, 0, tzinfo=UTC)
PARTIES = tuple(f"Partai {name}" for name in ("Melati", "Kenanga", "Cempaka", "Mawar", "Teratai", "Anggrek"))
VILLAGE = "51.01.02.2003"
stakes = st.builds(
    Stakes,
    severity=st.integers(1, 3),
    is_danger=st.booleans(),
    is_ongoing=st.booleans(),
    at_station=st.booleans(),
    days_to_vote=st.none() | st.integers(-30, 200),
    sources=st.integers(1, 50),
    vulnerability=st.none() | st.floats(0, 1),
)


def test_danger_to_people_comes_before_everything_else_of_one_report() -> None:
    danger = report_priority(Stakes(1, is_danger=True), RULES)
    assert danger > report_priority(Stakes(3, at_station=True), RULES)


@given(stakes)
def test_more_at_stake_never_stands_lower(one: Stakes) -> None:
    graver = Stakes(3, True, True, True, 0, one.sources + 1, 1.0)
    assert report_priority(graver, RULES) >= report_priority(one, RULES)


def test_a_place_nobody_assessed_is_neither_raised_nor_lowered() -> None:
    assert report_priority(Stakes(2), RULES) == report_priority(Stakes(2, vulnerability=0.0), RULES)
    assert Ground.PLACE in priority_grounds(Stakes(2, vulnerability=0.8), RULES)


@pytest.mark.parametrize(("days", "worth"), [(None, 0), (-1, 0), (0, 12), (1, 8), (2, 4), (7, 4), (8, 0)])
def test_the_nearer_the_vote_the_higher(days: int | None, worth: int) -> None:
    assert priority_grounds(Stakes(1, days_to_vote=days), RULES).get(Ground.VOTE, 0) == worth


def test_further_sources_count_up_to_a_bound() -> None:
    assert [sources_points(many, RULES) for many in (1, 2, 3, 4, 5, 1000)] == [0, 10, 20, 30, 30, 30]


def test_waiting_counts_like_points() -> None:
    waiting = order_at(NOON - timedelta(minutes=RULES.minutes_per_point * 10), 0, RULES)
    assert waiting == order_at(NOON, 10, RULES)


def test_a_thousand_messages_without_account_are_one_source() -> None:
    assert len({source_of("publik", "public", None) for _ in range(1000)}) == 1
    people = [UUID(int=1), UUID(int=2)]
    assert len({source_of("partai-01", "witness", person) for person in people}) == 1
    assert len({source_of("polri", "officer", person) for person in people}) == 2


@pytest.mark.parametrize("wrong", [{"severity": 0}, {"severity": 4}, {"severity": 1, "sources": 0}])
def test_impossible_stakes_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="got"):
        Stakes(**wrong)


def test_the_order_has_no_way_to_learn_text_author_or_party() -> None:
    assert {field.name for field in fields(Stakes)} == {
        *("severity", "is_danger", "is_ongoing", "at_station", "days_to_vote", "sources", "vulnerability"),
    }


# --------------------------------------------------------------------------------------------------------- S22
def generated(rng: Random) -> IncomingReport:
    """A report that names parties in its words, of a sender of any kind."""
    kind = rng.choice(sorted(WORDS))
    words = rng.choice(WORDS[kind]).format(where="pasar", who="tidak dikenal")
    party = rng.choice(PARTIES)
    sender = rng.choice([
        Sender(),
        Sender("partai-01", "partai", VILLAGE, UUID(int=rng.getrandbits(100))),
        Sender("pemantau-01", "pemantau", VILLAGE, UUID(int=rng.getrandbits(100))),
        Sender("bawaslu", "bawaslu", VILLAGE, UUID(int=rng.getrandbits(100))),
    ])  # fmt: skip
    at = NOON + timedelta(minutes=rng.randint(-6000, 6000))
    return IncomingReport(
        message=UUID(int=rng.getrandbits(122)),
        received_at=at,
        body={
            "text": f"{words} Katanya dari {party}.",
            "kind": rng.choice([kind, "", "tak dikenal"]),
            "danger": rng.random() < 0.1,
            "happened_at": (at - timedelta(minutes=rng.randint(0, 200))).isoformat(),
            "place_words": f"dekat posko {party}",
        },
        election="pilkada-2024",
        place=rng.choice([VILLAGE, "51.01", ""]),
        station=rng.choice([None, 1, 7]),
        sender=sender,
    )


def swapped(incoming: IncomingReport, rng: Random) -> IncomingReport:
    """The same with every party named another, and sent by another body's witness or another person."""
    renamed = dict(zip(PARTIES, (*PARTIES[1:], PARTIES[0]), strict=True))
    text = re.sub("|".join(PARTIES), lambda found: renamed[found[0]], json.dumps(dict(incoming.body)))
    sender = incoming.sender
    agency = "partai-02" if sender.agency == "partai-01" else sender.agency
    person = sender.person and UUID(int=rng.getrandbits(100))
    other = Sender(agency, sender.kind, sender.area, person)
    return IncomingReport(**{
        name: json.loads(text) if name == "body" else other if name == "sender" else getattr(incoming, name)
        for name in incoming.__dataclass_fields__
    })  # fmt: skip


def place_in_inbox(incoming: IncomingReport) -> tuple[int, datetime]:
    """The points and the place that this message gets: the code of the node itself, without the database."""
    report = receiving._ranked(receiving._new_report(incoming, read_body(incoming), {VILLAGE}), days=_voting)
    return report.priority, report.order_at


def _voting(_election: str) -> date:
    return date(2024, 11, 27)


def moved_by_names() -> int:
    rng = Random(22)
    moved = 0
    for _ in range(count("party_swaps")):
        one = generated(rng)
        moved += place_in_inbox(one) != place_in_inbox(swapped(one, rng))
    return moved


def test_swapping_parties_and_authors_moves_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "supervised_area", lambda *areas: areas[0])
    assert moved_by_names() == 0
    print(f"S22: {count('party_swaps')} reports with parties and authors swapped, seed 22: none moved")  # noqa: T201


def test_control_a_score_that_knows_the_party_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "supervised_area", lambda *areas: areas[0])
    honest = receiving.report_priority
    told: list[str] = []
    monkeypatch.setattr(
        receiving, "stakes_of", lambda report, days: (told.append(report.text), stakes_of(report, days))[1]
    )
    monkeypatch.setattr(
        receiving, "report_priority", lambda one, rules: honest(one, rules) + ("Melati" in told[-1])
    )
    with pytest.raises(AssertionError):
        test_swapping_parties_and_authors_moves_no_report(monkeypatch)


def test_a_place_is_filed_without_a_look_at_the_sender() -> None:
    incoming = generated(Random(1))
    assert file_report(incoming, 7, {VILLAGE}) == file_report(swapped(incoming, Random(2)), 7, {VILLAGE})

"""The same seed gives the same day; what it plants is real and is written in its ledger."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronda.gate.parse import message_parse
from ronda.law import incident_kinds
from ronda.law.checkins import checkin_rules
from ronda.readiness.adapters import word_of
from ronda.results.adapters.incoming import figures_of
from ronda.simulate.day import PUBLIC, Day, day_planned
from ronda.simulate.sheets import FIRST, SECOND
from ronda.simulate.tests.factories import AREA, small_world
from ronda.simulate.texts import CITIZEN, OFFICER, WITNESS
from ronda.simulate.world import World

DAY = day_planned(small_world(), 7)


def _bodies(day: Day, kind: str) -> list[dict[str, Any]]:
    return [json.loads(one.raw) for one in day.messages if one.kind == kind]


def test_the_same_seed_gives_the_same_messages_byte_for_byte() -> None:
    again = day_planned(small_world(), 7)

    assert again.digest == DAY.digest
    assert [one.raw for one in again.messages] == [one.raw for one in DAY.messages]


def test_the_digest_of_seed_7_stays_what_it_is() -> None:
    # Changes only when the simulation itself is changed on purpose; then this line changes with it.
    assert DAY.digest[:16] == "01c55e04754e1f6c"


def test_another_seed_gives_another_day() -> None:
    assert day_planned(small_world(), 8).digest != DAY.digest


def test_every_message_passes_the_gate_and_has_an_id_of_its_own() -> None:
    parsed = [message_parse(one.raw) for one in DAY.messages]

    assert len({one.id for one in parsed}) == len(parsed)
    assert all(UUID(str(one.id)).version == 7 for one in parsed)
    for one, message in zip(DAY.messages, parsed, strict=True):
        assert (message.kind, message.captured_at) == (one.kind, one.at)


def test_every_body_is_one_that_its_context_can_read() -> None:
    for body in _bodies(DAY, "checkin"):
        word_of(body["body"], checkin_rules())
    for body in [*_bodies(DAY, "sheet"), *_bodies(DAY, "recap")]:
        assert figures_of(body["body"]).is_present


def test_five_agencies_two_parties_and_the_public_send() -> None:
    senders = {one.sender.partition(":")[0] for one in DAY.messages}

    assert senders == {
        *("bawaslu", "polri", "kpu", "satpolpp", "kesbangpol"),
        *("partai-01", "partai-02"),
        PUBLIC,
    }


def test_police_send_no_sheet() -> None:
    assert not [
        one for one in DAY.messages if one.sender.startswith("polri") and one.kind in ("sheet", "recap")
    ]


def test_messages_come_in_order_of_time_from_the_eve_to_the_night() -> None:
    times = [one.at for one in DAY.messages]

    assert times == sorted(times)
    assert times[0].astimezone(DAY.world.zone).date() == DAY.world.voting_on - timedelta(days=1)
    assert times[-1].astimezone(DAY.world.zone).date() == DAY.world.voting_on


def test_texts_are_of_known_kinds_and_name_no_party() -> None:
    words = {kind: texts for group in (OFFICER, CITIZEN, WITNESS) for kind, texts in group.items()}

    assert set(words) <= set(incident_kinds())
    assert not [
        text for texts in words.values() for text in texts if "partai" in text.lower() or "paslon" in text
    ]


def test_true_figures_add_up_and_slips_are_only_the_ones_in_the_ledger() -> None:
    faults = {(one.station, one.source): one for one in DAY.truth.faults}
    for message in _bodies(DAY, "sheet"):
        body = message["body"]
        station = message["place"].replace(".", "") + f"{message['station']:03d}"
        broken = {
            rule
            for rule, holds in {
                "R05": sum(body["votes"]) == body["valid"],
                "R08": body["valid"] + body["invalid"] == body["users"],
            }.items()
            if not holds
        }
        fault = faults.get((station, body["source"]))
        assert broken == (set(fault.rules) - {"R14"} if fault else set()), (station, fault)


def test_slips_come_at_the_rates_of_the_domain_notes() -> None:
    day = day_planned(small_world(districts=6, villages=10, stations=20), 3)
    stations = len(day.world.stations)
    rates = {
        rule: {
            source: len(day.truth.stations_breaking(rule, source)) / stations for source in (FIRST, SECOND)
        }
        for rule in ("R05", "R08")
    }

    assert 0.005 <= rates["R05"][FIRST] <= 0.025
    assert 0.01 <= rates["R05"][SECOND] <= 0.03
    assert 0.02 <= rates["R08"][FIRST] <= 0.065
    assert 0.024 <= rates["R08"][SECOND] <= 0.065
    kinds = Counter(fault.kind for fault in day.truth.faults)
    assert kinds["misread"] >= 1
    assert kinds["transposed"] >= 1


def test_votes_are_moved_in_one_recap_and_no_vote_appears_or_is_lost() -> None:
    shift = DAY.truth.shift
    assert shift is not None
    true = {
        (message["place"], message["station"]): message["body"]["votes"]
        for message in _bodies(DAY, "sheet")
        if message["body"]["source"] == FIRST and message["place"].startswith(shift.district)
    }
    total = [sum(column) for column in zip(*true.values(), strict=True)]
    recap = next(one["body"]["votes"] for one in _bodies(DAY, "recap") if one["place"] == shift.district)
    moved = [new - old for new, old in zip(recap, total, strict=True)]

    assert sorted(moved) == sorted([-37, 37, 0])
    assert moved[shift.from_choice] == -37
    assert len(shift.stations) == 9
    assert {station[:10] for station in shift.stations} == {shift.village.replace(".", "")}


def test_the_silent_village_says_nothing_until_the_vote_is_nearly_over() -> None:
    village = DAY.truth.silent_village
    mine = [one for one in _bodies(DAY, "checkin") if one["place"] == village and "station" in one]

    steps = Counter(one["body"]["step"] for one in mine)
    assert steps["opened"] == 0
    assert steps["closed"] == len(DAY.truth.silent_stations)


def test_a_regency_of_one_station_can_be_played() -> None:
    day = day_planned(small_world(districts=1, villages=1, stations=1), 1)

    assert {one.kind for one in day.messages} == {"checkin", "report", "sheet", "recap"}


def test_a_regency_without_stations_is_refused_with_a_word() -> None:
    with pytest.raises(ValueError, match="no polling stations"):
        small_world(stations=0)


def test_eight_thousand_stations_are_planned() -> None:
    planned = day_planned(small_world(districts=20, villages=20, stations=20), 7)

    assert len(planned.messages) > 8_000


@settings(max_examples=25, deadline=None)
@given(st.integers(), st.integers(1, 3), st.integers(1, 3), st.integers(1, 10))
def test_any_seed_and_size_gives_a_day_whose_ledger_is_true(seed: int, d: int, v: int, s: int) -> None:
    world: World = small_world(districts=d, villages=v, stations=s)
    day = day_planned(world, seed)

    counts = Counter(one.kind for one in day.messages)
    truth = day.truth
    assert (counts["report"], counts["checkin"], counts["sheet"], counts["recap"]) == (
        truth.reports,
        truth.checkins,
        truth.sheets,
        truth.recaps,
    )
    assert {one.sender for one in day.messages} <= {PUBLIC, *(one.key for one in day.cast)}
    assert world.area == AREA

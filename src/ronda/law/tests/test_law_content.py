"""The rules in the folder load, their examples hold, and what a note calls open stays open."""

from datetime import date

import pytest

from ronda.law import calendars, election_laws, incident_kinds


def test_every_calendar_covers_its_voting_day() -> None:
    for calendar in calendars().values():
        names = [stage.code for stage in calendar.stages_on(calendar.voting_on)]
        assert any(name.endswith("-PUN") for name in names), calendar.id
        assert calendar.in_force_on(calendar.voting_on)


def test_every_election_has_a_calendar_with_the_same_voting_day() -> None:
    for law in election_laws().values():
        assert calendars()[law.stages].voting_on == law.voting_on


# Origin: PKPU 3/2022 and PKPU 2/2024 as printed in the domain note on stages.
@pytest.mark.parametrize(
    ("calendar", "code", "days"),
    [
        ("pemilu-2024", "PEM-KAM", 75),
        ("pemilu-2024", "PEM-RUM", 21),
        ("pemilu-2024", "PEM-TEN", 3),
        ("pilkada-2024", "PIL-KAM", 60),
        ("pilkada-2024", "PIL-TEN", 3),
        ("pemilu-2019", "PEM-RUM", 21),
        ("pemilu-2019", "PEM-TEN", 3),
    ],
)
def test_length_of_a_stage_is_the_number_of_days_in_its_name(calendar: str, code: str, days: int) -> None:
    stage = next(stage for stage in calendars()[calendar].stages if stage.code == code)
    assert stage.start is not None
    assert stage.last_day is not None
    assert (stage.last_day - stage.start).days + 1 == days


def test_quiet_period_ends_the_day_before_voting() -> None:
    for calendar in calendars().values():
        quiet = next(stage for stage in calendar.stages if stage.code.endswith("-TEN"))
        assert quiet.last_day is not None
        assert (calendar.voting_on - quiet.last_day).days == 1


def test_what_was_not_established_for_2019_has_no_date() -> None:
    calendar = calendars()["pemilu-2019"]
    open_codes = [stage.code for stage in calendar.stages if stage.start is None]
    assert open_codes == ["PEM-ADH", "PEM-PAR", "PEM-REK"]
    assert not any(calendar.source_of(stage).is_verified for stage in calendar.stages if stage.start is None)


def test_presidential_choices_stand_in_ballot_order() -> None:
    for code, names in {
        "pemilu-2019": ["Joko", "Prabowo"],
        "pemilu-2024": ["Anies", "Prabowo", "Ganjar"],
    }.items():
        contest = election_laws()[code].contests[0]
        assert contest.code == "PPWP"
        assert [choice.name.split()[0] for choice in contest.choices] == names


def test_a_city_elects_a_mayor_and_a_regency_a_regent() -> None:
    contests = election_laws()["pilkada-2024"].contests
    assert [contest.code for contest in contests if contest.held_in(is_city=True)] == ["GUB", "WALI"]
    assert [contest.code for contest in contests if contest.held_in(is_city=False)] == ["GUB", "BUP"]


def test_second_round_is_not_counted_as_running() -> None:
    assert calendars()["pemilu-2024"].codes_on(date(2024, 6, 26)) == []


def test_every_incident_kind_is_named_in_both_languages_and_has_a_hint() -> None:
    kinds = incident_kinds()
    assert len(kinds) >= 30
    assert {"violence", "money_politics", "sheet_mismatch", "disaster", "other"} <= set(kinds)
    for kind in kinds.values():
        assert kind.name_in("id") != kind.name_in("en")
        assert kind.hint.id.endswith(".")


def test_no_incident_kind_claims_to_be_verified_before_a_review() -> None:
    assert not any(kind.is_verified for kind in incident_kinds().values())

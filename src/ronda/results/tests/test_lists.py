"""Above an electoral district only parties add up, and a recapitulation of a district is held against its villages."""

from dataclasses import replace

import pytest

from ronda.kernel.scope import Scope, scoped
from ronda.results.adapters.lists import Lists
from ronda.results.adapters.shown import heading, sentence
from ronda.results.models import AreaSummary, FailedCheck, Recap
from ronda.results.services import lists_changed, recaps_receive, receiving, sheets_receive
from ronda.results.tests.scene import AT, ELECTION, LISTED, listed, message, registered

FIRST, SECOND = "51.01.02.2007", "51.01.03.2001"
VOTES = {FIRST: [10, 20, 30, 40, 50], SECOND: [1, 2, 3, 4, 5]}
BY_PARTY = [30 + 6, 120, 9]  # parties 1, 2 and 3 over both districts


@pytest.fixture
def system(db):
    with scoped(Scope.system()) as scope:
        registered([(FIRST, 1), (SECOND, 1)])
        listed()
        yield scope


def hand_in(*villages):
    sheets_receive([_sheet(village) for village in villages])


def _sheet(village):
    votes = VOTES[village]
    body = {"contest": LISTED, "votes": votes, "valid": sum(votes), "users": sum(votes), "invalid": 0}
    return replace(message(place=village, station=1, **body), area=village)


def recap(unit, votes, district=""):
    made = message("recap", agency="kpu", sender="kpu", place=unit, station=None)
    body = {"contest": LISTED, "votes": votes, "valid": sum(votes), "district": district}
    return replace(made, area=unit, body=body)


def summary(area):
    return AreaSummary.objects.get(area=area, contest=LISTED)


def test_a_regency_adds_parties_where_its_lists_differ(system):
    hand_in(FIRST, SECOND)
    assert summary("51.01.02").votes["ptps"] == VOTES[FIRST]
    assert summary("51.01").votes["ptps"] == summary("").votes["ptps"] == BY_PARTY


def test_one_form_after_another_gives_the_same(system):
    hand_in(FIRST)
    hand_in(SECOND)
    assert summary("51.01").votes["ptps"] == BY_PARTY


def test_without_the_lists_rows_of_different_candidates_would_be_added(system, monkeypatch):
    monkeypatch.setattr(Lists, "are_several", lambda *_: False)
    hand_in(FIRST, SECOND)
    assert summary("51.01").votes["ptps"] == [11, 22, 33, 44, 55]


def test_names_of_a_regency_are_its_parties_and_of_a_village_its_list(system):
    assert heading(ELECTION, LISTED, "51.01").choices == ("1 Partai 1", "2 Partai 2", "3 Partai 3")
    assert heading(ELECTION, LISTED, FIRST).choices[-1] == "2.2 Caleg 2"
    assert heading(ELECTION, LISTED, "51.01", "Jembrana 2").choices[-1] == "3.1 Caleg 1"


def test_a_recap_of_an_electoral_district_is_held_against_its_villages(system):
    hand_in(FIRST, SECOND)
    recaps_receive(
        [recap("51.01", VOTES[FIRST], "Jembrana 1"), recap("51.01", [1, 2, 3, 2, 7], "Jembrana 2")]
    )
    (differing,) = FailedCheck.objects.filter(rule="X05")
    assert (differing.area, differing.deltas, differing.stake) == ("51.01", [0, 0, 0, -2, 2], 2)
    assert (
        sentence(differing)
        == "Dapil Jembrana 2: Jumlah TPS 1 / 2 / 3 / 4 / …, rekap resmi 1 / 2 / 3 / 2 / …."
    )
    official = summary("51.01").recap
    assert (official["votes"], official["deltas"], official["tested"]) == (BY_PARTY, [0, 0, 0], True)
    assert summary("51.01").rules["X05"] == 1


def test_recaps_of_two_districts_are_not_versions_of_one(system):
    recaps_receive([recap("51.01", VOTES[FIRST], "Jembrana 1"), recap("51.01", VOTES[SECOND], "Jembrana 2")])
    assert set(Recap.objects.values_list("district", "version")) == {("Jembrana 1", 1), ("Jembrana 2", 1)}


def test_a_recap_of_one_district_alone_is_told_as_a_part(system):
    hand_in(FIRST, SECOND)
    recaps_receive([recap("51.01", VOTES[FIRST], "Jembrana 1")])
    assert summary("51.01").recap == {"units": 1, "of": 2, "votes": [], "tested": False}


def test_a_recap_of_the_parties_alone_is_compared_too(system):
    hand_in(FIRST, SECOND)
    recaps_receive([recap("51.01", [BY_PARTY[0], BY_PARTY[1] - 1, BY_PARTY[2] + 1])])
    assert FailedCheck.objects.get(rule="X05").deltas == [0, -1, 1]


def test_a_unit_with_one_list_needs_no_district(system):
    recaps_receive([recap("51.01.02", VOTES[FIRST], "Jembrana 1"), recap("51.01.02", VOTES[FIRST])])
    (only,) = Recap.objects.all()
    assert (only.district, only.version) == ("", 1)


def test_lists_that_come_after_the_forms_change_what_adds_up(db, monkeypatch):
    with scoped(Scope.system()):
        registered([(FIRST, 1), (SECOND, 1)])
        hand_in(FIRST, SECOND)
        assert summary("51.01").votes["ptps"] == [11, 22, 33, 44, 55]
        listed()
        lists_changed(election=ELECTION, contests={LISTED, "DPR"}, at=AT)
        assert summary("51.01").votes["ptps"] == BY_PARTY


def test_a_district_that_is_no_text_is_refused(system):
    with pytest.raises(receiving.UnreadableSheetError, match="district: wanted the name"):
        recaps_receive([recap("51.01", VOTES[FIRST], 7)])

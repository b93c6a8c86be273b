"""Sheets and recaps from the gate become copies, are checked at once, and a repeat has no second effect."""

from uuid import uuid4

import pytest

from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.results.adapters.incoming import UnreadableSheetError
from ronda.results.models import AreaSummary, FailedCheck, Recap, Sheet
from ronda.results.services import recaps_receive, sheets_receive
from ronda.results.tests.scene import STATION, VILLAGE, message


@pytest.fixture
def system(db):
    with scoped(Scope.system()) as scope:
        yield scope


def test_a_sheet_becomes_a_copy_an_event_an_audit_line_and_a_count(system):
    (sheet,) = sheets_receive([message()])
    assert (sheet.station, sheet.source, sheet.version, sheet.area) == (STATION, "ptps", 1, VILLAGE)
    event = EventRow.objects.get(name="sheet.received")
    assert event.data == {"election": "pemilu-2024", "contest": "PPWP", "station": STATION, "source": "ptps"}
    assert AuditLine.objects.filter(action="sheet.received", subject=sheet.id).count() == 1
    count = AreaSummary.objects.get(area="51.01")
    assert (count.stations, count.reported, count.failed, count.votes) == (1, 1, 0, {"ptps": [120, 80, 40]})


def test_the_same_message_twice_makes_one_copy_and_one_event(system):
    id_ = uuid4()
    sheets_receive([message(id_=id_)])
    assert sheets_receive([message(id_=id_)]) == []
    assert Sheet.objects.count() == 1
    assert EventRow.objects.filter(name="sheet.received").count() == 1


def test_a_correction_is_a_new_version_and_the_old_one_stays(system):
    sheets_receive([message(valid=230)])
    assert FailedCheck.objects.get(rule="R05").delta == 10
    sheets_receive([message()])
    assert list(Sheet.objects.order_by("version").values_list("version", "valid")) == [(1, 230), (2, 240)]
    assert not FailedCheck.objects.filter(rule="R05").exists()


def test_three_copies_are_compared_with_the_supervisors_copy(system):
    sheets_receive(
        [
            message(),
            message(agency="kpu", sender="kpu", votes=[720, 80, 40], valid=240),
            message(agency="partai-02", sender="partai"),
        ]
    )
    difference = FailedCheck.objects.get(rule="X02")
    assert (difference.source, difference.against, difference.deltas) == ("ptps", "sirekap", [600, 0, 0])
    assert set(Sheet.objects.values_list("source", "agency")) == {
        ("ptps", "bawaslu"),
        ("sirekap", "kpu"),
        ("saksi-02", "partai-02"),
    }


def test_a_party_cannot_speak_for_another_copy(system):
    (sheet,) = sheets_receive([message(agency="partai-02", sender="partai", source="ptps")])
    assert sheet.source == "saksi-02"


def test_a_party_reads_its_own_copy_and_no_other(system):
    sheets_receive([message(), message(agency="partai-02", sender="partai")])
    with scoped(Scope("partai-02", "partai", "51.01", (0, 1))):
        assert list(Sheet.objects.values_list("source", flat=True)) == ["saksi-02"]
        assert not FailedCheck.objects.exists()
        assert not AreaSummary.objects.exists()


@pytest.mark.parametrize("kind", ["polri", "tni", "kejaksaan", "kesbangpol", "satpolpp", "publik"])
def test_no_row_reaches_who_has_no_mandate(system, kind):
    sheets_receive([message(), message(agency="kpu", sender="kpu", votes=[1, 2, 3])])
    recaps_receive([message("recap", agency="kpu", sender="kpu", place="51.01.02", station=None)])
    with scoped(Scope(kind, kind, "51.01", (0, 1, 2, 3, 4))):
        for model in (Sheet, Recap, FailedCheck, AreaSummary):
            assert not model.objects.exists()


def test_dewa_of_another_regency_reads_no_row(system):
    sheets_receive([message(valid=1)])
    with scoped(Scope("bawaslu", "bawaslu", "51.02", (0, 1, 2, 3))):
        for model in (Sheet, FailedCheck, AreaSummary):
            assert not model.objects.exists()


def test_a_sheet_of_an_unreadable_place_is_held(system):
    (sheet,) = sheets_receive([message(place="di balai desa", station=None)])
    assert (sheet.is_held, sheet.area) == (True, VILLAGE)
    assert not AreaSummary.objects.exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"votes": [1, -2]}, "votes[1]: wanted a whole number"),
        ({"votes": [1.5]}, "votes[0]"),
        ({"votes": "12"}, "votes: wanted a list"),
        ({"votes": []}, "votes: wanted a list"),
        ({"users": "<b>"}, "users"),
        ({"valid": True}, "valid"),
        ({"contest": ""}, "contest"),
        ({"registered": 10**12}, "registered"),
    ],
)
def test_figures_that_are_no_counts_are_refused_with_field_wanted_and_came(system, body, said):
    with pytest.raises(UnreadableSheetError) as refused:
        sheets_receive([message(**body)])
    assert said in str(refused.value)
    assert not Sheet.objects.exists()


def test_missing_figures_stay_missing_and_wide_ones_are_kept_and_named(system):
    sheets_receive([message(votes=[120, None, 40], users=1750)])
    sheet = Sheet.objects.get()
    assert (sheet.votes, sheet.users) == ([120, None, 40], 1750)
    assert {check.rule for check in FailedCheck.objects.all()} == {"R01", "R08"}


def test_a_recap_with_moved_votes_is_found_when_every_station_is_in(system):
    sheets_receive([message()])
    recap = {"votes": [83, 117, 40], "stations": 1}
    recaps_receive([message("recap", agency="kpu", sender="kpu", place="51.01.02", station=None, **recap)])
    found = FailedCheck.objects.get(rule="X05")
    assert (found.area, found.deltas, found.stake, found.delta) == ("51.01.02", [-37, 37, 0], 37, 0)
    assert AreaSummary.objects.get(area="51.01").rules == {"X05": 1}


def test_a_recap_that_came_before_its_sheets_is_compared_when_they_come(system):
    recaps_receive(
        [message("recap", agency="kpu", sender="kpu", place="51.01.02", station=None, votes=[1, 2, 3])]
    )
    assert not FailedCheck.objects.exists()
    sheets_receive([message()])
    assert FailedCheck.objects.get(rule="X05").deltas == [-119, -78, -37]


def test_a_repeated_vote_is_a_new_version_when_an_officer_states_it(system):
    sheets_receive([message()])
    (again,) = sheets_receive([message(outcome="revote")])
    assert (again.version, again.outcome, again.votes) == (2, "revote", [120, 80, 40])
    (party,) = sheets_receive([message(agency="partai-02", sender="partai", outcome="revote")])
    assert party.outcome == "regular"
    with pytest.raises(UnreadableSheetError, match="outcome: wanted one of regular"):
        sheets_receive([message(outcome="ulang", votes=[1, 2, 3])])


def test_a_form_is_held_against_the_earlier_contests_of_its_station_only(system):
    """R16 and R17: one attendance list, and moved voters lose the narrower papers, never the wider one."""
    sheets_receive([message(pengguna_dptb_j=5)])
    sheets_receive([message(contest="DPR", pengguna_dptb_j=3)])
    assert not FailedCheck.objects.filter(rule="R17").exists()

    sheets_receive([message(contest="DPD", pengguna_dptb_j=9, registered=291)])
    failed = FailedCheck.objects.filter(rule__in=("R16", "R17"))
    assert {(one.contest, one.rule) for one in failed} == {("DPD", "R16"), ("DPD", "R17")}

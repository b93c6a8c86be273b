"""Every page of a count says how much is in and whether what is out can still turn it: a bound, never an estimate."""

import numpy as np
import pytest
from django.test import Client

from ronda.kernel.scope import Scope, scoped
from ronda.methods.coverage import worst_case
from ronda.results.adapters.coverage_words import coverage_of
from ronda.results.adapters.shown import heading
from ronda.results.models import AreaSummary
from ronda.results.services import checks_rebuild, sheets_receive
from ronda.results.tests.scene import AT, ELECTION, VILLAGE, message, registered

REGENCY = "51.01"
STATIONS = 4
BALLOTS = 286  # 280 registered voters and 2 percent, rounded up


@pytest.fixture
def system(db):
    with scoped(Scope.system()) as scope:
        registered([(VILLAGE, number) for number in range(1, STATIONS + 1)])
        yield scope


def came(*stations, **body):
    sheets_receive([message(station=station, **body) for station in stations])


def said(area=VILLAGE, contest="PPWP"):
    summary = AreaSummary.objects.get(area=area, contest=contest)
    return coverage_of(summary, heading(ELECTION, contest, area))


def test_one_station_of_four_says_what_the_others_can_hold_and_that_the_leader_can_be_passed(system):
    came(1)
    cover = said()
    assert cover.stations == "1 dari 4 TPS sudah masuk (25,0\u00a0%)."
    assert cover.open_votes == f"3 TPS yang belum masuk memegang paling banyak {3 * BALLOTS} surat suara."
    assert (
        cover.lead
        == "Bila semuanya untuk nomor 02, nomor 01, yang kini unggul 40 suara, masih dapat dilewati."
    )


def test_a_lead_that_the_missing_cannot_undo_is_said_with_what_is_left_of_it(system):
    came(1, 2, 3, votes=[200, 40, 0])
    assert said().lead == "Sekalipun semuanya untuk nomor 02, nomor 01 tetap unggul sedikitnya 194 suara."


def test_a_lead_that_the_missing_can_just_level_is_said_so(system):
    row = AreaSummary(
        area=VILLAGE, election=ELECTION, contest="PPWP", stations=9, reported=8, open_votes=286,
        first_votes=[1286, 1000, 0],
    )  # fmt: skip
    words = coverage_of(row, heading(ELECTION, "PPWP", VILLAGE)).lead
    assert words == "Bila semuanya untuk nomor 02, suaranya menyamai nomor 01, yang kini unggul 286 suara."


def test_when_all_are_in_nothing_is_open(system):
    came(1, 2, 3, 4)
    cover = said(REGENCY)
    assert (cover.stations, cover.open_votes) == ("Semua 4 TPS sudah masuk.", "")
    assert cover.lead == "Nomor 01 unggul 160 suara atas nomor 02."


def test_of_two_copies_of_a_station_the_one_that_is_read_first_counts_once(system):
    came(1)
    came(1, agency="kpu", sender="kpu", votes=[0, 240, 0])
    row = AreaSummary.objects.get(area=REGENCY)
    assert row.first_votes == [120, 80, 40]
    assert row.open_votes == 3 * BALLOTS


def test_a_copy_without_all_its_votes_leaves_its_station_open(system):
    came(1, votes=[120, None, 40])
    row = AreaSummary.objects.get(area=VILLAGE)
    assert (row.reported, row.open_votes, row.first_votes) == (0, 4 * BALLOTS, [])
    assert said().lead == ""


def test_seats_that_are_shared_have_no_leader_to_be_passed(system):
    came(1, contest="DPR", votes=[1, 2, 3], valid=6)
    cover = said(contest="DPR")
    assert cover.lead == ""
    assert cover.open_votes


def test_a_count_of_before_the_bound_says_none_rather_than_a_wrong_one(system):
    old = AreaSummary(area=VILLAGE, election=ELECTION, contest="PPWP", stations=4, reported=1)
    cover = coverage_of(old, heading(ELECTION, "PPWP", VILLAGE))
    assert (cover.open_votes, cover.lead) == ("", "")


def test_counting_anew_and_moving_counts_give_the_same_bound(system):
    came(1)
    came(2, votes=[10, 200, 30])
    moved = list(AreaSummary.objects.order_by("area").values_list("area", "open_votes", "first_votes"))
    checks_rebuild(election=ELECTION, contest="PPWP", areas=[VILLAGE], at=AT)
    assert moved == list(
        AreaSummary.objects.order_by("area").values_list("area", "open_votes", "first_votes")
    )


def _turned(share):
    """How often a lead that is called decided was lost to what came; the bound is taken at a share of itself."""
    rng, lost = np.random.default_rng(5), 0
    for _ in range(2_000):
        votes, missing = rng.integers(0, 4_000, 3), int(rng.integers(1, 8))
        lead = worst_case(votes, int(missing * BALLOTS * share))
        votes[lead.second] += missing * BALLOTS
        lost += lead.is_decided and int(votes.argmax()) != lead.first
    return lost


def test_a_lead_called_decided_is_never_lost_and_half_the_bound_would_lose_some():
    assert _turned(1) == 0
    assert _turned(0.5) > 0


def test_the_page_of_an_area_says_it_and_why_there_is_no_estimate(system):
    from ronda.agencies.tests.factories import cast, sign_in

    came(1, 2)
    client, people = Client(), cast()
    sign_in(client, people["citra"])
    for area in (REGENCY, VILLAGE):
        text = client.get(f"/hasil/{ELECTION}/PPWP/{area}/").content.decode()
        assert "2 dari 4 TPS sudah masuk (50,0\u00a0%)." in text
        assert "masih dapat dilewati" in text
        assert "bukan contoh yang adil" in text
    sign_in(client, people["dewa"])
    assert client.get(f"/hasil/{ELECTION}/PPWP/{VILLAGE}/").status_code == 404

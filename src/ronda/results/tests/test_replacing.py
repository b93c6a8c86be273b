"""A result that is replaced needs its decision; the old copies stay and count no more (X11)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.results import selectors
from ronda.results.models import AreaSummary, FailedCheck, Replacement, Sheet
from ronda.results.services import (
    ReplacementRefused,
    checks_rebuild,
    replacement_record,
    sheets_receive,
)
from ronda.results.tests.scene import AT, ELECTION, STATION, VILLAGE, message, registered

AGAIN = AT + timedelta(days=8)
BAWASLU = Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2), "")
KPU = Scope("kpu", "kpu", "51.01", (0, 1, 2), "")


@pytest.fixture
def system(db):
    with scoped(Scope.system()) as scope:
        registered([(VILLAGE, 7)])
        yield scope


def captured(at, **words):
    return replace(message(**words), captured_at=at)


def decide(**other):
    given = {
        "election": ELECTION,
        "contest": "PPWP",
        "station": STATION,
        "outcome": "revote",
        "decision": "KPU Kabupaten Jembrana 12/2024",
        "reason": "Pasal 372 ayat (2) huruf d.",
        "since": AGAIN,
        "at": AGAIN + timedelta(hours=9),
    }
    by = other.pop("by", BAWASLU)
    with scoped(by):
        return replacement_record(**given | other, by=by)


def rules():
    return sorted(FailedCheck.objects.values_list("rule", flat=True))


def village():
    row = AreaSummary.objects.get(area=VILLAGE, contest="PPWP")
    return row.present, row.votes


def test_a_replaced_result_without_its_decision_is_flagged_until_it_is_recorded(system):
    sheets_receive([message()])
    sheets_receive([captured(AGAIN, outcome="revote", votes=[90, 90, 60])])
    flag = FailedCheck.objects.get()
    assert (flag.rule, flag.station, flag.source, flag.stake) == ("X11", STATION, "ptps", 240)
    decide()
    assert rules() == []
    assert AreaSummary.objects.get(area=VILLAGE).failed == 0


def test_a_decision_about_another_contest_or_another_kind_does_not_do(system):
    sheets_receive([message(), captured(AGAIN, outcome="revote", votes=[90, 90, 60])])
    decide(contest="DPR")
    decide(outcome="recount")
    checks_rebuild(election=ELECTION, contest="PPWP", areas=[VILLAGE], at=AGAIN)
    assert rules() == ["X11"]
    decide(contest="", decision="KPU Kabupaten Jembrana 13/2024")
    assert rules() == []


def test_copies_of_the_old_result_stay_and_count_no_more(system):
    sheets_receive([message(), message(agency="partai-02", sender="partai")])
    assert village() == ({"ptps": 1, "saksi-02": 1}, {"ptps": [120, 80, 40], "saksi-02": [120, 80, 40]})
    decide(since=AGAIN)
    sheets_receive([captured(AGAIN + timedelta(hours=1), votes=[90, 90, 60])])
    assert village() == ({"ptps": 1}, {"ptps": [90, 90, 60]})
    assert rules() == [], "the witness's copy of the old vote is not held against the new one"
    shown = selectors.station_sheets(ELECTION, "PPWP", STATION)
    assert [(sheet.source, sheet.outcome) for sheet in shown] == [("ptps", "revote")]
    assert Sheet.objects.count() == 3
    assert len(selectors.station_versions(ELECTION, "PPWP", STATION)) == 3


def test_whoever_hands_in_a_copy_after_the_decision_hands_in_the_new_result(system):
    sheets_receive([message(), message(agency="partai-02", sender="partai")])
    decide()
    late = captured(AGAIN - timedelta(days=1), agency="kpu", sender="kpu")
    new = captured(AGAIN + timedelta(hours=1), agency="partai-02", sender="partai", votes=[90, 90, 60])
    other = captured(
        AGAIN + timedelta(hours=1), contest="DPR", agency="kpu", sender="kpu", votes=[90, 90, 60]
    )
    made = sheets_receive([late, new, other])
    assert {(one.source, one.contest, one.outcome) for one in made} == {
        ("sirekap", "PPWP", "regular"),
        ("saksi-02", "PPWP", "revote"),
        ("sirekap", "DPR", "regular"),
    }


def test_copies_of_the_new_vote_that_came_before_its_decision_was_recorded_belong_to_it(system):
    sheets_receive([message(), message(agency="kpu", sender="kpu")])
    sheets_receive([captured(AGAIN + timedelta(hours=1), votes=[90, 90, 60])])
    assert rules() == ["X02"]
    decide()
    assert rules() == []
    assert village() == ({"ptps": 1}, {"ptps": [90, 90, 60]})


def test_of_two_decisions_the_later_one_says_what_a_copy_belongs_to(system):
    sheets_receive([message()])
    decide(outcome="recount", since=AT + timedelta(days=1), decision="PPK 1/2024")
    decide(outcome="revote", since=AGAIN)
    at = {"recount": AT + timedelta(days=2), "revote": AGAIN + timedelta(hours=1)}
    made = sheets_receive([captured(when, votes=[n, 90, 60]) for n, when in enumerate(at.values())])
    assert [one.outcome for one in made] == list(at)


def test_the_page_is_there_for_stations_and_contests_that_are(system):
    from ronda.agencies.tests.factories import cast, sign_in

    client = Client()
    sign_in(client, cast()["citra"])
    page = f"/hasil/{ELECTION}/{{contest}}/tps/{{station}}/penggantian/"
    assert client.get(page.format(contest="PPWP", station=STATION)).status_code == 200
    body = {
        "outcome": "revote",
        "contests": "ini",
        "decision": "x",
        "reason": "y",
        "since": "2024-02-14T08:00",
    }
    for contest, station in (("X" * 60, STATION), ("BUP", STATION), ("PPWP", "5101022007099"), ("PPWP", "x")):
        assert client.post(page.format(contest=contest, station=station), body).status_code == 404
    assert not Replacement.objects.exists()


def test_counting_anew_and_counting_as_copies_come_agree_after_a_replacement(system):
    sheets_receive([message(), message(agency="partai-02", sender="partai", votes=[1, 2, 3])])
    decide()
    sheets_receive([captured(AGAIN + timedelta(hours=1), votes=[90, 90, 60])])
    moved = (rules(), village())
    checks_rebuild(election=ELECTION, contest="PPWP", areas=[VILLAGE], at=AGAIN)
    assert (rules(), village()) == moved


def test_a_decision_is_one_row_one_event_and_one_audit_line_even_if_sent_twice(system):
    first, second = decide(), decide()
    assert first.pk == second.pk
    assert EventRow.objects.filter(name="result.replaced").count() == 1
    assert AuditLine.objects.filter(action="result.replaced", subject=first.pk).count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"station": "5101022007099"}, "tidak ada dalam daftar TPS"),
        ({"outcome": "regular"}, "Pilih cara hasil diganti"),
        ({"outcome": "ulang"}, "Pilih cara hasil diganti"),
        ({"decision": "  "}, "Tulis nomor keputusan"),
        ({"reason": ""}, "Tulis nomor keputusan"),
        ({"since": AGAIN + timedelta(days=1)}, "tidak boleh sesudah sekarang"),
    ],
)
def test_a_decision_that_says_too_little_is_refused_in_words(system, wrong, said):
    with pytest.raises(ReplacementRefused, match=said):
        decide(**wrong)
    assert not Replacement.objects.exists()


@pytest.mark.parametrize("kind", ["polri", "tni", "kejaksaan", "kesbangpol", "satpolpp", "publik"])
def test_who_has_no_mandate_reads_no_decision(system, kind):
    decide()
    with scoped(Scope(kind, kind, "51.01", (0, 1, 2, 3, 4))):
        assert not Replacement.objects.exists()


def test_kpu_records_a_decision_and_the_count_follows(system):
    sheets_receive([message(), captured(AGAIN, outcome="revote", votes=[90, 90, 60])])
    assert rules() == ["X11"]
    decide(by=KPU)
    assert rules() == []
    assert Replacement.objects.get().agency == "kpu"

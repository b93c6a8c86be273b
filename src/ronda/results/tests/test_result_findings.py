"""Recaps and copies that do not fit are told to the duty desk: once, few at a time, in neutral words."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.shared_data import shared

from ronda.gate.domain import Message
from ronda.gate.inbox import messages_consume
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.reports.models import Report
from ronda.results import selectors
from ronda.results.adapters.recap2019 import read_recap
from ronda.results.adapters.registry import placed, placed_districts
from ronda.results.adapters.rows import Origin
from ronda.results.adapters.situng2019 import read_sheets
from ronda.results.adapters.situng_rows import plan_recaps, plan_sheets
from ronda.results.models import FailedCheck
from ronda.results.services import (
    findings_raise,
    recaps_import,
    recaps_receive,
    sheets_import,
    sheets_receive,
)
from ronda.results.tasks import findings_tell

ELECTION, DISTRICT, VILLAGE, OTHER = "pemilu-2024", "51.01.02", "51.01.02.2007", "51.01.02.2003"
VOTING_ON = datetime(2024, 2, 14, tzinfo=UTC).date()
AFTERNOON = datetime(2024, 2, 14, 8, 0, tzinfo=UTC)  # 16.00 WITA
LATER = AFTERNOON + timedelta(hours=1)
GOOD = {"valid": 310, "invalid": 7, "users": 317, "registered": 300}
RIGHT, WRONG = [173, 96, 41], [713, 96, 41]


@pytest.fixture(autouse=True)
def _places(db, settings):
    settings.GATE_INSIDE_TRANSACTION = True
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AFTERNOON)


def came(kind, place, station, votes, *, agency="bawaslu", at=AFTERNOON, **body):
    return Message(
        id=uuid4(),
        n=1,
        kind=kind,
        election=ELECTION,
        place=place,
        station=station,
        captured_at=at,
        received_at=at,
        is_ahead=False,
        body={"contest": "PPWP", "votes": votes, **GOOD, **body},
        files=(),
        missing_files=(),
        area=place,
        agency=agency,
        sender_kind=agency,
        sender_area=place,
        device=None,
        person=None,
        sha256="0" * 64,
    )


def sheets(*stations, village=VILLAGE, votes=RIGHT, agency="bawaslu", at=AFTERNOON, **body):
    sheets_receive([came("sheet", village, one, votes, agency=agency, at=at, **body) for one in stations])


def recap(votes, *, at=AFTERNOON):
    recaps_receive([came("recap", DISTRICT, None, votes, agency="kpu", at=at)])


def raised(at=LATER):
    return findings_raise(election=ELECTION, voting_on=VOTING_ON, at=at)


def inbox():
    with scoped(Scope.system()):
        messages_consume(at=LATER)
        return list(Report.objects.order_by("area", "text"))


def test_a_recap_that_differs_is_one_report_that_says_which_document_of_which_place():
    sheets(1, 2)
    recap([309, 229, 82])  # 37 of 346 moved

    (told,) = raised(AFTERNOON)

    assert (told.kind, told.area, told.at) == ("recap_mismatch", DISTRICT, AFTERNOON)
    assert told.text.startswith(
        "Rekapitulasi Kecamatan Mendoyo tidak cocok dengan salinan C.Hasil: perlu dicek pada dokumen. "
        "Presiden dan Wakil Presiden;"
    )
    assert "pembagiannya; jumlah seluruhnya sama" in told.text
    assert "bukan temuan kecurangan" in told.text
    (report,) = inbox()
    assert (report.source, report.area, report.is_placed) == ("machine", DISTRICT, True)
    assert report.page == f"/hasil/{ELECTION}/PPWP/{DISTRICT}/"


def test_the_same_kind_of_difference_is_told_once_and_another_kind_anew():
    sheets(1, 2)
    recap([309, 229, 82])
    assert len(raised()) == 1
    assert raised() == []

    recap([300, 238, 82])  # corrected, and still only divided otherwise
    assert raised() == []

    recap([346, 192, 80])
    (told,) = raised()
    assert "Yang berbeda jumlah seluruhnya." in told.text
    assert len(inbox()) == 2


def test_a_recap_that_fits_or_whose_stations_are_not_all_there_is_no_finding():
    recap([346, 192, 82])
    assert raised() == []
    sheets(1, 2)
    assert raised() == []


def test_what_a_single_form_gets_wrong_stays_on_the_results_pages():
    sheets(1, valid=1, users=1)

    with scoped(Scope.system()):
        assert {check.rule for check in FailedCheck.objects.all()} >= {"R05", "R08"}
    assert raised(LATER + timedelta(hours=5)) == []


def test_copies_that_differ_are_one_report_for_a_village_after_an_hour():
    sheets(1, 2, 3)
    sheets(1, 2, votes=WRONG, agency="kpu")
    sheets(3, agency="kpu")

    assert raised(LATER - timedelta(seconds=1)) == []
    (told,) = raised(LATER)

    assert (told.kind, told.area) == ("sheet_mismatch", VILLAGE)
    assert (
        "pada 2 TPS di Desa Penyaringan: TPS 01, 02. Presiden dan Wakil Presiden, Rabu, 14 Februari 2024."
        in told.text
    )
    assert told.page == f"/hasil/{ELECTION}/PPWP/{VILLAGE}/periksa/?rule=X01,X02"
    sheets(3, votes=WRONG, agency="kpu", at=LATER)
    assert raised(LATER + timedelta(hours=2)) == [], "once for the village and the day"


def test_what_comes_to_differ_the_next_day_is_told_the_next_day_without_what_was_told():
    sheets(1, 2)
    sheets(1, votes=WRONG, agency="kpu")
    assert len(raised()) == 1
    tomorrow = AFTERNOON + timedelta(days=1)

    sheets(2, votes=WRONG, agency="kpu", at=tomorrow)
    (told,) = raised(tomorrow + timedelta(hours=1))

    assert (
        "pada 1 TPS di Desa Penyaringan: TPS 02. Presiden dan Wakil Presiden, Kamis, 15 Februari 2024."
        in told.text
    )


def test_a_difference_just_before_midnight_is_told_after_it():
    late = datetime(2024, 2, 14, 15, 50, tzinfo=UTC)  # 23.50 WITA
    sheets(1, at=late)
    sheets(1, votes=WRONG, agency="kpu", at=late)

    assert len(raised(late + timedelta(hours=1))) == 1


def test_a_copy_that_was_put_right_within_the_hour_is_no_finding():
    sheets(1)
    sheets(1, votes=WRONG, agency="kpu")
    sheets(1, agency="kpu", at=AFTERNOON + timedelta(minutes=20))

    assert raised() == []


def test_seven_villages_are_one_report_of_the_regency():
    from ronda.kernel.areas import Level
    from ronda.places.selectors import area_list

    with scoped(Scope.system()):
        villages = list(area_list("51.01", Level.VILLAGE).values_list("code", flat=True)[:7])
    for village in villages:
        sheets(1, village=village)
        sheets(1, village=village, votes=WRONG, agency="kpu")

    (told,) = raised()
    assert (
        told.area,
        "pada 7 TPS di Kabupaten Jembrana" in told.text,
        "tersebar di 7 desa" in told.text,
    ) == ("51.01", True, True)
    assert [(report.area, report.is_placed) for report in inbox()] == [("51.01", True)]
    assert raised(LATER + timedelta(hours=3)) == []


def test_a_node_that_stops_between_two_reports_tells_the_other_one_next_time(monkeypatch):
    from ronda.results.services import findings

    for village in (VILLAGE, OTHER):
        sheets(1, village=village)
        sheets(1, village=village, votes=WRONG, agency="kpu")
    tell, told = findings.finding_tell, []

    def stops(*, finding, at):
        if told:
            raise RuntimeError("the node stops")
        told.append(tell(finding=finding, at=at))

    monkeypatch.setattr(findings, "finding_tell", stops)
    with pytest.raises(RuntimeError):
        raised()
    monkeypatch.setattr(findings, "finding_tell", tell)

    assert len(raised()) == 1
    assert [report.area for report in inbox()] == [OTHER, VILLAGE]


def bring_in_2019():
    origin = Origin("pemilu-2019", "PPWP", "bawaslu", ("kpu",), "0" * 64, clock.now())
    with scoped(Scope.system()):
        stations = read_sheets(shared("results/pemilu2019_ppwp_tps_jembrana.csv"))
        sheets_import(plan=plan_sheets(stations, placed(stations.table.names)[0]), origin=origin)
        rows = read_recap(shared("results/pemilu2019_ppwp_rekap_kecamatan.csv"))
        placing, _ = placed_districts(rows.table.names)
        recaps_import(rows=list(plan_recaps(rows, placing)), origin=origin)


@pytest.mark.parametrize(
    ("now", "is_told"),
    [
        (datetime(2019, 5, 10, 3, 0, tzinfo=UTC), True),  # the control: while the recapitulation runs
        (datetime(2024, 2, 14, 3, 0, tzinfo=UTC), False),
    ],
)
def test_a_file_of_a_past_election_fills_no_inbox_and_one_of_the_day_little(monkeypatch, now, is_told):
    monkeypatch.setattr(clock, "now", lambda: now)
    bring_in_2019()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1))
    with scoped(Scope.system()):
        recaps = len(selectors.recaps_differing("pemilu-2019"))
        copies = len(selectors.stations_differing("pemilu-2019", after=now - timedelta(days=1)))
    assert recaps
    assert copies > 7

    told = findings_tell()

    assert told == (recaps + 1 if is_told else 0), "each recap, and one report for all copies of the regency"
    assert len(inbox()) == told


def test_the_trend_counts_stations_from_when_the_copy_came_in_which_they_fail():
    sheets(1, 2, valid=300, at=AFTERNOON - timedelta(hours=3))
    sheets(3, at=AFTERNOON - timedelta(hours=3))
    sheets(3, votes=WRONG, agency="kpu", at=AFTERNOON - timedelta(minutes=30))
    sheets(2, at=AFTERNOON - timedelta(minutes=10))  # put right

    with scoped(Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2, 3))):
        trend = selectors.failed_trend(election=ELECTION, at=AFTERNOON, within="51.01", hours=4)
        now = selectors.summary_for(ELECTION, "PPWP", "51.01")
    assert trend == [1, 1, 1, 2]
    assert now is not None
    assert trend[-1] == now.failed
    for scope in (
        Scope("polri", "polri", "51.01", (0, 1, 2, 3)),
        Scope("bawaslu", "bawaslu", "35.09", (0, 1)),
    ):
        with scoped(scope):
            assert selectors.failed_trend(election=ELECTION, at=AFTERNOON, within=scope.area, hours=2) == [
                0,
                0,
            ]

"""Initial information, formal report and finding are told apart as the law does."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from ronda.incidents.tests.cast import (
    AYU,
    BAGAS,
    CITRA,
    DEWA,
    EKA,
    ELECTION,
    FAJAR,
    NOON,
    REGENCY,
    said,
    stage_set,
)
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.law.report_standings import report_standings
from ronda.reports import selectors, services
from ronda.reports.domain import MoveRefused, Standing
from ronda.reports.domain.standing import Met, Shown, requirement_met, sender_of
from ronda.reports.models import Report, ReportStanding
from ronda.reports.selectors.standing import standing_of
from ronda.reports.services import contact_add, reports_receive

LAW = report_standings()
SHOWN = Shown(True, NOON, NOON, True, True, True, True, "pilkada")


@pytest.fixture(autouse=True)
def stage(db: None) -> None:
    stage_set()


def told(who: Scope = FAJAR, **changes: object) -> Report:
    return reports_receive(incoming=[said(who, **changes)])[0]


def stand(
    report: Report, standing: Standing, by: Scope = CITRA, document: str = "B.1/7", note: str = ""
) -> None:
    with scoped(by):
        services.report_stand(
            report=report.id,
            standing=standing,
            document=document,
            stated_on=date(2024, 11, 27),
            note=note,
            by=by,
            at=NOON,
        )


def test_every_message_begins_as_initial_information() -> None:
    machine = Scope("system", "system", "", (0, 1, 2))
    assert {told(who).standing for who in (FAJAR, AYU, BAGAS, EKA, machine)} == {"info"}


@pytest.mark.parametrize("who", [FAJAR, BAGAS, AYU])
def test_an_anonymous_tip_and_a_note_of_the_police_never_become_a_formal_report(who: Scope) -> None:
    report = told(who)
    with pytest.raises(MoveRefused):
        stand(report, Standing.LAPORAN)
    stand(report, Standing.TEMUAN, document="BA/3")
    with scoped(CITRA):
        assert selectors.report_for(report.id).standing == "temuan"


def test_a_reporter_with_a_name_may_hand_in_the_form() -> None:
    report = told()
    contact_add(message=report.message, name="Fajar", phone="", area=REGENCY, at=NOON)
    stand(report, Standing.LAPORAN)
    stand(report, Standing.INFO, note="formulir ditarik")
    with scoped(CITRA):
        assert [one.standing for one in standing_of(report).history] == ["info", "laporan"]
    with scoped(Scope.system()):
        assert EventRow.objects.filter(name="report.stood").count() == 2


def test_without_a_paper_nothing_becomes_more() -> None:
    with pytest.raises(MoveRefused, match="nomor"):
        stand(told(EKA), Standing.LAPORAN, document=" ")


def test_a_paper_of_tomorrow_is_refused() -> None:
    report = told(EKA)
    with scoped(CITRA), pytest.raises(MoveRefused, match="belum tiba"):
        services.report_stand(
            report=report.id,
            standing=Standing.LAPORAN,
            document="B.1/7",
            stated_on=date(2024, 11, 28),
            note="",
            by=CITRA,
            at=NOON,
        )


def test_the_same_standing_twice_has_one_effect() -> None:
    report = told(EKA)
    stand(report, Standing.LAPORAN)
    with pytest.raises(MoveRefused, match="sudah"):
        stand(report, Standing.LAPORAN)


@pytest.mark.parametrize("who", [DEWA, EKA, BAGAS, FAJAR])
def test_nobody_else_says_or_reads_what_a_report_is(who: Scope) -> None:
    report = told()
    with pytest.raises(Report.DoesNotExist):
        stand(report, Standing.TEMUAN, by=who)
    stand(report, Standing.TEMUAN)
    with scoped(who):
        assert not ReportStanding.objects.exists()


@pytest.mark.parametrize(
    ("source", "agency", "has_contact", "wanted"),
    [
        ("public", "publik", False, "anonymous"),
        ("public", "publik", True, "named"),
        ("officer", "bawaslu", False, "supervisor"),
        ("officer", "polri", False, "agency"),
        ("witness", "partai-02", False, "contestant"),
        ("observer", "pemantau", False, "observer"),
        ("machine", "system", False, "machine"),
    ],
)
def test_each_sender_falls_under_one_rule(source: str, agency: str, has_contact: bool, wanted: str) -> None:
    assert sender_of(source, agency, has_contact=has_contact) == wanted


def met(shown: Shown) -> dict[str, Met]:
    return {one.id: requirement_met(one, shown) for one in LAW.required(shown.regime)}


def test_what_is_missing_for_a_formal_report_is_said() -> None:
    assert met(SHOWN) == {
        "SF1": Met.ASK,
        "SF2": Met.ASK,
        "SF3": Met.YES,
        "SF4": Met.ASK,
        "SM1": Met.YES,
        "SM2": Met.YES,
        "SM3": Met.YES,
    }
    bare = Shown(False, None, NOON, False, False, False, False, "pilkada")
    assert met(bare) == {
        "SF1": Met.NO,
        "SF2": Met.ASK,
        "SF3": Met.ASK,
        "SF4": Met.ASK,
        "SM1": Met.NO,
        "SM2": Met.NO,
        "SM3": Met.NO,
    }


@pytest.mark.parametrize(("regime", "wanted"), [("pilkada", Met.NO), ("pemilu", Met.ASK)])
def test_seven_days_are_calendar_days_in_a_pilkada_and_working_days_in_a_pemilu(
    regime: str, wanted: Met
) -> None:
    late: datetime = NOON - timedelta(days=9)
    assert met(replace(SHOWN, known_at=late, regime=regime))["SF3"] == wanted


def test_the_signature_is_asked_for_in_a_pilkada_only() -> None:
    assert "SF4" not in {one.id for one in LAW.required("pemilu")}
    assert ELECTION.startswith("pilkada")

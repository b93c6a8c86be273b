"""Messages become reports once, exactly as they came."""

from datetime import timedelta

import pytest

from ronda.incidents.tests.cast import (
    AYU,
    BAGAS,
    CITRA,
    DEWA,
    EKA,
    FAJAR,
    NOON,
    VILLAGE,
    said,
    stage_set,
)
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.reports import selectors
from ronda.reports.adapters import Sender
from ronda.reports.domain import ReportSource
from ronda.reports.models import FollowStep, Report
from ronda.reports.selectors import InboxFilter
from ronda.reports.services import reports_receive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> None:
    stage_set()


def test_a_message_becomes_a_report_with_event_audit_line_and_first_follow_step() -> None:
    (report,) = reports_receive(incoming=[said(FAJAR)])
    with scoped(Scope.system()):
        assert (report.area, report.station_code, report.is_placed) == (VILLAGE, "5101022003007", True)
        event = EventRow.objects.get(subject=report.id)
        assert (event.name, event.record, event.data["source"]) == ("report.received", "report", "public")
        assert AuditLine.objects.filter(subject=report.id, action="report.received").count() == 1
        assert FollowStep.objects.count() == 1


def test_the_same_message_twice_makes_one_report() -> None:
    message = said(FAJAR)
    first = reports_receive(incoming=[message, message])
    again = reports_receive(incoming=[message])
    with scoped(Scope.system()):
        assert (len(first), len(again), Report.objects.count(), FollowStep.objects.count()) == (1, 0, 1, 1)


def test_events_and_audit_lines_hold_no_text_and_no_person_of_the_public() -> None:
    reports_receive(incoming=[said(FAJAR, body={"text": "RAHASIA"})])
    with scoped(Scope.system()):
        assert "RAHASIA" not in str(list(EventRow.objects.values_list("data", flat=True)))
        assert list(AuditLine.objects.values_list("person", flat=True)) == [None]


@pytest.mark.parametrize(
    ("who", "source"),
    [
        (AYU, ReportSource.OFFICER),
        (BAGAS, ReportSource.OFFICER),
        (EKA, ReportSource.WITNESS),
        (FAJAR, ReportSource.PUBLIC),
    ],
)
def test_the_source_is_who_sent_it(who: Scope, source: ReportSource) -> None:
    (report,) = reports_receive(incoming=[said(who)])
    assert (report.source, report.agency) == (source, who.agency)


def test_who_sees_a_citizens_report() -> None:
    reports_receive(incoming=[said(FAJAR)])
    seen = {
        name: _seen(who)
        for name, who in {"ayu": AYU, "citra": CITRA, "bagas": BAGAS, "dewa": DEWA, "eka": EKA}.items()
    }
    assert seen == {"ayu": 1, "citra": 1, "bagas": 0, "dewa": 0, "eka": 0}
    assert _seen(FAJAR) == 0


def test_a_witness_and_a_police_officer_see_their_own_agencys_report_only() -> None:
    reports_receive(incoming=[said(EKA), said(BAGAS)])
    other_party = Scope("partai-03", "partai", VILLAGE, (0, 1))
    assert [_seen(who) for who in (EKA, BAGAS, CITRA, other_party)] == [1, 1, 2, 0]


def _seen(who: Scope) -> int:
    with scoped(who):
        return Report.objects.count()


def test_an_unknown_place_is_kept_and_listed_for_a_person_to_place() -> None:
    other = said(FAJAR, body={"text": "Spanduk roboh", "kind": "campaign_material"})
    reports_receive(incoming=[said(FAJAR, place="51.01.02.2999"), other])
    with scoped(CITRA):
        (waiting,) = selectors.report_list(InboxFilter(is_unplaced=True))
        assert (waiting.place, waiting.area, waiting.station) == ("51.01.02.2999", "51.01.02", 7)


def test_a_report_from_nowhere_is_shown_to_a_desk_that_stands_highest_here() -> None:
    """The public's token names no area: a report with an unreadable or a far place must not lie where nobody looks."""
    for place in ("di pasar", "99.99.99.9999"):
        reports_receive(
            incoming=[said(FAJAR, place=place, sender=Sender(), body={"text": place, "kind": ""})]
        )
    with scoped(DEWA):
        waiting = selectors.report_list(InboxFilter(is_unplaced=True))
        assert {(one.place, one.area) for one in waiting} == {
            ("di pasar", "35.09"),
            ("99.99.99.9999", "35.09"),
        }


def test_the_inbox_puts_danger_first_then_the_graver_kind_then_the_older() -> None:
    older = NOON - timedelta(minutes=30)
    calm = said(FAJAR, body={"kind": "campaign_material"}, received_at=older, station=1)
    first = said(FAJAR, received_at=older, station=2)
    second = said(FAJAR, station=3)
    danger = said(FAJAR, body={"kind": "campaign_material", "danger": True}, station=4)
    reports_receive(incoming=[calm, second, first, danger])
    with scoped(CITRA):
        order = [report.message for report in selectors.report_list(InboxFilter())]
    assert order == [danger.message, first.message, second.message, calm.message]


def test_pages_of_the_inbox_meet_without_gap_or_double() -> None:
    reports_receive(
        incoming=[said(FAJAR, station=n + 1, received_at=NOON - timedelta(minutes=n % 3)) for n in range(25)]
    )
    with scoped(CITRA):
        found, last = [], None
        while page := selectors.report_list(InboxFilter(), after=last, limit=7):
            found += [report.id for report in page]
            last = page[-1]
        assert len(found) == len(set(found)) == 25


def test_swapping_names_and_senders_moves_no_report() -> None:
    texts = ["Paslon 01 membagi uang", "Paslon 02 membagi uang"]
    body = {"kind": "money_politics"}
    made = reports_receive(
        incoming=[said(who, body={**body, "text": text}) for text in texts for who in (AYU, EKA, FAJAR)]
    )
    assert len({report.priority for report in made}) == 1


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "🗳️ ramai 🚨", "שלום עולם", "a\u202eb", "' OR 1=1 --"]
)
def test_strange_text_is_stored_exactly(text: str) -> None:
    (report,) = reports_receive(incoming=[said(FAJAR, body={"text": text})])
    with scoped(CITRA):
        assert selectors.report_for(report.id).text == text


def test_counts_and_trend_cover_the_area_asked_for() -> None:
    reports_receive(incoming=[said(FAJAR), said(FAJAR, station=8, received_at=NOON - timedelta(hours=2))])
    with scoped(CITRA):
        assert selectors.report_count_open() == 2
        assert selectors.report_count_open("51.01.02.2004") == 0
        trend = selectors.report_trend(at=NOON, hours=3)
    assert trend == [1, 0, 1]

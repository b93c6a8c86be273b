"""How the inbox stood at an instant is what its count said then."""

from datetime import datetime, timedelta

import pytest

from ronda.incidents.tests.cast import CITRA, DEWA, NOON, REGENCY, VILLAGE, said, stage_set
from ronda.kernel.scope import scoped
from ronda.reports.domain import RejectReason, SourceCheck
from ronda.reports.selectors import report_count_open
from ronda.reports.selectors.history import inbox_then
from ronda.reports.services import VerifiedFacts, report_reject, report_return, report_verify, reports_receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(db: None) -> list[tuple[datetime, int]]:
    """Reports come and are decided, a quarter of an hour apart; how many waited after each step."""
    stage_set()
    shown, at = [], NOON

    def look() -> None:
        nonlocal at
        with scoped(CITRA):
            shown.append((at, report_count_open(REGENCY)))
        at += timedelta(minutes=15)

    made = []
    for station in (1, 2, 3):
        made += reports_receive(incoming=[said(received_at=at, captured_at=at, station=station)])
        look()
    first, second, _third = (report.id for report in made)
    with scoped(CITRA):
        report_reject(report=first, reason=RejectReason.TRIAL, note="uji", by=CITRA, at=at)
    look()
    with scoped(CITRA):
        report_return(report=first, note="Ternyata benar.", by=CITRA, at=at)
    look()
    facts = VerifiedFacts("violence", VILLAGE, NOON, SourceCheck.DOCUMENT, document="LHP/7")
    with scoped(CITRA):
        report_verify(report=second, facts=facts, by=CITRA, at=at)
    look()
    return shown


def test_the_inbox_of_the_past_is_what_was_counted_then(seen: list[tuple[datetime, int]]) -> None:
    with scoped(CITRA):
        told = [inbox_then(REGENCY, start=NOON, at=at).waiting for at, _count in seen]

    assert told == [count for _at, count in seen] == [1, 2, 3, 2, 3, 2]


def test_received_counts_from_the_start_to_the_instant(seen: list[tuple[datetime, int]]) -> None:
    with scoped(CITRA):
        end = seen[-1][0]
        assert inbox_then(REGENCY, start=NOON, at=end).received == 3
        assert inbox_then(REGENCY, start=NOON + timedelta(minutes=1), at=end).received == 2
        assert inbox_then(REGENCY, start=NOON, at=NOON).received == 1


def test_another_regency_has_an_inbox_of_its_own(seen: list[tuple[datetime, int]]) -> None:
    with scoped(DEWA):
        assert inbox_then(at=seen[-1][0], start=NOON).waiting == 0

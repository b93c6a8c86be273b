"""Who sent a report sees how far it is, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ronda.incidents.tests.cast import AYU, FAJAR, NOON, said, stage_set
from ronda.kernel.scope import scoped
from ronda.reports.domain import FollowState, receipt_code, receipt_digest
from ronda.reports.selectors.followed import became_of
from ronda.reports.services import reports_receive
from ronda.reports.services.reporters import follow_add


@pytest.fixture(autouse=True)
def stage(db: None) -> None:
    stage_set()


def test_the_latest_state_of_each_report_is_told_and_of_no_other() -> None:
    mine, other = (reports_receive(incoming=[said(who)])[0] for who in (AYU, FAJAR))
    digest = receipt_digest(receipt_code(mine.message))
    for minutes, state in enumerate((FollowState.VERIFIED, FollowState.CLOSED), start=1):
        follow_add(digests=[digest], state=state, area=mine.area, at=NOON + timedelta(minutes=minutes))
    with scoped(AYU):
        found = became_of([mine.message, uuid4()])
    assert {message: line["state"] for message, line in found.items()} == {mine.message: "closed"}
    assert other.message not in found

"""A receipt code shows states and times and nothing else; public pages open for everybody."""

from datetime import timedelta

import pytest
from django.test import Client

from ronda.incidents.tests.cast import VILLAGE, stage_set
from ronda.kernel import clock
from ronda.kernel.ids import uuid7
from ronda.reports.domain import FollowState, receipt_code, receipt_digest
from ronda.reports.services import follow_add

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> None:
    stage_set()


def test_following_shows_states_and_times_only() -> None:
    message, at = uuid7(), clock.now() - timedelta(hours=1)
    for state in (FollowState.RECEIVED, FollowState.VERIFIED, FollowState.HANDED):
        follow_add(digests=[receipt_digest(receipt_code(message))], state=state, area=VILLAGE, at=at)
    page = Client().post("/lapor/ikuti", {"code": receipt_code(message).lower()}).content.decode()
    for state in (FollowState.RECEIVED, FollowState.VERIFIED, FollowState.HANDED):
        assert str(state.label) in page
    for secret in ("Penyaringan", VILLAGE, "polri", "Polsek", "bawaslu"):
        assert secret not in page


@pytest.mark.parametrize("code", ["", "0000-0000-0000", "' OR 1=1", "\x00", "🗳️", "x" * 41])
def test_a_wrong_code_is_told_kindly(code: str) -> None:
    assert Client().post("/lapor/ikuti", {"code": code}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/lapor", "/lapor/ikuti", "/lapor/perlindungan", "/lapor?wilayah=99.99", "/lapor?wilayah=%27"],
)
def test_public_pages_open_for_everybody(path: str) -> None:
    assert Client().get(path).status_code == 200
    answer = Client().head(path)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_code_stands_in_no_address() -> None:
    form = Client().get("/lapor/ikuti").content.decode()
    assert 'method="post"' in form

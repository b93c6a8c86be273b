from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronda.reports.domain import (
    CODE_ALPHABET,
    REPORT_MOVES,
    MoveRefused,
    ReportState,
    Verdict,
    is_future,
    is_ongoing,
    receipt_code,
    receipt_digest,
    report_move,
)

NOON = datetime(2024, 11, 27, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(("state", "verdict"), [(s, v) for s in ReportState for v in Verdict])
def test_a_report_moves_only_along_the_table(state: ReportState, verdict: Verdict) -> None:
    wanted = REPORT_MOVES[state].get(verdict)
    if wanted is None:
        with pytest.raises(MoveRefused, match=str(state.label)):
            report_move(state, verdict)
    else:
        assert report_move(state, verdict) is wanted


def test_no_report_is_stuck() -> None:
    assert all(REPORT_MOVES[state] for state in ReportState)


@given(st.uuids())
def test_receipt_code_is_readable_and_the_same_each_time(message: UUID) -> None:
    code = receipt_code(message)
    assert code == receipt_code(message)
    assert [len(part) for part in code.split("-")] == [4, 4, 4]
    assert set(code) <= set(CODE_ALPHABET) | {"-"}


@given(st.uuids())
def test_a_code_copied_by_hand_still_finds_its_report(message: UUID) -> None:
    code = receipt_code(message)
    sloppy = " " + code.lower().replace("-", " ").replace("0", "o").replace("1", "l") + " "
    assert receipt_digest(sloppy) == receipt_digest(code)


def test_different_messages_have_different_codes() -> None:
    codes = {receipt_code(UUID(int=n)) for n in range(5000)}
    assert len(codes) == 5000


def test_future_and_ongoing_are_judged_by_the_clock_of_the_node() -> None:
    assert is_future(NOON + timedelta(hours=1), NOON)
    assert not is_future(NOON + timedelta(minutes=5), NOON)
    assert is_ongoing(NOON - timedelta(minutes=20), NOON)
    assert not is_ongoing(NOON - timedelta(hours=3), NOON)
    assert not is_ongoing(None, NOON)

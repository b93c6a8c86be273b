"""Pure decisions about posts, invitations and sessions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ronda.agencies.domain import (
    GUARDED_LIMITS,
    InvitationState,
    PostState,
    Role,
    invitation_state,
    legal_date,
    may_appoint,
    post_state,
    session_is_over,
    session_limits,
)

DAY = date(2024, 11, 27)
AT = datetime(2024, 11, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [
        (0, None, PostState.HELD),
        (1, None, PostState.COMING),
        (-5, 1, PostState.HELD),
        (-5, 0, PostState.ENDED),
        (0, 0, PostState.ENDED),
    ],
)
def test_state_of_a_post(starts: int, ends: int | None, state: PostState) -> None:
    ends_on = None if ends is None else DAY + timedelta(ends)
    assert post_state(DAY + timedelta(starts), ends_on, DAY) == state


def test_an_invitation_that_was_used_stays_used_when_its_time_is_over() -> None:
    used = invitation_state(used_at=AT, revoked_at=None, expires_at=AT, at=AT + timedelta(1))
    assert used == InvitationState.USED


def test_the_legal_day_begins_at_midnight_in_the_capital() -> None:
    assert legal_date(datetime(2024, 11, 26, 17, 0, tzinfo=UTC)) == DAY
    assert legal_date(datetime(2024, 11, 26, 16, 59, tzinfo=UTC)) == date(2024, 11, 26)


@pytest.mark.parametrize("role", ["admin", "custodian"])
def test_sessions_of_guarded_roles_are_short(role: str) -> None:
    assert session_limits(role) == GUARDED_LIMITS
    assert session_limits("officer").idle == timedelta(minutes=30)


def test_a_session_ends_by_idleness_or_by_age() -> None:
    limits = session_limits("officer")
    assert not session_is_over(limits, started_s=0, seen_s=0, now_s=1800)
    assert session_is_over(limits, started_s=0, seen_s=0, now_s=1801)
    assert session_is_over(limits, started_s=0, seen_s=43_200, now_s=43_201)


@pytest.mark.parametrize("role", Role.values)
def test_nobody_appoints_upward_or_across(role: str) -> None:
    for to_role in Role.values:
        given = {"role": role, "agency": "bawaslu", "area": "51.01.02", "to_role": to_role}
        assert not may_appoint(**given, to_agency="bawaslu", to_area="51.01")
        assert not may_appoint(**given, to_agency="polri", to_area="51.01.02")
        assert not may_appoint(**given, to_agency="bawaslu", to_area="51.01.03")
        inside = may_appoint(**given, to_agency="bawaslu", to_area="51.01.02.2007")
        assert inside <= (role in ("admin", "head"))

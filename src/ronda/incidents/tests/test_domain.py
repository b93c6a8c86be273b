from datetime import UTC, datetime, timedelta

import pytest

from ronda.incidents.domain import (
    ACTION_MOVES,
    HANDOVER_MOVES,
    INCIDENT_MOVES,
    ActionState,
    Desk,
    HandoverState,
    Happening,
    IncidentAct,
    IncidentState,
    action_move,
    due_after,
    handover_move,
    incident_label,
    incident_move,
    likeness,
    require_second_person,
)
from ronda.reports.domain import MoveRefused

NOON = datetime(2024, 11, 27, 5, 0, tzinfo=UTC)


def every_incident_move() -> list[tuple[IncidentState, IncidentAct]]:
    return [(state, act) for state in IncidentState for act in IncidentAct]


@pytest.mark.parametrize(("state", "act"), every_incident_move())
def test_an_incident_moves_only_along_the_table(state: IncidentState, act: IncidentAct) -> None:
    wanted = INCIDENT_MOVES[state].get(act)
    if wanted is None:
        with pytest.raises(MoveRefused, match=str(state.label)):
            incident_move(state, act)
    else:
        assert incident_move(state, act) is wanted


def test_every_incident_state_has_a_row_and_can_be_reached() -> None:
    reached = {state for moves in INCIDENT_MOVES.values() for state in moves.values()}
    assert set(INCIDENT_MOVES) == set(IncidentState)
    assert reached | {IncidentState.OPEN} == set(IncidentState)


def test_an_incident_is_closed_only_after_proof() -> None:
    into_closed = {state for state, moves in INCIDENT_MOVES.items() if IncidentState.CLOSED in moves.values()}
    assert into_closed == {IncidentState.DONE}


@pytest.mark.parametrize(("state", "to"), [(a, b) for a in HandoverState for b in HandoverState])
def test_a_hand_over_moves_only_along_the_table(state: HandoverState, to: HandoverState) -> None:
    if to in HANDOVER_MOVES[state]:
        assert handover_move(state, to, reason="bukan wilayah kami") is to
    else:
        with pytest.raises(MoveRefused):
            handover_move(state, to, reason="bukan wilayah kami")


@pytest.mark.parametrize("to", [HandoverState.REFUSED, HandoverState.WITHDRAWN])
def test_refusing_and_withdrawing_need_a_reason(to: HandoverState) -> None:
    with pytest.raises(MoveRefused, match="alasan"):
        handover_move(HandoverState.SENT, to, reason="  ")


@pytest.mark.parametrize(("state", "to"), [(a, b) for a in ActionState for b in ActionState])
def test_an_action_moves_only_along_the_table(state: ActionState, to: ActionState) -> None:
    if to in ACTION_MOVES[state]:
        assert action_move(state, to, note="sudah") is to
    else:
        with pytest.raises(MoveRefused):
            action_move(state, to, note="sudah")


def test_an_action_is_not_done_without_a_word_about_it() -> None:
    with pytest.raises(MoveRefused):
        action_move(ActionState.OPEN, ActionState.DONE, note="")


def test_the_doer_does_not_close_and_nobody_closes_unnamed() -> None:
    with pytest.raises(MoveRefused):
        require_second_person("citra", ["bagas", "citra"])
    with pytest.raises(MoveRefused):
        require_second_person("", ["bagas"])
    require_second_person("ayu", ["bagas", "citra"])


def test_the_next_act_is_due_hours_of_the_clock_later() -> None:
    assert due_after(NOON, 2) == NOON + timedelta(hours=2)
    with pytest.raises(ValueError, match="at least 1"):
        due_after(NOON, 0)


def test_a_desk_is_served_by_its_unit_and_those_above_never_below_or_beside() -> None:
    polsek = Desk("polri", "51.01.02")
    assert polsek.is_served_by(agency="polri", area="51.01.02")
    assert polsek.is_served_by(agency="polri", area="51.01")
    assert not polsek.is_served_by(agency="polri", area="51.01.02.2003")
    assert not polsek.is_served_by(agency="polri", area="51.01.03")
    assert not polsek.is_served_by(agency="bawaslu", area="51.01.02")


def test_numbers_read_as_people_say_them() -> None:
    assert [incident_label(n) for n in (1, 147, 12345)] == ["K-0001", "K-0147", "K-12345"]


def test_likeness_needs_one_village_and_six_hours() -> None:
    one = Happening("51.01.02.2003", "5101022003007", NOON)
    near = Happening("51.01.02.2003", "5101022003007", NOON + timedelta(minutes=12))
    elsewhere = Happening("51.01.02.2004", "", NOON)
    later = Happening("51.01.02.2003", "", NOON + timedelta(hours=7))
    found = likeness(one, near)
    assert found is not None
    assert (found.same_station, found.apart_minutes) == (True, 12)
    assert likeness(one, elsewhere) is None
    assert likeness(one, later) is None


def test_unknown_places_are_never_alike() -> None:
    assert likeness(Happening("", "", NOON), Happening("", "", NOON)) is None


def test_the_same_polling_station_ranks_before_the_same_minute() -> None:
    one = Happening("51.01.02.2003", "5101022003007", NOON)
    station = likeness(one, Happening("51.01.02.2003", "5101022003007", NOON + timedelta(hours=2)))
    minute = likeness(one, Happening("51.01.02.2003", "", NOON))
    assert station is not None
    assert minute is not None
    assert station.rank < minute.rank

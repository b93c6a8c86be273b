"""Reads. Rights are the database's: each caller sees the rows of its scope."""

from ronda.readiness.selectors.board import Board, board_for
from ronda.readiness.selectors.gaps import (
    call_list,
    checkins_for_area,
    findings_for,
    missed_roll_calls,
    silent_by_village,
    state_for,
    stations_told,
    unplaced_count,
    warehouses_failing,
    warehouses_latest,
)
from ronda.readiness.selectors.progress import (
    AreaCounts,
    DueStep,
    SilentStation,
    checkin_counts_by_area,
    due_steps,
    heard_count,
    heard_trend,
    silent_count,
    silent_stations,
    silent_trend,
    states_by_station,
)

__all__ = [
    "AreaCounts",
    "Board",
    "DueStep",
    "SilentStation",
    "board_for",
    "call_list",
    "checkin_counts_by_area",
    "checkins_for_area",
    "due_steps",
    "findings_for",
    "heard_count",
    "heard_trend",
    "missed_roll_calls",
    "silent_by_village",
    "silent_count",
    "silent_stations",
    "silent_trend",
    "state_for",
    "states_by_station",
    "stations_told",
    "unplaced_count",
    "warehouses_failing",
    "warehouses_latest",
]

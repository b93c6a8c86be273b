"""Writes. Each is one transaction and one change; repeating it changes nothing."""

from ronda.readiness.services.calling import CallOf, call_mark
from ronda.readiness.services.findings import finding_raise, findings_answer, findings_raise
from ronda.readiness.services.recording import checkins_record, checkins_unplaced
from ronda.readiness.services.watching import risks_record, watch_end, watch_give

__all__ = [
    "CallOf",
    "call_mark",
    "checkins_record",
    "checkins_unplaced",
    "finding_raise",
    "findings_answer",
    "findings_raise",
    "risks_record",
    "watch_end",
    "watch_give",
]

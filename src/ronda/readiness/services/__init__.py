"""Writes. Each is one transaction and one change; repeating it changes nothing."""

from ronda.readiness.services.findings import finding_raise, findings_raise
from ronda.readiness.services.recording import checkins_record, checkins_unplaced

__all__ = ["checkins_record", "checkins_unplaced", "finding_raise", "findings_raise"]

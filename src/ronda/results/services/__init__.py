"""Writes. Each is one transaction, one change, one event, one audit line."""

from ronda.results.services.auditing import AuditRefused, Plan, audit_draw, audit_freeze
from ronda.results.services.checking import UnknownElectionError, checks_rebuild, lists_changed
from ronda.results.services.findings import findings_raise
from ronda.results.services.importing import Imported, recaps_import, sheets_import, template_remember
from ronda.results.services.receiving import (
    recaps_receive,
    recaps_unplaced,
    sheets_receive,
    sheets_unplaced,
)
from ronda.results.services.replacing import ReplacementRefused, replacement_record
from ronda.results.services.screening import screening_holds, screening_keep

__all__ = [
    "AuditRefused",
    "Imported",
    "Plan",
    "ReplacementRefused",
    "UnknownElectionError",
    "audit_draw",
    "audit_freeze",
    "checks_rebuild",
    "findings_raise",
    "lists_changed",
    "recaps_import",
    "recaps_receive",
    "recaps_unplaced",
    "replacement_record",
    "screening_holds",
    "screening_keep",
    "sheets_import",
    "sheets_receive",
    "sheets_unplaced",
    "template_remember",
]

"""Writes. Each is one transaction, one change, one event, one audit line."""

from ronda.results.services.checking import UnknownElectionError, checks_rebuild
from ronda.results.services.findings import findings_raise
from ronda.results.services.importing import Imported, recaps_import, sheets_import, template_remember
from ronda.results.services.receiving import (
    recaps_receive,
    recaps_unplaced,
    sheets_receive,
    sheets_unplaced,
)

__all__ = [
    "Imported",
    "UnknownElectionError",
    "checks_rebuild",
    "findings_raise",
    "recaps_import",
    "recaps_receive",
    "recaps_unplaced",
    "sheets_import",
    "sheets_receive",
    "sheets_unplaced",
    "template_remember",
]

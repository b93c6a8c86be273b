"""Writes on reports: each is one transaction, one change, one event, one audit line."""

from ronda.reports.adapters import IncomingReport, Sender
from ronda.reports.services.claiming import report_claim, report_hand_on, report_release
from ronda.reports.services.deciding import (
    VerifiedFacts,
    report_place,
    report_reject,
    report_return,
    report_verify,
)
from ronda.reports.services.findings import (
    FindingId,
    MachineFinding,
    finding_answer,
    finding_tell,
    findings_untold,
)
from ronda.reports.services.grouping import reports_merge, reports_split
from ronda.reports.services.receiving import reports_receive
from ronda.reports.services.reporters import contact_add, contact_reveal, follow_add
from ronda.reports.services.sending import Said, report_send
from ronda.reports.services.standing import report_stand

__all__ = [
    "FindingId",
    "IncomingReport",
    "MachineFinding",
    "Said",
    "Sender",
    "VerifiedFacts",
    "contact_add",
    "contact_reveal",
    "finding_answer",
    "finding_tell",
    "findings_untold",
    "follow_add",
    "report_claim",
    "report_hand_on",
    "report_place",
    "report_reject",
    "report_release",
    "report_return",
    "report_send",
    "report_stand",
    "report_verify",
    "reports_merge",
    "reports_receive",
    "reports_split",
]

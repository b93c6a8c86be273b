"""Writes on incidents: each is one transaction, one change, one event, one audit line."""

from ronda.incidents.services.acting import (
    action_assign,
    action_cancel,
    action_finish,
    action_reopen,
    incident_note,
    incident_start,
)
from ronda.incidents.services.closing import (
    Evidence,
    incident_close,
    incident_finish,
    incident_reopen,
    incident_send_back,
)
from ronda.incidents.services.contesting import contest
from ronda.incidents.services.handing import (
    handover_accept,
    handover_receive,
    handover_refuse,
    handover_return,
    handover_send,
    handover_withdraw,
    incident_ask,
)
from ronda.incidents.services.opening import (
    IncidentFacts,
    incident_open,
    incident_open_from_report,
    incident_relate,
    incident_unrelate,
    report_link,
    report_unlink,
)
from ronda.incidents.services.proving import OpenFile, content_type, proof_file_open

__all__ = [
    "Evidence",
    "IncidentFacts",
    "OpenFile",
    "action_assign",
    "action_cancel",
    "action_finish",
    "action_reopen",
    "content_type",
    "contest",
    "handover_accept",
    "handover_receive",
    "handover_refuse",
    "handover_return",
    "handover_send",
    "handover_withdraw",
    "incident_ask",
    "incident_close",
    "incident_finish",
    "incident_note",
    "incident_open",
    "incident_open_from_report",
    "incident_relate",
    "incident_reopen",
    "incident_send_back",
    "incident_start",
    "incident_unrelate",
    "proof_file_open",
    "report_link",
    "report_unlink",
]

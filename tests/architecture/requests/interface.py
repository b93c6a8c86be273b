"""Requests over the interface (`/api/v1`)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ronda.kernel import clock
from tests.architecture.regency import AREA, Regency
from tests.architecture.requests.written import (
    WORDS,
    Asked,
    Written,
)


def _facts(regency: Regency) -> Asked:
    body = {
        "report": str(regency.report().id),
        "kind": "violence",
        "place": regency.village,
        "happened_at": (clock.now() - timedelta(hours=1)).isoformat(),
        "source_check": "document",
        "document": "LHP/7",
        "title": "Keributan di TPS 07",
    }
    return "incidents", body


def _api(path: str, make: Callable[[Regency], Any], **body: Any) -> Callable[[Regency], Asked]:
    return lambda regency: (path.format(make(regency).id), body)


def _api_place(regency: Regency) -> Asked:
    return f"reports/{regency.report().id}/place", {"place": regency.village, "station_code": ""}


def _api_hand_over(regency: Regency) -> Asked:
    body = {"agency": "polri", "area": regency.polsek.area, "request": "Amankan."}
    return f"incidents/{regency.opened().id}/handover", body


def _api_assign(regency: Regency) -> Asked:
    due = (clock.now() + timedelta(hours=1)).isoformat()
    body = {"title": "Patroli", "agency": "bawaslu", "area": AREA, "due_at": due}
    return f"incidents/{regency.started().id}/actions", body


def _api_relate(regency: Regency) -> Asked:
    return f"incidents/{regency.opened().id}/relate", {"other": str(regency.opened().id)}


PROOF = {"note": "Aman.", "evidence_kind": "document", "evidence": "LP/12"}
OPERATIONS = {
    "/api/v1/reports/{report_id}/place": Written("citra", _api_place),
    "/api/v1/reports/{report_id}/reject": Written(
        "citra", _api("reports/{}/reject", Regency.report, reason="trial", note="uji")
    ),
    "/api/v1/reports/{report_id}/return": Written(
        "citra", _api("reports/{}/return", Regency.rejected, note="lihat lagi")
    ),
    "/api/v1/incidents": Written("citra", _facts),
    "/api/v1/incidents/{incident_id}/start": Written("citra", _api("incidents/{}/start", Regency.opened)),
    "/api/v1/incidents/{incident_id}/note": Written(
        "citra", _api("incidents/{}/note", Regency.opened, text="Massa bubar.")
    ),
    "/api/v1/incidents/{incident_id}/handover": Written("citra", _api_hand_over),
    "/api/v1/incidents/{incident_id}/actions": Written("citra", _api_assign),
    "/api/v1/incidents/{incident_id}/finish": Written(
        "citra", _api("incidents/{}/finish", Regency.started, **PROOF)
    ),
    "/api/v1/incidents/{incident_id}/close": Written("putri", _api("incidents/{}/close", Regency.proven)),
    "/api/v1/incidents/{incident_id}/send-back": Written(
        "putri", _api("incidents/{}/send-back", Regency.proven, **WORDS)
    ),
    "/api/v1/incidents/{incident_id}/reopen": Written(
        "putri", _api("incidents/{}/reopen", Regency.closed, **WORDS)
    ),
    "/api/v1/incidents/{incident_id}/relate": Written("citra", _api_relate),
    "/api/v1/incidents/handovers/{handover_id}/receive": Written(
        "bagas", _api("incidents/handovers/{}/receive", Regency.handed)
    ),
    "/api/v1/incidents/handovers/{handover_id}/accept": Written(
        "bagas", _api("incidents/handovers/{}/accept", Regency.handed)
    ),
    "/api/v1/incidents/handovers/{handover_id}/refuse": Written(
        "bagas", _api("incidents/handovers/{}/refuse", Regency.handed, **WORDS)
    ),
    "/api/v1/incidents/handovers/{handover_id}/return": Written(
        "bagas", _api("incidents/handovers/{}/return", Regency.accepted, **WORDS)
    ),
    "/api/v1/incidents/handovers/{handover_id}/withdraw": Written(
        "citra", _api("incidents/handovers/{}/withdraw", Regency.handed, **WORDS)
    ),
    "/api/v1/incidents/actions/{action_id}/finish": Written(
        "citra", _api("incidents/actions/{}/finish", Regency.action, **WORDS)
    ),
    "/api/v1/incidents/actions/{action_id}/cancel": Written(
        "citra", _api("incidents/actions/{}/cancel", Regency.action, **WORDS)
    ),
    "/api/v1/incidents/links/{link_id}/end": Written(
        "citra", _api("incidents/links/{}/end", Regency.link, **WORDS)
    ),
}

"""One incident's links, hand-overs and actions, and what a scope may do with it now."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from ronda.incidents.domain import (
    UNANSWERED,
    ActionState,
    Desk,
    IncidentState,
    Standing,
    acts_open_to,
    proof_is_open_to,
)
from ronda.incidents.models import Action, ActionStep, Handover, Incident, IncidentLink, Proof, ProofFile
from ronda.kernel.scope import Scope
from ronda.reports import selectors as reports

if TYPE_CHECKING:
    from ronda.reports.models import Report


def links_live(incident: UUID) -> QuerySet[IncidentLink]:
    """Links in force."""
    return IncidentLink.objects.filter(incident=incident, end__isnull=True).select_related("other")


def incidents_of_report(report: UUID) -> list[Incident]:
    """Incidents that a report belongs to."""
    linked = IncidentLink.objects.filter(report=report, end__isnull=True).values("incident")
    return list(Incident.objects.filter(pk__in=linked))


def reports_of(incident: UUID) -> "list[Report]":
    """Reports in the incident that this scope may read."""
    ids = [link.report_id for link in links_live(incident) if link.report_id]
    return reports.reports_by_ids(ids)


def handover_waiting(incident: UUID) -> Handover | None:
    """The hand-over that waits for an answer."""
    return Handover.objects.filter(incident=incident, state__in=UNANSWERED).first()


def handover_for(handover: UUID) -> Handover:
    """One hand-over; DoesNotExist when the scope does not show it."""
    return Handover.objects.get(pk=handover)


def handovers_of(incident: Incident) -> list[Handover]:
    """The hand-overs of an incident in order, as far as the scope reaches."""
    return list(Handover.objects.filter(incident=incident).order_by("sequence"))


def handover_held(incident: Incident) -> Handover | None:
    """The hand-over through which the present holder got the incident: it may be returned."""
    latest = Handover.objects.filter(incident=incident, state="accepted").order_by("-sequence").first()
    if latest and (latest.to_agency, latest.to_area) == (incident.holder_agency, incident.holder_area):
        return latest
    return None


def action_for(action: UUID) -> Action:
    """One action; DoesNotExist when the scope does not show it."""
    return Action.objects.select_related("incident").get(pk=action)


def proof_file_for(file: UUID) -> ProofFile:
    """What is known of a file that shows work, without its bytes; DoesNotExist when the scope does not show it."""
    return ProofFile.objects.get(pk=file)


def link_for(link: UUID) -> IncidentLink:
    """One link; DoesNotExist when the scope does not show it."""
    return IncidentLink.objects.select_related("incident").get(pk=link)


def acts_for(incident: Incident, by: Scope) -> frozenset[str]:
    """The acts that this scope may do on the incident now."""
    waiting = handover_waiting(incident.id)
    held = Desk(incident.holder_agency, incident.holder_area)
    proof = Proof.objects.filter(incident=incident).order_by("-at", "-id").first()
    is_holder = _serves(by, held)
    standing = Standing(
        is_holder=is_holder,
        is_receiver=waiting is not None and _serves(by, Desk(waiting.to_agency, waiting.to_area)),
        is_sender=waiting is not None and _serves(by, Desk(waiting.from_agency, waiting.from_area)),
        is_checker=is_holder or by.agency == incident.agency,
        is_doer=_is_doer(incident, proof, by),
        can_look=proof is None or proof_is_open_to(proof.evidence_kind, by.classes),
    )
    return acts_open_to(
        standing,
        state=incident.state,
        handover=waiting.state if waiting else None,
        can_return=handover_held(incident) is not None,
        has_open_action=Action.objects.filter(incident=incident, state=ActionState.OPEN).exists(),
    )


def _serves(by: Scope, desk: Desk) -> bool:
    return desk.is_served_by(agency=by.agency, area=by.area)


def _is_doer(incident: Incident, proof: Proof | None, by: Scope) -> bool:
    if incident.state != IncidentState.DONE or not by.person:
        return incident.state == IncidentState.DONE
    done = ActionStep.objects.filter(incident=incident, state=ActionState.DONE, by=by.person)
    return (proof is not None and str(proof.by) == by.person) or done.exists()

"""What happened to incidents, hand-overs and actions, for later stages and the live feed. No narrative, no names."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class IncidentEvent(Event):
    """Each carries the incident's number and the state after the change."""

    record = "incident"

    number: str
    state: str


@dataclass(frozen=True, kw_only=True)
class IncidentOpened(IncidentEvent):
    name = "incident.opened"

    kind: str


@dataclass(frozen=True, kw_only=True)
class IncidentStarted(IncidentEvent):
    name = "incident.started"


@dataclass(frozen=True, kw_only=True)
class IncidentNoted(IncidentEvent):
    name = "incident.noted"


@dataclass(frozen=True, kw_only=True)
class IncidentFinished(IncidentEvent):
    name = "incident.finished"


@dataclass(frozen=True, kw_only=True)
class IncidentSentBack(IncidentEvent):
    name = "incident.sent_back"


@dataclass(frozen=True, kw_only=True)
class IncidentClosed(IncidentEvent):
    name = "incident.closed"


@dataclass(frozen=True, kw_only=True)
class IncidentReopened(IncidentEvent):
    name = "incident.reopened"


@dataclass(frozen=True, kw_only=True)
class IncidentEscalated(IncidentEvent):
    """A due time passed; the unit above was told."""

    name = "incident.escalated"

    to: str


@dataclass(frozen=True, kw_only=True)
class ReportLinked(IncidentEvent):
    name = "incident.report_linked"


@dataclass(frozen=True, kw_only=True)
class ReportUnlinked(IncidentEvent):
    name = "incident.report_unlinked"


@dataclass(frozen=True, kw_only=True)
class IncidentRelated(IncidentEvent):
    name = "incident.related"

    other: str


@dataclass(frozen=True, kw_only=True)
class IncidentUnrelated(IncidentEvent):
    name = "incident.unrelated"

    other: str


@dataclass(frozen=True, kw_only=True)
class IncidentAsked(IncidentEvent):
    """Another agency that reads the incident asks to be given it; `to` is who asks."""

    name = "incident.asked"

    to: str


@dataclass(frozen=True, kw_only=True)
class HandoverSent(IncidentEvent):
    name = "handover.sent"

    to: str


@dataclass(frozen=True, kw_only=True)
class HandoverReceived(IncidentEvent):
    name = "handover.received"

    to: str


@dataclass(frozen=True, kw_only=True)
class HandoverAccepted(IncidentEvent):
    name = "handover.accepted"

    to: str


@dataclass(frozen=True, kw_only=True)
class HandoverRefused(IncidentEvent):
    name = "handover.refused"

    to: str


@dataclass(frozen=True, kw_only=True)
class HandoverReturned(IncidentEvent):
    name = "handover.returned"

    to: str


@dataclass(frozen=True, kw_only=True)
class HandoverWithdrawn(IncidentEvent):
    name = "handover.withdrawn"

    to: str


@dataclass(frozen=True, kw_only=True)
class ActionAssigned(IncidentEvent):
    name = "action.assigned"

    to: str


@dataclass(frozen=True, kw_only=True)
class ActionDone(IncidentEvent):
    name = "action.done"


@dataclass(frozen=True, kw_only=True)
class ActionCancelled(IncidentEvent):
    name = "action.cancelled"


@dataclass(frozen=True, kw_only=True)
class ActionReopened(IncidentEvent):
    name = "action.reopened"

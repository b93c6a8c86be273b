"""What happened through the day, for later stages and the live feed. No names of people."""

from dataclasses import dataclass, field

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class CheckinsRecorded(Event):
    """A batch of check-ins of one regency and election was taken in; `steps` counts them."""

    name = "checkins.recorded"
    record = "checkin"

    election: str
    steps: dict[str, int] = field(default_factory=dict)
    heard_again: int = 0


@dataclass(frozen=True, kw_only=True)
class FindingRaised(Event):
    """A gap was found and handed in as a report."""

    name = "finding.raised"
    record = "readiness_finding"

    kind: str
    incident_kind: str
    place: str
    count: int

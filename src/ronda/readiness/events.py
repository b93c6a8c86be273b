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
class FindingAnswered(Event):
    """The stations that a finding missed were heard after all."""

    name = "finding.answered"
    record = "readiness_finding"

    kind: str
    place: str
    count: int


@dataclass(frozen=True, kw_only=True)
class CallMarked(Event):
    """A line of the call list was taken, or somebody said what came of the call. Names nobody."""

    name = "call.marked"
    record = "silence_call"

    act: str
    occasion: str


@dataclass(frozen=True, kw_only=True)
class WatchGiven(Event):
    """Somebody is sent to watch a station. Names nobody."""

    name = "watch.given"
    record = "station_watch"

    station: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class WatchEnded(Event):
    """Somebody is no longer sent to a station."""

    name = "watch.ended"
    record = "station_watch"

    station: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class RisksRecorded(Event):
    """A file of vulnerable stations was taken in."""

    name = "risks.recorded"
    record = "station_risk"

    election: str
    stations: int


@dataclass(frozen=True, kw_only=True)
class FindingRaised(Event):
    """A gap was found and handed in as a report."""

    name = "finding.raised"
    record = "readiness_finding"

    kind: str
    incident_kind: str
    place: str
    count: int

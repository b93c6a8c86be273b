"""What happened to a report, for later stages and the live feed. No text, no names."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class ReportReceived(Event):
    name = "report.received"
    record = "report"

    source: str
    kind: str
    place: str


@dataclass(frozen=True, kw_only=True)
class ReportPlaced(Event):
    name = "report.placed"
    record = "report"

    place: str


@dataclass(frozen=True, kw_only=True)
class ReportVerified(Event):
    name = "report.verified"
    record = "report"

    kind: str


@dataclass(frozen=True, kw_only=True)
class ReportRejected(Event):
    name = "report.rejected"
    record = "report"

    reason: str


@dataclass(frozen=True, kw_only=True)
class ReportReturned(Event):
    name = "report.returned"
    record = "report"


@dataclass(frozen=True, kw_only=True)
class ReportAnswered(Event):
    """What the machine missed came after all."""

    name = "report.answered"
    record = "report"


@dataclass(frozen=True, kw_only=True)
class ReportsMerged(Event):
    """A person put a report and its group beside another."""

    name = "report.merged"
    record = "report"

    group: str


@dataclass(frozen=True, kw_only=True)
class ReportsSplit(Event):
    """A person took reports out of their group."""

    name = "report.split"
    record = "report"

    group: str


@dataclass(frozen=True, kw_only=True)
class ReportClaimed(Event):
    """Somebody has it in hand: claimed, handed on, or taken over."""

    name = "report.claimed"
    record = "report"

    act: str


@dataclass(frozen=True, kw_only=True)
class ReportReleased(Event):
    """Whoever had it in hand let go."""

    name = "report.released"
    record = "report"


@dataclass(frozen=True, kw_only=True)
class ReportStood(Event):
    """A person said what it is in law."""

    name = "report.stood"
    record = "report"

    standing: str


@dataclass(frozen=True, kw_only=True)
class ContactAdded(Event):
    name = "reporter_contact.added"
    record = "reporter_contact"


@dataclass(frozen=True, kw_only=True)
class ContactRevealed(Event):
    name = "reporter_contact.revealed"
    record = "reporter_contact"

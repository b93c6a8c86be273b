"""What happened with events that people attend. Names nobody."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class GatheringOpened(Event):
    """An event was announced, and has a code to scan."""

    name = "gathering.opened"
    record = "gathering"


@dataclass(frozen=True, kw_only=True)
class AttendanceTaken(Event):
    """Somebody said to be at an event."""

    name = "attendance.taken"
    record = "attendance"

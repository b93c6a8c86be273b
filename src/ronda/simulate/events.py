"""A database was marked as one for drills."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class DrillMarked(Event):
    name = "drill.marked"
    record = "drill_mark"

    election: str

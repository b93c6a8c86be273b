"""What happened to the register of areas."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class AreasLoaded(Event):
    """Areas of the official register were loaded."""

    name = "areas.loaded"
    record = "place"

    edition: str
    areas: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class OutlinesImported(Event):
    """Outlines of areas came in from a boundary file."""

    name = "outlines.imported"
    record = "place"

    file_sha256: str
    outlines: int
    changed: int

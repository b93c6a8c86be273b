"""What happened to elections and their registries."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class ElectionCreated(Event):
    """An election, its stages and the contests of an area were written from the law files."""

    name = "election.created"
    record = "election"

    election: str


@dataclass(frozen=True, kw_only=True)
class ChoicesImported(Event):
    """Choices of contests came in from a file."""

    name = "choices.imported"
    record = "election"

    election: str
    choices: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class StationsImported(Event):
    """A registry of polling stations came in from a file."""

    name = "stations.imported"
    record = "station"

    election: str
    file_sha256: str
    stations: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class StationsGenerated(Event):
    """A simulated registry was made for a demo or drill."""

    name = "stations.generated"
    record = "station"

    election: str
    seed: int
    stations: int


@dataclass(frozen=True, kw_only=True)
class StageMarked(Event):
    """Somebody of KPU or Bawaslu said a stage is done in their area, or open again."""

    name = "stage.marked"
    record = "stage_mark"

    election: str
    stage: str
    mark: str

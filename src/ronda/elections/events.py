"""What happened to elections and their registries."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class ElectionCreated(Event):
    name = "election.created"
    record = "election"

    election: str


@dataclass(frozen=True, kw_only=True)
class ChoicesImported(Event):
    name = "choices.imported"
    record = "election"

    election: str
    choices: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class StationsImported(Event):
    name = "stations.imported"
    record = "station"

    election: str
    file_sha256: str
    stations: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class StationsGenerated(Event):
    name = "stations.generated"
    record = "station"

    election: str
    seed: int
    stations: int


@dataclass(frozen=True, kw_only=True)
class StageMarked(Event):
    name = "stage.marked"
    record = "stage_mark"

    election: str
    stage: str
    mark: str

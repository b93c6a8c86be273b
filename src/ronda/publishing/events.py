"""What happened to the public results. No figures in events."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class PublicationProposed(Event):
    name = "publication.proposed"
    record = "publication"

    election: str
    version: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class PublicationDecided(Event):
    """`state` is published or refused."""

    name = "publication.decided"
    record = "publication"

    election: str
    version: int
    state: str


@dataclass(frozen=True, kw_only=True)
class CorrectionEntered(Event):
    name = "publication.corrected"
    record = "publication_correction"

    election: str
    contest: str
    station: str

"""What happened in plenums. No figures in events."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class PlenumOpened(Event):
    name = "plenum.opened"
    record = "plenum"

    election: str
    contest: str


@dataclass(frozen=True, kw_only=True)
class ColumnRead(Event):
    """One column of D.Hasil was read out or put right."""

    name = "plenum.column_read"
    record = "plenum"

    code: str


@dataclass(frozen=True, kw_only=True)
class ColumnsImported(Event):
    """Columns of D.Hasil came in a file."""

    name = "plenum.columns_imported"
    record = "plenum"

    columns: int
    file_sha256: str


@dataclass(frozen=True, kw_only=True)
class PlenumClosed(Event):
    name = "plenum.closed"
    record = "plenum"

    columns: int


@dataclass(frozen=True, kw_only=True)
class ObjectionRaised(Event):
    name = "objection.raised"
    record = "objection"

    rule: str


@dataclass(frozen=True, kw_only=True)
class ObjectionDecided(Event):
    name = "objection.decided"
    record = "objection"

    state: str

"""What happened to results. No figures in events: who may not see counts may still see that something came."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class SheetsImported(Event):
    name = "sheets.imported"
    record = "sheet"

    election: str
    contest: str
    file_sha256: str
    rows: int
    changed: int
    held: int


@dataclass(frozen=True, kw_only=True)
class SheetReceived(Event):
    name = "sheet.received"
    record = "sheet"

    election: str
    contest: str
    station: str
    source: str


@dataclass(frozen=True, kw_only=True)
class ResultReplaced(Event):
    """The decision by which the result of a station is replaced was recorded."""

    name = "result.replaced"
    record = "replacement"

    election: str
    contest: str
    station: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class RecapsImported(Event):
    name = "recaps.imported"
    record = "recap"

    election: str
    contest: str
    file_sha256: str
    rows: int
    changed: int
    held: int


@dataclass(frozen=True, kw_only=True)
class TemplateRemembered(Event):
    name = "sheet_template.remembered"
    record = "sheet_template"

    template: str


@dataclass(frozen=True, kw_only=True)
class RecapReceived(Event):
    name = "recap.received"
    record = "recap"

    election: str
    contest: str
    source: str


@dataclass(frozen=True, kw_only=True)
class ChecksRebuilt(Event):
    """Subscribers above read what changed from the selectors; `failed` is the number of failed checks."""

    name = "checks.rebuilt"
    record = "result_check"

    election: str
    contest: str
    failed: int


@dataclass(frozen=True, kw_only=True)
class ScreeningMade(Event):
    """The screens of an area were made and kept; `digest` fixes the figures they were made of."""

    name = "screening.made"
    record = "screening"

    election: str
    contest: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class AuditListFrozen(Event):
    """A list of stations was frozen; its digest can be published, the seed comes afterwards."""

    name = "audit.list_frozen"
    record = "audit_list"

    election: str
    contest: str
    kind: str
    digest: str
    stations: int


@dataclass(frozen=True, kw_only=True)
class AuditStationsDrawn(Event):
    """Stations were drawn from a frozen list with a public seed."""

    name = "audit.stations_drawn"
    record = "audit_draw"

    election: str
    contest: str
    kind: str
    digest: str
    seed: str
    number: int

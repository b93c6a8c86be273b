"""The ledger of truth: everything that was planted, so that a test can demand that all of it is found."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SheetFault:
    """A wrong figure in one copy of one sheet, and the rules it must break."""

    station: str
    source: str
    kind: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """Votes moved in a recapitulation, over some stations of one village."""

    district: str
    village: str
    stations: tuple[str, ...]
    votes: int
    from_choice: int
    to_choice: int


@dataclass
class Truth:
    """What the day holds."""

    faults: list[SheetFault] = field(default_factory=list)
    sheets_differ: set[str] = field(default_factory=set)
    shift: Shift | None = None
    leaking: tuple[str, ...] = ()
    leaking_area: str = ""
    missed_roll_call: str = ""
    silent_village: str = ""
    silent_stations: tuple[str, ...] = ()
    reports: int = 0
    checkins: int = 0
    sheets: int = 0
    recaps: int = 0
    clean_recaps: tuple[str, ...] = ()

    def stations_breaking(self, rule: str, source: str) -> set[str]:
        """Stations whose copy from a source breaks a rule."""
        return {fault.station for fault in self.faults if rule in fault.rules and fault.source == source}

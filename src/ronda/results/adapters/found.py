"""Copies as a file of 2024 has them, and what an import of them would write.

A place is told by its 13-digit code or by the names of its province, regency, district and village.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from ronda.kernel.areas import station_area, station_code
from ronda.results.adapters.placing import Placing
from ronda.results.adapters.rows import SheetRow
from ronda.results.adapters.situng_rows import SheetPlan, StationEntry
from ronda.results.domain import Figures

Names = tuple[str, str, str, str]
UNPLACED_2024 = "kpu2024-"


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """One copy of a station; `station` is empty when the file names the place in words."""

    row: int
    station: str
    names: Names
    number: int
    source: str
    figures: Figures
    outcome: str = ""
    captured_at: datetime | None = None

    @property
    def key(self) -> tuple[object, ...]:
        return self.station or (*self.names, self.number), self.source

    @property
    def words(self) -> str:
        return " / ".join(name for name in (*reversed(self.names), f"TPS {self.number}") if name)

    @property
    def own_id(self) -> str:
        """The id of the station while its place is unknown."""
        if self.station:
            return f"{UNPLACED_2024}{self.station}"
        digest = hashlib.sha256("/".join(self.names).encode()).hexdigest()[:10]
        return f"{UNPLACED_2024}{digest}-{self.number}"


@dataclass(frozen=True)
class Places:
    """What the register knows of the places of a file: codes of villages, villages by name, where to hold the rest."""

    known: Collection[str]
    by_name: dict[Names, str]
    held_in: str = ""

    def village(self, found: FoundSheet) -> str:
        """The code of the village of a copy; empty when the register does not know it."""
        if not found.station:
            return self.by_name.get(found.names, "")
        code = station_area(found.station)
        return code if code in self.known else ""

    def held(self, found: FoundSheet) -> str:
        return station_area(found.station)[:5] if found.station else self.held_in


def names_by_key(found: Iterable[FoundSheet]) -> dict[int, Names]:
    """The villages that are named in words, under numbers of our own."""
    return dict(enumerate(sorted({one.names for one in found if not one.station})))


def named_codes(names: dict[int, Names], placing: Placing) -> dict[Names, str]:
    """Village codes by the names in the file."""
    return {names[key]: code for key, code in placing.codes.items()}


def plan_found(found: Iterable[FoundSheet], places: Places, *, is_list: bool) -> SheetPlan:
    """What an import would write. `is_list`: the file lists stations whether they reported or not."""
    plan = SheetPlan()
    stations: dict[str, StationEntry] = {}
    for one in found:
        village = places.village(one)
        if village:
            station = one.station or station_code(village, one.number)
            plan.placed_ids.append((one.own_id, village, station))
            stations[station] = StationEntry(station, village, one.number, None, None)
        else:
            plan.held += 1
        if not one.figures.is_empty:
            plan.sheets.append(_row(one, village, places))
    plan.stations = list(stations.values()) if is_list else []
    return plan


def _row(one: FoundSheet, village: str, places: Places) -> SheetRow:
    is_held = not village
    return SheetRow(
        area=places.held(one) if is_held else village,
        station=one.own_id if is_held else one.station or station_code(village, one.number),
        number=one.number,
        source=one.source,
        figures=one.figures,
        place=one.words,
        is_held=is_held,
        outcome=one.outcome,
        captured_at=one.captured_at,
    )

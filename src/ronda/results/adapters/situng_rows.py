"""Rows of a situng-2019 file under their official codes: stations for the registry, copies for the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ronda.kernel.areas import station_code
from ronda.methods.tally import Count
from ronda.results.adapters.placing import Placing
from ronda.results.adapters.recap2019 import RecapRows
from ronda.results.adapters.rows import RecapIn, SheetRow
from ronda.results.adapters.situng2019 import Copy, Stations
from ronda.results.adapters.table import RowError
from ronda.results.domain import UNPLACED, Figures

NUMBER_MAX = 999


@dataclass(frozen=True, slots=True)
class StationEntry:
    """A polling station as the file knows it."""

    code: str
    area: str
    number: int
    voters_m: int | None
    voters_f: int | None


@dataclass(slots=True)
class SheetPlan:
    """What an import would write."""

    stations: list[StationEntry] = field(default_factory=list)
    sheets: list[SheetRow] = field(default_factory=list)
    placed_ids: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    held: int = 0


def plan_sheets(stations: Stations, placing: Placing, *, held_in: str = "") -> SheetPlan:
    """Bring every row under its code. Rows whose village is not known are held under the area `held_in`."""
    plan = SheetPlan(errors=list(stations.table.errors))
    kel, number = stations.table.value["kel_id"].tolist(), stations.table.value["tps"].tolist()
    figures = figures_by_source(stations)
    men, women = (_optional(_column(stations, name)) for name in ("dpt_l", "dpt_p"))
    seen: dict[tuple[int, int], int] = {}
    for row, key in enumerate(zip(kel, number, strict=True)):
        file_row = int(stations.table.rows[row])
        if _refused(plan, key, file_row, seen.setdefault(key, file_row)):
            continue
        place = _placed(key, placing, stations.table.names, held_in)
        if place.is_held:
            plan.held += 1
        else:
            plan.stations.append(StationEntry(place.station, place.area, key[1], men[row], women[row]))
            plan.placed_ids.append((_own_id(key), place.area, place.station))
        for source, found in figures.items():
            if not found[row].is_empty:
                plan.sheets.append(
                    SheetRow(
                        place.area,
                        place.station,
                        key[1],
                        source,
                        found[row],
                        place.words,
                        is_held=place.is_held,
                    )
                )
    return plan


@dataclass(frozen=True, slots=True)
class _Place:
    area: str
    station: str
    words: str
    is_held: bool


def _refused(plan: SheetPlan, key: tuple[int, int], row: int, first: int) -> bool:
    if not 1 <= key[1] <= NUMBER_MAX:
        plan.errors.append(RowError(row, "tps", f"a number from 1 to {NUMBER_MAX}", str(key[1])))
    elif first != row:
        wanted = "a station that is not in this file yet"
        plan.errors.append(
            RowError(row, "tps", wanted, f"station {key[1]} of village {key[0]}, the same as row {first}")
        )
    else:
        return False
    return True


def _placed(
    key: tuple[int, int], placing: Placing, names: dict[int, tuple[str, ...]], held_in: str
) -> _Place:
    words = " / ".join((*reversed(names[key[0]]), f"TPS {key[1]}"))
    if village := placing.codes.get(key[0]):
        return _Place(village, station_code(village, key[1]), words, is_held=False)
    return _Place(held_in, _own_id(key), words, is_held=True)


def _own_id(key: tuple[int, int]) -> str:
    return f"{UNPLACED}{key[0]}-{key[1]}"


def _column(stations: Stations, name: str) -> Count:
    return Count(stations.ids(name), stations.table.present[name])


def _optional(count: Count) -> list[int | None]:
    pairs = zip(count.value.tolist(), count.present.tolist(), strict=True)
    return [value if known else None for value, known in pairs]


def figures_by_source(stations: Stations) -> dict[str, list[Figures]]:
    """The figures of every source, one per row of the file."""
    return {source: _figures(copy, stations.registered) for source, copy in stations.copies.items()}


def _figures(copy: Copy, registered: Count) -> list[Figures]:
    votes = [_optional(Count(copy.votes.value[:, at], copy.votes.present[:, at])) for at in (0, 1)]
    single = [_optional(count) for count in (copy.valid, copy.invalid, copy.users, registered)]
    return [Figures(pair, *rest) for pair, *rest in zip(zip(*votes, strict=True), *single, strict=True)]


def plan_recaps(recap: RecapRows, placing: Placing, *, held_in: str = "") -> Iterator[RecapIn]:
    """The rows that have figures, under their district code; others are held."""
    stated: NDArray[np.int32] = recap.table.value["n_tps"]
    known = recap.table.present["n_tps"]
    for row, unit in enumerate(recap.unit):
        numbers = zip(recap.votes.value[row].tolist(), recap.votes.present[row].tolist(), strict=True)
        votes = tuple(value if is_there else None for value, is_there in numbers)
        if all(number is None for number in votes):
            continue
        code = placing.codes.get(unit)
        words = " / ".join(reversed(recap.table.names[unit]))
        yield RecapIn(
            area=code or held_in,
            unit=code or f"{UNPLACED}{unit}",
            own_id=f"{UNPLACED}{unit}",
            figures=Figures(votes),
            stations=int(stated[row]) if known[row] else None,
            place=words,
            is_held=code is None,
        )

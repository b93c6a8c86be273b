"""Recapitulations of some districts (D.Hasil): one holds a planted shift, the others are right."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ronda.simulate.cast import key_of
from ronda.simulate.seeded import stream
from ronda.simulate.sheets import SHIFT_STATIONS, SHIFT_VOTES, Sheet
from ronda.simulate.truth import Shift
from ronda.simulate.world import World

Body = dict[str, object]


def shift_planned(world: World, seed: int, sheets: dict[str, Sheet]) -> tuple[Shift, tuple[str, ...]]:
    """Where votes are moved, and which other district hands in a recap that is right."""
    rng = stream(seed, "shift")
    villages = world.villages
    most = max(len(stations) for stations in villages.values())
    able = [village for village, stations in villages.items() if len(stations) >= min(SHIFT_STATIONS, most)]
    village = rng.choice(able)
    codes = [station.code for station in villages[village]][:SHIFT_STATIONS]
    totals = [sum(sheets[code].votes[n] for code in codes) for n in range(len(world.choices))]
    order = sorted(range(len(totals)), key=lambda n: -totals[n])
    district = villages[village][0].district
    others = [code for code in world.districts if code != district]
    clean = (rng.choice(others),) if len(others) > 1 else ()
    moved = min(SHIFT_VOTES, totals[order[0]])
    return Shift(district, village, tuple(codes), moved, order[0], order[1]), clean


def recap_messages(
    world: World, seed: int, sheets: dict[str, Sheet], shift: Shift, clean: tuple[str, ...]
) -> Iterator[tuple[datetime, str, str, Body]]:
    """Time, sender, district and body of each recapitulation."""
    rng = stream(seed, "recaps")
    for district in (shift.district, *clean):
        at = world.at("20:45") + timedelta(minutes=rng.randint(0, 30))
        yield at, key_of("kpu", district), district, _recap_body(world, sheets, shift, district)


def _recap_body(world: World, sheets: dict[str, Sheet], shift: Shift, district: str) -> Body:
    stations = world.districts[district]
    rows = [sheets[station.code] for station in stations]
    votes = [sum(row.votes[n] for row in rows) for n in range(len(world.choices))]
    if district == shift.district:
        votes[shift.from_choice] -= shift.votes
        votes[shift.to_choice] += shift.votes
    return {
        "contest": world.contest,
        "votes": votes,
        "valid": sum(row.valid for row in rows),
        "invalid": sum(row.invalid for row in rows),
        "users": sum(row.users for row in rows),
        "registered": sum(row.registered for row in rows),
        "stations": len(rows),
    }

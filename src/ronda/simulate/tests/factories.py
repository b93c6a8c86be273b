"""A small invented regency: 3 districts, 9 villages, 108 stations."""

from datetime import date
from zoneinfo import ZoneInfo

from ronda.simulate.world import Station, World

AREA = "51.01"


def small_world(*, districts: int = 3, villages: int = 3, stations: int = 12) -> World:
    names, found = {AREA: "Jembrana"}, []
    for d in range(1, districts + 1):
        names[f"{AREA}.{d:02d}"] = f"Kecamatan {d}"
        for v in range(1, villages + 1):
            village = f"{AREA}.{d:02d}.20{v:02d}"
            names[village] = f"Desa {d}-{v}"
            for n in range(1, stations + 1):
                found.append(Station(f"{village.replace('.', '')}{n:03d}", village, n, 200 + n))
    return World(AREA, "pemilu-2024", date(2024, 2, 14), ZoneInfo("Asia/Makassar"), names, tuple(found))

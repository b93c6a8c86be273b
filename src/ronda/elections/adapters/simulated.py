"""A plausible registry of polling stations for a place nobody prepared. Always marked as simulated."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from ronda.elections.adapters.stations import StationRow
from ronda.elections.domain import SPECIAL_FROM, station_kind
from ronda.kernel.areas import station_code

# Median number of stations of a village in a Pemilu (820,161 stations in 83,771 villages: mean 9.8; towns have more).
_MEDIAN = {"kelurahan": 18.0, "desa": 9.0}
_PLACES = (
    "Balai desa",
    "SD Negeri 1",
    "SD Negeri 2",
    "Lapangan voli",
    "Pos ronda",
    "Gedung serbaguna",
    "Posyandu",
)


def simulated_stations(
    villages: Sequence[tuple[str, str, tuple[float, float] | None]], *, voters_max: int, seed: int
) -> Iterator[StationRow]:
    """Stations of (code, kind, point inside or None) villages; the same seed gives the same registry."""
    for at, (code, kind, point) in enumerate(villages):
        rng = np.random.default_rng(_village_seed(seed, code))
        # A station takes twice the voters in a Pilkada, so there are about half as many (435,296 against 823,220).
        typical = _MEDIAN.get(kind, _MEDIAN["desa"]) * min(1.0, 300 / voters_max * 1.05)
        count = int(np.clip(round(typical * rng.lognormal(0.0, 0.5)), 2, 90))
        numbers = [*range(1, count + 1), *([SPECIAL_FROM] if at == 0 else [])]
        for number in numbers:
            yield _station(rng, code, number, voters_max, point)


def _station(
    rng: np.random.Generator, village: str, number: int, voters_max: int, point: tuple[float, float] | None
) -> StationRow:
    voters = int(np.clip(round(rng.normal(0.82, 0.09) * voters_max), voters_max // 4, voters_max))
    men = round(voters * float(rng.normal(0.497, 0.015)))
    east, north = (float(value) for value in rng.normal(0.0, 0.004, size=2))
    is_special = number >= SPECIAL_FROM
    return StationRow(
        code=station_code(village, number),
        area=village,
        number=number,
        kind=station_kind(number).value,
        name="Lembaga pemasyarakatan" if is_special else str(rng.choice(_PLACES)),
        voters_m=men,
        voters_f=voters - men,
        lon=round(point[0] + east, 6) if point else None,
        lat=round(point[1] + north, 6) if point else None,
    )


def _village_seed(seed: int, code: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{code}".encode()).digest()[:8], "big")

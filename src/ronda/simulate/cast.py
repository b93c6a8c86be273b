"""Who sends on that day: agencies, their units and people, by a key that is the same in every run."""

from dataclasses import dataclass

from ronda.simulate.seeded import stream
from ronda.simulate.world import World

_FIRST = (
    *("Ketut", "Made", "Wayan", "Nyoman", "Putu", "Kadek", "Komang", "Gede", "Sri", "Dewi", "Agus", "Budi"),
    *(
        "Rini",
        "Yanti",
        "Hendra",
        "Lestari",
        "Joko",
        "Siti",
        "Rahmat",
        "Fitri",
        "Imam",
        "Ningsih",
        "Bayu",
        "Wulan",
    ),
)
_LAST = (
    *(
        "Ardana",
        "Suryani",
        "Wibawa",
        "Pratiwi",
        "Santika",
        "Mahendra",
        "Kusuma",
        "Astuti",
        "Saputra",
        "Rahayu",
    ),
    *(
        "Wijaya",
        "Puspita",
        "Nugroho",
        "Hidayat",
        "Lestari",
        "Setiawan",
        "Handayani",
        "Purnama",
        "Utami",
        "Gunawan",
    ),
)


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody with a device: key, agency, unit and post. The public has none of these."""

    key: str
    agency: str
    kind: str
    agency_name: str
    unit_name: str
    unit_kind: str
    area: str
    name: str
    role: str = "officer"
    phone: str = ""


_AGENCIES = {
    "bawaslu": ("bawaslu", "Bawaslu"),
    "polri": ("polri", "Polri"),
    "kpu": ("kpu", "KPU"),
    "satpolpp": ("satpolpp", "Satpol PP dan Linmas"),
    "kesbangpol": ("kesbangpol", "Kesbangpol"),
    "partai-01": ("partai", "Saksi Partai 01"),
    "partai-02": ("partai", "Saksi Partai 02"),
}
_BELOW = (  # agency, level of its units, word for the unit, kind of the unit, role
    ("bawaslu", "village", "Pengawas desa", "pkd", "officer"),
    ("polri", "village", "Bhabinkamtibmas", "bhabin", "officer"),
    ("satpolpp", "district", "Linmas", "linmas", "officer"),
    ("kpu", "district", "PPK", "ppk", "officer"),
    ("partai-01", "district", "Saksi kecamatan", "saksi", "witness"),
    ("partai-02", "district", "Saksi kecamatan", "saksi", "witness"),
)


def key_of(agency: str, area: str) -> str:
    """The key of the player of an agency in an area."""
    return f"{agency}:{area}"


def players(world: World, seed: int) -> list[Player]:
    """Everybody who sends with a device, in a fixed order."""
    rng = stream(seed, "cast")
    places = {"village": list(world.villages), "district": list(world.districts)}
    wanted = [("kpu", world.area, "KPU", "kabupaten", "officer")]
    wanted.append(("kesbangpol", world.area, "Kesbangpol", "kabupaten", "officer"))
    wanted += [(agency, area, *rest) for agency, level, *rest in _BELOW for area in places[level]]  # type: ignore[misc]  # three words
    return [_player(world, *row, f"{rng.choice(_FIRST)} {rng.choice(_LAST)}") for row in wanted]


def _player(world: World, agency: str, area: str, unit: str, unit_kind: str, role: str, name: str) -> Player:
    kind, agency_name = _AGENCIES[agency]
    return Player(
        key=key_of(agency, area),
        agency=agency,
        kind=kind,
        agency_name=agency_name,
        unit_name=f"{unit} {world.name(area)}",
        unit_kind=unit_kind,
        area=area,
        name=name,
        role=role,
        phone=f"0800 {int(area.replace('.', '')[-8:]) % 10**7:07d}",  # a free-call number: rings nobody's telephone
    )

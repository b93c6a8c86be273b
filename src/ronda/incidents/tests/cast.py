"""The cast of every story, as scopes: Jembrana in Bali, and Jember for the one who must see nothing."""

from datetime import UTC, datetime
from uuid import UUID

from ronda.agencies.services.posts import agency_open, unit_open
from ronda.incidents.domain import Desk
from ronda.kernel.ids import uuid7
from ronda.kernel.scope import Scope, scoped
from ronda.places.models import Area
from ronda.reports.adapters import IncomingReport, Sender

VILLAGE, NEXT_VILLAGE, DISTRICT, REGENCY = "51.01.02.2003", "51.01.02.2004", "51.01.02", "51.01"
STATION = "5101022003007"
ELECTION = "pilkada-2024"
NOON = datetime(2024, 11, 27, 5, 0, tzinfo=UTC)


def person(number: int) -> str:
    return str(UUID(int=number))


AYU = Scope("bawaslu", "bawaslu", VILLAGE, (0, 1, 2), person(1))
BAGAS = Scope("polri", "polri", DISTRICT, (0, 1, 2), person(2))
CITRA = Scope("bawaslu", "bawaslu", REGENCY, (0, 1, 2, 3), person(3))
DEWA = Scope("bawaslu", "bawaslu", "35.09", (0, 1, 2, 3), person(4))
EKA = Scope("partai-02", "partai", VILLAGE, (0, 1), person(5))
FAJAR = Scope.public()
AYU_HEAD = Scope("bawaslu", "bawaslu", DISTRICT, (0, 1, 2, 3), person(6))  # Ayu's head at the district
KESBANGPOL = Scope("kesbangpol", "kesbangpol", REGENCY, (0, 1, 2, 3), person(7))

POLSEK = Desk("polri", DISTRICT)
BAWASLU = Desk("bawaslu", REGENCY)


def stage_set() -> None:
    """Places, agencies and units of the stories."""
    rows = [
        ("51", "province", "Bali", ""),
        ("51.01", "regency", "Jembrana", "51"),
        ("51.01.02", "district", "Mendoyo", "51.01"),
        ("51.01.02.2003", "village", "Penyaringan", "51.01.02"),
        ("51.01.02.2004", "village", "Yehembang", "51.01.02"),
        ("35.09", "regency", "Jember", "35"),
    ]
    with scoped(Scope.system()):
        for code, level, name, parent in rows:
            Area.objects.get_or_create(
                code=code,
                defaults={
                    "level": level,
                    "kind": level,
                    "name": name,
                    "parent": parent,
                    "province": code[:2],
                    "regency": code[:5] if len(code) >= 5 else "",
                },
            )
        for code, kind, name, area in [
            ("bawaslu", "bawaslu", "Bawaslu Kab. Jembrana", REGENCY),
            ("bawaslu", "bawaslu", "Panwaslu Kec. Mendoyo", DISTRICT),
            ("bawaslu", "bawaslu", "Bawaslu Kab. Jember", "35.09"),
            ("polri", "polri", "Polsek Mendoyo", DISTRICT),
            ("polri", "polri", "Polres Jembrana", REGENCY),
            ("kesbangpol", "kesbangpol", "Kesbangpol Jembrana", REGENCY),
            ("partai-02", "partai", "Saksi 02", REGENCY),
        ]:
            agency = agency_open(code=code, kind=kind, name=code.capitalize())
            unit_open(agency=agency, area=area, name=name, kind=kind)


def sender(scope: Scope) -> Sender:
    return Sender(scope.agency, scope.kind, scope.area, UUID(scope.person) if scope.person else None)


def said(scope: Scope = FAJAR, /, **changes: object) -> IncomingReport:
    """A message as the gate hands it over."""
    body = {"text": "Ribut saksi di TPS 7", "kind": "count_procedure", **changes.pop("body", {})}  # type: ignore[dict-item]
    given: dict[str, object] = {
        "message": uuid7(),
        "received_at": NOON,
        "body": body,
        "election": ELECTION,
        "place": VILLAGE,
        "station": 7,
        "captured_at": NOON,
        "sender": sender(scope),
        **changes,
    }
    return IncomingReport(**given)  # type: ignore[arg-type]

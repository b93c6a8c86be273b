"""A small Jembrana: two districts, three villages, twelve stations, and messages as the gate hands them over."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ronda.elections.models import Election, PollingStation
from ronda.gate.domain import Message
from ronda.kernel.areas import station_code
from ronda.kernel.ids import uuid7
from ronda.kernel.scope import Scope, scoped
from ronda.places.models import Area

WITA = ZoneInfo("Asia/Makassar")
ELECTION, VOTING_ON = "pemilu-2024", date(2024, 2, 14)
REGENCY, MENDOYO, PEKUTATAN = "51.01", "51.01.02", "51.01.03"
PENYARINGAN, YEHEMBANG, MEDEWI = "51.01.02.2003", "51.01.02.2004", "51.01.03.2001"
STATIONS = {PENYARINGAN: 6, YEHEMBANG: 3, MEDEWI: 3}
_PLACES = (
    ("51", "province", "Bali", ""),
    (REGENCY, "regency", "Jembrana", "51"),
    (MENDOYO, "district", "Mendoyo", REGENCY),
    (PEKUTATAN, "district", "Pekutatan", REGENCY),
    (PENYARINGAN, "village", "Penyaringan", MENDOYO),
    (YEHEMBANG, "village", "Yehembang", MENDOYO),
    (MEDEWI, "village", "Medewi", PEKUTATAN),
)


def local(clock: str, *, day: int = 0) -> datetime:
    """A WITA clock time of voting day, in UTC."""
    hour, minute = (int(part) for part in clock.split("."))
    on = VOTING_ON + timedelta(days=day)
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=WITA).astimezone(UTC)


def jembrana() -> None:
    """Places, election and polling stations."""
    with scoped(Scope.system()):
        for code, level, name, parent in _PLACES:
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
        election, _ = Election.objects.get_or_create(
            code=ELECTION,
            defaults={
                "law": ELECTION,
                "regime": "pemilu",
                "name_id": "Pemilu 2024",
                "name_en": "General election 2024",
                "voting_on": VOTING_ON,
                "voters_max": 300,
            },
        )
        PollingStation.objects.bulk_create(
            PollingStation(
                election=election,
                code=station_code(village, number),
                area=village,
                number=number,
                kind="regular",
                name=f"Balai {number}",
                voters_m=120,
                voters_f=125,
            )
            for village, count in STATIONS.items()
            for number in range(1, count + 1)
        )


def message(body: object, at: datetime, **changes: Any) -> Message:
    """An accepted check-in, sent by Ayu from Penyaringan unless said otherwise."""
    fields: dict[str, Any] = {
        "id": uuid7(),
        "n": 1,
        "kind": "checkin",
        "election": ELECTION,
        "place": PENYARINGAN,
        "station": 7,
        "captured_at": at,
        "received_at": at,
        "is_ahead": False,
        "body": body,
        "files": (),
        "missing_files": (),
        "area": PENYARINGAN,
        "agency": "bawaslu",
        "sender_kind": "bawaslu",
        "sender_area": PENYARINGAN,
        "device": None,
        "person": UUID(int=1),
        "sha256": "0" * 64,
    }
    return Message(**{**fields, **changes})


def step(name: str, at: datetime, village: str = PENYARINGAN, number: int = 1, **changes: Any) -> Message:
    """A station's step."""
    return message({"step": name}, at, place=village, station=number, **changes)

"""What several tests of results begin with: a message of the gate, a register of stations."""

from datetime import UTC, datetime
from uuid import uuid4

from ronda.elections.adapters.choices import ChoiceRow
from ronda.elections.selectors import election_for
from ronda.elections.services import (
    StationFile,
    StationRow,
    choices_import,
    election_create,
    stations_import,
)
from ronda.gate.domain import Message
from ronda.kernel.areas import station_code
from ronda.kernel.imports import Checked
from ronda.places.services import areas_load

AT = datetime(2024, 2, 14, 9, 0, tzinfo=UTC)
ELECTION = "pemilu-2024"
VILLAGE, STATION = "51.01.02.2007", "5101022007007"
LISTED = "DPRD_KABKO"  # the contest whose lists differ: five rows in either electoral district
LISTS = {
    "Jembrana 1": ("51.01.02", [(1, 0), (1, 1), (2, 0), (2, 1), (2, 2)]),
    "Jembrana 2": ("51.01.03", [(1, 0), (1, 1), (1, 2), (3, 0), (3, 1)]),
}
GOOD = {
    "contest": "PPWP",
    "votes": [120, 80, 40],
    "valid": 240,
    "invalid": 7,
    "users": 247,
    "registered": 280,
}


def message(kind="sheet", *, agency="bawaslu", sender="bawaslu", place=VILLAGE, station=7, id_=None, **body):
    return Message(
        id=id_ or uuid4(),
        n=1,
        kind=kind,
        election="pemilu-2024",
        place=place,
        station=station,
        captured_at=AT,
        received_at=AT,
        is_ahead=False,
        body=GOOD | body,
        files=(),
        missing_files=(),
        area=VILLAGE,
        agency=agency,
        sender_kind=sender,
        sender_area=VILLAGE,
        device=None,
        person=None,
        sha256="0" * 64,
    )


def registered(stations):
    """A register of the election: (village, number) of every station."""
    areas_load(area="51.01", at=AT)
    election = election_create(law=ELECTION, area="51.01", at=AT)
    rows = [
        StationRow(station_code(village, number), village, number, "regular", "", 140, 140, None, None)
        for village, number in stations
    ]
    file = StationFile(Checked(items=[rows], rows=len(rows)), ())
    stations_import(election=election, file=file, file_sha256="0" * 64, at=AT)


def listed():
    """Lists of two electoral districts: the first has parties 1 and 2, the second parties 1 and 3."""
    rows = [
        ChoiceRow(
            LISTED,
            "51.01",
            number,
            f"Caleg {number}" if number else f"Partai {party}",
            party,
            district,
            (area,),
        )
        for district, (area, lines) in LISTS.items()
        for party, number in lines
    ]
    choices_import(election=election_for(ELECTION), choices=rows, at=AT)

"""Run as a program in a drill database: `load` fills it with a small regency, `truth` prints what a day plants."""

import dataclasses
import json
import sys

import django

django.setup()

from ronda.agencies.services import demo_people  # noqa: E402
from ronda.elections.models import PollingStation  # noqa: E402
from ronda.elections.services import election_create  # noqa: E402
from ronda.kernel import clock  # noqa: E402
from ronda.kernel.areas import Level, station_code  # noqa: E402
from ronda.kernel.scope import Scope, scoped  # noqa: E402
from ronda.places.selectors import area_list  # noqa: E402
from ronda.places.services import areas_load  # noqa: E402
from ronda.simulate.day import day_planned  # noqa: E402
from ronda.simulate.selectors import world_of  # noqa: E402
from ronda.simulate.services import drill_mark  # noqa: E402

AREA, ELECTION, SEED = "51.01", "pemilu-2024", 7
VILLAGES_PER_DISTRICT, STATIONS = 2, 10


def load() -> None:
    """Places of the regency and ten stations in each of two villages of every district."""
    at = clock.now()
    with scoped(Scope.system()):
        drill_mark(area=AREA, election=ELECTION, at=at)
        areas_load(area=AREA, at=at)
        election = election_create(law=ELECTION, area=AREA, at=at)
        for district in area_list(AREA, Level.DISTRICT):
            for village in area_list(district.code, Level.VILLAGE)[:VILLAGES_PER_DISTRICT]:
                PollingStation.objects.bulk_create(
                    PollingStation(
                        election=election,
                        code=station_code(village.code, number),
                        area=village.code,
                        number=number,
                        kind="regular",
                        voters_m=110 + number,
                        voters_f=115 + number,
                        is_simulated=True,
                    )
                    for number in range(1, STATIONS + 1)
                )
        demo_people(area=AREA, at=at)


def truth() -> None:
    """The ledger of the day as JSON."""
    with scoped(Scope.system()):
        day = day_planned(world_of(area=AREA, election=ELECTION), SEED)
    found = dataclasses.asdict(day.truth)
    found["sheets_differ"] = sorted(day.truth.sheets_differ)
    print(json.dumps({**found, "digest": day.digest[:16], "messages": len(day.messages)}))  # noqa: T201


if __name__ == "__main__":
    {"load": load, "truth": truth}[sys.argv[1]]()

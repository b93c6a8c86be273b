"""Debian's `ogr2ogr` (GDAL) reads the collections of our OGC API Features, page by page, with a device's token."""

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ronda.config.testing import LiveDatabase
from ronda.gate.tests.running import environment_of, free_port, wait_until

pytestmark = [pytest.mark.interop, pytest.mark.serial]
STATIONS = 1_203  # more than one page of the server's most
FILLED = """
import sys, django
django.setup()
from datetime import timedelta
from ronda.agencies.selectors import scope_of
from ronda.agencies.services import demo_people
from ronda.elections.models import PollingStation
from ronda.elections.services import election_create
from ronda.gate.devices import device_enrol
from ronda.incidents.services import IncidentFacts, incident_open
from ronda.kernel import clock
from ronda.kernel.areas import station_code
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
at, village = clock.now(), "51.01.02.2007"
with scoped(Scope.system()):
    areas_load(area="51.01", at=at)
    election = election_create(law="pilkada-2024", area="51.01", at=at)
    PollingStation.objects.bulk_create(
        PollingStation(
            election=election, code=station_code(f"51.01.02.{2001 + n // 900}", n % 900 + 1), number=n % 900 + 1,
            kind="regular", area=f"51.01.02.{2001 + n // 900}", name=f"Balai {n}",
            lon=114.6 + n / 10_000 if n % 3 else None, lat=-8.4 if n % 3 else None,
        )
        for n in range(int(sys.argv[1]))
    )
    posts = demo_people(area="51.01", at=at).posts
    citra, token = scope_of(posts["citra"]), {}
    for name in ("citra", "oka", "eka"):
        token[name] = device_enrol(post=posts[name], label="QGIS", days=2, by=None, at=at).token
for number in range(7):
    facts = IncidentFacts(
        kind="violence", title=f"Keributan {number}", summary="", area=village, happened_at=at, known_at=at,
        election="pilkada-2024", station_code=station_code("51.01.02.2001", number + 1),
    )
    with scoped(citra):
        incident_open(facts=facts, by=citra, at=at)
print(" ".join(token[name] for name in ("citra", "oka", "eka")))
"""


@dataclass(frozen=True)
class Served:
    """The site as it is served, and three people's tokens."""

    port: int
    folder: Path
    citra: str
    oka: str
    eka: str

    def read(self, collection: str, token: str, *words: str) -> dict[str, Any]:
        """A whole collection, converted by ogr2ogr to one GeoJSON file."""
        program, target = shutil.which("ogr2ogr"), self.folder / f"{collection}-{len(words)}.geojson"
        assert program, "ogr2ogr is not installed: run `make test-interop`, which says how to install it"
        target.unlink(missing_ok=True)
        source = f"OAPIF:http://127.0.0.1:{self.port}/ogc/"
        options = ["-oo", "PAGE_SIZE=500", "--config", "GDAL_HTTP_HEADERS", f"Authorization: Bearer {token}"]
        command = [program, "-f", "GeoJSON", str(target), source, collection, *options, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        read: dict[str, Any] = json.loads(target.read_text())
        return read


@pytest.fixture
def served(live_database: LiveDatabase, tmp_path: Path) -> Iterator[Served]:
    environment, port = environment_of(live_database), free_port()
    filled = [sys.executable, "-c", FILLED, str(STATIONS)]
    told = subprocess.run(filled, env=environment, check=True, capture_output=True, text=True)
    words = ["--interface", "rsgi", "--port", str(port), "--workers", "1", "--no-ws"]
    command = [sys.executable, "-m", "granian", *words, "ronda.config.server:application"]
    with (tmp_path / "ronda.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            assert wait_until(lambda: _answers(port)), (tmp_path / "ronda.log").read_text()[-2000:]
            yield Served(port, tmp_path, *told.stdout.split()[-3:])
        finally:
            process.terminate()
            process.wait(20)


def _answers(port: int) -> bool:
    try:
        return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).status == 200)
    except OSError:
        return False


def test_ogr2ogr_reads_every_page_and_keeps_places_without_a_point(served: Served) -> None:
    features = served.read("tps", served.citra)["features"]

    assert len(features) == STATIONS
    assert len({one["properties"]["tps"] for one in features}) == STATIONS
    assert sum(one["geometry"] is None for one in features) == -(-STATIONS // 3)
    known = next(one for one in features if one["properties"]["nama"] == "Balai 1")
    assert known["geometry"] == {
        "type": "Point",
        "coordinates": [pytest.approx(114.6001), pytest.approx(-8.4)],
    }


def test_ogr2ogr_asks_for_a_box(served: Served) -> None:
    found = served.read("tps", served.citra, "-spat", "114.6", "-8.5", "114.61", "-8.3")["features"]

    assert 0 < len(found) < 100
    assert all(114.6 <= one["geometry"]["coordinates"][0] <= 114.61 for one in found)


def test_ogr2ogr_reads_incidents_with_their_words(served: Served) -> None:
    features = served.read("kejadian", served.citra)["features"]

    assert sorted(one["properties"]["judul"] for one in features) == [f"Keributan {n}" for n in range(7)]
    assert {one["properties"]["keadaan"] for one in features} == {"open"}


def test_the_police_read_none_of_the_supervisors_incidents_and_a_witness_nothing(served: Served) -> None:
    assert served.read("kejadian", served.oka)["features"] == []
    with pytest.raises(AssertionError, match=r"404|Unable to open"):
        served.read("kejadian", served.eka)

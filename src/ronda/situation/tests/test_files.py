"""Exports: what leaves, in which form, to whom, and the line that is written first."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.tests.factories import age_proofs, sign_in
from ronda.elections.models import PollingStation
from ronda.kernel import clock
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.places.models import Outline
from ronda.readiness.tests.factories import PENYARINGAN, REGENCY, YEHEMBANG, local
from ronda.situation.tests.scene import NOON, Scene, scene

pytestmark = pytest.mark.django_db
FILES = ["kejadian.csv", "kejadian.geojson", "celah.csv", "celah.geojson", "tps.csv", "tps.geojson"]


@pytest.fixture
def day(db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    made = scene()
    with scoped(Scope.system()):
        square = {"type": "Polygon", "coordinates": [[[114, -8], [115, -8], [115, -7], [114, -8]]]}
        point = {"lon": 114.7, "lat": -8.3, "tolerance": 0.1, "bbox": [114, -8, 115, -7]}
        Outline.objects.create(area=PENYARINGAN, geometry=square, **point)
        PollingStation.objects.filter(area=PENYARINGAN, number=4).update(lon=114.75, lat=-8.35)
    return made


def file(client: Client, day: Scene, who: str, name: str, **query: str) -> Any:
    sign_in(client, day.posts[who])
    return client.get(f"/situasi/unduh/{name}", query)


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_incidents_leave_as_a_table_with_place_state_and_clock(client: Client, day: Scene) -> None:
    answer = file(client, day, "citra", "kejadian.csv")
    rows = {row["judul"]: row for row in table(answer)}

    assert set(rows) == {"Kemarin", "Diserahkan", "Baru"}
    sent = rows["Diserahkan"]
    assert (sent["keadaan"], sent["desa_kode"], sent["desa"], sent["lewat"]) == (
        "handed",
        PENYARINGAN,
        "Penyaringan",
        "1",
    )
    assert (sent["bujur"], sent["lintang"], sent["titik"]) == ("114.7", "-8.3", "wilayah")
    assert (rows["Baru"]["bujur"], rows["Baru"]["titik"]) == ("", ""), "a place without coordinates"
    assert sent["terjadi"] == "2024-02-14T09:00:00+08:00"
    assert answer["Content-Disposition"] == 'attachment; filename="kejadian-51.01-20240214-1200.csv"'


def test_the_file_is_that_of_the_list_and_the_moment(client: Client, day: Scene) -> None:
    asked = {"pada": local("09.02").isoformat(), "jenis": "violence"}
    rows = table(file(client, day, "citra", "kejadian.csv", **asked))

    assert [(row["judul"], row["keadaan"]) for row in rows] == [("Diserahkan", "open")]


def test_an_hxl_row_stands_below_the_heads_if_wished(client: Client, day: Scene) -> None:
    lines = file(client, day, "citra", "kejadian.csv", hxl="1").content.decode().splitlines()

    assert lines[0].startswith("nomor,jenis,")
    assert lines[1].startswith("#event+code,#event+type+code,")
    assert lines[1].count(",") == lines[0].count(",")
    assert "#" not in file(client, day, "citra", "kejadian.csv").content.decode().splitlines()[1]


def test_silent_stations_leave_with_how_late_they_are(client: Client, day: Scene) -> None:
    rows = {row["tps"]: row for row in table(file(client, day, "citra", "celah.csv"))}

    assert len(rows) == 12
    first = rows["5101022003001"]
    assert (first["langkah"], first["langkah_terakhir"], first["terlambat_menit"]) == (
        "queue",
        "opened",
        "60",
    )
    assert rows["5101022003004"]["titik"] == "tps"


def test_geojson_has_a_point_or_none(client: Client, day: Scene) -> None:
    whole = json.loads(file(client, day, "citra", "tps.geojson").content)
    found = {one["id"]: one["geometry"] for one in whole["features"]}

    assert len(found) == 12
    assert found["5101022003004"] == {"type": "Point", "coordinates": [114.75, -8.35]}
    assert found["5101022003005"] == {"type": "Point", "coordinates": [114.7, -8.3]}
    assert found["5101032001001"] is None
    assert "hxl" not in whole
    assert json.loads(file(client, day, "citra", "tps.geojson", hxl="1").content)["hxl"]["tps"] == "#loc+code"


def test_no_cell_runs_as_a_formula(client: Client, day: Scene) -> None:
    day.opened("=HYPERLINK(1)", local("11.55"), area=YEHEMBANG)

    cells = [cell for row in table(file(client, day, "citra", "kejadian.csv")) for cell in row.values()]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell[:1] in "=@+" and cell]


@pytest.mark.parametrize("name", FILES)
def test_every_file_asks_for_a_proof_and_leaves_a_line_first(client: Client, day: Scene, name: str) -> None:
    sign_in(client, day.posts["citra"])
    age_proofs(client)
    assert client.get(f"/situasi/unduh/{name}")["Location"].startswith("/masuk/ulang/")

    assert file(client, day, "citra", name).status_code == 200
    with scoped(Scope.system()):
        line = AuditLine.objects.get(action="situation.exported")
    assert (line.person, line.area) == (day.posts["citra"].person_id, REGENCY)
    assert f"{line.detail['what']}.{line.detail['form']}" == name


@pytest.mark.parametrize("name", FILES)
def test_dewa_gets_files_without_a_row_of_this_regency(client: Client, day: Scene, name: str) -> None:
    answer = file(client, day, "dewa", name)
    text = answer.content.decode()

    assert answer.status_code == 200
    assert "Penyaringan" not in text
    assert "5101022003" not in text
    assert file(client, day, "dewa", name, wilayah=REGENCY).status_code == 404


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("who", ["eka", "made"])
def test_witnesses_and_observers_get_no_file(client: Client, day: Scene, who: str, name: str) -> None:
    assert file(client, day, who, name).status_code == 404


@pytest.mark.parametrize("who", ["oka", "indra"])
def test_police_and_army_get_no_vote_in_any_file(client: Client, day: Scene, who: str) -> None:
    for name in FILES:
        text = file(client, day, who, name).content.decode()
        assert "suara" not in text.lower()
    assert [row["judul"] for row in table(file(client, day, "oka", "kejadian.csv"))] == ["Diserahkan"]
    assert table(file(client, day, "indra", "kejadian.csv")) == []


@pytest.mark.parametrize("name", ["kejadian.xlsx", "orang.csv", "kejadian.CSV"])
def test_other_names_are_not_found(client: Client, day: Scene, name: str) -> None:
    assert file(client, day, "citra", name).status_code == 404

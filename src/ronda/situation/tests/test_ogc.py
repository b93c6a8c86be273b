"""OGC API Features: documents, paging, box and time, tokens, rights."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from ronda.agencies.services import device_revoke
from ronda.agencies.tests.factories import age_proofs, sign_in
from ronda.elections.models import PollingStation
from ronda.gate.devices import device_enrol
from ronda.gate.services import device_token
from ronda.kernel import clock
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.tests.factories import PENYARINGAN, REGENCY, local
from ronda.situation.adapters.ogc import BadQuery, query_of
from ronda.situation.tests.scene import NOON, Scene, scene

pytestmark = pytest.mark.django_db
ITEMS = "/ogc/collections/{}/items"
DOCUMENTS = ("", "api", "conformance", "collections", "collections/tps", "collections/tps/items")


@pytest.fixture
def day(db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    made = scene()
    with scoped(Scope.system()):
        PollingStation.objects.filter(area=PENYARINGAN, number=4).update(lon=114.75, lat=-8.35)
    return made


def token_of(day: Scene, who: str) -> str:
    with scoped(Scope.system()):
        return device_enrol(post=day.posts[who], label="QGIS", days=3000, by=None, at=NOON).token


def get(client: Client, day: Scene, who: str, path: str, **query: object) -> Any:
    return client.get(path, query, headers={"Authorization": f"Bearer {token_of(day, who)}"})


def test_from_the_landing_page_links_lead_to_every_document(client: Client, day: Scene) -> None:
    landing = get(client, day, "citra", "/ogc/").json()
    rels = {link["rel"]: link["href"] for link in landing["links"]}

    assert set(rels) == {"self", "service-desc", "conformance", "data"}
    core = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
    assert core in get(client, day, "citra", urlsplit(rels["conformance"]).path).json()["conformsTo"]
    assert get(client, day, "citra", urlsplit(rels["service-desc"]).path).json()["openapi"].startswith("3.0")
    known = get(client, day, "citra", urlsplit(rels["data"]).path).json()["collections"]
    assert [one["id"] for one in known] == ["kejadian", "tps", "celah"]
    href = next(link["href"] for link in known[1]["links"] if link["rel"] == "items")
    assert get(client, day, "citra", urlsplit(href).path).json()["numberMatched"] == 12


def test_pages_follow_each_other_until_all_were_given(client: Client, day: Scene) -> None:
    found, path, query = [], ITEMS.format("tps"), {"limit": 5}
    while path:
        page = get(client, day, "citra", path, **query).json()
        assert page["numberMatched"] == 12
        assert page["numberReturned"] == len(page["features"])
        found += [one["id"] for one in page["features"]]
        following = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
        path, query = (
            urlsplit(following).path,
            dict(part.split("=") for part in urlsplit(following).query.split("&") if part),
        )
    assert len(found) == len(set(found)) == 12


def test_a_box_holds_what_lies_in_it_and_nothing_without_a_point(client: Client, day: Scene) -> None:
    def ids(box: str) -> list[str]:
        return [
            one["id"] for one in get(client, day, "citra", ITEMS.format("tps"), bbox=box).json()["features"]
        ]

    assert ids("114.7,-8.4,114.8,-8.3") == ["5101022003004"]
    assert ids("114.7,-8.4,0,114.8,-8.3,10") == ["5101022003004"]
    assert ids("115,-8.4,116,-8.3") == []
    assert ids("114,-8.4,-170,-8.3") == ["5101022003004"], "a box over the 180th meridian"


def test_places_without_coordinates_have_no_geometry(client: Client, day: Scene) -> None:
    features = get(client, day, "citra", ITEMS.format("tps")).json()["features"]
    assert sum(one["geometry"] is None for one in features) == 11
    one = get(client, day, "citra", ITEMS.format("tps") + "/5101022003004").json()
    assert one["geometry"] == {"type": "Point", "coordinates": [114.75, -8.35]}
    assert get(client, day, "citra", ITEMS.format("tps") + "/0").status_code == 404


def test_an_interval_holds_what_happened_in_it(client: Client, day: Scene) -> None:
    def titles(when: str) -> list[str]:
        page = get(client, day, "citra", ITEMS.format("kejadian"), datetime=when).json()
        return sorted(one["properties"]["judul"] for one in page["features"])

    eleven = local("11.00").isoformat()
    assert titles(f"{eleven}/..") == ["Baru"]
    assert titles(f"../{eleven}") == ["Diserahkan", "Kemarin"]
    assert titles(f"{local('08.30').isoformat()}/{eleven}") == ["Diserahkan"]
    assert titles(local("09.00").isoformat()) == ["Diserahkan"]


@pytest.mark.parametrize(
    "query",
    [
        {"bbox": "1,2,3"},
        {"bbox": "a,b,c,d"},
        {"bbox": "1,5,2,4"},
        {"bbox": "nan,1,2,3"},
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "x"},
        {"offset": "1.5"},
        {"datetime": "kemarin"},
        {"datetime": "2024-02-14"},
        {"datetime": "../.."},
        {"datetime": "a/b/c"},
        {"f": "html"},
        {"filter": "x"},
    ],
    ids=str,
)
def test_a_parameter_that_cannot_be_read_is_refused_by_name(
    client: Client, day: Scene, query: dict[str, str]
) -> None:
    answer = get(client, day, "citra", ITEMS.format("tps"), **query)

    assert answer.status_code == 400
    assert answer.json()["description"].startswith(next(iter(query)))
    with pytest.raises(BadQuery):
        query_of(query)


def test_a_limit_above_the_most_is_the_most() -> None:
    assert query_of({"limit": "100000"}).limit == 1_000


@pytest.mark.parametrize("path", DOCUMENTS)
def test_without_a_token_or_a_signed_in_browser_there_is_nothing(
    client: Client, day: Scene, path: str
) -> None:
    answer = client.get(f"/ogc/{path}")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_public_a_forged_a_revoked_and_an_old_token_open_nothing(client: Client, day: Scene) -> None:
    with scoped(Scope.system()):
        revoked = device_enrol(post=day.posts["citra"], label="QGIS", days=3000, by=None, at=NOON)
        device_revoke(device=revoked.device, by=day.posts["citra"], at=NOON)
        old = device_enrol(post=day.posts["citra"], label="QGIS", days=1, by=None, at=NOON)
    nobody = device_token(
        device=uuid4(),
        agency="bawaslu",
        kind="bawaslu",
        area=REGENCY,
        person=None,
        expires_at=NOON + timedelta(days=3000),
    )
    for token in (revoked.token, old.token, nobody, token_of(day, "citra")[:-1] + "x", "x"):
        answer = client.get("/ogc/collections", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, token[:20]


def test_a_browser_must_have_proved_itself_lately(client: Client, day: Scene) -> None:
    sign_in(client, day.posts["citra"])
    assert client.get(ITEMS.format("tps")).status_code == 200
    age_proofs(client)
    answer = client.get(ITEMS.format("tps"))
    assert answer.status_code == 403
    assert "/masuk/ulang/" in answer.json()["description"]
    assert client.get(ITEMS.format("tps") + "/5101022003004").status_code == 403


def test_each_page_leaves_a_line_in_the_audit(client: Client, day: Scene) -> None:
    get(client, day, "citra", ITEMS.format("celah"))
    with scoped(Scope.system()):
        line = AuditLine.objects.get(action="situation.exported")
    assert (line.person, line.area, line.detail) == (
        day.posts["citra"].person_id,
        REGENCY,
        {"what": "celah", "form": "ogc"},
    )


def test_dewa_reads_features_of_another_regency_only(client: Client, day: Scene) -> None:
    for name in ("kejadian", "tps", "celah"):
        page = get(client, day, "dewa", ITEMS.format(name))
        assert page.status_code == 200
        assert page.json()["numberMatched"] == 0
    assert get(client, day, "dewa", ITEMS.format("tps") + "/5101022003004").status_code == 404


@pytest.mark.parametrize("who", ["eka", "made"])
@pytest.mark.parametrize("path", DOCUMENTS)
def test_witnesses_and_observers_have_no_such_interface(
    client: Client, day: Scene, who: str, path: str
) -> None:
    assert get(client, day, who, f"/ogc/{path}").status_code == 404


def test_police_and_army_read_incidents_handed_to_them_and_no_table_of_votes(
    client: Client, day: Scene, django_assert_max_num_queries: Any
) -> None:
    token = {"Authorization": f"Bearer {token_of(day, 'oka')}"}
    with django_assert_max_num_queries(80) as asked:
        pages = {
            name: client.get(ITEMS.format(name), headers=token).json()
            for name in ("kejadian", "tps", "celah")
        }
    touched = " ".join(query["sql"] for query in asked.captured_queries)

    assert [one["properties"]["judul"] for one in pages["kejadian"]["features"]] == ["Diserahkan"]
    assert not [name for name in ("results_", "entry_", "plenum_", "publishing_") if f'"{name}' in touched]
    assert get(client, day, "indra", ITEMS.format("kejadian")).json()["numberMatched"] == 0

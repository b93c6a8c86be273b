"""The columns that a plenum read out are what an audit of the recapitulation draws from."""

import pytest
from django.test import Client

from ronda.agencies.selectors import scope_of
from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.elections.selectors import station_list
from ronda.elections.services import election_create, stations_generate
from ronda.kernel import clock
from ronda.kernel.areas import station_area
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.plenum.services import column_save, plenum_open
from ronda.results.selectors import recap_columns
from ronda.results.services import sheets_receive
from ronda.results.tests.scene import message

ELECTION, DISTRICT = "pemilu-2024", "51.01.01"
HOME = f"/hasil/{ELECTION}/PPWP/{DISTRICT}/audit/"
FORM, SHIFTED = [120, 80, 40], [140, 60, 40]


@pytest.fixture
def citra(db):
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        election = election_create(law=ELECTION, area="51.01", at=AT)
        stations_generate(election=election, area=DISTRICT, seed=7, at=AT)
    return cast()["citra"]


def stations():
    with scoped(Scope.system()):
        return list(station_list(ELECTION, area=DISTRICT).values_list("code", flat=True))


def read_out(citra, codes, votes=FORM):
    with scoped(Scope.system()):
        by = scope_of(citra)
    with scoped(by):
        plenum = plenum_open(election=ELECTION, contest="PPWP", area=DISTRICT, by=by, at=clock.now())
        typed = {f"v{at}": str(number) for at, number in enumerate(votes)}
        for code in codes:
            column_save(plenum=plenum, code=code, typed=typed, by=by, at=clock.now())


def forms_come_in(codes, votes=FORM):
    with scoped(Scope.system()):
        sheets_receive(
            [
                message(place=station_area(code), station=int(code[10:]), votes=votes, registered=None)
                for code in codes
            ]
        )


def drawn(citra, number):
    """Freeze and draw on the page, as a person does."""
    client = Client()
    sign_in(client, citra)
    frozen = client.post(HOME, {"kind": "recap", "risk": "5", "method": "alpha"})
    assert frozen.status_code == 302, frozen.content.decode()
    body = {"seed": "27182818284590452353", "origin": "dadu di KPU", "number": str(number)}
    assert client.post(frozen.url, body).status_code == 302
    return client, frozen.url


def test_columns_of_stations_are_read_and_a_column_without_all_its_votes_is_not(citra):
    codes = stations()
    read_out(citra, codes[:2])
    read_out(citra, codes[2:3], FORM[:2])
    with scoped(Scope.system()):
        assert recap_columns(ELECTION, "PPWP", DISTRICT) == dict.fromkeys(codes[:2], FORM)
        assert recap_columns(ELECTION, "PPWP", station_area(codes[0])).keys() == {
            code for code in codes[:2] if station_area(code) == station_area(codes[0])
        }
        assert recap_columns(ELECTION, "DPD", DISTRICT) == {}


def test_a_recapitulation_as_the_forms_ends_its_audit(citra):
    codes = stations()
    read_out(citra, codes)
    forms_come_in(codes)
    client, page = drawn(citra, 40)
    text = client.get(page).content.decode()
    assert ": cukup." in text


def test_a_recapitulation_that_moved_votes_in_every_station_goes_on(citra):
    codes = stations()
    read_out(citra, codes, SHIFTED)
    forms_come_in(codes, [90, 110, 40])
    client, page = drawn(citra, 40)
    text = client.get(page).content.decode()
    assert ": lanjutkan." in text
    assert "+100" in text, "140 to 60 on the recapitulation, 90 to 110 on the form"

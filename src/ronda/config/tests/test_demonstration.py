"""The demo fills an empty database, is done at the second time, and keeps away from real data."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import LazySettings
from django.db import connection

from ronda.config.demonstration import ELECTION, SEED, RealDataError, demo_load, demo_people_shown
from ronda.config.postgres import PostgresServer
from ronda.elections.selectors import station_list
from ronda.elections.services import election_create, stations_generate
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load

said: list[str] = []


@contextmanager
def heard(what: str) -> Iterator[None]:
    said.append(what)
    yield


@pytest.fixture(autouse=True)
def demo_mode(settings: LazySettings) -> None:
    settings.DEMO = True
    said.clear()


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("area", ["51.01", "35.09", "73.71"])
def test_fills_any_regency_and_then_has_nothing_to_do(area: str) -> None:
    demo_load(area=area, say=heard)
    assert len(said) == 3
    names = [name for name, _ in demo_people_shown()]
    assert {"Ayu", "Bagas", "Citra", "Dewa", "Eka"} <= set(names)
    with scoped(Scope.system()):
        assert station_list(ELECTION, area=area).filter(is_simulated=True).exists()
    demo_load(area=area, say=heard)
    assert len(said) == 3


@pytest.mark.usefixtures("committed_db")
def test_refuses_a_database_with_real_polling_stations(postgres: PostgresServer) -> None:
    with scoped(Scope.system()):
        areas_load(area="51.01", at=clock.now())
        election = election_create(law=ELECTION, area="51.01", at=clock.now())
        stations_generate(election=election, area="51.01", seed=SEED, at=clock.now())
    name = connection.settings_dict["NAME"]
    postgres.psql("UPDATE elections_station SET is_simulated = false", dbname=name)
    with pytest.raises(RealDataError, match="real polling stations"):
        demo_load(area="51.01", say=heard)

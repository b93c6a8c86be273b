"""A PostgreSQL of its own for each module that stops, kills or restores it."""

from collections.abc import Iterator

import pytest

from ronda.config.postgres import PostgresServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    own = PostgresServer(tmp_path_factory.mktemp("own") / "pg")
    own.start()
    yield own
    own.destroy()

"""A node prepares its first page before it listens, and starts without that page when it cannot."""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from django.template.loader import get_template

from ronda.agencies.tests.factories import cast
from ronda.config import warming
from ronda.desk import drawing_of, siaga
from ronda.kernel.scope import Scope, scoped
from ronda.law import incident_kinds
from ronda.places.services import areas_load

pytestmark = pytest.mark.django_db


@pytest.fixture
def regency(db: None) -> None:
    with scoped(Scope.system()):
        areas_load(area="51.01", at=datetime(2024, 2, 14, tzinfo=UTC))
    cast()
    drawing_of.drawings_forget()


def test_the_regency_with_units_is_drawn_and_the_law_is_read(regency: None) -> None:
    incident_kinds.cache_clear()  # type: ignore[attr-defined]  # of functools
    warming.warm()
    assert drawing_of._treemap.cache_info().currsize > 0
    assert incident_kinds.cache_info().currsize == 1  # type: ignore[attr-defined]  # of functools


def test_the_first_page_draws_nothing_anew(regency: None) -> None:
    warming.warm()
    before = drawing_of._treemap.cache_info().misses
    with scoped(Scope.system()):
        siaga.page_prepare("51.01", at=datetime(2024, 2, 14, tzinfo=UTC))
    assert drawing_of._treemap.cache_info().misses == before


def test_a_page_that_cannot_be_prepared_is_logged_and_stops_no_start(
    regency: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(area: str, **values: Any) -> None:
        raise ValueError(area)

    monkeypatch.setattr(siaga, "page_prepare", broken)
    with caplog.at_level(logging.ERROR, logger="ronda.config"):
        warming.warm()
    assert "could not be prepared" in caplog.text
    assert get_template("desk/siaga.html") is not None


def test_a_node_without_units_starts_too(db: None) -> None:
    warming.warm()

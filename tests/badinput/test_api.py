"""The JSON interface, asked from its own description by schemathesis, signed in: never a status of 500."""

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error

from ronda.agencies.tests.factories import cast, sign_in
from ronda.config.api import api
from ronda.readiness.tests.factories import jembrana
from tests.counts import count

OPERATIONS = sum(len(methods) for methods in api.get_openapi_schema()["paths"].values())


@pytest.fixture
def signed_in(committed_db: None) -> dict[str, str]:
    """The cookie of Citra at the duty desk."""
    posts = cast()
    jembrana()
    client = Client()
    sign_in(client, posts["citra"])
    return {"cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())}


def _ask(headers: dict[str, str], cases: int) -> int:
    """Make requests from the description and look at the answers; returns how many were made."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), headers=headers)
    asked = 0
    for found in schema.get_all_operations():

        @settings(
            max_examples=-(-cases // OPERATIONS),
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(found.ok().as_strategy())
        def one(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.validate_response(case.call(headers=headers), checks=[not_a_server_error])

        one()
    return asked


def test_every_operation_answers_whatever_is_asked(signed_in: dict[str, str]) -> None:
    cases = count("badinput_api")

    assert OPERATIONS >= 10
    assert _ask(signed_in, cases) >= cases * 0.9  # an operation without parameters has only one request


def test_control_an_operation_with_an_unhandled_case_turns_the_suite_red(
    signed_in: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking up an area is made to forget that a code may be no number."""
    from ronda.places import selectors

    def careless(code: str) -> None:
        int(code)

    monkeypatch.setattr(selectors, "area_for", careless)
    with pytest.raises(BaseException, match=r"(?i)server error|ValueError"):  # may be a group
        _ask(signed_in, OPERATIONS * 8)

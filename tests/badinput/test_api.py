"""The JSON interface, asked from its own description by schemathesis, signed in: never a status of 500."""

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from schemathesis.checks import not_a_server_error

from ronda.agencies.tests.factories import cast, sign_in
from ronda.config.api import api
from ronda.readiness.tests.factories import jembrana
from tests.badinput.trying import try_all
from tests.counts import count

ALL = [one for methods in api.get_openapi_schema()["paths"].values() for one in methods.values()]
OPERATIONS = len(ALL)
ALONE = sum(
    1 for one in ALL if not one.get("parameters") and "requestBody" not in one
)  # without any parameter


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
    return sum(_try(found.ok(), headers, cases) for found in schema.get_all_operations())


def _try(operation: Any, headers: dict[str, str], cases: int) -> int:
    """One operation. Without parameters it has only one request."""

    def ask(case: Any) -> None:
        case.validate_response(case.call(headers=headers), checks=[not_a_server_error])

    return try_all(operation.as_strategy(), cases if _takes(operation) else 1, ask, shrinks=False)


def _takes(operation: Any) -> bool:
    return bool(list(operation.iter_parameters()) or list(operation.body))


def test_every_operation_answers_whatever_is_asked(signed_in: dict[str, str]) -> None:
    cases = count("badinput_api")

    assert OPERATIONS >= 10
    assert _ask(signed_in, -(-cases // (OPERATIONS - ALONE))) >= cases


def test_control_an_operation_with_an_unhandled_case_turns_the_suite_red(
    signed_in: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking up an area is made to forget that a code may be no number."""
    from ronda.places import selectors

    def careless(code: str) -> None:
        int(code)

    monkeypatch.setattr(selectors, "area_for", careless)
    with pytest.raises(BaseException, match=r"(?i)server error|ValueError"):  # may be a group
        _ask(signed_in, 8)

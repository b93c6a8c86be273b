"""S8 for writing, over HTTP: every request that changes something is sent with a body that does change it, once by
the one whose record it is and then by strangers, for whom there is nothing there and after whom nothing has changed.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from ronda.config.api import api
from ronda.incidents.views.acts import ACTION_ACTS, ACTS, SLUGS
from ronda.kernel.policies import guarded_tables
from ronda.kernel.scope import Scope, scoped
from tests.architecture.canaries import area_tables
from tests.architecture.regency import Regency, regency_open, ronda_on
from tests.architecture.requests import EXCUSED, OPERATIONS, PAGES, Written

CASES = {**PAGES, **OPERATIONS}
# What any request may write: its own session, how often something was tried.
BESIDE = {"agencies_session", "agencies_attempt"}
TABLES = tuple(table.name for table in guarded_tables() if table.name not in BESIDE)
JSON = "application/json"
DOOR = frozenset({302, 401, 404})


@pytest.fixture(scope="module")
def regency(
    postgres: Any, module_database: Any, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Regency]:
    with pytest.MonkeyPatch.context() as patch, ronda_on(module_database.name, django_db_blocker):
        patch.setattr(configured, "GATE_INSIDE_TRANSACTION", True, raising=False)
        opened = regency_open()
        for name in opened.posts:
            opened.browser(name)
        yield opened


@pytest.mark.parametrize("name", CASES)
def test_strangers_find_and_change_nothing_and_then_its_own_people_change_it(
    regency: Regency, name: str
) -> None:
    case = CASES[name]
    with _undone():
        path, body = case.made(regency)
        assert not list(_trespasses(regency, name, path, body))

        before = _state(regency, case)
        answer = _sent(regency.browser(case.by), name, path, body)
        assert answer.status_code in (200, 201, 302), answer.content[:400]
        assert _state(regency, case) != before, (
            f"{case.by} was answered {answer.status_code} and nothing changed"
        )


def test_control_without_row_policies_the_strangers_come_through(
    regency: Regency, module_database: Any
) -> None:
    """What only the policies hide is found by the strangers; the other requests have a check of their own besides."""
    names = [name for name, case in CASES.items() if case.strangers and not case.seen]
    with _holes(module_database.dsn("postgres")):
        red = [name for name in names if _is_red(regency, name)]

    assert len(red) > 30, f"noticed by {red} only"


def test_every_address_that_takes_a_post_has_a_case_or_an_excuse(regency: Regency) -> None:
    with _undone():
        writing = {name for name, path in _addresses() if Client().post(path).status_code != 405}
    writing |= {path for path, methods in api.get_openapi_schema()["paths"].items() if set(methods) - {"get"}}
    known = {name.partition("/")[0] if name in PAGES else name for name in CASES}

    assert writing - known - set(EXCUSED) == set(), "give each of these a case in requests.py"
    assert (known | set(EXCUSED)) - writing == set(), "these are gone"


def test_every_act_on_an_incident_has_a_case() -> None:
    slugs = {f"incidents:incident-act/{SLUGS[name]}" for name in ACTS}
    slugs |= {f"incidents:action-act/{slug}" for slug in ACTION_ACTS}

    assert slugs == {name for name in PAGES if "-act/" in name}


def _trespasses(regency: Regency, name: str, path: str, body: dict[str, Any]) -> Iterator[str]:
    """What strangers get at with this request, one after the other. Who has no account is sent to the door."""
    case = CASES[name]
    before = _state(regency, case)
    for stranger in case.strangers and (*case.strangers, "fajar"):
        status = _sent(regency.browser(stranger), name, path, body).status_code
        if status not in (case.answers if stranger != "fajar" else DOOR):
            yield f"{stranger} was answered {status}"
        if _state(regency, case) != before:
            yield f"{stranger} changed something"


def _is_red(regency: Regency, name: str) -> bool:
    with _undone():
        return any(_trespasses(regency, name, *CASES[name].made(regency)))


def _sent(browser: Client, name: str, path: str, body: dict[str, Any]) -> Any:
    if name in OPERATIONS:
        return browser.post(f"/api/v1/{path}", body, content_type=JSON)
    for value in body.values():
        if hasattr(value, "seek"):
            value.seek(0)  # an upload is read once by each request
    return browser.post(path, body)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _state(regency: Regency, case: Written) -> object:
    """The digest of all rows by table, or what this case alone changes."""
    if case.seen:
        return case.seen(regency)
    digest = "SELECT '{0}', md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM \"{0}\" t"
    with scoped(Scope.system()), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(digest.format(name) for name in TABLES))
        return dict(cursor.fetchall())


@contextmanager
def _holes(dsn: str) -> Iterator[None]:
    """A policy that lets everything through beside each of those that go by area and agency."""
    tables = [table.name for table in area_tables()]
    with psycopg.connect(dsn, autocommit=True) as owner:
        for name in tables:
            owner.execute(f'CREATE POLICY hole ON "{name}" TO ronda_web USING (true) WITH CHECK (true)')
        try:
            yield
        finally:
            for name in tables:
                owner.execute(f'DROP POLICY hole ON "{name}"')


def _addresses(patterns: Any = None, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and a filled address of every page of the site."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", _filled(route)
        elif not route.startswith("api/"):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _addresses(entry.url_patterns, route, inner)


def _filled(route: str) -> str:
    parts = {"uuid": "01897a70-7a70-7abc-9def-000000000001", "int": "1"}
    filled = re.sub(r"<(\w+):\w+>", lambda found: parts.get(found[1], "51"), route)
    filled = re.sub(r"\(\?P<area>.*\)(?=/\$)", "51.01", filled)
    filled = re.sub(r"\(\?P<level>.*?\)", "0", filled)
    return "/" + re.sub(r"\(\?P<rest>.*?\)", "x000", filled).replace("^", "").replace("$", "")

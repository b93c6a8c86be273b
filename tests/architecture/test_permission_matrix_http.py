"""S8 over HTTP: the same canaries, asked for by a signed-in browser of every kind of agency and by nobody at all."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from ronda.kernel.records import record_models
from ronda.kernel.scope import Scope, scoped
from ronda.law.mandates import mandates
from tests.architecture.canaries import (
    ACTOR_AREA,
    Aviary,
    Canary,
    Owner,
    Place,
    expected,
    open_aviary,
)
from tests.architecture.regency import ronda_on

AT = datetime(2024, 2, 14, 5, 0, tzinfo=UTC)
KINDS = tuple(mandates().kinds)


@pytest.fixture(scope="module")
def aviary(
    postgres: Any, module_database: Any, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Aviary]:
    """The canaries, with Ronda itself pointed at their database."""
    opened = open_aviary(module_database.dsn("postgres"), tuple(f"{kind}-a" for kind in KINDS))
    with ronda_on(module_database.name, django_db_blocker):
        yield opened
    opened.connection.close()


@pytest.fixture(scope="module")
def browsers(aviary: Aviary) -> dict[str, Client]:
    """A signed-in browser of each kind of agency; the public has one without an account."""
    return {kind: Client() if kind == "publik" else _signed_in(kind) for kind in KINDS}


def test_every_reading_over_http_is_as_the_mandate_says(aviary, browsers):
    cells, red = 0, []
    for record, model in record_models().items():
        if mandates().records[record].scope == "none":
            continue
        for kind, browser in browsers.items():
            seen = _listed(browser, record)
            for key, canary in aviary.planted[model._meta.db_table].items():
                cells += 1
                if (key in seen) != _may_read(record, kind, canary):
                    red.append((record, kind, canary))
    assert not red, f"{len(red)} of {cells} cells differ from the mandate, as in {red[:5]}"
    assert cells > 10_000


def test_one_record_is_found_or_unknown_as_the_mandate_says(aviary, browsers):
    red = []
    for record, model in record_models().items():
        for kind, browser in browsers.items():
            for key, canary in _one_of_each(aviary, model._meta.db_table, kind):
                status = browser.get(f"/api/v1/records/{record}/{key}").status_code
                if status != (200 if _may_read(record, kind, canary) else 404):
                    red.append((record, kind, canary, status))
    assert not red, f"{len(red)} answers differ from the mandate, as in {red[:5]}"


def test_a_policy_that_lets_everything_through_turns_the_http_matrix_red(aviary, browsers):
    aviary.connection.execute("CREATE POLICY hole ON kernel_event FOR SELECT TO ronda_web USING (true)")
    try:
        seen = _listed(browsers["polri"], "event")
        planted = aviary.planted["kernel_event"].items()
        assert any(key in seen and not _may_read("event", "polri", canary) for key, canary in planted)
    finally:
        aviary.connection.execute("DROP POLICY hole ON kernel_event")


def _may_read(record: str, kind: str, canary: Canary) -> bool:
    if kind == "publik":  # the public's area is the country, its data class 0 only
        return False
    return expected(mandates(), record, "read", kind, canary, actor=f"{kind}-a")


def _signed_in(kind: str) -> Client:
    from ronda.agencies.models import Account
    from ronda.agencies.services.posts import agency_open, post_open, unit_open
    from ronda.agencies.tests.factories import sign_in

    with scoped(Scope.system()):
        account = Account.objects.create_user(f"{kind}@example.test")
        agency = agency_open(code=f"{kind}-a", kind=kind, name=kind)
        unit = unit_open(agency=agency, area=ACTOR_AREA, name=kind, kind="uji")
        post = post_open(
            unit=unit, name=kind, role="officer", account=account, starts_on=date(2020, 1, 1), at=AT
        )
    browser = Client()
    sign_in(browser, post)
    with scoped(Scope.signin()):
        session = browser.session
        proof = {"method": "mfa", "at": time.time() + 86_400}  # stays fresh for all cells
        session["account_authentication_methods"] = [proof]
        session.save()
    return browser


def _listed(browser: Client, record: str) -> set[str]:
    seen: set[str] = set()
    after = ""
    while True:
        response = browser.get(f"/api/v1/records/{record}", {"limit": 500, "after": after})
        if response.status_code == 404:
            return seen
        page = response.json()
        seen |= {str(row["id"]) for row in page["rows"]}
        if page["next"] is None:
            return seen
        after = page["next"]


def _one_of_each(aviary: Aviary, table: str, kind: str) -> list[tuple[str, Canary]]:
    """One canary for each reason why a record may be seen or not."""
    reasons: tuple[tuple[Place, Owner, int], ...] = (
        ("own", "mine", 1),
        ("child", "shared", 1),
        ("child", "foreign", 1),
        ("before", "mine", 1),
    )
    wanted = {Canary(f"{kind}-a", *reason) for reason in reasons}
    return [(key, canary) for key, canary in aviary.planted.get(table, {}).items() if canary in wanted]

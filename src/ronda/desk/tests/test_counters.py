"""Every counter of the desk leads to a list with exactly that many rows, for the whole area and for a part of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.tests.factories import cast, sign_in
from ronda.desk.domain import Figure
from ronda.incidents.services import incident_open_from_report
from ronda.incidents.tests.cast import CITRA, said
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.services import checkins_record
from ronda.readiness.tests.factories import ELECTION, MEDEWI, PENYARINGAN, YEHEMBANG, jembrana, local, step
from ronda.reports.domain import SourceCheck
from ronda.reports.services import VerifiedFacts, reports_receive

pytestmark = pytest.mark.django_db
NOW = local("10.00")
OPENED = {PENYARINGAN: 3, YEHEMBANG: 2, MEDEWI: 1}


@pytest.fixture
def desk(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Six incidents of which some are overdue; seven of twelve stations opened, one of them told only of its goods."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    posts = cast()
    jembrana()
    with scoped(Scope.system()):
        opened = [step("opened", local("07.05"), PENYARINGAN, number) for number in range(1, 6)]
        goods = [step("logistics", local("17.00", day=-1), YEHEMBANG, 1)]
        checkins_record(
            messages=[*opened, *goods, step("opened", local("09.00"), MEDEWI, 1)], at=local("09.00")
        )
    for number, village in enumerate(village for village, many in OPENED.items() for _ in range(many)):
        _incident(village, NOW - timedelta(minutes=20 + 40 * number))
    sign_in(client, posts["citra"])
    return client


def _incident(village: str, at: Any) -> None:
    incoming = said(received_at=at, captured_at=at, place=village, station=1, election=ELECTION)
    (report,) = reports_receive(incoming=[incoming])
    facts = VerifiedFacts("violence", village, at, SourceCheck.DOCUMENT, document="LHP/7")
    with scoped(CITRA):
        incident_open_from_report(
            report=report.id, facts=facts, title="Ribut", summary="Dua saksi berselisih.", by=CITRA, at=at
        )


def _rows(client: Client, href: str) -> int:
    answer = client.get(href)
    assert answer.status_code == 200, href
    page = answer.context.get("page")
    return len(page.rows) if page is not None else len(answer.context["rows"])


LISTED = {"heard", "silent", "open", "late", "opened"}


@pytest.mark.parametrize("path", ["/siaga/", "/siaga/51.01.02/", f"/siaga/{PENYARINGAN}/"])
def test_every_counter_now_is_as_long_as_its_list(desk: Client, path: str) -> None:
    figures: list[Figure] = desk.get(path).context["figures"]
    counted = {figure.key: figure for figure in figures if figure.key in LISTED}

    assert set(counted) == {"heard", "silent", "open", "late"}
    assert any(figure.value for figure in counted.values())
    told = {key: (figure.value, _rows(desk, figure.href)) for key, figure in counted.items()}
    assert {key: value for key, (value, _rows_) in told.items()} == {
        key: rows for key, (_value, rows) in told.items()
    }


@pytest.mark.parametrize("path", ["/siaga/lini-masa/", "/siaga/lini-masa/51.01.02/"])
@pytest.mark.parametrize("minute", [450, 500, 580])
def test_every_counter_of_a_moment_is_as_long_as_its_list(desk: Client, path: str, minute: int) -> None:
    figures: list[Figure] = desk.get(f"{path}?menit={minute}").context["counters"]

    assert {figure.key for figure in figures} == LISTED
    assert {figure.key: figure.value for figure in figures} == {
        figure.key: _rows(desk, figure.href) for figure in figures
    }


def test_the_list_of_another_regency_is_not_found(desk: Client) -> None:
    assert desk.get("/kesiapan/tps/?wilayah=35.09").status_code == 404
    assert desk.get("/kesiapan/tps/?keadaan=x").status_code == 404
    assert desk.get("/kesiapan/tps/?pada=x").status_code == 404
